"""Every word of the program is there in both languages, with the same blanks in it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = sorted((ROOT / "resources" / "i18n" / "zh_CN").glob("*.po"))
BLANK = re.compile(r"\{(\w+)\}")
TOML = sorted((ROOT / "resources").rglob("*.toml"))


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_CN")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_everything_is_translated_with_its_blanks(path: Path):
    for message in catalogue(path):
        if not message.id:
            continue
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        assert all(said), f"{path.stem}: {asked} is not translated"
        assert not message.fuzzy, f"{path.stem}: {asked} is only guessed"
        for text in said:
            assert set(BLANK.findall(text)) <= {b for a in asked for b in BLANK.findall(a)}, f"{path.stem}: {asked}"
            assert set(BLANK.findall(asked[0])) - {"n"} <= set(BLANK.findall(text)), f"{path.stem}: {asked}"


def test_no_word_hides_from_the_extractor():
    hidden = re.compile(r"""\bf["'].*\{(tr|trn|trc)\(['"]""")
    for path in (ROOT / "shopdesk").rglob("*.py"):
        assert not hidden.search(path.read_text(encoding="utf-8")), f"{path.name}: a translated text inside an f-string"


def test_one_text_has_one_translation():
    known: dict[tuple[object, object], tuple[str, str]] = {}
    for path in CATALOGUES:
        for message in catalogue(path):
            if message.id:
                key = (message.context, message.id if isinstance(message.id, str) else message.id[0])
                text = message.string if isinstance(message.string, str) else message.string[0]
                said, where = known.setdefault(key, (text, path.stem))
                assert said == text, f"{key}: {where} says {said}, {path.stem} says {text}"


def test_every_word_of_the_code_is_in_a_catalogue(tmp_path: Path):
    for folder in sorted(p for p in (ROOT / "shopdesk").iterdir() if (p / "__init__.py").exists()):
        out = tmp_path / f"{folder.name}.pot"
        subprocess.run(
            [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-o", out, "-k", "N_", "-k", "tr",
             "-k", "trc:1c,2", "-k", "trn:1,2", "--omit-header", folder],
            check=True,
        )  # fmt: skip
        po = ROOT / "resources" / "i18n" / "zh_CN" / f"{folder.name}.po"
        known = {(m.context, m.id) for m in catalogue(po)} if po.exists() else set()
        with out.open("rb") as stream:
            wanted = {(m.context, m.id) for m in read_po(stream) if m.id}
        assert not wanted - known, f"{folder.name}: {sorted(map(str, wanted - known))[:5]}"


@pytest.mark.parametrize("path", TOML, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_resources_carry_both_languages(path: Path):
    def walk(value: object, where: str) -> None:
        if isinstance(value, dict):
            if "en" in value or "zh" in value:
                assert value.get("en"), f"{path.name}: {where} has no English"
                assert value.get("zh"), f"{path.name}: {where} has no Chinese"
            for key, inner in value.items():
                walk(inner, f"{where}.{key}")

    walk(tomllib.loads(path.read_text("utf-8")), path.stem)
