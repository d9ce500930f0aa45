"""The wheel, without the checkout that it was built from."""

from __future__ import annotations

import json
import subprocess
import zipfile

import orjson
import pytest

from tests.paths import ROOT, SEEDS
from tests.running import Reader, RunningWorker, prepare, send

pytestmark = pytest.mark.slow

TEXT = "The council met in the town hall.\n\nMayor Anna Lind said that the bridge would open in May.\n"


def test_one_folder_comes_into_site_packages(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"claimwire"}


@pytest.mark.parametrize("folder", ["schemas", "seeds"])
def test_the_wheel_carries(wheel, folder):
    there = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(f"claimwire/{folder}/")}
    assert there == {
        f"claimwire/{path.relative_to(ROOT)}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_a_package_of_others_that_is_called_worker_stays_theirs(installed, elsewhere):
    theirs = installed.packages / "worker.py"
    theirs.write_text("OWNER = 'another distribution'\n", encoding="utf-8")
    try:
        asked = subprocess.run(
            [installed.python, "-c", "import worker; print(worker.OWNER)"],
            cwd=installed.folder,
            env=installed.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert asked.stdout == "another distribution\n"
        done = installed.run("--version", cwd=elsewhere)
        assert (done.returncode, done.stderr) == (0, "")
    finally:
        theirs.unlink()


def test_extract(installed, elsewhere):
    (elsewhere / "article.txt").write_text(TEXT, encoding="utf-8")
    done = installed.run("extract", "--json", "article.txt", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    claims = [json.loads(line) for line in done.stdout.splitlines()]
    assert "Anna Lind" in [a["source"]["name"] for claim in claims for a in claim["attribution"]]


def test_extract_of_a_page(installed, elsewhere):
    """Cleaning HTML is where a package was missing."""
    (elsewhere / "page.html").write_text(
        f"<html><body><article><h1>Bridge</h1><p>{TEXT}</p></article></body></html>", encoding="utf-8"
    )
    done = installed.run("extract", "page.html", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert "Anna Lind" in done.stdout


def test_eval(installed, elsewhere):
    (elsewhere / "gold").mkdir()
    gold = min((ROOT / "tests" / "golden" / "articles").glob("*.json"))
    (elsewhere / "gold" / gold.name).write_bytes(gold.read_bytes())
    done = installed.run("eval", "gold", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert "voice" in done.stdout


def test_demo(installed, elsewhere):
    done = installed.run("demo", cwd=elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(list(SEEDS.glob('*.json')))} articles: " in done.stdout
    assert "0 to the dead letters" in done.stdout


async def test_run_beside_a_broker(installed, elsewhere, broker, topics_prefix, tmp_path):
    class Worker(RunningWorker):
        COMMAND = (str(installed.claimwire),)

    topics = await prepare(broker, topics_prefix)
    await send(broker, topics.raw, [(b"u", orjson.dumps({"uri": "u", "body": TEXT, "language": "en"}))])
    worker = Worker(broker, topics_prefix, tmp_path)
    worker._environment.pop("PYTHONPATH", None)
    worker.start()
    try:
        async with Reader(broker, topics.claims) as reader:
            await reader.until(lambda r: r.records[topics.claims])
        assert worker.stop() == 0, worker.log.read_text(encoding="utf-8")[-3000:]
    finally:
        worker.stop()
