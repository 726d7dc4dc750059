"""Pictures made to harm: enormous ones in a few bytes, damaged ones, and what only looks like one."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from random import Random


def png(
    width: int, height: int, *, depth: int = 8, colour: int = 2, raw: bytes | None = None, extra: bytes = b""
) -> bytes:
    """A black picture of this size; `raw` are other compressed rows, `extra` further chunks."""
    if raw is None:
        row = b"\0" * (1 + (width * {0: 1, 2: 3, 6: 4}[colour] * depth + 7) // 8)
        press = zlib.compressobj(1)
        raw = b"".join(press.compress(row) for _ in range(height)) + press.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", raw) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def many_passes(side: int = 1000, passes: int = 20_000) -> bytes:
    """A grey JPEG of a few hundred kilobytes whose every pass goes over all of its blocks again."""

    def part(kind: int, data: bytes) -> bytes:
        return bytes((0xFF, kind)) + struct.pack(">H", len(data) + 2) + data

    huffman = part(0xC4, b"\x00\x01" + b"\0" * 15 + b"\x00") + part(0xC4, b"\x10\x01" + b"\0" * 15 + b"\xe0")
    frame = part(0xC2, struct.pack(">BHHBBBB", 8, side, side, 1, 1, 0x11, 0))
    first = part(0xDA, b"\x01\x01\x00\x00\x00\x00") + b"\0" * ((side // 8 + 1) ** 2 // 8 + 1)
    again = part(0xDA, b"\x01\x01\x00\x01\x3f\x00") + b"\0\0\0\0"
    return b"\xff\xd8" + part(0xDB, b"\0" + b"\1" * 64) + frame + huffman + first + again * passes + b"\xff\xd9"


def svg(folder: Path) -> bytes:
    """A drawing that shows a file of the folder and one without an end."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">'
        f'<image width="9" height="9" xlink:href="file://{folder}/secret/picture.png"/>'
        f'<image width="9" height="9" xlink:href="file:///dev/zero"/></svg>'
    ).encode()


def all_of_them(folder: Path) -> dict[str, bytes]:
    """Name -> bytes."""
    noise = Random(7)
    zeros = zlib.compress(b"\0" * 50_000_000, 9)
    return {
        "side_60000.png": png(60_000, 60_000, depth=1, colour=0, raw=zlib.compress(b"\0" * 7_501_000, 9)),
        "tall.png": png(1, 30_000),
        "wide.png": png(30_000, 1),
        "too_tall.png": png(1, 40_000_000, depth=1, colour=0, raw=zlib.compress(b"\0" * 1000)),
        "deep.png": png(6_300, 6_300, depth=16, colour=6, raw=zeros),
        "large.png": png(6_300, 6_300),
        "words.png": png(9, 9, extra=b"".join(chunk(b"zTXt", b"k%d\0\0" % n + zeros) for n in range(10))),
        "profile.png": png(9, 9, extra=chunk(b"iCCP", b"p\0\0" + zeros)),
        "nothing.png": png(0, 9, raw=b""),
        "cut.png": png(300, 300)[:90],
        "noise.png": b"\x89PNG\r\n\x1a\n" + noise.randbytes(9000),
        "noise.jpg": b"\xff\xd8\xff" + noise.randbytes(9000),
        "noise.webp": b"RIFF" + struct.pack("<I", 9000) + b"WEBPVP8 " + noise.randbytes(9000),
        "no.webp": b"RIFF" + struct.pack("<I", 9000) + b"AVI LIST" + noise.randbytes(9000),
        "side_16383.webp": b"RIFF\x1e\0\0\0WEBPVP8L\x12\0\0\0\x2f" + struct.pack("<I", 16383 | 16383 << 14) + noise.randbytes(13),
        "passes.jpg": many_passes(),
        "drawing.png": svg(folder),
        "drawing.svg": svg(folder),
        "icon.ico": b"\0\0\1\0\1\0" + noise.randbytes(200),
        "old.tga": b"\0\0\2" + noise.randbytes(200),
        "signs.xpm": b'/* XPM */ static char *x[] = {"90000 90000 1 1", "a c red"};',
        "page.png": f'<html><img src="{folder}/secret/picture.png">'.encode(),
        "nothing_at_all.png": b"",
        "too_many_bytes.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 21_000_000,
    }  # fmt: skip
