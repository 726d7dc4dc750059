"""The direction of knowledge, read from the imports: core <- model <- store <- page -> ui -> core."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "shopdesk"
FEATURES = ("inventory", "customers", "orders", "reviews", "board", "metrics")
BELOW = {
    "inventory": set(),
    "customers": set(),
    "orders": {"inventory", "customers"},
    "reviews": {"inventory", "customers", "orders"},
    "board": {"inventory", "customers", "orders", "reviews"},
    "metrics": {"inventory", "customers", "orders", "reviews"},
}
QT_FILES = {"page", "dialogs"}


def modules() -> list[Path]:
    return [p for p in sorted(ROOT.rglob("*.py")) if p.name != "__init__.py"]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_qt(path: Path) -> bool:
    """Whether a file may know Qt: the kit, the pages, the window's start, the pictures."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "ui" or parts in (("app.py",), ("demo.py",)):
        return True
    return len(parts) == 2 and (path.stem in QT_FILES or path.stem.endswith(("_page", "_view", "_dialogs", "_widgets")))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_qt_stays_in_pages_and_kit(path: Path):
    qt = {name for name in imports(path) if name.split(".")[0] in ("PySide6", "pyqtgraph", "qtawesome")}
    ui = {name for name in imports(path) if name.startswith("shopdesk.ui")}
    if not is_qt(path) and path.stem not in ("commands", "cli", "features", "__main__"):
        assert not qt, f"{path} imports {qt}"
        assert not ui, f"{path} imports {ui}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_features_know_only_those_below_and_never_their_pages(path: Path):
    parts = path.relative_to(ROOT).parts
    names = {name for name in imports(path) if name.startswith("shopdesk.")}
    pages = {n for n in names if (n.split(".")[-1] == "page" or ".page." in n) and not n.startswith("shopdesk.ui.")}
    if parts[0] in FEATURES:
        others = {n.split(".")[1] for n in names} & set(FEATURES) - {parts[0]}
        assert others <= BELOW[parts[0]], f"{path} knows {others - BELOW[parts[0]]}"
        assert not {n for n in names if n.startswith("shopdesk.exchange")}, f"{path} knows exchange"
        assert not {n for n in pages if n.split(".")[1] != parts[0]}, f"{path} imports a page: {pages}"
    if parts[0] in ("core", "ui"):
        above = {n for n in names if n.split(".")[1] in (*FEATURES, "exchange")}
        assert not above, f"{path} knows {above}"


def test_one_sqlite_library():
    for path in modules():
        names = imports(path)
        assert "sqlite3" not in names or path.stem == "sqlite", f"{path} imports another SQLite"
        assert not any(n.startswith("PySide6.QtSql") for n in names), f"{path} imports QtSql"
        if path.stem != "sqlite":
            assert not {n for n in names if n.split(".")[0] == "sqlcipher3"}, f"{path} imports SQLite past core"


def test_opening_importing_and_checking_never_load_qt(tmp_path: Path):
    said = subprocess.run(
        [sys.executable, "-c", _WITHOUT_QT, str(tmp_path / "a.shop")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == "[]"


_WITHOUT_QT = """
import sys
from pathlib import Path
import shopdesk.exchange.commands
from shopdesk.core.shop import Shop
from shopdesk.core import check
path = Path(sys.argv[1])
Shop.create(path, name="A").close()
with_channel = Shop.open(path)
with with_channel.change("x"):
    pass
with_channel.close()
assert not list(check.faults(path))
print([name for name in sys.modules if name.split(".")[0] in ("PySide6", "pandas", "numpy", "pyqtgraph")])
"""
