"""Obeys the editor where the order of pages is pinned: the rest is solved around what is given."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.decisions import NONE, Decision
from pipeline.errors import Refused
from pipeline.model import Evidence
from pipeline.stages.impositions import Scheme, laid, singles
from pipeline.stages.pages import cut_at
from pipeline.stages.scan import Scan
from pipeline.stages.scoring import Solution

PINNED = Scheme("pinned", singles, 0.0, fewest=1)  # an order that no scheme has, but the editor
OUT_OF_PLACE = 8.0  # nats against a page that lies out of its place in a scheme that all others are in


class Pin(NamedTuple):
    """That the page which begins at one cut is followed by that which begins at another, and who says so."""

    before: int
    after: int
    decision: Decision

    @property
    def evidence(self) -> Evidence:
        return Evidence("editor", self.decision.reason or "set by the editor")


def pins(scan: Scan, decisions: Sequence[Decision]) -> tuple[Pin, ...]:
    """What the editor has said of the order. Raises `Refused` where one decision contradicts another."""
    found: list[Pin] = []
    for decision in decisions:
        if decision.what == "page_order":
            cuts = [_cut(scan, decision, span.start) for span in decision.spans]
            found += (Pin(a, b, decision) for a, b in pairwise(cuts))
    _refuse_where_none_begins(decisions)
    _refuse_contradictions(found)
    return tuple(found)


def obeys(one: Solution, given: Sequence[Pin]) -> bool:
    """Whether the pages of a solution follow each other as they are pinned."""
    return not _disobeyed(one, given)


def _disobeyed(one: Solution, given: Sequence[Pin]) -> int:
    follow = {(a[1], b[1]) for a, b in pairwise(one.reading)} if given else set()
    return sum((pin.before, pin.after) not in follow for pin in given)


def obedient(found: list[Solution], given: Sequence[Pin]) -> list[Solution]:
    """The solutions that have the pages as they are pinned, the likeliest first; all, where these are too unlikely."""
    kept = [one for one in found if obeys(one, given)]
    least = found[0].score - OUT_OF_PLACE * _disobeyed(found[0], given)
    return kept if kept and kept[0].score >= least else found


def settled(one: Solution, given: Sequence[Pin]) -> bool:
    """Whether what is pinned leaves no page of a solution whose place could be another."""
    return {(a[1], b[1]) for a, b in pairwise(one.reading)} <= {(pin.before, pin.after) for pin in given}


def rearranged(base: Solution, given: Sequence[Pin]) -> Solution:
    """The pages of a solution, each that is pinned behind the one it follows; the rest keep their places.

    A pin on words that begin no page makes one begin there.
    """
    if obeys(base, given):
        return base
    follows = {pin.before: pin.after for pin in given}
    sequence = list(_with_their_runs(_starts(base, given), follows))
    in_file = tuple(sorted(sequence))
    number = {cut: n for n, cut in enumerate(sequence, 1)}
    lain = laid(PINNED, len(sequence)).as_given(tuple((number[cut],) for cut in in_file))
    return Solution(base.scan, lain, (*in_file, len(base.scan.rows)), base.score)


def _starts(base: Solution, given: Sequence[Pin]) -> list[int]:
    """Where the pages of a solution begin, as they read; a page cut by a pin reads on behind the cut."""
    sequence = [start for _, start, _ in base.reading]
    for cut in sorted({cut for pin in given for cut in (pin.before, pin.after)}.difference(sequence)):
        before = max((start for start in sequence if start < cut), default=None)
        sequence.insert(0 if before is None else sequence.index(before) + 1, cut)
    return sequence


def _with_their_runs(sequence: Sequence[int], follows: dict[int, int]) -> Iterator[int]:
    """The pages, each with the run that is pinned to it."""
    led = set(follows.values())
    for start in sequence:
        at: int | None = None if start in led else start
        while at is not None:
            yield at
            at = follows.get(at)


# --- what cannot be ------------------------------------------------------------------------------------------------


def _cut(scan: Scan, decision: Decision, at: int) -> int:
    """The cut before the page that begins at a place."""
    cut = cut_at(scan.lay, at)
    first = scan.rows[cut].start if cut < len(scan.rows) else len(scan.text) + 1
    if any(at <= row.start < first for twin in scan.twins for row in twin.rows):
        raise Refused(f"{_line(decision)}: its words stand on the second copy of a page; quote the copy that is read")
    if cut == len(scan.rows):
        raise Refused(f"{_line(decision)}: no page begins at or behind its place; quote the first words of a page")
    return cut


def _refuse_where_none_begins(decisions: Sequence[Decision]) -> None:
    barred = {span.start: one if one.new == NONE else None
              for one in decisions if one.what == "page_end" for span in one.spans}
    for one in decisions:
        for span in one.spans if one.what == "page_order" else ():
            if other := barred.get(span.start):
                raise Refused(f"{_lines(other, one)}: by the one no page begins at “{_quoted(one, span.start)}”, by "
                              "the other one does; take one of them away")


def _refuse_contradictions(found: Sequence[Pin]) -> None:
    behind: dict[int, Pin] = {}
    before: dict[int, Pin] = {}
    for pin in found:
        first = behind.setdefault(pin.before, pin)
        if first.after != pin.after:
            raise Refused(f"{_lines(first.decision, pin.decision)}: two pages cannot both follow one; take one "
                          "of them away")
        first = before.setdefault(pin.after, pin)
        if first.before != pin.before:
            raise Refused(f"{_lines(first.decision, pin.decision)}: one page cannot follow two; take one of them away")
    # each page has now one behind it and one before it, so that a ring comes back to where it began
    for start in behind:
        at, last = start, behind[start]
        while at in behind:
            last = behind[at]
            at = last.after
            if at == start:
                raise Refused(f"{_lines(behind[start].decision, last.decision)}: the pages follow each other in a "
                              "ring; take one of them away")


def _lines(one: Decision, other: Decision) -> str:
    a, b = sorted((one, other), key=lambda decision: decision.line)
    return _line(a) if a is b else f"decisions.jsonl, lines {a.line} and {b.line} ({a.name}; {b.name})"


def _line(one: Decision) -> str:
    return f"decisions.jsonl, line {one.line}: decision {one.name}"


def _quoted(one: Decision, at: int) -> str:
    """The words by which a decision names a page."""
    words = one.old.split(" … ")
    starts = [span.start for span in one.spans]
    return words[starts.index(at)] if len(words) == len(starts) else one.old
