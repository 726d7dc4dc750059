#!/usr/bin/env python3
"""One command for each chore, with nothing but the standard library: see `python3 make.py --help`."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
WORDS = HERE / "resources" / "i18n" / "zh_CN"

# What Qt needs of a Debian system, what draws Chinese, and Inter, which the look is drawn with.
SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
FONTS = {"fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk", "fonts/opentype/inter": "fonts-inter"}


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command here; who ends us ends it too, and its exit code becomes ours when it fails."""
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen([str(part) for part in command], cwd=HERE, env={**around, **(env or {})}) as child:
        before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
        signal.signal(signal.SIGTERM, before)
    if code:
        sys.exit(code if code > 0 else 128 - code)


def missing_packages() -> list[str]:
    """The Debian packages that this machine lacks; none on other systems."""
    if not sys.platform.startswith("linux") or not shutil.which("ldconfig", path=f"{os.environ['PATH']}:/sbin"):
        return []
    listed = subprocess.run(
        [shutil.which("ldconfig", path=f"{os.environ['PATH']}:/sbin") or "ldconfig", "-p"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    wanted = [package for library, package in SYSTEM_LIBRARIES.items() if f"{library} " not in listed]
    wanted += [package for file, package in FONTS.items() if not Path("/usr/share", file).exists()]
    return wanted


def install_system() -> None:
    """Install what Qt needs, as root; otherwise say the line to run and stop with code 2."""
    wanted = missing_packages()
    if not wanted:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(wanted)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"ShopDesk's window needs some system packages. Run this, then try again:\n  sudo {line}")
        sys.exit(2)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=quiet)
    run(*line.split(), "-qq", env=quiet)


def setup() -> None:
    """The virtual environment with everything in it, made anew only when pyproject.toml changed."""
    install_system()
    stamp = VENV / "shopdesk-setup"
    wanted = hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        run(sys.executable, "-m", "venv", VENV)
        run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-e", ".[dev]")
        stamp.write_text(wanted)
    compile_words()


def compile_words() -> None:
    """Compile every catalogue that is newer than what was made of it."""
    stale = [po for po in WORDS.glob("*.po") if not _is_newer(po.with_suffix(".mo"), po)]
    for po in stale:
        run(BIN / "pybabel", "-q", "compile", "-i", po, "-o", po.with_suffix(".mo"), "-l", "zh_CN")


def _is_newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def words(only: list[str]) -> None:
    """Extract the words of every feature (or of `only`) into its catalogue, keeping translations; compile."""
    setup()
    WORDS.mkdir(parents=True, exist_ok=True)
    folders = [p.name for p in sorted((HERE / "shopdesk").iterdir()) if p.is_dir() and (p / "__init__.py").exists()]
    for feature in only or folders:
        extract(feature)
    compile_words()


def extract(feature: str) -> None:
    """Extract one feature's words; the modules beside the folders and the printed sheets belong to core and ui."""
    template = VENV / f"{feature}.pot"
    places = [f"shopdesk/{feature}"]
    if feature == "core":
        places += [str(p.relative_to(HERE)) for p in sorted((HERE / "shopdesk").glob("*.py"))]
    if feature == "ui":
        places += ["resources/print"]
    babel = BIN / "pybabel"
    run(babel, "-q", "extract", "-F", "resources/i18n/babel.cfg", "-o", template, "--no-location",
        "--omit-header", "--sort-output", "-k", "N_", "-k", "tr", "-k", "trc:1c,2", "-k", "trn:1,2",
        *places)  # fmt: skip
    text = template.read_text("utf-8")
    if "msgid" not in text:
        return
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    template.write_text(header + text, "utf-8")
    po = WORDS / f"{feature}.po"
    verb = ("update", "--no-fuzzy-matching", "--ignore-obsolete", "--omit-header") if po.exists() else ("init",)
    before = po.read_text("utf-8") if po.exists() else ""
    run(babel, "-q", *verb, "-i", template, "-o", po, "-l", "zh_CN", "--no-wrap")
    after = _plain_header(po.read_text("utf-8"))
    po.write_text(before if _plain_header(before) == after else after, "utf-8")


def _plain_header(text: str) -> str:
    """A catalogue with a header that does not change from day to day."""
    at = text.find("\n\n")
    head = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Language: zh_CN\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"'
    )
    body = text[at:] if 'msgid ""' in text[: max(at, 0)] else f"\n\n{text}"
    return head + "".join(line for line in body.splitlines(keepends=True) if line != 'msgstr[1] ""\n')


def open_demo() -> None:
    """Open the demo shop; without a screen write today's sheet and a picture of every page."""
    run(PYTHON, "-m", "shopdesk", "demo")


def test(extra: list[str]) -> None:
    """The whole suite, on both cores, without a screen."""
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    parallel = [] if any(part.startswith("-n") for part in extra) else ["-n", "2", "--dist", "worksteal"]
    run(PYTHON, "-m", "pytest", *parallel, *extra, env=offscreen)


def lint() -> None:
    """Style, then types."""
    run(BIN / "ruff", "check", "shopdesk", "tests", "make.py")
    run(BIN / "mypy", "shopdesk")


def bundle() -> None:
    """The packaged program, in dist/shopdesk."""
    run(PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec")


def main() -> None:
    """Read the chore and do it, after the set-up that all need."""
    parser = argparse.ArgumentParser(description=__doc__)
    chores = parser.add_subparsers(dest="chore", required=True)
    for name, told in (
        ("setup", "virtual environment, packages, system libraries"),
        ("run", "open the demo shop"),
        ("lint", "style and types"),
        ("bundle", "the packaged program"),
    ):
        chores.add_parser(name, help=told)
    chores.add_parser("words", help="extract and compile the translations").add_argument("features", nargs="*")
    chores.add_parser("test", help="the whole suite; further words go to pytest").add_argument(
        "extra", nargs=argparse.REMAINDER
    )
    bench = chores.add_parser("bench", help="speed, as ratios to floors of the same run")
    bench.add_argument("--sizes", default="10000,100000,1000000")
    bench.add_argument("--json", default="")
    bench.add_argument("--rounds", default="9")
    bench.add_argument("--smoke", action="store_true", help="end with 0 whatever the figures are")
    faults = chores.add_parser("faults", help="kills, power cuts, failing disks, in full; then a table of figures")
    faults.add_argument("--long", action="store_true", help="hours instead of minutes")
    faults.add_argument("--keep", action="store_true", help="write the table to tests/faults/RESULTS.md")
    shots = chores.add_parser("shots", help="pictures of every page of the demo shop, both languages and themes")
    shots.add_argument("folder")
    asked = parser.parse_args()
    if asked.chore == "words":
        words(asked.features)
        return
    setup()
    if asked.chore == "run":
        open_demo()
    elif asked.chore == "test":
        test(asked.extra)
    elif asked.chore == "lint":
        lint()
    elif asked.chore == "bundle":
        bundle()
    elif asked.chore == "bench":
        to = ["--json", asked.json] if asked.json else []
        to += ["--smoke"] if asked.smoke else []
        run(PYTHON, "-m", "tests.bench", "--sizes", asked.sizes, "--rounds", asked.rounds, *to)
    elif asked.chore == "faults":
        run(PYTHON, "-m", "tests.faults", *(f"--{name}" for name in ("long", "keep") if getattr(asked, name)))
    elif asked.chore == "shots":
        run(PYTHON, "-m", "shopdesk", "demo", "--shots", asked.folder)


if __name__ == "__main__":
    main()
