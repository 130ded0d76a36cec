"""PDF: whole, and without programs or other files, as far as it can be looked into."""

import re
import zlib

import pytest

from adapters.attachments import pdf
from adapters.attachments.media import media_type
from domain.errors import AttachmentRefused
from workflows.chinese import in_chinese

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def written(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with its table (ISO 32000-1, 7.5)."""
    whole, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate((CATALOG, b"<</Type/Pages/Count 0>>", *objects), 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    return whole + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(whole))
    )


def stream(told: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (told, len(content), content)


def packed(*objects: bytes, told: bytes = b"/Filter/FlateDecode") -> bytes:
    """An object stream of objects from 10 on, deflated unless told otherwise."""
    offsets = [sum(len(one) + 1 for one in objects[:at]) for at in range(len(objects))]
    head = b" ".join(b"%d %d" % (10 + at, offset) for at, offset in enumerate(offsets)) + b"\n"
    content = head + b"\n".join(objects)
    if b"FlateDecode" in told:
        content = zlib.compress(content)
    if b"ASCIIHexDecode" in told:
        content = content.hex().encode() + b">"
    return stream(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)) + told, content)


def hidden(decoy: bytes) -> bytes:
    """A script in hexadecimal, which is said before something that looks like a beginning."""
    told = b"/Filter/ASCIIHexDecode"
    begins = packed(SCRIPT, told=told).replace(told, b"")
    return written(begins.replace(b"<<", b"<<" + told + decoy, 1))


PLAIN = written(b"<</Type/Page/MediaBox[0 0 595 842]>>")
FINE = {
    "plain": PLAIN,
    "with a line after its end": PLAIN + b"\r\n",
    "changed once more": PLAIN + b"xref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n",
    "packed": written(packed(b"<</Type/Page>>", b"<</Type/Font>>")),
    "packed, its filter in a list": written(packed(CATALOG, told=b"/Filter [ /FlateDecode ]")),
    "packed by nothing": written(packed(CATALOG, told=b"")),
    "a packed picture": written(
        stream(b"/Subtype/Image/Filter/FlateDecode/DecodeParms<</Predictor 15>>", b"x\x9c")
    ),
    "longer names": written(b"<</JavaScripts 1/Launcher 2/EncryptMetadata true/XFAB 3>>"),
}  # fmt: skip


@pytest.mark.parametrize("content", FINE.values(), ids=FINE)
def test_a_pdf_that_shows_and_does_nothing_more_is_accepted(content: bytes) -> None:
    assert media_type("通知.pdf", content) == media_type("", content) == "application/pdf"


NOT_WHOLE = {
    "its first line": b"%PDF-1.7",
    "broken off": PLAIN[:-8],
    "without the place of its table": PLAIN.replace(b"startxref", b"startxxxx"),
    "followed by something else": PLAIN + bytes(1100),
    "begun too late": b"\n" + PLAIN,
    "a text that a viewer takes for one": b"see %PDF-1.7 below",
}
HELD = {
    "a script": written(SCRIPT),
    "a script by another spelling": written(SCRIPT.replace(b"Java", b"J#61v#61")),
    "a script that is packed": written(packed(b"<</Type/Page>>", SCRIPT)),
    "a script in the second packed stream": written(packed(CATALOG), packed(SCRIPT)),
    "a script that is packed by nothing": written(packed(SCRIPT, told=b"")),
    "a program to start": written(b"<</S /Launch /F (cmd.exe)>>"),
    "a film": written(b"<</Subtype/RichMedia>>"),
    "a form that runs": written(b"<</AcroForm<</XFA 3 0 R>>>>"),
}
FILES = {
    "another file": written(stream(b"/Type/EmbeddedFile", b"MZ")),
    "a list of files": written(b"<</Names<</EmbeddedFiles 3 0 R>>>>"),
    "a list that is packed": written(packed(b"<</EmbeddedFiles 3 0 R>>")),
}
HEX = b"/Filter/ASCIIHexDecode"
SHUT = {
    "packed otherwise": written(packed(SCRIPT, told=HEX)),
    "packed twice": written(packed(SCRIPT, told=b"/Filter[/ASCIIHexDecode/FlateDecode]")),
    "packed in hexadecimal within": written(
        stream(
            b"/Type/ObjStm/N 1/First 5/Filter[/FlateDecode/ASCIIHexDecode]",
            zlib.compress(b"10 0\n" + SCRIPT.hex().encode()),
        )
    ),
    "packed with a predictor": written(
        packed(SCRIPT, told=b"/Filter/FlateDecode/DecodeParms 9 0 R")
    ),
    "its filter elsewhere": written(packed(CATALOG, told=b"/Filter 9 0 R")),
    "its filter by another spelling": written(packed(SCRIPT, told=b"/Filt#65r/ASCIIHexDecode")),
    "its filter before a text that looks like its beginning": hidden(b"/X(\n1 0 obj <<)"),
    "its filter before a remark that looks like its beginning": hidden(b"% 1 0 obj <<\n"),
    "spoilt": written(packed(CATALOG).replace(b"x\x9c", b"xx")),
}


LOCKED = {"locked": written(trailer=b"/Encrypt 3 0 R")}
REFUSED = {
    "that is not whole": NOT_WHOLE,
    "that holds programs; print it to a new one": HELD,
    "that holds other files; print it to a new one": FILES,
    "that cannot be looked into; print it to a new one": SHUT,
    "that is locked; print it to a new one": LOCKED,
}
CASES = [
    pytest.param(content, f"a PDF {because}", id=what)
    for because, some in REFUSED.items()
    for what, content in some.items()
]


@pytest.mark.parametrize(("content", "because"), CASES)
@pytest.mark.parametrize("name", ["a.pdf", "no extension"])
def test_any_other_pdf_is_refused_with_the_reason(content: bytes, because: str, name: str) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        media_type(name, content)

    assert refused.value.because == because
    assert not re.search("[a-z]", in_chinese(because))


@pytest.mark.parametrize("content", [PLAIN, *NOT_WHOLE.values()])
def test_a_pdf_is_never_a_text(content: bytes) -> None:
    with pytest.raises(AttachmentRefused, match="its extension says otherwise"):
        media_type("a.txt", content)


def test_the_mark_of_a_pdf_further_down_is_a_text() -> None:
    assert media_type("a.txt", b"a" * 1024 + b"%PDF-1.7") == "text/plain"


def test_a_pdf_that_breaks_off_anywhere_is_refused() -> None:
    end = PLAIN.rindex(b"%%EOF") + 5
    for at in range(6, end):
        assert pdf.fault(PLAIN[:at]) == "a PDF that is not whole"
    assert pdf.fault(PLAIN[:end]) == ""


def test_what_unpacks_to_more_than_the_memory_should_hold_is_refused() -> None:
    half = packed(bytes(pdf.UNPACKED_MOST // 2))
    assert len(half) < 100_000

    assert pdf.fault(written(half)) == ""
    assert pdf.fault(written(half, half)).startswith("a PDF that cannot be looked into")


def test_each_stream_is_unpacked_once_and_to_its_own_end(monkeypatch: pytest.MonkeyPatch) -> None:
    real, fed = zlib.decompressobj, list[int]()

    class Counting:
        def __init__(self) -> None:
            self._real = real()

        eof = property(lambda self: self._real.eof)

        def decompress(self, data: memoryview, most: int) -> bytes:
            fed.append(len(data))
            return self._real.decompress(data, most)

    often = b"/Type/ObjStm" * 300 + b"/Filter/FlateDecode"
    content = written(*[packed(CATALOG, told=often)] * 500, stream(b"", bytes(1_000_000)))
    monkeypatch.setattr(zlib, "decompressobj", Counting)

    assert pdf.fault(content) == ""

    assert len(fed) == 500
    assert sum(fed) <= 500 * 1024
