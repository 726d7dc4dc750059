"""The owner's own printed sheets: shown escaped, and one sentence for a file that cannot be used."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from shopdesk.core import own
from shopdesk.core.paths import resource
from shopdesk.ui import own_sheets, printing
from shopdesk.ui.preview_dialog import Preview
from shopdesk.ui.sheet import Sheet
from shopdesk.ui.text import PlainLabel

pytestmark = pytest.mark.usefixtures("qapp")
BAD = "x.html is not used: "


def put(text: str, name: str = "table.html") -> None:
    path = own.folder("print") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def sheet(rows: int = 2) -> Sheet:
    columns = [{"title": title, "share": 50, "right": False} for title in ("What", "More")]
    texts = [{"texts": ["<img src='/etc/passwd'>", "a"], "notes": ["n"]} for _ in range(rows)]
    data = {
        "page": "Orders",
        "view": "All",
        "said": "2",
        "shop": "Muhe",
        "at": "now",
        "columns": columns,
        "rows": texts,
        "rest": "",
    }
    return Sheet(template="table.html", title="Orders", data=data)


def test_an_own_template_takes_the_place_of_ours() -> None:
    put("<p>{{ shop }}</p>\n{% for row in rows %}{% for text in row.texts %}<p>{{ text }}</p>{% endfor %}{% endfor %}")
    said = printing.html(sheet())
    assert said.startswith("<p>Muhe</p>")
    assert "&lt;img src=" in said
    assert printing.left_out() == []


@pytest.mark.parametrize("name", ["table.html", "day_sheet.html"])
def test_our_templates_could_be_the_owner_s_own(name: str) -> None:
    put((resource("print") / name).read_text("utf-8"), name)
    assert [made for made, _ in own_sheets.found().made] == [name]
    if name == "table.html":
        assert printing.html(sheet()) == printing._environment().get_template(name).render(**sheet().data)


ONLY = "a sheet shows and repeats, and nothing else."
AROUND = "a loop goes over what the sheet or the loop around it holds."
REFUSED = {
    "{% include '/etc/passwd' %}": ONLY, "{% extends 'x' %}": ONLY, "{% import 'x' as y %}": ONLY, "{% set a = 1 %}": ONLY,
    "{% macro a() %}{% endmacro %}": ONLY, "{{ 'a' * 1000000000 }}": ONLY, "{{ 2 ** 9999999 }}": ONLY, "{{ a ~ b }}": ONLY,
    "{{ ''.__class__ }}": ONLY, "{{ page['__class__'] }}": ONLY, "{{ rows|map('upper') }}": ONLY, "{{ page|safe }}": ONLY,
    "{{ page.upper() }}": ONLY, "{{ range(9) }}": ONLY, "{{ lipsum(n=100000) }}": ONLY, "{{ tr(*rows) }}": ONLY,
    "{{ page|attr('x') }}": ONLY, "{{ '%099999999d' % 1 }}": ONLY, "{% autoescape false %}{{ page }}{% endautoescape %}": ONLY,
    "{% for a in rows %}{% for b in rows %}{% endfor %}{% endfor %}": AROUND, "{% for a in range(99999) %}{% endfor %}": AROUND,
    "{% for a in rows recursive %}{% endfor %}": AROUND, "{% for a, b in rows %}{% endfor %}": AROUND, "{% for a in [1] %}{% endfor %}": AROUND,
    '{{ tr("{x:>300000000}", x=1) }}': ONLY, '{{ tr("{x.__class__}", x=sheet) }}': ONLY, '{{ trn("{n}", "{n!r:>9}", 2) }}': ONLY,
    '{{ trc("a", "{0}") }}': ONLY, '{{ tr(page) }}': ONLY, '{{ tr("{") }}': ONLY,
    "{% for": "it cannot be understood there.", "{{ page }": "it cannot be understood there.",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_a_template_may_not_do(text: str) -> None:
    put(f"<p>\n{text}")
    assert [str(left) for left in own_sheets.found().left] == [f"table.html, line 2, is not used: {REFUSED[text]}"]
    assert "Orders" in printing.html(sheet())


MADE = {
    "{{ nothing }}": "it shows something that the sheet does not hold.",
    "{{ page.nothing.at_all }}": "it shows something that the sheet does not hold.",
    "<a href='http://x'>": "“a” has no place on a sheet.",
    "<style>p { font-size: 9e9px }</style>": "“style” has no place on a sheet.",
    "<iframe src='/etc/passwd'>": "“iframe” has no place on a sheet.",
    "<td colspan='99999999'>": "a size is out of all measure.",
    "<p style='font-size:1e9px'>": "a size is out of all measure.",
    "<p style='background:url(file:///etc/passwd)'>": "a size is out of all measure.",
    "<table><tr><td>" * 2000: "its tables stand too deep in each other.",
}


@pytest.mark.parametrize("text", MADE)
def test_what_a_template_makes_is_looked_at_and_ours_printed_instead(text: str, qtbot: object) -> None:
    put(text)
    preview = Preview(None, sheet())
    said = f"is not used: {MADE[text]}"
    assert any(said in label.text() for label in preview.findChildren(PlainLabel))
    preview.close()
    assert "Orders" in printing.html(sheet())
    put("<p>{{ page }}</p>")
    assert printing.html(sheet()) == "<p>Orders</p>"
    assert own_sheets.found().left == ()


def test_a_template_of_many_loops_takes_no_time_and_makes_no_gigabyte() -> None:
    put("{% for row in rows %}{% endfor %}" * 21)
    assert "more than 20 loops" in str(own_sheets.found().left[0])
    put("{% for row in rows %}" + "x" * 60_000 + "{% endfor %}")
    started = time.monotonic()
    assert "Orders" in printing.html(sheet(rows=5000))
    assert "more than 5 MB" in str(own_sheets.found().left[0])
    assert time.monotonic() - started < 5


def test_a_picture_of_a_template_opens_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(f"<img src='file://{tmp_path}/secret.png'><img src='{tmp_path}/secret.png'><p>{{{{ page }}}}</p>")
    opened: list[object] = []
    monkeypatch.setattr(printing._Document, "loadResource", lambda *given: opened.append(given) or printing._nothing())
    assert printing.page_count(sheet()) == 1
    assert opened, "Qt asks, and gets nothing"


def test_a_sheet_may_hold_something_under_the_name_of_a_word() -> None:
    put("<p>{{ day }}</p>", "day_sheet.html")
    given = Sheet(template="day_sheet.html", title="Day sheet", data={"day": "Sun 22 Nov"})
    assert printing.html(given) == "<p>Sun 22 Nov</p>"
    assert printing.left_out() == []
