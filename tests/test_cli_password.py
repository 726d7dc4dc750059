"""The command line on a shop under a password: asked for on a terminal, read from a file, never an argument."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from shopdesk.core import backup, protect
from shopdesk.core.shop import Shop
from tests.shop_files import orders_csv

SECRET = "茶杯 geheim"
CODE = re.compile(r"(?:[0-9A-Z]{5}-){10}[0-9A-Z]{5}")


@pytest.fixture
def around(tmp_path: Path) -> dict[str, str]:
    """The environment of a command."""
    return {
        **os.environ, "SHOPDESK_HOME": str(tmp_path / "home"), "LANG": "en_US.UTF-8", "PYTHONUTF8": "1",
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, around: dict[str, str]):
    """Runs `shopdesk ...`; `said` is what its standard input holds."""

    def go(*words: str | Path, said: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "shopdesk", *map(str, words)]
        done = subprocess.run(
            command, cwd=tmp_path, env=around, input=said, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    return go


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A shop with a backup."""
    with closing(Shop.create(tmp_path / "muhe.shop", name="Muhe")) as shop:
        backup.make(shop, why="asked")
    return shop.path


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """A file that holds the password."""
    written = tmp_path / "word"
    written.write_text(f"{SECRET}\r\nanother line\n", "utf-8")
    return written


def test_every_command_works_with_the_password_or_the_code(run, file: Path, word: Path, tmp_path: Path):
    told = run("password", file, "--new-password-file", word).stdout
    found = CODE.search(told)
    assert found is not None
    code = tmp_path / "code"
    code.write_text(found[0].lower().replace("-", " "))
    exports = orders_csv(tmp_path / "o.csv", {"订单编号": "2386041277559901"})
    for given in (word, code):
        run("import", file, exports, "--channel", "Muhe", "--password-file", given)
        assert run("undo", file, "--password-file", given).stdout.startswith("Undone")
    run("board", file, "--json", "--password-file", word)
    run("export", file, tmp_path / "out", "--password-file", word)
    run("export", file, tmp_path / "whole", "--whole", "--password-file", word)
    copy = run("backup", file, "--password-file", word).stdout.strip()
    run("restore", file, copy, "--password-file", word)
    run("salvage", file, tmp_path / "saved.shop", "--password-file", word)
    for made in (file, tmp_path / "saved.shop"):
        assert run("check", made, "--deep", "--password-file", "-", said=f"{SECRET}\n").stdout == "All is well.\n"
        assert protect.is_protected(made)
    new = run("new", "--from", tmp_path / "whole", tmp_path / "moved.shop")
    assert "moved" in new.stdout
    assert run("check", tmp_path / "moved.shop").stdout == "All is well.\n"


def test_a_file_for_the_password_that_is_not_there_is_named(run, file: Path, word: Path, tmp_path: Path):
    run("password", file, "--new-password-file", word)
    refused = run("check", file, "--password-file", tmp_path / "gone", code=1)
    assert refused.stderr == "There is no file “gone”.\n"


def test_it_is_changed_and_removed_with_the_old_one_only(run, file: Path, word: Path):
    run("password", file, said=f"{SECRET}\n")
    for words in (["undo", file], ["password", file], ["check", file], ["backup", file]):
        said = run(*words, code=1).stderr
        assert "is under a password" in said
        assert "--password-file" in said
    assert (
        "not the right one" in run("password", file, "--remove", "--password-file", "-", said="wrong\n", code=1).stderr
    )
    assert CODE.search(run("password", file, "--password-file", "-", said=f"{SECRET}\nanother\n").stdout)
    assert "not the right one" in run("check", file, "--password-file", word, code=1).stderr
    assert "no password any more" in run("password", file, "--remove", "--password-file", "-", said="another\n").stdout
    assert run("check", file, "--deep").stdout == "All is well.\n"
    assert "has no password" in run("password", file, "--remove", code=1).stderr
    assert "at least one character" in run("password", file, said="\n", code=1).stderr


def test_a_mistyped_code_is_told_from_a_wrong_one(run, file: Path):
    found = CODE.search(run("password", file, said=f"{SECRET}\n").stdout)
    assert found is not None
    code = found[0]
    wrong = code[:7] + ("2" if code[7] != "2" else "3") + code[8:]
    assert "not written right" in run("check", file, "--password-file", "-", said=wrong, code=1).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a terminal of Linux")
def test_on_a_terminal_it_is_typed_unseen(file: Path, around: dict[str, str]):
    def typed(*lines: str, arguments: tuple[str, ...]) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "shopdesk", *arguments]
        child = subprocess.Popen(
            command, env=around, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True, start_new_session=True,
            preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),
        )  # fmt: skip
        os.close(theirs)
        seen = b""
        for line in lines:
            while not seen.endswith(b": "):
                seen += os.read(ours, 1000)
            os.write(ours, line.encode() + b"\n")
            seen += b"\n"
        while True:
            try:
                seen += os.read(ours, 1000)
            except OSError:
                break
        os.close(ours)
        return child.wait(60), seen.decode()

    code, seen = typed(SECRET, SECRET, arguments=("password", str(file)))
    assert code == 0
    assert SECRET not in seen
    assert CODE.search(seen)
    code, seen = typed(SECRET, "one", "other", arguments=("password", str(file)))
    assert code == 1
    assert "are not the same" in seen
    code, seen = typed(SECRET, arguments=("check", str(file)))
    assert (code, "All is well." in seen) == (0, True)
