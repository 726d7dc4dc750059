"""Files made to harm an import: texts, workbooks of every kind, packed ones, and what is no file at all."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from tests.hostile import texts
from tests.shop_files import header, lines_csv, orders_csv, table_csv

MEGA = 1024 * 1024
NUMBER = "2386041277{:05d}"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
TITLES = ("主订单编号", "子订单编号", "选购商品", "商品数量", "商品单价", "订单应付金额", "订单状态", "订单提交时间")


# Workbooks


def xlsx(
    path: Path, sheets: Sequence[str], *, strings: str = "", more: dict[str, bytes | str] | None = None, dtd: str = ""
) -> Path:
    """A workbook of sheets given as rows of XML."""
    ids = range(1, len(sheets) + 1)
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in ids) + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{_RELS}">'
        + "".join(f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in ids)
        + f'<Relationship Id="s" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<?xml version="1.0"?><sst xmlns="{_MAIN}">{strings}</sst>',
    }  # fmt: skip
    for n, rows in zip(ids, sheets, strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<?xml version="1.0"?>{dtd}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetData>{rows}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in (parts | (more or {})).items():
            bundle.writestr(name, data)
    return path


def cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows(*lines: Sequence[str]) -> str:
    """Rows of XML of texts that need no escaping."""
    return "".join(
        f'<row r="{n}">' + "".join(cell(f"{chr(65 + at)}{n}", text) for at, text in enumerate(line)) + "</row>"
        for n, line in enumerate(lines, 1)
    )


def order_row(number: int, item: str = "茶杯") -> tuple[str, ...]:
    return (
        NUMBER.format(number),
        NUMBER.format(number) + "1",
        item,
        "1",
        "9.00",
        "9.00",
        "待发货",
        "2026-06-01 10:00:00",
    )


def ods(path: Path, table: str, prologue: str = "") -> Path:
    """A spreadsheet of OpenDocument with this table."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        bundle.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        bundle.writestr("content.xml", f'<?xml version="1.0"?>{prologue}<office:document-content {spaces}><office:body>'
                        f'<office:spreadsheet><table:table table:name="s">{table}</table:table></office:spreadsheet>'
                        "</office:body></office:document-content>")  # fmt: skip
    return path


def ods_rows(*lines: Sequence[str]) -> str:
    """Rows of XML of texts that need no escaping."""
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    return "".join(f"<table:table-row>{''.join(map(cell.format, line))}</table:table-row>" for line in lines)


def _laughs(levels: int = 9) -> str:
    inner = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(levels))
    return f'<!DOCTYPE x [<!ENTITY a "ha">{inner}]>'


def _outside(folder: Path) -> str:
    return f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY e SYSTEM "file://{folder}/secret/page"><!ENTITY z SYSTEM "file:///dev/zero">]>'


_ODS_TEXT = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"


def _lying_bomb(path: Path) -> Path:
    """A part that says it is small and unpacks to half a gigabyte."""
    xlsx(path, [rows(TITLES, order_row(1))], more={"xl/media/x.bin": b"\0" * (300 * MEGA)})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 300 * MEGA), struct.pack("<I", 300)))
    return path


# What there is


Maker = Callable[[Path, Path], object]


def plain(folder: Path) -> dict[str, Maker]:
    """Files that the reader gets through or refuses: name -> what makes it at (path, folder)."""
    short = [text for text in texts.short(folder) if "\0" not in text]
    wide = [f"c{n}" for n in range(16_384)]
    return {
        "good.csv": lambda path, _f: orders_csv(path, {"订单编号": NUMBER.format(0)}),
        "orders.csv": lambda path, _f: _recoded(orders_csv(
            path, *({"订单编号": NUMBER.format(100 + n), "买家会员名": f"{text}#{n}", "收货人姓名": text, "收货地址 ": text,
                     "宝贝标题 ": text, "订单备注": text, "买家留言": text, "联系手机": text, "店铺名称": text}
                    for n, text in enumerate(short))
        )),
        "lines.csv": lambda path, _f: _recoded(lines_csv(
            path, *({"订单编号": NUMBER.format(100 + n), "标题": text, "商家编码": text[:40], "价格": text}
                    for n, text in enumerate(short))
        )),
        "reviews.csv": lambda path, _f: table_csv(
            path, "reviews_export.csv",
            *(dict.fromkeys(header("reviews_export.csv"), text) | {"rating": "2", "review_date": "2026-08-31 11:26:00 UTC"}
              for text in short)
        ),
        "customers.csv": lambda path, _f: table_csv(
            path, "customers_export.csv",
            *(dict.fromkeys(header("customers_export.csv"), text) | {header("customers_export.csv")[0]: f"'72104483{n:05d}"}
              for n, text in enumerate(short))
        ),
        "wide.csv": lambda path, _f: path.write_text(",".join(wide) + "\n" + ",".join(wide) + "\n"),
        "wide_known.csv": lambda path, _f: path.write_text(
            ",".join((*TITLES, *wide)) + "\n" + ",".join((*order_row(2), *wide)) + "\n", "utf-8"
        ),
        "long_cells.csv": lambda path, _f: orders_csv(
            path, *({"订单编号": NUMBER.format(20 + n), "宝贝标题 ": "茶" * 300_000, "收货人姓名": "重" * 100_000,
                     "买家会员名": f"b{n}" + "x" * 100_000, "订单备注": "<b>" * 60_000} for n in range(6))
        ),
        "cell_10mb.csv": lambda path, _f: path.write_text(",".join(TITLES) + "\n1,2," + "x" * 10 * MEGA + ",1\n", "utf-8"),
        "unclosed.csv": lambda path, _f: path.write_text(",".join(TITLES) + '\n1,2,"' + "x,\n" * 4 * MEGA, "utf-8"),
        "nul.csv": lambda path, _f: path.write_bytes(",".join(TITLES).encode() + b"\n1,\0,3\n"),
        "noise.csv": lambda path, _f: path.write_bytes(Random(1).randbytes(200_000)),
        "noise_wide.csv": lambda path, _f: path.write_bytes(b"\xff\xfe" + Random(2).randbytes(200_001)),
        "bomb.csv.gz": lambda path, _f: path.write_bytes(gzip.compress(b"\0" * MEGA) * 600),
        "long.csv.gz": lambda path, _f: path.write_bytes(_pressed(b"x" * MEGA, 600)),
        "xxe.xlsx": lambda path, f: xlsx(path, [f'<row r="1"><c r="A1" t="str"><v>&e;&z;</v></c></row>{rows(TITLES)}'], dtd=_outside(f)),
        "laughs.xlsx": lambda path, _f: xlsx(path, ['<row r="1"><c r="A1" t="str"><v>&j;</v></c></row>'], dtd=_laughs()),
        "bomb.xlsx": lambda path, _f: xlsx(path, [rows(TITLES)], more={"xl/big.bin": b"\0" * (520 * MEGA)}),
        "formulas.xlsx": lambda path, _f: xlsx(
            path, [rows(TITLES, *(order_row(700 + n, f"={n}") for n in range(3)))
                   + '<row r="9"><c r="A9" t="str"><f>HYPERLINK("http://127.0.0.1:9/")</f><v>2386041277799</v></c></row>'],
            more={"xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{_MAIN}"/>',
                  "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="x" Type="{_OFFICE}/hyperlink" Target="file:///dev/zero" TargetMode="External"/></Relationships>'},
        ),
        "climbing.xlsx": lambda path, f: xlsx(
            path, [rows(TITLES, order_row(800))],
            more={"../../secret/page": "over", f"{f}/out/planted": "over", "xl/../../../out/planted": "over"},
        ),
        "climbing_rel.xlsx": lambda path, f: xlsx(
            path, [rows(TITLES, order_row(801))],
            more={"xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="file://{f}/secret/page"/></Relationships>'},
        ),
        "wide.xlsx": lambda path, _f: xlsx(
            path, ['<row r="1">' + "".join(f"<c><v>{n}</v></c>" for n in range(16_384)) + "</row>"]
        ),
        "cell_10mb.xlsx": lambda path, _f: xlsx(path, [rows(TITLES, order_row(802, "x" * 10 * MEGA))]),
        "shared_1mb.xlsx": lambda path, _f: xlsx(
            path, ["".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 32))] * 3,
            strings=f"<si><t>{'茶' * 1_000_000}</t></si>",
        ),
        "nul.xlsx": lambda path, _f: xlsx(path, [rows(TITLES, order_row(803, "a_x0000_b"))]),
        "sheets.xlsx": lambda path, _f: xlsx(path, [rows(["x"])] * 400),
        "damaged.xlsx": lambda path, _f: path.write_bytes(b"PK\x03\x04" + Random(3).randbytes(3000)),
        "cut.xlsx": lambda path, _f: path.write_bytes(xlsx(path, [rows(TITLES)]).read_bytes()[:-300]),
        "laughs.ods": lambda path, _f: ods(path, _ODS_TEXT.format("&j;"), _laughs()),
        "xxe.ods": lambda path, f: ods(path, _ODS_TEXT.format("&e;"), _outside(f)),
        "noise.xls": lambda path, _f: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(4).randbytes(20_000)),
        "noise_biff.xls": lambda path, _f: path.write_bytes(b"\x09\x08\x10\x00" + Random(5).randbytes(20_000)),
        "noise.xlsb": lambda path, _f: xlsx(path, [rows(["x"])], more={"xl/workbook.bin": Random(6).randbytes(3000)}),
        "page.xls": lambda path, f: path.write_text(f'<html><img src="{f}/secret/picture.png"><table><tr><td>1</table>'),
    }  # fmt: skip


def breaking(_folder: Path) -> dict[str, Maker]:
    """Files that may end the reading process."""
    return {
        "sparse.xlsx": lambda path, _f: xlsx(path, [
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']),
        "lying.xlsx": lambda path, _f: _lying_bomb(path),
        "repeated.ods": lambda path, _f: ods(
            path, '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
            ' table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'),
        "many.xlsx": lambda path, _f: xlsx(path, [
            "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 4000))],
            strings=f"<si><t>{'x' * 1_000_000}</t></si>"),
        "after.csv": lambda path, _f: orders_csv(path, {"订单编号": NUMBER.format(900)}),
    }  # fmt: skip


def _recoded(path: Path) -> Path:
    """In UTF-8: what no encoding is guessed from shall not stop the texts."""
    path.write_bytes(path.read_bytes().decode("gb18030").encode("utf-8-sig"))
    return path


def _pressed(piece: bytes, times: int) -> bytes:
    press = zlib.compressobj(1, wbits=31)
    return b"".join([press.compress(piece) for _ in range(times)]) + press.flush()


def make(folder: Path, makers: dict[str, Maker]) -> list[Path]:
    """Make the files below the folder's `chosen`."""
    (folder / "chosen").mkdir(exist_ok=True)
    made = []
    for name, maker in makers.items():
        path = folder / "chosen" / name
        maker(path, folder)
        made.append(path)
    return made


def no_files(folder: Path) -> list[Path]:
    """What is not to be opened: links, pipes, devices, folders, and names of files that are not there."""
    place = folder / "other"
    place.mkdir()
    os.mkfifo(place / "pipe.csv")
    (place / "link.csv").symlink_to(folder / "secret" / "page")
    (place / "loop.csv").symlink_to(place / "loop.csv")
    (place / "endless.csv").symlink_to("/dev/zero")
    (place / "folder.csv").mkdir()
    return [*sorted(place.iterdir()), Path("/dev/zero"), Path("/dev/full"), place / "gone.csv", place / ("x" * 300)]


def odd_names(folder: Path) -> list[Path]:
    """Good files under names that no one gives."""
    place = os.fsencode(folder / "chosen")
    names = ("订单.csv".encode("gb18030"), b"new\nline.csv", b"<img src=x>.csv", "\u202egpj.csv".encode(), b"=1+1.csv",
             b"x" * 245 + b".csv", b"{0}%s.csv", b"..csv")  # fmt: skip
    made = []
    for at, name in enumerate(names):
        path = Path(os.fsdecode(place + b"/" + name))
        orders_csv(path, {"订单编号": NUMBER.format(950 + at)})
        made.append(path)
    return made
