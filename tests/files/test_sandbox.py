"""A child that takes too much is ended, and says so; one that fails tells nothing of the portal."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from portal.files import intake, sandbox
from portal.files.kinds import Kind, Purpose
from portal.files.sandbox import Limits
from portal.files.tasks import MADE
from portal.files.zones import Block, Box, Line, to_json
from tests.files import samples

MEGABYTE = 1024 * 1024


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(samples.pdf("en", 40))
    return path


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def read(source, out, limits=None, kind=Kind.PDF):
    return sandbox.run("read", source, out, {"kind": kind.value}, limits=limits)


def test_a_task_gives_its_value_and_leaves_what_it_made(source, out):
    outcome = read(source, out)

    assert outcome.failure == ""
    assert outcome.value["texts"] == 40
    assert {path.name for path in out.iterdir()} == {"texts.json", *outcome.value["pictures"]}


def test_a_task_that_takes_too_long_is_ended(source, out):
    outcome = read(source, out, Limits(wall_seconds=0.05))

    assert (outcome.value, outcome.failure) == (None, "timeout")


def test_a_task_that_takes_too_much_of_the_processor_is_ended(out, tmp_path):
    path = tmp_path / "a.webp"
    Image.new("RGB", (6000, 6000), "teal").save(path, method=0, quality=1)

    outcome = sandbox.run("strip_image", path, out, {"kind": "webp"}, limits=Limits(cpu_seconds=1))

    assert outcome.failure == "timeout"


def test_a_task_that_takes_too_much_memory_fails(out, tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (6000, 6000)).save(path)
    arguments = {"kind": "png"}

    outcome = sandbox.run("strip_image", path, out, arguments, limits=Limits(memory=150 * MEGABYTE))

    assert outcome.failure == "memory"


def test_a_task_that_writes_too_much_fails(out, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(samples.picture("PNG", "RGB", (400, 400)))
    arguments = {"kind": "png"}

    outcome = sandbox.run("strip_image", path, out, arguments, limits=Limits(file_size=200))

    assert outcome.failure in {"too_large", "crashed"}


def test_a_refusal_comes_back_with_its_code(out, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 nonsense")

    assert read(path, out).failure == "broken"


def test_an_unknown_task_crashes_alone(source, out):
    outcome = sandbox.run("format_disk", source, out)

    assert outcome.failure == "crashed"
    assert outcome.message


def test_an_upload_that_cannot_be_read_within_limits_is_refused(source):
    verdict = intake.examine(source, "a.pdf", Purpose.COLLATERAL, limits=Limits(wall_seconds=0.01))

    assert verdict.code == "unreadable"


def test_the_child_knows_no_secrets(source, out):
    os.environ["PORTAL_SECRET"] = "hidden"
    try:
        handed_on = sandbox._environment()
    finally:
        del os.environ["PORTAL_SECRET"]

    assert "hidden" not in handed_on.values()
    assert set(handed_on) <= {
        "PATH",
        "TMPDIR",
        "PYTHONPATH",
        "PYTHONUTF8",
        "PYTHONDONTWRITEBYTECODE",
    }


def test_threads_of_a_web_worker_can_each_run_one(source, tmp_path):
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda folder: read(source, folder), folders))

    assert [outcome.failure for outcome in outcomes] == [""] * 4


def test_an_image_is_stripped_in_the_child(out, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(samples.picture("JPEG") + b"<script>")

    assert sandbox.run("strip_image", path, out, {"kind": "jpeg"}).value == {"made": MADE}
    assert b"<script>" not in (out / MADE).read_bytes()


def test_importing_the_floor_loads_no_heavy_library():
    script = (
        "import sys, portal.files.intake, portal.files.store, portal.files.serve, "
        "portal.files.brand\n"
        "heavy = {'pypdf', 'pypdfium2', 'PIL', 'typst', 'obstore'} & set(sys.modules)\n"
        "sys.exit(' '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")


def test_slides_are_filled_and_a_pdf_is_branded_in_the_child(out, tmp_path, source):
    slides = tmp_path / "a.pptx"
    slides.write_bytes(samples.deck())
    block = Block(40, Box(10, 10, 100, 20), lines=(Line("Alder"),))

    filled = sandbox.run("fill", slides, out, {"kind": "pptx", "values": {}})
    filled_bytes = (out / MADE).read_bytes()
    branded = sandbox.run("brand", source, out, {"kind": "pdf", "blocks": [to_json(block)]})

    assert samples.unpacked(filled_bytes) == samples.unpacked(samples.deck())
    assert (filled.failure, branded.failure) == ("", "")
    assert (out / MADE).read_bytes().startswith(source.read_bytes())


def test_a_refusal_in_the_child_keeps_its_words(out, source):
    block = Block(41, Box(10, 10, 100, 20), lines=(Line("Alder"),))

    outcome = sandbox.run("brand", source, out, {"kind": "pdf", "blocks": [to_json(block)]})

    assert outcome.failure == "no_such_page"
    assert outcome.message == "A zone lies on page 41, but the file has 40. Move the zone."


def test_a_branded_page_can_be_looked_at(out, source):
    block = Block(40, Box(100, 400, 400, 200), lines=(Line("Alder"),), fill="#c00000", largest=150)
    arguments = {"kind": "pdf", "blocks": [to_json(block)], "page": 40}

    assert sandbox.run("proof", source, out, arguments).value == {"pictures": ["page.webp"]}
    with Image.open(out / "page.webp") as image:
        colours = image.convert("RGB").reduce(8).getcolors(100_000)
    assert any(red > 180 and green < 20 for _, (red, green, _) in colours)
