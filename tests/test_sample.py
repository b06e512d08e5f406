"""The sample edition, held against what its print has: with the editor's decisions, and without them."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.emit.orders import imposition
from pipeline.rulebook import rules_folder
from pipeline.run import Result, edition

SAMPLE = Path(__file__).parents[1] / "edition" / "sample"
KEY: list[dict[str, Any]] = [
    place for line in (SAMPLE / "truth/key.jsonl").read_text(encoding="utf-8").splitlines()
    if (place := json.loads(line))["witness"] == "S1"
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return edition(SAMPLE, tmp_path_factory.mktemp("plain") / "out", with_decisions=False)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return edition(SAMPLE, tmp_path_factory.mktemp("decided") / "out")


def read(run: Result, start: int, end: int) -> tuple[int, int, str]:
    """How a place reads, widened to what was corrected there."""
    text = run.draft.witness.text
    edits = sorted(
        (*edit["span"], edit["new"]) for row in run.rows if row["status"] in ("applied", "accepted")
        for edit in row["edits"] if edit["span"][0] < end and start < edit["span"][1]
    )
    first, last = min([start, *(a for a, _, _ in edits)]), max([end, *(b for _, b, _ in edits)])
    reads, at = "", first
    for a, b, new in edits:
        reads += text[at:a] + new
        at = b
    return first, last, reads + text[at:last]


def test_the_order_is_exact_without_the_editor(plain: Result) -> None:
    truth = json.loads((SAMPLE / "truth/pages.json").read_text(encoding="utf-8"))
    pages = truth["pages"] if isinstance(truth, dict) else truth
    first = [page["spans"]["S1"][0][0] if isinstance(page["spans"]["S1"][0], list) else page["spans"]["S1"][0]
             for page in pages]
    assert imposition(plain.draft).scheme == "saddle"
    assert [page.spans[0].start for page in plain.draft.pages] == first


def test_most_damage_is_mended_and_nothing_right_made_wrong_without_the_editor(plain: Result) -> None:
    text = plain.draft.witness.text
    damaged = [place for place in KEY if place["fault"] == "recognition"]
    mended = 0
    for place in damaged:
        start, end = place["span"]
        first, last, reads = read(plain, start, end)
        mended += reads == text[first:start] + place["print"] + text[end:last]
    assert mended >= 0.85 * len(damaged)
    wrong = [
        (row["source"], row["corr"]) for row in plain.rows if row["status"] == "applied" and row["fault"]
        for edit in row["edits"]
        if not any(place["span"][0] < edit["span"][1] and edit["span"][0] < place["span"][1] for place in KEY)
    ]
    assert wrong == []


def test_the_edition_reads_as_the_print_was_meant(decided: Result) -> None:
    for name in ("reading.txt", "notes.txt"):
        made, meant = (path.read_text(encoding="utf-8").rstrip("\n") for path in (decided.out / name,
                                                                                  SAMPLE / "truth" / name))
        assert made.split("\n") == meant.split("\n")


def test_the_apparatus_is_the_one_accepted(decided: Result) -> None:
    assert (decided.out / "apparatus.tsv").read_text() == (SAMPLE / "apparatus.tsv").read_text()


def test_a_rule_changed_shows_as_exactly_the_lines_it_changes(tmp_path: Path) -> None:
    home = Path(shutil.copytree(SAMPLE, tmp_path / "sample", ignore=shutil.ignore_patterns("out", "make", "images")))
    (home / "decisions.jsonl").write_text("")
    (home / "apparatus.tsv").unlink()
    before = edition(home)
    trial = Path(shutil.copytree(rules_folder(), tmp_path / "rules"))
    often = Counter(rule for row in before.rows for rule in row["rules"] if row["status"] == "applied")
    rule = min(often, key=lambda rule: (often[rule], rule))  # a common one bears on how sure the others are
    family, name = rule.split(".")
    path = trial / f"{family}.toml"
    said = path.read_text(encoding="utf-8").split("[[rule]]")
    path.write_text("[[rule]]".join(part for part in said if f'"{name}"' not in part), encoding="utf-8")
    differs = edition(home, rules=trial).differs
    gone = [line for line in differs if line.startswith("-")]
    assert gone
    # What is only proposed may rest on what the rule had corrected beside it; what else is applied stands.
    assert all(rule in line or "\tproposed\t" in line for line in gone)
    its_own = {row["id"] for row in before.rows if rule in row["rules"]}
    assert its_own == {line.split("\t")[2] for line in gone if rule in line}
