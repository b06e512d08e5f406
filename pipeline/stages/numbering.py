"""What is numbered speaks for an order: the second part stands behind the first."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from pipeline.stages.impositions import Laid
    from pipeline.stages.scan import Scan

NUMBERED = regex.compile(r"(?:(\p{L}+)\W{1,2})?(?:(\d{1,2})|([IVXL]{1,6}))[.):]")
CHAPTER = regex.compile(r"\W*([IVXL]{1,6})\W*")
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
OPEN = regex.compile(r"[\p{L}\p{N}]$")
FEWEST = 3  # of a kind, beginning with the first, before they are taken for parts of one text
BEHIND, BEFORE = 0.6, -3.0  # nats for a number that stands behind the one that comes before it, or does not
MOST = 8.0  # nats that all numbers together may say
Cuts = tuple[int, ...]


def number(line: str) -> tuple[str, int] | None:
    """What a line is numbered as, and its number.

    >>> number("Exercise 2: for real"), number("IV. On ropes")
    (('exercise', 2), ('roman ', 4))
    """
    if not (match := NUMBERED.match(line)):
        chapter = CHAPTER.fullmatch(line)
        return ("chapter", _roman(chapter[1])) if chapter else None
    of = (match[1] or "").casefold()
    return (of, int(match[2])) if match[2] else (f"roman {of}", _roman(match[3]))


def _roman(figures: str) -> int:
    values = [ROMAN[c] for c in figures]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def neighbours(scan: "Scan") -> list[tuple[int, int]]:
    """The rows of the text that bear a number, each with that of the number before it, where either is borne once."""
    borne: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for k in scan.body:
        line = scan.line(k)
        if len(line) < 0.8 * scan.measure and OPEN.search(line) and (found := number(line)):
            borne[found].append(k)
    return list(_pairs({found: rows for found, rows in borne.items() if _of_several(borne, found[0])}))


def _of_several(borne: Mapping[tuple[str, int], Sequence[int]], of: str) -> bool:
    return all((of, n) in borne for n in range(1, FEWEST + 1))


def _pairs(borne: Mapping[tuple[str, int], Sequence[int]]) -> Iterator[tuple[int, int]]:
    for (of, n), rows in borne.items():
        before = borne.get((of, n - 1), ())
        if len(rows) == len(before) == 1:
            yield before[0], rows[0]


def numbering(scan: "Scan", laid: "Laid", cuts: Cuts) -> float:
    """How much what is numbered speaks for a hypothesis and against the order of the file."""
    wrong = len(out_of_turn(scan, laid, cuts)) - sum(before > behind for before, behind in scan.counted)
    return max(-MOST, min(MOST, (BEFORE - BEHIND) * wrong))


def out_of_turn(scan: "Scan", laid: "Laid", cuts: Cuts) -> list[tuple[int, int]]:
    """The numbered rows that stand before the one whose number comes before theirs, each behind that."""
    page = laid.in_file
    place = {k: (page[max(0, bisect_right(cuts, k, 0, len(page)) - 1)], k) for pair in scan.counted for k in pair}
    return [(before, behind) for before, behind in scan.counted if place[before] > place[behind]]
