"""What a reader sees, in a real browser: the reading edition and the diff, opened from the file with no network."""

import html
import shutil
import subprocess
from pathlib import Path

import pytest
import regex

from tests.edition import made

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")
TAG = regex.compile(r"<[^>]*>")
IN_TEXT = regex.compile(r'<section id="text".*?</section>', regex.DOTALL)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("browser") / "mender").out


def browsed(*arguments: str, home: Path) -> str:
    assert CHROMIUM is not None
    ran = subprocess.run((CHROMIUM, *FLAGS, f"--user-data-dir={home}", *arguments), capture_output=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.decode("utf-8")


def shown(dom: str) -> str:
    return " ".join(html.unescape(TAG.sub("", dom)).split())


def test_the_reading_edition_shows_the_critical_text(out: Path, tmp_path: Path) -> None:
    dom = browsed("--dump-dom", (out / "index.html").as_uri(), home=tmp_path)
    text = IN_TEXT.search(dom)
    assert text is not None
    assert shown(text[0]) == " ".join((out / "reading.txt").read_text(encoding="utf-8").split())


def test_the_diff_shows_what_went_and_what_came(out: Path, tmp_path: Path) -> None:
    dom = browsed("--dump-dom", (out / "diff.html").as_uri(), home=tmp_path)
    assert "<del>fi rst</del><ins>first</ins>" in dom


def test_a_page_fills_the_window_with_something(out: Path, tmp_path: Path) -> None:
    picture = tmp_path / "index.png"
    browsed("--window-size=900,1200", f"--screenshot={picture}", (out / "index.html").as_uri(), home=tmp_path / "home")
    assert picture.stat().st_size > 20_000  # a blank page of this size is a tenth of that
