"""Finds footnotes: lines at the foot of a page that begin with the mark a line above them ends a word with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from pipeline.stages.scan import Scan

# A star or dagger is a mark by itself; figures are left: an item of a list looks the same.
NOTE_BEGINS = regex.compile(r"(\*{1,3}|[†‡§¶])(?=\s*\p{L}|$|\s*[“\"'‘(])")
REFERENCE = regex.compile(r"(?<=[\p{L}\p{P}])(\*{1,3}|[†‡§¶])(?!\p{L})")
ABOVE = 60  # rows in which the reference of a note may stand
LONGEST = 12  # rows of one note


class Note(NamedTuple):
    """The rows of a note, its mark, and why it is thought one."""

    rows: tuple[int, ...]
    mark: str
    says: str


def notes(scan: "Scan") -> Iterator[Note]:
    """The footnotes of a scan, as far as their marks show them, each to the end of its page."""
    references: list[tuple[int, str]] = []
    k = 0
    while k < len(scan.rows):
        line = scan.line(k)
        begins = NOTE_BEGINS.match(line)
        near = [at for at, mark in references if begins and mark == begins[1] and k - at <= ABOVE]
        above = near[-1] if near else None
        if begins and above is not None and k not in scan.furniture.found and (end := _end(scan, k)) > k:
            says = f"begins with the mark “{begins[1]}” that stands in the text above: {scan.line(above)[-40:]}"
            yield Note(tuple(range(k, end)), begins[1], says)
            references = [(at, mark) for at, mark in references if mark != begins[1]]
            k = end
            continue
        references += [(k, match[1]) for match in REFERENCE.finditer(line)]
        k += 1


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
