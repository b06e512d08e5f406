"""Finds footnotes: lines at the foot of a page that begin with the mark a line above them ends a word with.

The mark that calls a note and the one it begins with are neither of the text nor of the note: they are furniture.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import regex

from pipeline.model import Evidence, Mark, Span

if TYPE_CHECKING:
    from pipeline.stages.scan import Scan

# A star or dagger is a mark by itself; figures are left: an item of a list looks the same.
NOTE_BEGINS = regex.compile(r"(\*{1,3}|[†‡§¶])(?=\s*\p{L}|$|\s*[“\"'‘(])")
REFERENCE = regex.compile(r"(?<=[\p{L}\p{P}])(\*{1,3}|[†‡§¶])(?!\p{L})")
ABOVE = 60  # rows in which the reference of a note may stand
LONGEST = 12  # rows of one note
NOTE_MARK = "note mark"  # the value of the furniture that its two marks are
CERTAINTY = 0.9


class Note(NamedTuple):
    """The rows of a note, its mark, where the text calls it and where it begins, and why it is thought one."""

    rows: tuple[int, ...]
    mark: str
    called: Span
    begins: Span
    says: str


def notes(scan: "Scan") -> Iterator[Note]:
    """The footnotes of a scan, as far as their marks show them, each to the end of its page."""
    references: list[tuple[int, str, Span]] = []
    k = 0
    while k < len(scan.rows):
        line = scan.line(k)
        begins = NOTE_BEGINS.match(line)
        near = [(at, span) for at, mark, span in references if begins and mark == begins[1] and k - at <= ABOVE]
        if begins and near and k not in scan.furniture.found and (end := _end(scan, k)) > k:
            above, called = near[-1]
            says = f"begins with the mark “{begins[1]}” that stands in the text above: {scan.line(above)[-40:]}"
            yield Note(tuple(range(k, end)), begins[1], called, _place(scan, k, begins), says)
            references = [one for one in references if one[1] != begins[1]]
            k = end
            continue
        references += [(k, match[1], _place(scan, k, match)) for match in REFERENCE.finditer(line)]
        k += 1


def _place(scan: "Scan", k: int, match: regex.Match[str]) -> Span:
    """Where a mark found in a row stands in the witness."""
    start = scan.rows[k].start
    return Span(start + match.start(1), start + match.end(1))


def note_marks(scan: "Scan") -> Iterator[Mark]:
    """The footnotes, and as furniture the mark that calls each and the one it begins with."""
    for note in notes(scan):
        spans = tuple(Span(scan.rows[k].start, scan.rows[k].end) for k in note.rows)
        yield Mark("note", spans, note.mark, CERTAINTY, (Evidence("note", note.says),))
        opening = scan.text[note.begins.start : spans[0].end][:40] if note.begins.end < spans[0].end else note.mark
        for span, says in ((note.called, f"calls the note at the foot: {opening}"),
                           (note.begins, "the mark that a note begins with")):
            yield Mark("furniture", (span,), NOTE_MARK, CERTAINTY, (Evidence("note mark", says),))


def _end(scan: "Scan", k: int) -> int:
    """Where a note ends that begins at a row: at the next note or the foot of the page; `k` where that is too far."""
    walls = set(scan.forced)
    end = k + 1
    while end < len(scan.rows) and end not in walls and end not in scan.furniture.found:
        if NOTE_BEGINS.match(scan.line(end)):
            return end
        end += 1
        if end - k > LONGEST:
            return k
    return end
