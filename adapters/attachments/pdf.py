"""What a PDF carries, as far as it can be seen without reading it as a viewer does (ISO 32000).

Programs and other files are named in the clear or in object streams, which are unpacked here up
to a limit. Nothing else in it is judged: that is left to a scanner.
"""

import re
import zlib
from collections.abc import Iterator

UNPACKED_MOST = 50_000_000
"""Bytes of all object streams together. A small file can unpack to more than the memory holds."""
_DICTIONARY_MOST = 4_096

_MARK = b"%PDF-"
_END = re.compile(rb"startxref\s+\d{1,10}\s+%%EOF")


# Any sign of a name may be written by its code: /Launch is /L#61unch too.
def _name(*names: bytes) -> re.Pattern[bytes]:
    spelt = (b"".join(b"(?:%c|#(?i:%02x))" % (sign, sign) for sign in name) for name in names)
    first = b"".join(name[:1] for name in names)
    any_of = b"(?=[#" + first + b"])(?:" + b"|".join(spelt) + b")"
    return re.compile(b"/" + any_of + rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|\Z)")


_ACTS = _name(b"JavaScript", b"Launch", b"RichMedia", b"XFA")
_HOLDS = _name(b"EmbeddedFile", b"EmbeddedFiles")
_LOCKED = _name(b"Encrypt")
_PACKED = _name(b"ObjStm")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
# Nothing else is understood, so that no text or comment can pass for a dictionary.
_OBJECT = re.compile(rb"(?:[\r\n]|endobj)[ \t]*\d+[ \t]+\d+[ \t]+obj\s*\Z")
_DICTIONARY = re.compile(rb"<<[^<>()%#]*>>\s*\Z")
_FILTERED = _name(b"Filter", b"DecodeParms")
_DEFLATED = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])(?=[\s/>])")


class _Closed(Exception):
    """It is packed in another way than those that are unpacked here, or too much."""


def looks_like(content: bytes) -> bool:
    """Whether a viewer may take it for a PDF: many look for the mark in the first kilobyte."""
    return _MARK in content[:1024]


def fault(content: bytes) -> str:
    """Why the PDF is not accepted; empty where nothing is found against it."""
    if not content.startswith(_MARK) or not _END.search(content[-1024:]):
        return "a PDF that is not whole"
    if _LOCKED.search(content):
        return "a PDF that is locked; print it to a new one"
    try:
        for part in _parts(content):
            if _ACTS.search(part):
                return "a PDF that holds programs; print it to a new one"
            if _HOLDS.search(part):
                return "a PDF that holds other files; print it to a new one"
    except (_Closed, zlib.error):
        return "a PDF that cannot be looked into; print it to a new one"
    return ""


def _parts(content: bytes) -> Iterator[bytes]:
    """The file itself, then each object stream that is packed. Raises _Closed, zlib.error."""
    yield content
    left, stream = UNPACKED_MOST, None
    for packed in _PACKED.finditer(content):
        # Each stream once, however often it is named: the work is bounded by the file's length.
        if stream is not None and packed.start() < stream.start():
            continue
        stream = _STREAM.search(content, packed.end())
        if stream is None:
            return
        begins = content.rfind(b"<<", max(0, packed.start() - _DICTIONARY_MOST), packed.start())
        before, dictionary = content[max(0, begins - 64) : begins], content[begins : stream.start()]
        if begins < 0 or not _OBJECT.search(before) or not _DICTIONARY.match(dictionary):
            raise _Closed
        filters = _FILTERED.findall(dictionary)
        if not filters:
            continue
        if len(filters) > 1 or not _DEFLATED.search(dictionary):
            raise _Closed
        unpacked = _unpacked(memoryview(content)[stream.end() :], left)
        left -= len(unpacked)
        yield unpacked


# A little at a time: what follows the end of a stream would be copied for each of them.
def _unpacked(packed: memoryview, most: int) -> bytes:
    unpacker, found, at, step = zlib.decompressobj(), bytearray(), 0, 1024
    while not unpacker.eof and at < len(packed):
        found += unpacker.decompress(packed[at : at + step], most - len(found) + 1)
        if len(found) > most:
            raise _Closed
        at, step = at + step, step * 2
    return bytes(found)
