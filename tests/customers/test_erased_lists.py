"""A newer list without orders brings nobody back who was erased, and the shop file tells nobody's number."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.core import blobs, channels, erased_copies, erased_signs, erasures, manifest
from shopdesk.core.shop import Shop
from shopdesk.customers import store
from shopdesk.exchange.commands import import_files
from shopdesk.exchange.export import export_tables
from tests import erased

ANN = {"Customer ID": "'7210448301122", "First Name": "Ann", "Last Name": "Lee", "Email": "ann@example.com",
       "Phone": "'+31612345678", "Note": "leaves parcels next door"}  # fmt: skip
BO = {"Customer ID": "'7210448301123", "First Name": "Bo", "Last Name": "Lee", "Phone": "'+31600000000"}
CIM = {"Customer ID": "'7210448301124", "First Name": "Cim", "Last Name": "Oz", "Email": "cim@example.com"}
WORDS = ["ann@example.com", "31612345678", "next door", "Ann"]


def _list(path: Path, *rows: dict[str, str]) -> Path:
    names = ["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing", "Phone", "Note", "Tags"]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.getvalue().encode())
    return path


def _handles(shop: Shop) -> list[str]:
    mark = erasures.listed(shop.reader())[0].mark
    rows = shop.reader().execute("SELECT handle FROM customers ORDER BY handle")
    return [row[0] for row in rows if not row[0].startswith(mark)]


@pytest.fixture
def without_ann(shop: Shop, tmp_path: Path) -> Shop:
    """A shop with a list of two customers, the first of whom was erased."""
    import_files(shop, [_list(tmp_path / "in" / "list.csv", ANN, BO)])
    person = shop.reader().execute("SELECT id FROM customers WHERE name = 'Ann Lee'").fetchone()[0]
    store.edit_customer(shop, customer_id=person, phone="+31 6 99 88 77 66")
    erasures.erase(shop, [person])
    return shop


@pytest.mark.parametrize("change", [
    {"Tags": "vip"}, {"Email": "ANN@example.com"}, {"Email": ""}, {"Email": "ann.new@example.com"},
    {"Phone": ""}, {"Email": "new@example.com", "Phone": "0699887766"},
])  # fmt: skip
def test_a_newer_list_brings_nobody_back(without_ann: Shop, tmp_path: Path, change: dict[str, str]) -> None:
    again = {**ANN, **change}
    result = import_files(without_ann, [_list(tmp_path / "in" / "newer.csv", CIM, again, BO)])
    assert (result["customers"]["new"], result["customers"]["refused"]) == (1, 1)
    assert _handles(without_ann) == ["+31600000000", "cim@example.com"]
    assert erased_copies.finish(without_ann) == []
    assert erased.where(WORDS[:3], tmp_path / "muhe backups") == []
    kept = blobs.get(without_ann.reader(), _sha(without_ann, "newer.csv")) or b""
    rows = list(csv.reader(io.StringIO(kept.decode())))
    assert [row[1] for row in rows] == ["First Name", "Cim", "", "Bo"]
    reasons = without_ann.reader().execute("SELECT reasons FROM imports ORDER BY id DESC LIMIT 1").fetchone()[0]
    assert "stays out" in reasons
    assert "ann" not in reasons.lower()
    without_ann.close()
    assert not any(word.encode() in without_ann.path.read_bytes() for word in WORDS[:3])


def _sha(shop: Shop, name: str) -> str:
    return str(shop.reader().execute("SELECT sha256 FROM imports WHERE file_name = ?", (name,)).fetchone()[0])


def test_a_list_of_others_is_kept_byte_by_byte(without_ann: Shop, tmp_path: Path) -> None:
    newer = _list(tmp_path / "in" / "newer.csv", CIM, BO)
    assert import_files(without_ann, [newer])["customers"]["refused"] == 0
    assert blobs.get(without_ann.reader(), _sha(without_ann, "newer.csv")) == newer.read_bytes()


def test_a_list_in_our_own_layout_brings_nobody_back(shop: Shop, tmp_path: Path) -> None:
    import_files(shop, [_list(tmp_path / "in" / "list.csv", ANN, BO)])
    export_tables(shop.reader(), tmp_path / "out")
    erasures.erase(shop, [shop.reader().execute("SELECT id FROM customers WHERE name = 'Ann Lee'").fetchone()[0]])
    result = import_files(shop, [tmp_path / "out" / "customers.csv"])
    assert (result["customers"]["new"], result["customers"]["refused"]) == (0, 1)
    assert _handles(shop) == ["+31600000000"]
    kept = (blobs.get(shop.reader(), _sha(shop, "customers.csv")) or b"").decode()
    assert "+31600000000" in kept
    assert not any(word in kept for word in WORDS)


def test_the_shop_restored_from_an_older_copy_still_knows(without_ann: Shop, tmp_path: Path) -> None:
    done = erasures.listed(without_ann.reader())
    assert erasures.of_folder(manifest.folder(without_ann.path)) == done
    assert len(done[0].signs) >= 2
    older = Shop.create(tmp_path / "older.shop", name="Muhe")
    older.close()
    erasures.reapply(older.path, done)
    again = Shop.open(older.path)
    result = import_files(again, [_list(tmp_path / "in" / "newer.csv", ANN, BO)])
    assert (result["customers"]["new"], result["customers"]["refused"]) == (1, 1)
    again.close()


def test_an_account_means_the_person_on_its_own_platform_only(shop: Shop) -> None:
    with shop.change("Brought", "customers") as db:
        for platform in ("taobao", "etsy"):
            channels.add(db, platform=platform, name="A", currency="CNY")
        db["customers"].insert({"channel_id": 1, "handle": "Red", "phone": "186-1234-5678"})
    erasures.erase(shop, [1])
    con = shop.reader()
    assert erased_signs.teach(con)
    asked = [("taobao", "Red", ""), ("etsy", "Red", ""), ("taobao", "Reddish", ""), ("etsy", "x", "+86 18612345678"),
             ("etsy", "tb18612345678", ""), ("etsy", "x", "186****5678")]  # fmt: skip
    found = [bool(con.execute("SELECT is_erased(?, ?, ?, NULL)", one).fetchone()[0]) for one in asked]
    assert found == [True, False, False, True, True, False]


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.integers(1, 70_000))
def test_all_that_is_kept_of_a_number_is_one_sign_of_it(number: str, channel: int) -> None:
    """However the number was written, and wherever: what differs would tell more of it than 24 bits."""
    account, mail = f"tb{number}", f"{number}@139.com"
    found = erased_signs.signs([account, number], [number, f"+86 {number[:3]} {number[3:]}", f"86{number}", mail])
    assert found == {erased_signs.sign(number)}
    assert len(erased_signs.sign(number)) == 7
    assert f"{erasures.trace(channel, account) ^ channel & 0xFFFF:04x}" == erased_signs.sign(number)[1:5]


def test_what_a_strangers_list_says_is_taken_as_far_as_it_is_ours() -> None:
    assert erased_signs.kept(["n012345", 5, None, "x", "n012345\n", "nZZZZZZ"]) == ("n012345",)
    assert len(erased_signs.kept(f"n{one:06x}" for one in range(1000))) == 40
