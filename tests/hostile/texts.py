"""Texts made to harm: what a spreadsheet computes, what a label draws, what no eye sees, what no memory holds."""

from __future__ import annotations

import json
import os
from pathlib import Path

MEGA = 1024 * 1024
DATA = Path(os.environ.get("SHOPDESK_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
NAUGHTY = DATA / "bad" / "blns" / "blns.json"

COMPUTED = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "'=1+1", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://127.0.0.1:9/leak","win")', "=WEBSERVICE(A1)", "=IMPORTXML(A1)", "a;=1+1", "a\t=1+1", 'a";=1+1',
    'a,"=1+1', "a\n=1+1", "=1+1\n", "\uff1d1+1", "＝1+1", "\ufeff=1+1", "\u200b=1+1", "DDE(\"cmd\";\"/C calc\")",
)  # fmt: skip

UNSEEN = (
    "\u202egpj.exe", "\u2066abc\u2069", "\u200f\u200e", "\u200b\u200c\u200d\u2060", "\ufeff", "\u00ad" * 40, "\ufffc",
    "e" + "\u0301" * 500, "ﷺ" * 50, "👨‍👩‍👧‍👦" * 30, "🏳️‍🌈", "\U000e0041" * 9, "a\u2028b\u2029c", "\u0085", "\x7f",
    "\x1b[31mred\x1b[0m", "\x07\x08", "\x0b\x0c", "\x1c\x1d\x1e\x1f", "\x01", "مرحبا بالعالم", "שלום", "Ṱ̺̺̕o͞ ̷i̲̬n̝̗v̟̜o̘̙k̪̠e̜",
)  # fmt: skip

ODD = (
    "", " ", "\u3000", "null", "NaN", "inf", "-inf", "1e999", "1e308*10", "9" * 40, "-0", "0x10", "١٢٣", "１２３", "½",
    "'; DROP TABLE orders; --", '" OR ""="', "%s%n%x", "{0}{n}{__class__}", "{{7*7}}", "{% for x in y %}", "${jndi:x}",
    "../../../../secret", "C:\\con\\con", "a\\", '"', "''", "NEAR(a b)", "a AND", "* OR *", "col:x", "^a", "-a", "(((",
    "\\u0000", "&lt;b&gt;", "&#x3C;b&#x3E;", "1/0", "2**99**99", "9**9**9", "__import__('os')", "lambda:0", "[" * 200,
    "2026-02-30", "9999-12-31", "0001-01-01", "99:99", "１２:３０",
)  # fmt: skip


def drawn(folder: Path) -> list[str]:
    """Markup that would open a file of the folder, a device, another machine, or run something."""
    secret = folder / "secret"
    return [
        f'<img src="file://{secret}/picture.png">', f"<img src='{secret}/picture.png' width=9>",
        f'<b>bold</b><img src="{secret}/picture.png">', '<img src="file:///dev/zero">', "<img src=/dev/zero>",
        f'<img src="file://{secret}/pipe">', '<img src="//127.0.0.1/share/x.png">', '<img src="\\\\127.0.0.1\\share\\x.png">',
        '<img src="http://127.0.0.1:9/x.png">', f'<link rel="stylesheet" href="{secret}/style.css">',
        f'<body background="{secret}/picture.png">', f'<table background="file://{secret}/picture.png"><tr><td>x</table>',
        f'<div style="background-image:url({secret}/picture.png)">x</div>', f'<a href="file://{secret}/page">go</a>',
        "<script>alert(1)</script>words", "<iframe src=javascript:alert(1)>", '<object data="x">', "<!--", "<![CDATA[", "<",
        f"<html><head><style>@import '{secret}/style.css'</style></head>", "<h1>big</h1>", "<qt>rich</qt>", "a<br>b",
        f"{secret}/picture.png", f"file://{secret}/picture.png", "\\\\127.0.0.1\\share\\x.png", f"![x]({secret}/picture.png)",
    ]  # fmt: skip


def short(folder: Path) -> list[str]:
    """All texts that fit a field."""
    return [*COMPUTED, *UNSEEN, *ODD, *drawn(folder), *naughty()]


def naughty() -> list[str]:
    """The naughty strings of everybody, where they are at hand; without the empty one."""
    return [text for text in json.loads(NAUGHTY.read_text("utf-8")) if text] if NAUGHTY.is_file() else []


def endless() -> list[str]:
    """Texts that nobody could have typed."""
    return ["茶" * 300_000, "x" * 10 * MEGA, "重长" * 20_000, "a b " * 100_000, "=" + "1+" * 200_000, "<b>" * 100_000,
            "\n" * 200_000, "\u202e" * 100_000, "👍" * 100_000]  # fmt: skip


def lay_traps(folder: Path) -> Path:
    """The files that no door may open; a picture that draws, a style sheet, a pipe that would never end."""
    secret = folder / "secret"
    secret.mkdir(parents=True)
    (secret / "picture.png").write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003"
            "010100c9fe92ef0000000049454e44ae426082"
        )
    )
    (secret / "style.css").write_text("* { color: red }")
    (secret / "page").write_text("words that nobody chose")
    os.mkfifo(secret / "pipe")
    return secret
