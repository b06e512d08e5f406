"""Each rule does by itself what its examples say; one that cannot be used is refused by file, rule and reason."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import Level, Mark, Span, Verdict, Witness
from pipeline.rulebook import CONDITIONS, FAULTS, KINDS, Example, Rule, rulebook
from pipeline.stages.conditions import HOLDS
from pipeline.stages.repair import repair
from pipeline.view import view
from tests.smallest import desk

BOOK = rulebook()
OWN = [rulebook(folder) for folder in sorted((Path(__file__).parents[1] / "edition").glob("*/rules"))]  # of an edition
GOOD = '''[[rule]]
id = "rn-for-m"
says = "m was read as rn"
kind = "confusion"
category = "character"
find = "rn"
read = "m"
examples = [{ sic = "for exarnple", corr = "for example" }, { stet = "a modern barn" }]
'''


def examples() -> Iterator[object]:
    for rule in (rule for book in (BOOK, *OWN) for rule in book.rules):
        for k, example in enumerate(rule.examples, 1):
            marks = [pytest.mark.xfail(strict=True)] if example.fails else []
            yield pytest.param(rule, example, id=f"{rule.id}-{k}", marks=marks)


def read_by(rule: Rule, text: str, proposals: bool) -> str:
    """A text as it reads with one rule alone, and what it only proposes taken too, if so asked."""
    draft = Draft(Witness("S1", "typed.txt", "utf-8", text))
    ends = [Mark("line_end", (Span(line.span.end, line.span.end),), "paragraph") for line in draft.all_lines]
    draft = draft.add(ends)
    draft = draft.add(tuple(repair(draft, desk(rules=replace(BOOK, rules=(rule,))))))
    proposed = [i for i, _ in draft.corrections if proposals and draft.standing[i].status == "proposed"]
    return view(draft.add(Verdict(i, True, "ed") for i in proposed), Level.REGULAR, joined=True).text


@pytest.mark.parametrize(("rule", "example"), list(examples()))
def test_a_rule_alone_does_what_its_example_says(rule: Rule, example: Example) -> None:
    assert read_by(rule, example.sic, proposals=not example.stet) == example.corr


def folder(home: Path, said: str) -> Path:
    (home / "trial.toml").write_text(said, encoding="utf-8")
    return home


def test_a_rule_is_read_as_it_is_written(tmp_path: Path) -> None:
    (rule,) = rulebook(folder(tmp_path, GOOD)).rules
    assert (rule.id, rule.pairs, len(rule.examples)) == ("trial.rn-for-m", (("rn", "m"),), 2)


@pytest.mark.parametrize(("old", "new", "why"), [
    ('id = "rn-for-m"', 'id = "Rn for m"', "expected an id"),
    ('kind = "confusion"', 'kind = "guess"', "expected one of pattern, confusion, habit, words"),
    ('says = "m was read as rn"', 'says = ""', "says is empty"),
    ('category = "character"\n', "", "category is missing"),
    ('read = "m"', 'reed = "m"', "unknown key reed"),
    (', { stet = "a modern barn" }', "", "one with stet"),
    ('{ sic = "for exarnple", corr = "for example" }, ', "", "an example with sic and corr"),
    ('corr = "for example"', 'corr = "for exarnple"', "must be written as stet"),
    ('find = "rn"', "find = 3", "find must be a string"),
    ('category = "character"', 'category = "character"\nsafety = "sure"', "expected one of safe, likely, doubtful"),
    ('kind = "confusion"', 'kind = "pattern"\nwhen = ["tuesday"]', "tuesday"),
    ('kind = "confusion"\ncategory = "character"\nfind = "rn"', 'kind = "pattern"\ncategory = "character"\nfind = "("',
     "not a regular expression"),
    ('kind = "confusion"\ncategory = "character"\nfind = "rn"', 'kind = "pattern"\ncategory = "character"\nfind = "r*"',
     "at least one letter"),
    (GOOD, GOOD + GOOD, "two rules have the id trial.rn-for-m"),
    (GOOD, "[[rule", "not TOML"),
    (GOOD, "[other]", "expected only"),
    (GOOD, "rule = [3]", "expected"),
    ("examples = [", "examples = [3, ", "an example is"),
])
def test_a_rule_that_cannot_be_used_is_named(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(Refused, match=why) as refused:
        rulebook(folder(tmp_path, GOOD.replace(old, new)))
    assert "trial" in str(refused.value)


def test_whatever_a_rule_may_ask_can_be_answered_and_is_explained() -> None:
    told = (Path(__file__).parents[1] / "rules" / "README.md").read_text(encoding="utf-8")
    assert set(CONDITIONS) == set(HOLDS)
    assert [name for name in (*CONDITIONS, *KINDS, *FAULTS) if f"`{name}`" not in told] == []


def test_an_edition_may_add_rules_and_switch_rules_off_but_not_alter_one(tmp_path: Path) -> None:
    own = folder(tmp_path, GOOD)
    assert "trial.rn-for-m" in rulebook(None, own).by_id
    off = BOOK.rules[0].id
    assert off not in rulebook(without=[off]).by_id
    (tmp_path / "trial.toml").rename(tmp_path / "ligatures.toml")
    altered = GOOD.replace("rn-for-m", next(r.name for r in BOOK.rules if r.family == "ligatures"))
    (tmp_path / "ligatures.toml").write_text(altered)
    with pytest.raises(Refused, match="ids are never used twice"):
        rulebook(None, own)


def test_a_change_of_the_rules_changes_their_checksum(tmp_path: Path) -> None:
    before = rulebook(folder(tmp_path, GOOD)).checksum
    assert before != rulebook(folder(tmp_path, GOOD.replace("a modern barn", "a modern burn"))).checksum
