"""How corrections stand to each other: what is in force, what superseded what, and what each level then reads.

Computed from the entries in the order in which they were said: what is unsound takes no force, what a later one
touches at its own level it supersedes whole, and an upper one stands only while the level below reads what it quotes.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from pipeline.model import Correction, Edit, Entry, Fault, Level, Span, Verdict

Status = Literal["applied", "proposed", "accepted", "rejected", "superseded"]
Places = defaultdict[tuple[int, int], list[tuple[Span, int]]]  # by fault and line: a place, and whose it is
Laid = list[tuple[Edit, int]]  # edits in file order, each with the place of its correction among the entries


class Standing(NamedTuple):
    """How a correction stands: its status, the entry that superseded it, the decision it was judged by, and why not."""

    status: Status
    superseded_by: int | None = None
    verdict: int | None = None
    because: str = ""

    @property
    def in_force(self) -> bool:
        return self.status in ("applied", "accepted")


class Readings:
    """The edits of one level, and what they make of any place."""

    def __init__(self, text: str, edits: Laid) -> None:
        self.text, self.edits = text, edits
        self.starts = [edit.span.start for edit, _ in edits]

    def within(self, span: Span) -> Laid:
        """The edits that touch this place."""
        first = bisect_right(self.starts, span.start) - 1
        if first < 0 or self.edits[first][0].span.end <= span.start:
            first += 1
        return self.edits[first : bisect_left(self.starts, span.end, first)]

    def reading(self, span: Span) -> str | None:
        """What stands at this place; None where the place cuts an edit in two."""
        touched = self.within(span)
        if not touched:
            return self.text[span.start : span.end]
        reads, at = [], span.start
        for edit, _ in touched:
            if edit.span.start < span.start or edit.span.end > span.end:
                return None
            reads += [self.text[at : edit.span.start], edit.new]
            at = edit.span.end
        return "".join([*reads, self.text[at : span.end]])


def judged(
    entries: Sequence[Entry], unsound: Mapping[int, str], line_of: Callable[[Span], int], text: str
) -> tuple[dict[int, Standing], dict[Level, Readings]]:
    """How each correction stands, by its place in `entries`, and what each level reads.

    `unsound` says of corrections why they can take no force; `line_of` gives the line that holds a place.
    """
    found = _in_turn(entries, unsound, line_of)
    readings = {Level.RECEIVED: Readings(text, [])}
    held: Laid = []
    for fault in Fault:
        _drop_the_groundless(found, entries, fault, readings[Level(fault - 1)])
        held = _laid_over(held, _edits_in_force(found, entries, fault))
        readings[Level(fault)] = Readings(text, held)
    return found, readings


def _in_turn(
    entries: Sequence[Entry], unsound: Mapping[int, str], line_of: Callable[[Span], int]
) -> dict[int, Standing]:
    """How each correction stands by what was said after it, before the levels are laid on each other."""
    found: dict[int, Standing] = {}
    active: Places = defaultdict(list)
    waiting: Places = defaultdict(list)

    def leave(i: int, correction: Correction) -> None:
        for places in (active, waiting):
            for span in correction.spans:
                at = places[correction.fault, line_of(span)]
                at[:] = [(other, j) for other, j in at if j != i]

    def enter(i: int, correction: Correction, standing: Standing) -> None:
        """Take force; what is met there is superseded, and by an editor's word what is only proposed there too."""
        met = (active, waiting) if standing.status == "accepted" else (active,)
        for span in correction.spans:
            for places in met:
                at = places[correction.fault, line_of(span)]
                for j in {j for other, j in at if j != i and other.start < span.end and span.start < other.end}:
                    leave(j, entries[j])  # type: ignore[arg-type]  # only corrections enter
                    found[j] = Standing("superseded", i, found[j].verdict)
            active[correction.fault, line_of(span)].append((span, i))
        found[i] = standing

    for i, entry in enumerate(entries):
        if isinstance(entry, Correction):
            if not entry.applies or i in unsound:
                found[i] = Standing("proposed", because=unsound.get(i, ""))
                if i not in unsound:
                    for span in entry.spans:
                        waiting[entry.fault, line_of(span)].append((span, i))
            else:
                enter(i, entry, Standing("accepted" if entry.resp else "applied"))
        elif isinstance(entry, Verdict) and entry.of in found and entry.of not in unsound:
            of: Correction = entries[entry.of]  # type: ignore[assignment]  # only corrections are found
            leave(entry.of, of)
            if entry.accepted:
                enter(entry.of, of, Standing("accepted", verdict=i))
            else:
                found[entry.of] = Standing("rejected", verdict=i)
    return found


def _drop_the_groundless(found: dict[int, Standing], entries: Sequence[Entry], fault: Fault, below: Readings) -> None:
    """An upper correction stands only while the level below reads what it was made for."""
    if fault is Fault.RECOGNITION:
        return  # the level below is the witness, which never changes
    for i, standing in found.items():
        entry = entries[i]
        if not isinstance(entry, Correction) or entry.fault != fault or not standing.in_force:
            continue
        for edit in entry.edits:
            reads = below.reading(edit.span)
            if reads != edit.below:
                because = f"expected “{edit.below}”, now “{reads}”" if reads is not None else "cut across"
                found[i] = Standing("proposed", verdict=standing.verdict, because=because)
                break


def _edits_in_force(found: Mapping[int, Standing], entries: Sequence[Entry], fault: Fault) -> Laid:
    return sorted(
        ((edit, i) for i, standing in found.items() if standing.in_force
         for entry in (entries[i],) if isinstance(entry, Correction) and entry.fault == fault
         for edit in entry.edits),
        key=_start,
    )


def _laid_over(lower: Laid, upper: Laid) -> Laid:
    """Both lists as one in file order, without the lower edits that an upper one covers."""
    if not upper or not lower:
        return upper or lower
    starts = [edit.span.start for edit, _ in upper]

    def free(edit: Edit) -> bool:
        k = bisect_left(starts, edit.span.end) - 1
        return k < 0 or upper[k][0].span.end <= edit.span.start

    return sorted([*((edit, i) for edit, i in lower if free(edit)), *upper], key=_start)


def _start(one: tuple[Edit, int]) -> int:
    return one[0].span.start


def apart(spans: Iterable[Span]) -> bool:
    """Whether no two of these places share a letter."""
    reached = -1
    for start, end in sorted(spans):
        if start < reached:
            return False
        reached = end
    return True
