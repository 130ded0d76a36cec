"""Photos and papers: accepted by what they are, sealed, and never half there."""

import os
import stat
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.attachments import Attachments
from adapters.attachments.media import media_type
from adapters.keys import FileMasterKey, KeyStore
from domain.errors import AttachmentRefused, NotFound, StorageUnavailable, Unreadable
from domain.personal import Erased

ZHANG = UUID(int=11)

MIB = 1024**2


def png(width: int = 1, height: int = 1) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def jpeg(width: int = 1, height: int = 1) -> bytes:
    start = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    table = b"\xff\xff\xdb" + struct.pack(">H", 67) + bytes(65)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + bytes(3)
    scan = b"\xff\xda" + struct.pack(">H", 8) + bytes(6) + b"\x11\xff\x00\xff\xd0\x22"
    return start + table + frame + scan + b"\xff\xd9"


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n"
TEXT = "当事人已签收。\r\n\t二〇一一年".encode()


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    with closing(
        KeyStore(f"sqlite:///{tmp_path}/keys.db", FileMasterKey.create(tmp_path / "master.key"))
    ) as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def kept(folder: Path, keys: KeyStore) -> Attachments:
    return Attachments(folder, keys)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# --- what it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("门口.jpg", jpeg(), "image/jpeg"),
        ("a.JPEG", jpeg(4000, 3000), "image/jpeg"),
        ("a.png", png(), "image/png"),
        ("通知.pdf", PDF, "application/pdf"),
        ("笔录.txt", TEXT, "text/plain"),
        ("bom.txt", b"\xef\xbb\xbf" + TEXT, "text/plain"),
        ("no extension", png(), "image/png"),
        ("", png(), "image/png"),
        (r"C:\Users\zhang\门口.jpg", jpeg(), "image/jpeg"),
        ("../../etc/passwd.txt", TEXT, "text/plain"),
    ],
)
def test_it_is_accepted_by_what_it_is(
    kept: Attachments, name: str, content: bytes, kind: str
) -> None:
    attachment = kept.put(ZHANG, name, content)

    assert (attachment.media_type, attachment.size) == (kind, len(content))
    assert kept.open(attachment.id) == (kind, content)
    assert attachment.name == name.replace("\\", "/").split("/")[-1]
    assert kept.about(attachment.id) == attachment


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b""),
        ("a.txt", b"\0"),
        ("a.txt", b"\x1b[2J"),
        ("a.txt", "张三".encode("gb18030")),
        ("a.exe", b"MZ\x90\0"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.gif", b"GIF89a" + bytes(20)),
        ("a.zip", b"PK\3\4" + bytes(20)),
        ("a.jpg", b"\xff\xd8\xff"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("a.jpg", b"\xff\xd8\xff\xd9"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.txt", PDF),
        ("a.txt", PDF[:-7]),
        ("a.pdf", PDF.replace(b"<<>>", b"<</S/JavaScript>>")),
        ("photo.png", jpeg()),
        ("photo.jpg", png()),
        ("photo.jpg.exe", jpeg()),
        ("photo.", jpeg()),
        ("photo\u202egpj.exe", jpeg()),
        ("notes.pdf", TEXT),
        ("big.png", png(20_000, 20_000)),
        ("flat.png", png(20, 0)),
        ("flat.jpg", jpeg(0, 20)),
        ("two headers.png", png()[:33] + png()[8:]),
        ("no pixels.png", png()[:33] + png()[-12:]),
        ("no scan.jpg", jpeg()[:-16] + b"\xff\xd9"),
        ("altered.png", png().replace(b"IDAT", b"IDAt")),
        ("big.jpg", jpeg(65_000, 65_000)),
        ("a\nb.png", png()),
        ("a\0.png", png()),
        ("\ud800.png", png()),
        ("a" * 252 + ".png", png()),
    ],
)
def test_anything_else_is_refused_and_not_kept(
    kept: Attachments, folder: Path, name: str, content: bytes
) -> None:
    with pytest.raises(AttachmentRefused) as refusal:
        kept.put(ZHANG, name, content)

    str(refusal.value).encode()
    assert files(folder) == []


@pytest.mark.parametrize("whole", [png(), jpeg()], ids=["PNG", "JPEG"])
def test_a_picture_that_breaks_off_anywhere_is_refused(whole: bytes) -> None:
    for end in range(1, len(whole)):
        with pytest.raises(AttachmentRefused):
            media_type("picture", whole[:end])
    assert media_type("picture", whole) == media_type("picture", whole + b"\0" * 7)


@given(st.binary(max_size=60), st.sampled_from([b"", jpeg()[:30], png()[:20], b"%PDF-"]))
def test_any_bytes_have_a_type_or_are_refused(tail: bytes, head: bytes) -> None:
    try:
        kind = media_type("name", head + tail)
    except AttachmentRefused:
        return
    assert "/" in kind


def test_the_limit_is_inclusive(folder: Path, keys: KeyStore) -> None:
    kept = Attachments(folder, keys, limit_bytes=MIB)

    kept.put(ZHANG, "a.txt", b"x" * MIB)
    with pytest.raises(AttachmentRefused, match="more than 1 MiB"):
        kept.put(ZHANG, "a.txt", b"x" * (MIB + 1))

    assert len(files(folder)) == 1


# --- how it is kept --------------------------------------------------------------------------


def test_nothing_of_it_can_be_read_in_the_folder(kept: Attachments, folder: Path) -> None:
    attachment = kept.put(ZHANG, "张三家.txt", TEXT * 10)

    [path] = files(folder)
    stored = path.read_bytes()

    assert path.name == str(attachment.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (folder, path.parent)} == {0o700}
    assert TEXT not in stored
    assert "张三家".encode() not in stored
    assert sha256(TEXT * 10).hexdigest().encode() not in stored
    assert attachment.stored_hash == sha256(stored).hexdigest()
    assert attachment.stored_hash.startswith(attachment.id.hex[:12])
    assert attachment.id.version == 8


def test_equal_files_are_known_to_be_equal_only_with_the_key(
    kept: Attachments, tmp_path: Path
) -> None:
    one, other = kept.put(ZHANG, "a.png", png()), kept.put(ZHANG, "b.png", png())
    elsewhere_keys = KeyStore(
        f"sqlite:///{tmp_path}/other.db", FileMasterKey.create(tmp_path / "other.key")
    )
    elsewhere = Attachments(tmp_path / "other", elsewhere_keys).put(ZHANG, "a.png", png())
    elsewhere_keys.close()

    assert one.content_hash == other.content_hash != elsewhere.content_hash
    assert one.content_hash != sha256(png()).hexdigest()
    assert len({one.id, other.id, elsewhere.id}) == 3


def test_the_ids_that_are_not_kept_are_told(kept: Attachments) -> None:
    here = kept.put(ZHANG, "a.png", png()).id
    one, other = uuid4(), uuid4()

    assert list(kept.missing([one, here, other, here])) == [one, other]
    assert list(kept.missing([])) == []
    with pytest.raises(NotFound):
        kept.open(one)
    with pytest.raises(NotFound):
        kept.about(one)


def swap_label(stored: bytes) -> bytes:
    return stored.replace(b'"media_type":"image/png"', b'"media_type":"image/jpg"')


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored[:-1],
        lambda stored: stored + b"x",
        lambda stored: stored[:-1] + bytes([stored[-1] ^ 1]),
        lambda stored: b"{}\n",
        lambda stored: b"",
        swap_label,
    ],
)
def test_an_altered_file_is_unreadable(
    kept: Attachments, folder: Path, change: Callable[[bytes], bytes]
) -> None:
    attachment = kept.put(ZHANG, "a.png", png())
    [path] = files(folder)

    path.write_bytes(change(path.read_bytes()))

    with pytest.raises(Unreadable):
        kept.open(attachment.id)
    with pytest.raises(Unreadable):
        kept.about(attachment.id)


def test_a_file_in_the_place_of_another_is_unreadable(kept: Attachments, folder: Path) -> None:
    kept.put(ZHANG, "a.png", png())
    attachment = kept.put(ZHANG, "b.png", png(2))
    one, other = files(folder)
    mine, theirs = (one, other) if one.name == str(attachment.id) else (other, one)

    mine.write_bytes(theirs.read_bytes())

    with pytest.raises(Unreadable):
        kept.open(attachment.id)


def test_it_opens_to_erased_once_the_key_is_destroyed(kept: Attachments, keys: KeyStore) -> None:
    attachment = kept.put(ZHANG, "张三.png", png())

    keys.destroy(ZHANG)

    assert kept.open(attachment.id) is Erased.BY_LAW
    assert kept.about(attachment.id).name is Erased.BY_LAW
    assert list(kept.missing([attachment.id])) == []


# --- the scanner -----------------------------------------------------------------------------


def test_what_the_scanner_refuses_goes_to_quarantine_sealed(folder: Path, keys: KeyStore) -> None:
    eicar = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    kept = Attachments(folder, keys, scan=lambda content: b"EICAR" not in content)

    kept.put(ZHANG, "a.txt", TEXT)
    with pytest.raises(AttachmentRefused, match="quarantine"):
        kept.put(ZHANG, "b.txt", eicar)

    [bad] = files(folder / "quarantine")
    assert b"EICAR" not in bad.read_bytes()
    assert list(kept.missing([UUID(bad.name)])) == [UUID(bad.name)]
    assert len(files(folder)) == 2


def test_nothing_is_kept_while_the_scanner_does_not_answer(folder: Path, keys: KeyStore) -> None:
    def scan(content: bytes) -> bool:
        raise ConnectionRefusedError

    with pytest.raises(StorageUnavailable):
        Attachments(folder, keys, scan=scan).put(ZHANG, "a.txt", TEXT)

    assert files(folder) == []


# --- a disk that is full or not there --------------------------------------------------------

FULL = """
import resource, sys
from pathlib import Path
from uuid import UUID
from adapters.attachments import Attachments
from adapters.keys import FileMasterKey, KeyStore
from domain.errors import StorageUnavailable

here = Path(sys.argv[1])
keys = KeyStore(f"sqlite:///{here}/keys.db", FileMasterKey(here / "master.key"))
kept = Attachments(here / "attachments", keys)
first = kept.put(UUID(int=11), "a.txt", b"x")
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
try:
    kept.put(UUID(int=11), "b.txt", b"x" * 100_000)
except StorageUnavailable:
    print("refused")
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
again = kept.put(UUID(int=11), "b.txt", b"x" * 100_000)
assert kept.missing([first.id, again.id]) == []
print("served")
"""


def test_a_full_disk_refuses_and_keeps_nothing_half(
    tmp_path: Path, folder: Path, keys: KeyStore
) -> None:
    root = Path(__file__).resolve().parents[2]

    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        timeout=60,
        check=False,
    )

    assert (done.stdout.split(), done.stderr) == (["refused", "served"], "")
    assert len(files(folder)) == 2


def test_a_folder_that_cannot_be_made_refuses(tmp_path: Path, keys: KeyStore) -> None:
    (tmp_path / "attachments").write_text("a file in the way")
    kept = Attachments(tmp_path / "attachments", keys)

    with pytest.raises(StorageUnavailable):
        kept.put(ZHANG, "a.txt", TEXT)
    with pytest.raises(StorageUnavailable):
        kept.open(uuid4())
