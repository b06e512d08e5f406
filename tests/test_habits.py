"""The long s read as f: undone where the document shows it throughout, and nowhere else."""

import pytest

from bench.long_s import misread
from pipeline.draft import Draft
from pipeline.model import Correction, Witness
from pipeline.stages.habits import habits, undone
from pipeline.stages.repair import repair
from tests.smallest import after, desk

# What a printer of 1750 set; nothing here ever stood in a book.
PRINTED = """\
The soft answer of the miller was such that some of us supposed he was himself the first to see it; for it is of no \
use to sell the best of the harvest before the season, and if the rest of it is safe in the house, the same man will \
shew it to the publick, and name his own price. He dress’d himself, pass’d the church, and cloath’d the poor of his \
parish, most of whom were sick, and some of whom had lost their senses. His fame was great after that, and he found \
himself in favour with us; for a fine fish, fresh from the sea, was set before him, and half a score of chests of tea \
were sent from the offices of the East."""


def said(text: str) -> list[Correction]:
    draft = Draft(Witness("S1", "typed.txt", "utf-8", text))
    return list(habits(draft, desk()))


def test_long_s_comes_back_and_the_spelling_of_its_time_stays() -> None:
    seen = misread(PRINTED, 1.0, 1)
    assert sum(a != b for a, b in zip(seen.split(), PRINTED.split(), strict=True)) > 30
    assert after(repair, seen) == PRINTED


def test_each_is_a_correction_with_its_reason() -> None:
    first = said(misread(PRINTED, 1.0, 1))[0]
    assert (first.edits[0].old, first.edits[0].new, first.rules) == ("foft", "soft", ("letters.long-s",))
    assert "stands for “s” in" in first.evidence[0].says


@pytest.mark.parametrize("text", [
    PRINTED,
    "He was fo fond of it.",  # one word is a misprint, not a habit
    "They wrote fuch, moft, Houfe, fo, itfelf and paffion with a long s. " + "We write such, most, House, so, itself "
    "and passion, since so small a sign is as easily misread as it is seen, says the master of the school. " * 6,
    "Faft alle Häufer diefer Stadt find alt; fie ftehen auf dem Felfen, und das fchönfte ift das Schlofs.",
])
def test_without_the_habit_nothing_is_touched(text: str) -> None:
    assert said(text) == []


def test_a_word_either_way_is_judged_in_its_place() -> None:
    more = " It was the same man, and he had a foul mouth. His soul was sold for a song, and he found no sound sleep."
    assert after(repair, misread(PRINTED + more, 1.0, 1)).endswith(more)


def test_a_spelling_that_no_lexicon_has_is_only_proposed() -> None:
    chuse, = (entry for entry in said(misread(PRINTED + " You may chuse it.", 1.0, 1)) if entry.edits[0].new == "chuse")
    assert not chuse.applies


def test_what_the_edition_knows_is_left() -> None:
    assert after(repair, misread(PRINTED, 1.0, 1), known="foft").startswith("The foft answer of the miller was such")


def test_words_of_many_such_letters_are_no_burden() -> None:
    assert list(undone("f" * 40, "f", "s")) == []
