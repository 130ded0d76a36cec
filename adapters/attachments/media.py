"""What a file is, told by its content, whatever it is called."""

import re
import unicodedata
import zlib

from adapters.attachments import pdf
from domain.errors import AttachmentRefused

PDF = "application/pdf"
EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    PDF: ("pdf",),
    "text/plain": ("txt",),
}
"""The media types that are accepted, and the extensions that go with each."""

MOST_PIXELS = 100_000_000
"""A small file can unpack to a picture that fills the memory."""

_PNG = b"\x89PNG\r\n\x1a\n"
# Start of frame, all but the tables that share their row: DHT, JPG, DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9
_MARK = re.compile(rb"\xff+[^\x00\xff]", re.DOTALL)
# Within a scan, FF stands for itself before 00, and restarts it before D0 to D7.
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)


def base_name(name: str) -> str:
    """The name without the client's path. Raises AttachmentRefused for one that is no text."""
    last = name.replace("\\", "/").rpartition("/")[2]
    if len(last) > 255 or any(unicodedata.category(c) in ("Cc", "Cs") for c in last):
        raise AttachmentRefused(ascii(last[:80]), "a name of at most 255 printable characters")
    return last


def media_type(name: str, content: bytes) -> str:
    """The media type of the content.

    Raises AttachmentRefused: another type than those of EXTENSIONS, an extension that goes
    with another type, a picture or PDF that is not whole, too many pixels, a PDF that holds
    programs or other files, or cannot be looked into.
    """
    found, pixels = _told(content)
    if not found:
        raise AttachmentRefused(name, "neither JPEG, PNG, PDF nor plain text in UTF-8")
    _, dot, extension = name.rpartition(".")
    if dot and extension.lower() not in EXTENSIONS[found]:
        raise AttachmentRefused(name, f"its content is {found}, its extension says otherwise")
    if found == PDF and (because := pdf.fault(content)):
        raise AttachmentRefused(name, because)
    if pixels is None:
        raise AttachmentRefused(name, "a picture that is not whole, or has no size")
    if pixels > MOST_PIXELS:
        raise AttachmentRefused(name, f"more than {MOST_PIXELS:,} pixels")
    return found


def _told(content: bytes) -> tuple[str, int | None]:
    """Media type and number of pixels; empty where it is none of ours.

    None for the pixels of a picture that is not whole, or has no size.
    """
    if content.startswith(_PNG):
        return "image/png", _png_pixels(content)
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", _jpeg_pixels(content)
    if pdf.looks_like(content):
        return PDF, 0
    return ("text/plain", 0) if _is_text(content) else ("", 0)


def _area(size: bytes) -> int:
    middle = len(size) // 2
    return int.from_bytes(size[:middle], "big") * int.from_bytes(size[middle:], "big")


def _png_pixels(content: bytes) -> int | None:
    """From the header chunk, if each chunk up to the last is whole (ISO/IEC 15948)."""
    at, pixels, drawn = len(_PNG), None, False
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content) or (kind == b"IHDR") != (at == len(_PNG)):
            return None
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            return None
        if kind == b"IHDR":
            pixels = _area(content[at + 8 : at + 16])
        drawn = drawn or kind == b"IDAT"
        if kind == b"IEND":
            return (pixels or None) if drawn else None
        at = end
    return None


def _jpeg_pixels(content: bytes) -> int | None:
    """From the frame headers, if the segments and scans go on to the end mark (ISO/IEC 10918)."""
    at, pixels, drawn = 2, 0, False
    while found := _MARK.match(content, at):
        marker, at = content[found.end() - 1], found.end()
        if marker == _END:
            return (pixels or None) if drawn else None
        if marker in _ALONE:
            continue
        length = int.from_bytes(content[at : at + 2], "big")
        if length < 2 or at + length > len(content):
            return None
        if marker in _FRAMES:
            pixels = max(pixels, _area(content[at + 3 : at + 7]))
        at += length
        if marker == _SCAN:
            drawn = True
            after = _AFTER_SCAN.search(content, at)
            at = after.start() if after else len(content)
    return None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(c < " " and c not in "\t\n\r\f" for c in text)
