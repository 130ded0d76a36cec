"""What a file is, told by its content, whatever it is called."""

import unicodedata
from collections.abc import Iterator

from domain.errors import AttachmentRefused

EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "application/pdf": ("pdf",),
    "text/plain": ("txt",),
}
"""The media types that are accepted, and the extensions that go with each."""

MOST_PIXELS = 100_000_000
"""A small file can unpack to a picture that fills the memory."""

_PNG = b"\x89PNG\r\n\x1a\n"
# Start of frame, all but the tables that share their row: DHT, JPG, DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def base_name(name: str) -> str:
    """The name without the client's path. Raises AttachmentRefused for one that is no text."""
    last = name.replace("\\", "/").rpartition("/")[2]
    if len(last) > 255 or any(unicodedata.category(c) in ("Cc", "Cs") for c in last):
        raise AttachmentRefused(ascii(last[:80]), "a name of at most 255 printable characters")
    return last


def media_type(name: str, content: bytes) -> str:
    """The media type of the content.

    Raises AttachmentRefused: another type than those of EXTENSIONS, an extension that goes
    with another type, too many pixels.
    """
    found, pixels = _told(content)
    if not found:
        raise AttachmentRefused(name, "neither JPEG, PNG, PDF nor plain text in UTF-8")
    _, dot, extension = name.rpartition(".")
    if dot and extension.lower() not in EXTENSIONS[found]:
        raise AttachmentRefused(name, f"its content is {found}, its extension says otherwise")
    if pixels > MOST_PIXELS:
        raise AttachmentRefused(name, f"more than {MOST_PIXELS:,} pixels")
    return found


def _told(content: bytes) -> tuple[str, int]:
    """Media type and number of pixels; empty where it is none of ours."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR":
        return "image/png", _area(content[16:20], content[20:24])
    if content.startswith(b"\xff\xd8\xff"):
        for height, width in _jpeg_frames(content):
            return "image/jpeg", _area(height, width)
    elif content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return "application/pdf", 0
    elif _is_text(content):
        return "text/plain", 0
    return "", 0


def _area(height: bytes, width: bytes) -> int:
    return int.from_bytes(height, "big") * int.from_bytes(width, "big")


def _jpeg_frames(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Height and width from the frame headers, walking the segments before the picture."""
    at = 2
    while content[at : at + 1] == b"\xff" and at + 4 <= len(content):
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            yield content[at + 5 : at + 7], content[at + 7 : at + 9]
            return
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(c < " " and c not in "\t\n\r\f" for c in text)
