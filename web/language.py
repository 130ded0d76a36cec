"""Which language an answer is written in: `?lang=`, else what was chosen before, else the
browser's, else Chinese."""

from starlette.requests import Request
from starlette.responses import Response

from web.words import LANGUAGES, Language, preferred

COOKIE = "lang"
A_YEAR_SECONDS = 31_536_000


def language_of(request: Request) -> Language:
    """The language of the answer. Programs say it by Accept-Language alone."""
    if not request.url.path.startswith("/api/"):
        for chosen in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
            for language in LANGUAGES:
                if chosen == language:
                    return language
    return preferred(request.headers.get("accept-language", "")) or "zh"


def keep_language(request: Request, response: Response) -> None:
    """Have the browser remember the language that the address asks for, if it asks for one."""
    asked = request.query_params.get(COOKIE)
    if asked in LANGUAGES:
        response.set_cookie(
            COOKIE,
            asked,
            max_age=A_YEAR_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
