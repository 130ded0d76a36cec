"""What leaves the desk closed: personal values, sealed to their places; requests, by keyed hash."""

from typing import Any
from uuid import UUID

import msgspec

from adapters.keys import KeyStore
from domain.affair.commands import Command
from domain.affair.events import Registered
from domain.errors import Malformed


def sealed(
    keys: KeyStore, log_id: UUID, events: list[Any], stream_id: UUID, first_version: int
) -> list[Any]:
    """The events with their personal values sealed to their places in the stream.

    What is written on a resident's affair may name them: its key goes when theirs does.
    """
    for event in events:
        applicant = event.applicant if isinstance(event, Registered) else None
        if applicant is not None and applicant.subject != stream_id:
            keys.link(stream_id, {applicant.subject})
    return keys.seal(events, log_id=log_id, stream_id=stream_id, first_version=first_version)


def request_hash(keys: KeyStore, command: Command) -> str:
    """Keyed hash of what is asked, whatever its id: personal values cannot be guessed from it."""
    try:
        asked = msgspec.to_builtins(command)
        asked.pop("command_id")
        return keys.digest("request", msgspec.json.encode(asked, order="sorted")).hex()
    except UnicodeEncodeError as error:
        raise Malformed(type(command).__name__, "half of a surrogate pair") from error
