"""The photos of the story: small PNG pictures of a gate, with and without the heap, drawn here."""

import struct
import zlib

WIDE, HIGH = 320, 240

Colour = tuple[int, int, int]
SKY: Colour = (176, 205, 226)
GROUND: Colour = (148, 140, 128)
WALL: Colour = (201, 186, 160)
POST: Colour = (122, 62, 48)
LEAF: Colour = (86, 122, 74)
SCRAP: tuple[Colour, ...] = ((164, 128, 84), (92, 116, 140), (190, 190, 184), (120, 84, 60))


def gate(*, heap: bool, side: int = 0) -> bytes:
    """The estate gate as PNG. heap: with the scrap in front. side: 0 east, 1 west."""
    picture = _Picture(SKY)
    picture.fill(0, 150, WIDE, HIGH, GROUND)
    picture.fill(0, 80, WIDE, 150, WALL)
    for left in (110, 196):
        picture.fill(left, 50, left + 14, 156, POST)
    picture.fill(124, 62, 196, 72, POST)
    picture.fill(124, 80, 196, 150, GROUND)
    for bush in range(0, 100, 20):
        picture.fill(bush, 138 - bush % 40 // 4, bush + 16, 152, LEAF)
    if heap:
        for piece in range(28):
            left = (20 if side == 0 else 190) + piece * 37 % 96
            top = 118 + piece * 53 % 62
            colour = SCRAP[piece % len(SCRAP)]
            picture.fill(left, top, left + 14 + piece % 9, top + 10 + piece % 7, colour)
    return picture.png()


class _Picture:
    """Three bytes a pixel."""

    def __init__(self, colour: Colour) -> None:
        self._rows = [bytearray(bytes(colour) * WIDE) for _ in range(HIGH)]

    def fill(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """Paint a rectangle; what lies outside is left out."""
        left, right = max(0, left), min(WIDE, right)
        for row in self._rows[max(0, top) : min(HIGH, bottom)]:
            row[3 * left : 3 * right] = bytes(colour) * (right - left)

    def png(self) -> bytes:
        """Eight bits a channel, no filter, not interlaced (ISO/IEC 15948)."""
        raw = b"".join(b"\0" + bytes(row) for row in self._rows)
        header = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
        parts = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
