"""The kept originals without a person: texts in every encoding keep the rows of others, workbooks are let go."""

from __future__ import annotations

import codecs
import io

import pytest
import xlsxwriter

from shopdesk.core.blotting import Blotter, spellings
from shopdesk.core.originals import Sought, without

HEADER = "number;buyer;phone;message\r\n"
LIN = '"1042";"Lin ""the"" Wei";"\'+86 186-1234-5678";"two\r\nlines; please"\r\n'
OTHER = '1043;王小明;13900000000;"ok, fine"\r\n'
SOUGHT = Sought(Blotter(spellings(['Lin "the" Wei', "18612345678"]), "erased"), ["1042"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_only_the_persons_rows_are_emptied(encoding: str) -> None:
    data = (HEADER + LIN + OTHER).encode(encoding)
    assert without(data, SOUGHT).decode(encoding) == HEADER + '"1042";;;\r\n' + OTHER


@pytest.mark.parametrize("row", ['x;Lin "the" Wei;;\n', "x;;8618612345678;\n", '1042;"";"";"hidden"\n'])
def test_a_row_is_known_by_the_name_the_telephone_or_the_number(row: str) -> None:
    found = without((HEADER + row + OTHER).encode(), SOUGHT).decode()
    assert found.startswith(HEADER)
    assert found.endswith(OTHER)
    assert "hidden" not in found
    assert "Wei" not in found
    assert "8618612345678" not in found


def test_a_file_without_the_person_stays_byte_by_byte() -> None:
    data = codecs.BOM_UTF8 + (HEADER + OTHER + "10420;Lin;1;\n").encode()
    assert without(data, SOUGHT) is data


def test_a_workbook_is_let_go_only_when_it_names_the_person() -> None:
    assert without(_workbook("王小明"), SOUGHT) != b""
    assert without(_workbook('Lin "the" Wei'), SOUGHT) == b""
    assert without(_workbook("x", number=18612345678), SOUGHT) == b""


def test_what_cannot_be_looked_through_is_let_go() -> None:
    assert without(b"PK\x03\x04 no workbook", SOUGHT) == b""
    assert without(b"\xd0\xcf\x11\xe0 an old workbook " + "18612345678".encode("utf-16-le"), SOUGHT) == b""
    assert without(b"\xd0\xcf\x11\xe0 an old workbook", SOUGHT) != b""


def _workbook(buyer: str, number: int = 1) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["number", "buyer", "phone"])
        sheet.write_row(1, 0, ["1043", buyer, number])
    return stream.getvalue()
