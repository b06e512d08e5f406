"""What is applied and proposed together: whether each error is flagged, with the right reading among the first five.

A flag is a correction or a query, with its readings as `corrections.jsonl` and `queries.jsonl` have them.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import ModuleType
from typing import NamedTuple

import regex

from pipeline import log
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import Level, Span
from pipeline.view import view

FIRST = 5
BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 0.97, 1.0)
WORDS = regex.compile(r"[\p{L}\p{N}]+")


class Flag(NamedTuple):
    """A place of the text received, its lines joined; the readings offered for it, and how certain the first is.

    A query asks and claims nothing: its certainty is none.
    """

    start: int
    end: int
    readings: list[str]
    certainty: float | None


class Unit(NamedTuple):
    """The smallest stretch of a text that stands between blanks which are in the truth too."""

    start: int
    end: int
    seen: str
    true: str


class Tally(NamedTuple):
    """What the flags of some texts are worth."""

    one_word: int = 0  # errors of one word for one, more than marks or capitals
    offered: int = 0  # of these, with the right reading among the first five
    errors: int = 0  # of any shape, more than marks or capitals
    flagged: int = 0
    flags: int = 0
    judged: tuple[tuple[float, bool], ...] = ()  # how certain each correction is, and whether it is right

    @property
    def expected_error(self) -> float:
        """The expected calibration error: how far certainty and the share of right ones lie apart."""
        return sum(abs(sure - right) * n for n, sure, right in self.reliability) / max(len(self.judged), 1)

    @property
    def reliability(self) -> list[tuple[int, float, float]]:
        """For each step of certainty how many corrections, their mean certainty, the share that is right."""
        found = []
        for low, high in pairwise(BINS):
            here = [(sure, right) for sure, right in self.judged if low <= sure < high or sure == high == 1.0]
            n = max(len(here), 1)
            found.append((len(here), sum(sure for sure, _ in here) / n, sum(right for _, right in here) / n))
        return found


def flags(draft: Draft) -> list[Flag]:
    """Every correction and query of the body of a text, from the rows of the log."""
    shown = view(draft, Level.RECEIVED, joined=True)
    found = []
    for row in (*log.corrections(draft), *log.queries(draft)):
        is_query = "says" in row
        if not row["spans"] or (not is_query and (row["fault"] is None or row["status"] == "superseded")):
            continue
        try:
            places = [shown.at(Span(*span)) for span in row["spans"]]
        except Refused:
            continue  # a place in the notes
        start, end = min(places)[0], max(end for _, end in places)
        found.append(Flag(start, end, _readings(row), None if is_query else row["certainty"]))
    return found


def _readings(row: log.Row) -> list[str]:
    """The first readings of a row, each of its whole place: a candidate may say only what changes in a word."""
    offered = [str(one["reading"]) for one in row["candidates"]][:FIRST]
    if "says" in row or len(row["spans"]) > 1:
        return offered or [str(row.get("corr", "")).replace(log.APART, "")]
    whole = str(row["corr"])
    return [whole.replace(offered[0], one, 1) for one in offered] if offered and offered[0] in whole else [whole]


def received(draft: Draft) -> str:
    return view(draft, Level.RECEIVED, joined=True).text


def summed(tallies: Sequence[Tally]) -> Tally:
    judged = tuple(pair for one in tallies for pair in one.judged)
    one_word, offered, errors, flagged, flags = (sum(column) for column in zip(
        *((one.one_word, one.offered, one.errors, one.flagged, one.flags) for one in tallies), strict=True))
    return Tally(one_word, offered, errors, flagged, flags, judged)


def tally(seen: str, true: str, flagged: Sequence[Flag], measure: ModuleType) -> Tally:
    """What the flags of a text are worth, by the units of `eval_correction.py` (`measure`)."""
    plain, places = squeezed(seen)
    here = sorted(flag._replace(start=places[flag.start], end=places[flag.end]) for flag in flagged)
    ordered = list(units(plain, measure.norm(true), measure))
    touching: defaultdict[Unit, list[tuple[Flag, Unit]]] = defaultdict(list)
    judged = []
    for flag, around in _around(ordered, here):
        whole = Unit(around[0].start, around[-1].end, *(" ".join(texts) for texts in zip(
            *((unit.seen, unit.true) for unit in around), strict=True)))
        for unit in around:
            touching[unit].append((flag, whole))
        if flag.certainty is not None:
            judged.append((flag.certainty, _is_right(whole, flag, measure)))
    one_word = offered = errors = caught = 0
    for unit in ordered:
        if _bare(unit.seen, measure) == _bare(unit.true, measure):
            continue
        errors += 1
        caught += bool(touching[unit])
        if len(unit.seen.split()) == 1 == len(unit.true.split()):
            one_word += 1
            offered += any(_bare(_with(whole, flag, new), measure) == _bare(whole.true, measure)
                           for flag, whole in touching[unit] for new in flag.readings)
    return Tally(one_word, offered, errors, caught, len(here), tuple(judged))


def squeezed(text: str) -> tuple[str, list[int]]:
    """A text with one blank for each run of them, and where each of its places is then.

    >>> squeezed(" a  b")
    ('a b', [0, 0, 1, 2, 2, 3])
    """
    kept: list[str] = []
    places = []
    for letter in text:
        if letter.isspace() and (not kept or kept[-1] == " "):
            places.append(len(kept))
            continue
        places.append(len(kept))
        kept.append(" " if letter.isspace() else letter)
    return "".join(kept).rstrip(), [*places, len(kept)]


def units(seen: str, true: str, measure: ModuleType) -> Iterator[Unit]:
    at = 0
    for here, meant, _ in measure.units(seen, true, seen):
        yield Unit(at, at + len(here), here, meant)
        at += len(here) + 1


def _around(ordered: list[Unit], flagged: Sequence[Flag]) -> Iterator[tuple[Flag, list[Unit]]]:
    """Each flag with the units it touches; one that stands between words touches none and is left out."""
    starts, ends = [unit.start for unit in ordered], [unit.end for unit in ordered]
    for flag in flagged:
        if touched := ordered[bisect_right(ends, flag.start) : bisect_left(starts, flag.end)]:
            yield flag, touched


def _bare(text: str, measure: ModuleType) -> str:
    return str(measure.norm(text, "hipe"))


def _with(unit: Unit, flag: Flag, new: str) -> str:
    """What the unit reads with one of a flag's readings."""
    start, end = max(flag.start - unit.start, 0), max(flag.end - unit.start, 0)
    return unit.seen[:start] + new + unit.seen[end:]


def _is_right(unit: Unit, flag: Flag, measure: ModuleType) -> bool:
    """Whether the first reading makes the unit right, or its words stand in the truth where they did not before."""
    new, now = flag.readings[0], _with(unit, flag, flag.readings[0])
    if _bare(now, measure) == _bare(unit.seen, measure):  # marks and capitals
        near = measure.Levenshtein.distance
        then, after, true = (measure.norm(text, "fold") for text in (unit.seen, now, unit.true))
        return bool(near(after, true) < near(then, true))
    words, true = f" {_bare(new, measure)} ", f" {_bare(unit.true, measure)} "
    return _bare(now, measure) == true.strip() or words in true
