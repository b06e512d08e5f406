"""Where paragraphs end: what each line end looks like, and what such looks mean in this document."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.model import Evidence
from pipeline.stages.setting import Set, slack

QUOTE_LAST = regex.compile(r"[”\"»][\d*†]?$|[.!?,]’['’]?$")


class Look(NamedTuple):
    """What is seen of a line end that bears on whether a paragraph ends there; None where it cannot be seen."""

    gap: int | None
    indent: int | None
    slack: int
    trailing: int | None
    words: int


class Habit(NamedTuple):
    """How often line ends within paragraphs, and those that close one, look so, before anything is known of a document.

    `worth` is how many line ends of the document it takes to outweigh this: what a typist does with blanks is learnt
    from the document, how a sentence begins and ends is not.
    """

    worth: float
    within: tuple[float, ...]
    at_end: tuple[float, ...]


SHORT_BY = (0.04, 0.07, 0.10)  # of the measure, where the next word would not have fitted
SLACKS = (0.0, 0.03, 0.06, 0.10, 0.20, 0.40)  # of the measure, beyond what the next word needs
OPENINGS = {"small": 0, "large": 1, "quote": 2, "dash": 2, "other": 3}
HABITS = (  # one for each field of a look
    Habit(12, (0.95, 0.05), (0.45, 0.55)),
    Habit(12, (0.94, 0.04, 0.02), (0.55, 0.40, 0.05)),  # not set in, further in than the line before, as far as that
    Habit(40, (0.573, 0.237, 0.066, 0.012, 0.085, 0.018, 0.003, 0.003, 0.002, 0.001),
          (0.056, 0.019, 0.007, 0.010, 0.020, 0.034, 0.042, 0.092, 0.225, 0.495)),
    Habit(3, (0.5, 0.5), (0.5, 0.5)),
    # Open, closed, or closed with a quotation mark; each before a small letter, a capital, a quotation, neither.
    Habit(2000, (0.90, 0.034, 0.002, 0.010, 0.006, 0.029, 0.0008, 0.001, 0.001, 0.0002, 0.0001, 0.0002),
          (0.002, 0.050, 0.028, 0.012, 0.006, 0.57, 0.12, 0.03, 0.002, 0.085, 0.09, 0.002)),
)
PARTED = 0.02  # the chance that a paragraph ends where the mark of a note has parted a printed line
FULL = 0.85, 1.05  # how wide a full printed line is, of the measure
ROUNDS = 8
ENDS_BEFORE = 0.14  # how many line ends close a paragraph
SAYS = {
    "gap": ("no blank line follows", "a blank line follows"),
    "indent": ("the next line is not set in", "the next line is set in", "the next line is set in as this is"),
    "trailing": ("no blanks end the line", "blanks end the line"),
}


def look(one: Set, then: Set) -> Look:
    """What is seen of the end of a line, with the line that follows it."""
    ends = 0 if one.hyphened or not one.closed else 2 if QUOTE_LAST.search(one.text) else 1
    return Look(
        None if one.blank_after is None else int(one.blank_after),
        0 if then.indent < 2 else 1 if then.indent > one.indent else 2,
        _room(one, then),
        None if one.hyphened or one.trailing is None else int(one.trailing),
        4 * ends + OPENINGS[then.opening],
    )


def _room(one: Set, then: Set) -> int:
    """What room a line leaves: by its width where the next word would not have fitted, else by what is left over."""
    left_over = bisect_left(SLACKS, slack(one, then))
    return len(SHORT_BY) + left_over if left_over else bisect_left(SHORT_BY, one.short_by)


def weigh(looks: Counter[Look]) -> tuple[dict[Look, float], list[Habit]]:
    """For each look, how likely a line end that looks so closes a paragraph; and the habits of the document.

    The habits begin as in `HABITS` and are estimated again from the document (EM): blank lines that a scan strews
    about lose their weight, and blanks that end every line but the last of a paragraph gain it.
    """
    habits = list(HABITS)
    share = ENDS_BEFORE
    chances: dict[Look, float] = {}
    for _ in range(ROUNDS):
        chances = {each: _chance(each, habits, share) for each in looks}
        habits = [_estimated(habit, k, looks, chances) for k, habit in enumerate(HABITS)]
        ends = sum(chances[each] * n for each, n in looks.items())
        share = (ends + 60 * ENDS_BEFORE) / (sum(looks.values()) + 60)
    return chances, habits


def _chance(each: Look, habits: Sequence[Habit], share: float) -> float:
    nats = math.log(share / (1 - share))
    for value, habit in zip(each, habits, strict=True):
        if value is not None:
            nats += math.log(habit.at_end[value] / habit.within[value])
    return 1 / (1 + math.exp(-max(min(nats, 30.0), -30.0)))


def _estimated(before: Habit, k: int, looks: Counter[Look], chances: dict[Look, float]) -> Habit:
    """How the line ends of either sort look in the document, with what was thought before as so many line ends more."""
    within, at_end = ([share * before.worth for share in sort] for sort in (before.within, before.at_end))
    for each, n in looks.items():
        value = each[k]
        if value is not None:
            within[value] += n * (1 - chances[each])
            at_end[value] += n * chances[each]
    return Habit(before.worth, _shares(within), _shares(at_end))


def _shares(counts: list[float]) -> tuple[float, ...]:
    return tuple(count / sum(counts) for count in counts)


def paragraph_ends(lines: Sequence[Set]) -> Iterator[tuple[float, tuple[Evidence, ...]]]:
    """For each line but the last, how likely a paragraph ends with it, and why: what is seen there, in nats."""
    lines = list(lines)
    parted = {k for k, (one, then) in enumerate(pairwise(lines)) if _one_in_print(one, then)}
    for k in sorted(parted):  # the second half is as wide as the printed line
        lines[k + 1] = lines[k + 1]._replace(width=lines[k].width + lines[k + 1].width)
    seen = [look(one, then) for one, then in pairwise(lines)]
    chances, habits = weigh(Counter(each for k, each in enumerate(seen) if k not in parted))
    why = {each: _why(each, habits) for each in chances}
    return ((PARTED, ()) if k in parted else (chances[each], why[each]) for k, each in enumerate(seen))


def _one_in_print(one: Set, then: Set) -> bool:
    """Whether two lines are one of the print: text layers begin a new line behind a raised mark that calls a note."""
    narrowest, widest = (share * one.measure for share in FULL)
    together = one.width + then.width
    return one.calls and not one.blank_after and then.indent < 2 and narrowest < together < widest


def _why(each: Look, habits: Sequence[Habit]) -> tuple[Evidence, ...]:
    """What speaks for or against a paragraph's end, each with its weight in nats; what says little is left out."""
    found = []
    for name, value, habit in zip(Look._fields, each, habits, strict=True):
        if value is None:
            continue
        weight = round(math.log(habit.at_end[value] / habit.within[value]), 2)
        if abs(weight) >= 0.7:
            found.append(Evidence("setting" if name != "words" else "sentence", _says(name, value), weight))
    return tuple(found)


def _says(name: str, value: int) -> str:
    if name == "slack":
        return "there was room for the next word" if value > len(SHORT_BY) + 1 else "the line is full"
    if name == "words":
        ends = ("the sentence runs on", "a sentence closes", "a quotation closes")[value // 4]
        return f"{ends}, {('a small letter', 'a capital', 'a quotation or a dash', 'no letter')[value % 4]} follows"
    return SAYS[name][value]
