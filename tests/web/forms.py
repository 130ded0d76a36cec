"""A browser without scripts: reads the form of a page, fills it in, sends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx2

from tests.web.district import District

ORIGIN = "http://testserver"

Value = str | Sequence[str]


@dataclass
class Page(HTMLParser):
    """A page as somebody sees it, and the form on it that does something: no masthead's.

    only: the id of the form that is meant, where a page has several; with what stands outside it.
    values: what a browser would send as it stands. buttons: those of the form, by their words.
    errors: the summary, (address, words). beside: the words beside a field, by its element's id.
    """

    account: str
    answer: httpx2.Response
    only: str = ""
    action: str = ""
    multipart: bool = False
    values: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self._inside = self._oops = self._key = False
        self._words: list[str] | None = None
        self._open: tuple[str, dict[str, str]] = ("", {})
        self._select = self._area = ""
        self.feed(self.answer.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def title(self) -> str:
        return self.answer.text.partition("<title>")[2].partition("</title>")[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "id" in told:
            self.ids.add(told["id"])
        if tag == "div" and told.get("class", "").startswith("oops"):
            self._oops = True
        mast = told.get("action") in ("/signout", "/find")
        if tag == "form" and not mast and self.only in ("", told.get("id")):
            self._inside, self.action = True, told.get("action", "")
            self.multipart = told.get("enctype") == "multipart/form-data"
        if tag in ("a", "button"):
            self._open, self._words = (tag, told), []
        self._key = tag == "kbd"
        if not self._inside and told.get("form", "-") != self.only:
            return
        name = told.get("name", "")
        match tag:
            case "input" if told.get("type") == "file":
                self.files.add(name)
            case "input" if told.get("type") in ("radio", "checkbox"):
                self.options.setdefault(name, []).append(told.get("value", "on"))
                if "checked" in told:
                    self.values.setdefault(name, []).append(told.get("value", "on"))
            case "input":
                self.values.setdefault(name, []).append(told.get("value", ""))
            case "select":
                self._select = name
            case "option":
                self.options.setdefault(self._select, []).append(told["value"])
                if "selected" in told or self._select not in self.values:
                    self.values[self._select] = [told["value"]]
            case "textarea":
                self._area, self.values[name] = name, [""]

    def handle_endtag(self, tag: str) -> None:
        self._key = False
        if tag == "form":
            self._inside = False
        if tag == "textarea":
            # The first line break after the tag belongs to the markup.
            self.values[self._area][0] = self.values[self._area][0].removeprefix("\n")
            self._area = ""
        if tag == "ul":
            self._oops = False
        if tag in ("a", "button") and self._words is not None:
            words, (_, told) = " ".join("".join(self._words).split()), self._open
            if tag == "a":
                self.links[words] = told.get("href", "")
                if self._oops:
                    self.errors.append((told["href"], words))
            elif self._inside:
                self.buttons[words] = (told.get("name", ""), told.get("value", ""))
            self._words = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._words is not None and not self._key:
            self._words.append(data)
        if self._area:
            self.values[self._area][0] += data


@dataclass(frozen=True)
class Browser:
    """Somebody's browser: looks at pages, sends forms, follows where it is sent."""

    district: District
    account: str
    language: str = "zh"
    form: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Cookie": f"tenlines={self.district.cookies[self.account]}",
            "Accept-Language": self.language,
            "Origin": ORIGIN,
        }

    def look(self, path: str) -> Page:
        answer = self.district.client.get(path, headers=self.headers, follow_redirects=False)
        return Page(self.account, answer, self.form)

    def send(
        self,
        page: Page,
        button: str = "",
        *,
        files: Sequence[tuple[str, tuple[str, bytes]]] = (),
        **filled: Value,
    ) -> Page:
        """Fill in the form of the page and send it; a name's `__` is a hyphen. The page it leads
        to, after a redirect the page behind it."""
        answer = self.post(page, button, files=files, **filled)
        if answer.status_code == 303:
            return self.look(answer.headers["location"])
        return Page(self.account, answer, self.form)

    def post(
        self,
        page: Page,
        button: str = "",
        *,
        files: Sequence[tuple[str, tuple[str, bytes]]] = (),
        **filled: Value,
    ) -> httpx2.Response:
        """The same without following."""
        values = dict(page.values)
        for name, value in filled.items():
            values[name.replace("__", "-")] = [value] if isinstance(value, str) else [*value]
        if button:
            name, pressed = page.buttons[button]
            if name:
                values[name] = [pressed]
        # Browsers send every line end as CRLF.
        data = {
            name: [text.replace("\n", "\r\n") for text in texts] for name, texts in values.items()
        }
        sent: dict[str, Any] = {"data": data}
        if page.multipart:
            sent["files"] = [*files] or [(name, ("", b"")) for name in sorted(page.files)]
        answer: httpx2.Response = self.district.client.post(
            page.action, headers=self.headers, follow_redirects=False, **sent
        )
        return answer
