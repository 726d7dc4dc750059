"""What was acknowledged is there after a power cut, whatever of the unsynced writes the disk has kept."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.faults.disk import Disk, Op
from tests.faults.running import needs_strace, run
from tests.faults.stage import Figures, sized


@needs_strace
def test_after_a_power_cut_everything_acknowledged_is_there():
    images = sized(100, 3000, 50000)
    figures = run("power", f"--images={images}", f"--acts={sized(60, 150, 600)}")
    figures.keep()
    assert figures.wrong == []
    assert figures.done["images"] == images


@needs_strace
def test_with_less_syncing_acknowledged_acts_are_lost():
    figures = run("power", f"--images={sized(40, 300, 1000)}", "--acts=60", "--plant=normal")
    lost = [wrong for wrong in figures.wrong if "acknowledged act is lost" in wrong]
    assert len(lost) > 10
    Figures(figures.test, {"images": figures.done["images"], "images that lost acknowledged acts": len(lost)}).keep()


def image_of(disk: Disk, seed: int) -> dict[str, bytes]:
    return {name: content for names, content in disk.cut(Random(seed)) for name in names}


def test_a_disk_keeps_what_was_synced_and_may_tear_the_rest():
    disk = Disk(Path("/shop"))
    for op in (
        Op("open", "/shop/a", flags="O_RDWR|O_CREAT"),
        Op("pwrite", "/shop/a", at=0, data=b"s" * 2048),
        Op("sync", "/shop/a"),
        Op("pwrite", "/shop/a", at=256, data=b"n" * 1024),
        Op("open", "/shop/b", flags="O_WRONLY|O_CREAT|O_TRUNC"),
        Op("write", "/shop/b", data=b"later"),
    ):
        disk.do(op)
    found = [image_of(disk, seed) for seed in range(300)]
    contents = {image["a"] for image in found}
    assert {len(content) for content in contents} == {2048}
    assert {content[:256] + content[1280:] for content in contents} == {b"s" * 1024}
    assert {content[256:1280:256] for content in contents} >= {b"ssss", b"nnnn", b"nsss", b"snns"}
    assert {image.get("b") for image in found} == {None, b"", b"later"}
    disk.do(Op("sync", "/shop/b"))
    disk.do(Op("rename", "/shop/b", to="/shop/c"))
    assert {tuple(image_of(disk, seed)) for seed in range(50)} == {("a", "b"), ("a", "c")}
    disk.do(Op("sync", "/shop"))
    assert {tuple(image_of(disk, seed)) for seed in range(50)} == {("a", "c")}
    disk.do(Op("link", "/shop/a", to="/shop/d"))
    disk.do(Op("sync", "/shop"))
    assert [names for names, _ in disk.cut(Random(1))] == [["a", "d"], ["c"]]
