"""The edition of *The Strategy of the Refusal*, where its witness is at hand: it may not be given away with this."""

import subprocess
from pathlib import Path

import pytest
import regex

from pipeline.emit.orders import imposition
from pipeline.model import Page
from pipeline.run import Result, edition

HOME = Path(__file__).parents[1]
FOLDER = HOME / "edition" / "strategy-of-the-refusal"
NAME = "strategy-of-the-refusal.txt"
WITNESS = next((path for path in (FOLDER / "witness" / NAME, HOME.parent / "shared" / "source" / NAME)
                if path.is_file()), None)
LEFT = regex.compile(r"\bf[fil]+ \p{Ll}|\p{L}[\d~^|&]|[~^|]\p{L}|[‘“]1\p{L}|\p{L}[’'] (?=\p{Ll})(?<!s[’'] )")
ORDINAL = regex.compile(r"\d+(?:st|nd|rd|th)\b")
WORD = regex.compile(r"\w+")
SHINGLE = 9  # words in a row that no two texts share by chance

pytestmark = pytest.mark.skipif(WITNESS is None, reason=f"the witness {NAME} is not at hand")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return edition(FOLDER, tmp_path_factory.mktemp("refusal") / "out", witness=WITNESS)


def test_the_order_is_that_of_the_folded_booklet(run: Result) -> None:
    assert imposition(run.draft).scheme == "saddle"
    begins = [run.draft.witness.line_number(page.spans[0].start) for page in run.draft.pages
              if isinstance(page.value, Page) and page.spans]
    assert begins == [26, 153, 199, 333, 379, 513, 557, 691, 737, 779, 647, 601, 469, 423, 289, 243, 109, 63, 2]


def test_the_apparatus_is_the_one_accepted(run: Result) -> None:
    assert (run.out / "apparatus.tsv").read_text() == (FOLDER / "apparatus.tsv").read_text()


def test_no_broken_ligature_digit_or_stray_mark_is_left(run: Result) -> None:
    reading = ORDINAL.sub("", (run.out / "reading.txt").read_text(encoding="utf-8"))
    assert [reading[found.start() - 20 : found.end() + 20] for found in LEFT.finditer(reading)] == []


def test_every_place_is_decided(run: Result) -> None:
    assert not [row["source"] for row in run.rows if row["fault"] and row["status"] in ("applied", "proposed")]


def test_no_sentence_of_it_is_in_the_repository() -> None:
    assert WITNESS is not None
    words = [word.lower() for word in WORD.findall(WITNESS.read_text(encoding="utf-8"))]
    runs = {tuple(words[k : k + SHINGLE]) for k in range(len(words))}
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=HOME, capture_output=True, check=True).stdout
    for name in listed.decode("utf-8").split("\0"):
        path = HOME / name
        if not name or path.suffix in (".bin", ".marisa", ".png", ".xz", ".pdf") or not path.is_file():
            continue
        found = [word.lower() for word in WORD.findall(path.read_text(encoding="utf-8", errors="ignore"))]
        assert not any(tuple(found[k : k + SHINGLE]) in runs for k in range(len(found))), name
