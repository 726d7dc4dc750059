"""The kept originals without a person: texts in every encoding keep the rows of others, workbooks are let go."""

from __future__ import annotations

import codecs
import gzip
import io

import pytest
import xlsxwriter

from shopdesk.core.blotting import Blotter, spellings
from shopdesk.core.originals import without
from shopdesk.core.sought import Sought

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


SHORT = Sought(Blotter(["Anna Kowalski"], "erased"), ["#1024"], ["#1024", "#1025", "#1026"])


def test_short_numbers_take_no_row_of_others() -> None:
    others = '#1025,Peter Muster,1024.00,"5"\n#1026,Jan Novak,12.00,1024\n'
    data = "order,name,total,count\n#1024,Anna Kowalski,10.00,1\n#1024,,,1\n" + others
    assert without(data.encode(), SHORT).decode() == f"order,name,total,count\n#1024,,,\n#1024,,,\n{others}"
    bare = data.replace("#", "")
    assert without(bare.encode(), SHORT).decode().endswith("\n1024,,,\n1024,,,\n" + others.replace("#", ""))


def test_a_workbook_in_which_only_the_digits_stand_stays() -> None:
    rows = [["order", "name", "total"], ["#1025", "Peter Muster", 1024], ["#1026", "1024 Main Street", 3]]
    many = [["#1025", f"x{at}", ""] for at in range(1200)]  # so that 1024 is a place in the list of texts as well
    assert without(_book([*rows, *many]), SHORT) != b""
    assert without(_book([*rows, ["#1024", "", 1]]), SHORT) == b""
    assert without(_book([*rows, [1024, "", 1]]), SHORT) == b""


def test_a_number_in_the_remark_of_somebody_else_takes_nothing_of_theirs() -> None:
    data = "number,buyer,remark\n238604127755002,Jan,like 238604127755001\n238604127755001,x,y\n"
    found = without(data.encode(), Sought(Blotter((), ""), ["238604127755001"])).decode()
    assert found == "number,buyer,remark\n238604127755002,Jan,like 238604127755001\n238604127755001,,\n"


def test_a_quote_within_a_cell_takes_no_rows_of_others() -> None:
    data = 'number,goods,buyer\n1,5" tube,Lin "the" Wei\n2,cup,Jan\n3,"a, b",Eva\n'
    found = without(data.encode(), Sought(Blotter(['Lin "the" Wei'], "erased"), [])).decode()
    assert found == 'number,goods,buyer\n,,\n2,cup,Jan\n3,"a, b",Eva\n'


def test_two_rows_that_together_read_like_the_name_stay() -> None:
    data = "number,buyer\n1,Lin\nWei,x\n2,Anna Kowalski\n"
    sought = Sought(Blotter(["Anna Kowalski", "Lin Wei"], "erased"), [])
    assert without(data.encode(), sought).decode() == "number,buyer\n1,Lin\nWei,x\n,\n"


@pytest.mark.parametrize("encoding", ["cp1252", "cp932"])
def test_words_in_a_file_of_another_land_go(encoding: str) -> None:
    name = {"cp1252": "Jürgen Größe", "cp932": "山田花子"}[encoding]
    data = f"1,{name},5\n2,Anna,6\n".encode(encoding)
    assert without(data, Sought(Blotter([name], "erased"), [])).decode(encoding) == ",,\n2,Anna,6\n"


def test_a_packed_text_is_looked_into() -> None:
    packed = gzip.compress((HEADER + LIN + OTHER).encode())
    assert gzip.decompress(without(packed, SOUGHT)).decode() == HEADER + '"1042";;;\r\n' + OTHER
    clean = gzip.compress((HEADER + OTHER).encode())
    assert without(clean, SOUGHT) is clean
    assert without(packed[:-9], SOUGHT) == b""


def _book(rows: list[list[str | int]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return stream.getvalue()


SHOP = {"Anna", "Blue", "Kim", "Li", "高兴", "王伟", "Peter Muster"}


def _of(*words: str, numbers: tuple[str, ...] = ()) -> Sought:
    return Sought(Blotter(words, "erased"), numbers, known=lambda texts: SHOP & set(texts))


@pytest.mark.parametrize("name", ["Red", "An", "Ann", "Blue", "Name", "Turquoise", "高兴", "红色"])
def test_a_short_name_takes_nothing_of_others(name: str) -> None:
    data = (
        f"number,buyer,Name,option,remark\n1,Li,Jan,{name},for {name}\n2,Kim,Eva,Colour: {name},{name}\n"
        f'3,Anna,Zoe,"{name}, 5",x\n'
    )
    sought = _of(name, "18612345678", numbers=("238604127755001",))
    assert without(data.encode(), sought) == data.encode()
    book = [line.split(",", 4) for line in data.splitlines()]
    assert without(_book(book), sought) != b""
    tied = data + f"238604127755001,{name},{name},{name},with {name}\n"
    assert without(tied.encode(), sought).decode() == data + "238604127755001,,,,\n"
    assert without(_book([*book, ["9", name, "x", "186", "18612345678"]]), sought) == b""


@pytest.mark.parametrize("name", ["Blue", "高兴", "oskarlind"])
def test_a_common_word_is_the_person_in_a_column_of_names(name: str) -> None:
    others = f"Peter Muster,{name} cup,like {name}\n王伟,{name},5\n"
    data = f"buyer,goods,remark\n{others}"
    assert without(f"{data}{name},cup,to Street 5\n".encode(), _of(name)).decode() == f"{data},,\n"
    assert without(_book([["buyer", "goods"], ["王伟", name], ["Kim", "x"]]), _of(name)) != b""
    assert without(_book([["buyer", "goods"], ["王伟", "x"], [name, "x"]]), _of(name)) == b""


def test_three_letters_decide_nothing_even_among_names() -> None:
    data = b"buyer,goods\nPeter Muster,cup\nKim,cup\nRed,cup\n"
    assert without(data, _of("Red")) == data


def test_only_the_word_goes_from_the_row_of_somebody_else() -> None:
    data = 'buyer,remark,goods\nJan,"as 林小满 had it, ""soon""",cup\n'
    assert without(data.encode(), _of("林小满")).decode() == 'buyer,remark,goods\nJan,"as  had it, ""soon""",cup\n'


def test_a_row_is_known_by_two_words_or_a_sentence_within_its_cells() -> None:
    data = "to,goods\n林小满 18612345678 some street 5,cup\nx,she said: please pack it twice as a present!\nJan,cup\n"
    sought = _of("林小满", "18612345678", "please pack it twice as a present")
    assert without(data.encode(), sought).decode() == "to,goods\n,\n,\nJan,cup\n"
