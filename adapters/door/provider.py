"""An identity provider: OpenID Connect by code, with PKCE, state and nonce.

Nothing is kept between the way there and the way back: state, nonce and verifier are derived
under a key of the house from a token that the browser holds.
"""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters.keys import KeyStore
from adapters.settings import Settings
from domain.errors import Malformed

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Of signatures that are looked at; none is never one of them."""
SECONDS = 5.0
"""How long a provider may take to answer."""
LEEWAY_SECONDS = 60
FRESH_SECONDS = 600
"""How old a proof may be."""
_KNOWN = frozenset({"pwd", "pin", "kba"})
_HELD = frozenset({"otp", "hwk", "swk", "sc", "sms", "tel", "fpt", "face", "iris", "retina"})
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotProved(Exception):
    """Nobody was proved. why: state, claims or provider."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Proved:
    """Who somebody is to a provider. factors: whether it says that it saw two."""

    issuer: str
    subject: str
    factors: bool


class Provider:
    """A provider, asked at first use. name: what people call it."""

    def __init__(
        self, issuer: str, client: str, secret: str, keys: KeyStore, name: str = ""
    ) -> None:
        """Raises Malformed where the issuer is neither on this machine nor over TLS."""
        self.issuer, self.name = issuer.rstrip("/"), name or urlsplit(issuer).netloc
        self._client, self._secret, self._keys = client, secret, keys
        _over_tls(self.issuer)

    def begin(self, token: str, purpose: str, back: str) -> str:
        """Where to send the browser that holds the token. back: where it is to return to.

        Raises NotProved where the provider does not answer.
        """
        with self._session(back) as session:
            address, _ = session.create_authorization_url(
                self._metadata(session)["authorization_endpoint"],
                state=self._derived("state", token, purpose),
                nonce=self._derived("nonce", token, purpose),
                code_verifier=self._derived("verifier", token, purpose),
            )
        return str(address)

    def finish(self, token: str, purpose: str, back: str, state: str, code: str) -> Proved:
        """Who came back. Raises NotProved."""
        expected = self._derived("state", token, purpose)
        if not token or not hmac.compare_digest(
            expected.encode(), state.encode("utf-8", "replace")
        ):
            raise NotProved("state")
        try:
            with self._session(back) as session:
                metadata = self._metadata(session)
                answer = session.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=self._derived("verifier", token, purpose),
                )
                keys = KeySet.import_key_set({"keys": _read(session, metadata["jwks_uri"])["keys"]})
        except (httpx2.HTTPError, AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise NotProved("provider") from error
        return self._proved(answer, keys, self._derived("nonce", token, purpose))

    def _proved(self, answer: Mapping[str, Any], keys: KeySet, nonce: str) -> Proved:
        try:
            read = jwt.decode(str(answer["id_token"]), keys, algorithms=ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._client},
                },
                params={"nonce": nonce, "client_id": self._client},
            )
            now = int(time.time())
            claims.validate(now, LEEWAY_SECONDS)
            if not now - FRESH_SECONDS <= int(claims["iat"]) <= now + LEEWAY_SECONDS:
                raise NotProved("claims")
            subject = claims["sub"]
        except (JoseError, AuthlibBaseError, KeyError, TypeError, ValueError) as error:
            raise NotProved("claims") from error
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise NotProved("claims")
        return Proved(self.issuer, subject, _two_factors(claims.get("amr")))

    def _session(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self._client,
            self._secret,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=SECONDS,
            trust_env=False,
        )

    def _metadata(self, session: OAuth2Client) -> Mapping[str, Any]:
        try:
            found = _read(session, f"{self.issuer}/.well-known/openid-configuration")
            if found["issuer"] != self.issuer:
                raise NotProved("provider")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _over_tls(found[name])
        except (httpx2.HTTPError, KeyError, ValueError, Malformed) as error:
            raise NotProved("provider") from error
        return found

    def _derived(self, what: str, token: str, purpose: str) -> str:
        return self._keys.token(f"door oidc {what}", f"{purpose}:{token}")


def provider(settings: Settings, keys: KeyStore) -> Provider | None:
    """The provider that the settings name; None where they name none. Raises Malformed."""
    if not settings.oidc_issuer:
        return None
    file = settings.oidc_secret
    try:
        secret = file.read_text("utf-8").strip() if file else ""
    except (OSError, UnicodeError) as error:
        raise Malformed("TENLINES_OIDC_SECRET", "a file that can be read") from error
    if not settings.oidc_client or not secret:
        raise Malformed("TENLINES_OIDC_ISSUER", "asks for TENLINES_OIDC_CLIENT and _SECRET too")
    return Provider(settings.oidc_issuer, settings.oidc_client, secret, keys, settings.oidc_name)


def _read(session: OAuth2Client, address: str) -> dict[str, Any]:
    answer = session.request("GET", address, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


# RFC 8176. A provider that says nothing has seen one at most.
def _two_factors(methods: object) -> bool:
    named = set(methods) if isinstance(methods, list) else set()
    return "mfa" in named or (bool(named & _KNOWN) and bool(named & _HELD))


def _over_tls(address: str) -> None:
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not local and not (parts.scheme == "https" and parts.hostname):
        raise Malformed("issuer", "an address over TLS")
