"""What second copies of a text read where they differ from the copy that stands, as an apparatus can tell it.

A stage says which words differ (a mark `variant`). A place is told whole: with the edits that touch it, and to the ends
of its words. Where it is wider than the words that differ, the copies agree in the rest.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.draft import WHITE_LETTERS, Draft, Line
from pipeline.model import Flow, Level, Mark, Span

SHOWN: tuple[Flow, ...] = ("body", "notes", "furniture")  # what an apparatus tells of
SECOND = 2  # the first copy is the witness as it stands


class Variant(NamedTuple):
    """What one copy reads at a place of the text on one line, and where those words are quoted from."""

    place: Span
    copy: int
    reading: str
    quotes: tuple[Span, ...]
    marks: tuple[Mark, ...]

    def siglum(self, witness: str) -> str:
        """The name of the copy: that of its witness, and which it is."""
        return f"{witness}.{self.copy}"


def variants(draft: Draft) -> list[Variant]:
    """The readings of other copies, in the order of the file; of one copy at one place there is one.

    >>> from pipeline.model import Witness
    >>> draft = Draft(Witness("S1", "", "utf-8", "so we sang\\nwe sung on")).add([
    ...     Mark("repeat", (Span(11, 18),)), Mark("variant", (Span(6, 10), Span(14, 18)), 2)])
    >>> [(draft.witness.text[slice(*one.place)], one.siglum("S1"), one.reading) for one in variants(draft)]
    [('sang', 'S1.2', 'sung')]
    """
    by_line: dict[Line, list[Mark]] = {}
    for mark in draft.marked("variant"):
        if line := _line_of(draft, mark):
            by_line.setdefault(line, []).append(mark)
    return [one for line, marks in sorted(by_line.items()) for one in _on_line(draft, line, marks)]


def _line_of(draft: Draft, mark: Mark) -> Line | None:
    """The line on which a variant has its place, if it has one where it can be told."""
    size = len(draft.witness.text)
    if not mark.spans or not all(0 <= start < end <= size for start, end in mark.spans):
        return None
    if not isinstance(mark.value, int) or mark.value < SECOND:
        return None
    line = draft.line_at(mark.spans[0])
    return line if line and line.flow in SHOWN else None


def _on_line(draft: Draft, line: Line, marks: list[Mark]) -> Iterator[Variant]:
    places: list[Span] = []
    for place in sorted(_whole(draft, line, mark.spans[0]) for mark in marks):
        if places and place.start < places[-1].end:
            places[-1] = Span(places[-1].start, max(place.end, places[-1].end))
        else:
            places.append(place)
    marks = sorted(marks, key=lambda mark: mark.spans)
    starts = [mark.spans[0].start for mark in marks]
    for place in places:
        here = marks[bisect_left(starts, place.start) : bisect_left(starts, place.end)]
        for copy in sorted({mark.value for mark in here if isinstance(mark.value, int)}):
            own = tuple(mark for mark in here if mark.value == copy)
            reading, quotes = _reading(draft.witness.text, place, own)
            yield Variant(place, copy, reading, quotes, own)


def _whole(draft: Draft, line: Line, place: Span) -> Span:
    """A place widened until it cuts no edit and no run of letters of its line."""
    while True:
        touched = [place, *(edit.span for edit, _ in draft.edits_in(place, Level.REGULAR))]
        wide = _run(draft.witness.text, line, min(a for a, _ in touched), max(b for _, b in touched))
        if wide == place:
            return place
        place = wide


def _run(text: str, line: Line, start: int, end: int) -> Span:
    while start > line.span.start and text[start - 1] not in WHITE_LETTERS:
        start -= 1
    while end < line.span.end and text[end] not in WHITE_LETTERS:
        end += 1
    return Span(start, end)


def _reading(text: str, place: Span, marks: Iterable[Mark]) -> tuple[str, tuple[Span, ...]]:
    """What a copy reads at a place, and where that is quoted from: from the first copy where both agree."""
    parts, quotes = list[str](), list[Span]()
    at = place.start
    for mark in (*marks, None):
        upto = mark.spans[0].start if mark else place.end
        if upto < at:
            continue  # two marks at one place: the first holds
        if at < upto:
            parts.append(text[at:upto])
            quotes += [Span(at, upto)] if text[at:upto].strip() else []
        if mark:
            parts.append(" ".join(text[slice(*span)] for span in mark.spans[1:]))
            quotes += mark.spans[1:]
            at = mark.spans[0].end
    return " ".join("".join(parts).split()), tuple(quotes)
