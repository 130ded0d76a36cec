"""What a browser sends with a form: texts and files, both kinds of encoding, nothing in clear
on the disk; and the token that shows that the form was drawn for this sign-in.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from domain.errors import Malformed
from web.form_tokens import FIELD, check_form
from web.front import LARGEST_UPLOAD

MOST_FIELDS = 400
MOST_FILES = 50

TOKEN, COMMAND, VERSION = FIELD, "command-id", "drawn-version"
"""Inputs that every form carries. A hyphen keeps them apart from the fields of line files."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Texts and files by the name of their input, in the order in which they came.

    Line ends are those that were typed: browsers send CRLF for every one.
    """

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[tuple[str, bytes]]] = field(default_factory=dict)

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

    def check(self, known: Collection[str], several: Collection[str] = ()) -> None:
        """Refuse whatever the form did not ask for, and two texts where it asked for one.

        several: names of which it asks for any number. Raises Malformed.
        """
        for name in (*self.texts, *self.files):
            if name not in known:
                shown = name[:64] if name.isprintable() else ascii(name[:64])[1:-1]
                raise Malformed(shown, "not asked for")
        for name, texts in self.texts.items():
            if len(texts) > 1 and name not in several:
                raise Malformed(name, "given twice")


async def posted(request: Request) -> Posted:
    """The form, if it carries the token of this sign-in.

    Raises FormStale for a form drawn for somebody else or for nobody, and HTTPException: 400 for a
    body that cannot be read, 415 for one that is no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        # Not FastAPI's own form: it lets large files lie in clear in the folder for temporary ones.
        parser = _Parts(
            request.headers, request.stream(), max_files=MOST_FILES, max_fields=MOST_FIELDS
        )
        parser.spool_max_size = 2 * LARGEST_UPLOAD
        try:
            form = await parser.parse()
        except MultiPartException as error:
            raise HTTPException(400) from error
    elif kind == "application/x-www-form-urlencoded":
        form = FormData(_pairs(await request.body()))
    else:
        raise HTTPException(415)
    texts: dict[str, list[str]] = {}
    files: dict[str, list[tuple[str, bytes]]] = {}
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                # A browser sends a nameless empty file where none was chosen.
                if value.filename:
                    files.setdefault(name, []).append((value.filename, await value.read()))
            else:
                texts.setdefault(name, []).append(value.replace("\r\n", "\n"))
    finally:
        await form.close()
    made = Posted(texts, files)
    check_form(request, made.text(TOKEN))
    return made


class _Parts(MultiPartParser):
    """Refuses a text that is no UTF-8: the parser would take it for Latin-1."""

    def on_part_end(self) -> None:
        part = self._current_part
        if part.file is None:
            try:
                part.data.decode("utf-8")
            except UnicodeDecodeError:
                raise Malformed(part.field_name, "text in UTF-8") from None
        super().on_part_end()


def _pairs(body: bytes) -> list[tuple[str, str | UploadFile]]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise HTTPException(400) from error
    return list(pairs)


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
