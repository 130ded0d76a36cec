"""What a browser sends with a form: texts and files, both kinds of encoding, nothing in clear
on the disk; and the token that shows that the form was drawn for this sign-in.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from domain.errors import FormStale, FormTooLong, Malformed
from web.form_tokens import FIELD, check_form
from web.front import LARGEST_UPLOAD

MOST_FIELDS = 400
MOST_FILES = 50
NO_TEXT, TOO_LONG = "text in UTF-8", "a text of at most 1 MiB"

TOKEN, COMMAND, VERSION = FIELD, "command-id", "drawn-version"
"""Inputs that every form carries. A hyphen keeps them apart from the fields of line files."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Texts and files by the name of their input, in the order in which they came.

    Line ends are those that were typed: browsers send CRLF for every one. left: the names of files
    that were not taken, since all of them together are too large.
    """

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[tuple[str, bytes]]] = field(default_factory=dict)
    left: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The first text of that name; empty where there is none."""
        return next(iter(self.texts.get(name, ())), "")

    def id(self, name: str) -> UUID:
        """The id of that name. Raises Malformed."""
        try:
            return UUID(self.text(name))
        except ValueError:
            raise Malformed(name, "an id") from None

    def version(self) -> int:
        """The version that the form was drawn from. Raises Malformed."""
        told = self.text(VERSION)
        if not (told.isascii() and told.isdecimal() and len(told) <= 18):
            raise Malformed(VERSION, 'a version such as "7"')
        return int(told)

    def check(
        self,
        known: Collection[str],
        several: Collection[str] = (),
        filled: Collection[str] = (),
    ) -> None:
        """Refuse whatever the form did not ask for, and two texts where it asked for one.

        several: names of which it asks for any number. filled: those whose files are read, or
        told to be none, when the form is filled. Raises Malformed.
        """
        for name in (*self.texts, *self.files, *self.left):
            if name not in known:
                raise Malformed(_shown(name), "not asked for")
        for name in (*self.files, *self.left):
            if name not in filled:
                raise Malformed(name, "a text, not a file")
        for name, texts in self.texts.items():
            if len(texts) > 1 and name not in several:
                raise Malformed(name, "given twice")


async def posted(request: Request) -> Posted:
    """The form, if it carries the token of this sign-in.

    Raises FormStale for a form drawn for somebody else or for nobody, and what `read` raises.
    """
    made = await read(request)
    check_form(request, made.text(TOKEN))
    return made


async def typed(request: Request) -> tuple[Posted, bool]:
    """What was sent, and whether for this sign-in: for forms that are drawn again as they were.

    False, and told to the journal of the door, for a form that was drawn before another sign-in
    or under another role: nothing may be done by it, and files are not among it. Whoever sees it
    drawn again and sends it then has been asked. Raises what `read` raises.
    """
    made = await read(request)
    try:
        check_form(request, made.text(TOKEN))
    except FormStale:
        return replace(made, files={}, left={}), False
    return made, True


async def read(request: Request, files: int = MOST_FILES) -> Posted:
    """What was sent. files: so many at most.

    Raises FormTooLong; Malformed, which names the field whose text is no text or too long; and
    HTTPException: 400 for a body that cannot be read, 415 for one that is no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _gathered(_pairs(await request.body()))
    if kind != "multipart/form-data":
        raise HTTPException(415)
    # Not FastAPI's own form: it lets large files lie in clear in the folder for temporary ones.
    parser = _Parts(request.headers, request.stream(), max_files=files, max_fields=MOST_FIELDS)
    parser.spool_max_size = 2 * LARGEST_UPLOAD
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400) from error
    left: dict[str, list[str]] = {}
    pairs: list[tuple[str, str | tuple[str, bytes]]] = []
    try:
        for name, one in form.multi_items():
            if not isinstance(one, UploadFile):
                pairs.append((name, one))
            elif one in parser.left:
                left.setdefault(name, []).append(one.filename or "")
            else:
                pairs.append((name, (one.filename or "", await one.read())))
        return replace(_gathered(pairs), left=left)
    finally:
        await form.close()


def _gathered(pairs: Iterable[tuple[str, str | tuple[str, bytes]]]) -> Posted:
    texts: dict[str, list[str]] = {}
    files: dict[str, list[tuple[str, bytes]]] = {}
    for name, value in pairs:
        if isinstance(value, str):
            texts.setdefault(name, []).append(value.replace("\r\n", "\n"))
        # A browser sends a nameless empty file where none was chosen.
        elif any(value):
            files.setdefault(name, []).append(value)
    return Posted(texts, files)


class _Parts(MultiPartParser):
    """Says which limit was passed, or which text is none: the parser would take it for Latin-1.

    left: files that are passed over from where all of them are too large, so that what was typed
    beside them is not lost.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.left: list[UploadFile] = []
        self._bytes = 0

    def on_headers_finished(self) -> None:
        try:
            super().on_headers_finished()
        except MultiPartException as error:
            if self._current_files > self.max_files:
                raise FormTooLong("files", int(self.max_files)) from error
            if self._current_fields > self.max_fields:
                raise FormTooLong("fields", int(self.max_fields)) from error
            raise

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        file = self._current_part.file
        if file is not None:
            self._bytes += end - start
            if self._bytes > LARGEST_UPLOAD:
                if file not in self.left:
                    self.left.append(file)
                return
        try:
            super().on_part_data(data, start, end)
        except MultiPartException as error:
            raise Malformed(_shown(self._current_part.field_name), TOO_LONG) from error

    def on_part_end(self) -> None:
        part = self._current_part
        if part.file is None:
            try:
                part.data.decode("utf-8")
            except UnicodeDecodeError:
                raise Malformed(_shown(part.field_name), NO_TEXT) from None
        super().on_part_end()


def _pairs(body: bytes) -> list[tuple[str, str]]:
    told = [pair.partition(b"=") for pair in body.split(b"&") if pair]
    if len(told) > MOST_FIELDS:
        raise FormTooLong("fields", MOST_FIELDS)
    return [(_text(name, name), _text(value, name)) for name, _, value in told]


def _text(sent: bytes, name: bytes) -> str:
    clear = unquote_to_bytes(sent.replace(b"+", b" "))
    try:
        return clear.decode("utf-8")
    except UnicodeDecodeError:
        field = unquote_to_bytes(name).decode("utf-8", "replace")
        raise Malformed(_shown(field), NO_TEXT) from None


def _shown(name: str) -> str:
    """The name of a field, whatever somebody made of it."""
    return name[:64] if name.isprintable() else ascii(name[:64])[1:-1]


Model = TypeVar("Model", bound=BaseModel)


def form_of(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """A dependency of a route: the form as the model has it, if it carries the token.

    Raises what `posted` raises; Malformed, RequestValidationError for another form.
    """
    several = {name for name, one in model.model_fields.items() if one.get_default() in ([], ())}

    async def read(request: Request) -> Model:
        sent = await posted(request)
        sent.check({TOKEN, *model.model_fields}, several)
        told = {name: texts if name in several else texts[0] for name, texts in sent.texts.items()}
        told.pop(TOKEN)
        try:
            return model.model_validate(told)
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from error

    return read
