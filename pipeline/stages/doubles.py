"""Finds sides that were scanned twice, and sets the worse copy apart."""

from collections import Counter, defaultdict
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

from pipeline.language import Language
from pipeline.stages.layout import Layout, Row, Side

WORD = regex.compile(r"\p{L}+")
FIGURES = regex.compile(r"\p{N}+")
RUN = 3  # words together that two copies have alike
SHARED = 0.12  # of the runs of one side, that another has too: each copy is misread in its own way
ALIKE = 85  # of 100, letter by letter; forms that are filled in alike are less
OF_ONE_LENGTH = 0.06  # by which the rows of two copies may differ
FEWEST_FIGURES, SAME_FIGURES = 8, 0.5  # numbers of a side, from which so large a share must be those of its copy
FEWEST = 20  # runs of a side that can be compared
LEEWAY = 4  # rows about the place where the second page of a copy is looked for


class Twin(NamedTuple):
    """A side scanned a second time: its rows, the side (of those kept) it is a copy of, which rows if not all of it."""

    rows: tuple[Row, ...]
    side: int
    stands: tuple[Row, ...] = ()

    def cut(self, text: str, first: Row, share: float) -> int:
        """Where in the copy a page begins that begins with a row of the original, so far down its side."""
        middle = round(share * len(self.rows))
        near = range(max(1, middle - LEEWAY), min(len(self.rows), middle + LEEWAY + 1))
        line = text[first.start : first.end]
        return max(near, key=lambda k: fuzz.ratio(line, text[self.rows[k].start : self.rows[k].end]), default=middle)


def apart(text: str, lay: Layout, language: Language) -> tuple[Layout, tuple[Twin, ...]]:
    """The layout without sides scanned a second time, and these."""
    runs = [_runs(text, lay.rows[side.first : side.end]) for side in lay.sides]
    copies: dict[int, int] = {}
    for k, one in _copies(runs):
        of = copies.get(one, one)  # the best of those seen so far
        if not _alike(text, lay, k, of):
            continue
        worse, better = (k, of) if _known(text, lay, of, language) >= _known(text, lay, k, language) else (of, k)
        copies = {copy: better if kept == worse else kept for copy, kept in copies.items()} | {worse: better}
    if not copies:
        return lay, ()
    rows: list[Row] = []
    sides: list[Side] = []
    number: dict[int, int] = {}
    for k, side in enumerate(lay.sides):
        if k not in copies:
            number[k] = len(sides)
            gutter = side.gutter - side.first + len(rows) if side.gutter else 0
            sides.append(Side(len(rows), len(rows) + side.rows, gutter))
            rows += lay.rows[side.first : side.end]
    twins = tuple(Twin(lay.rows[lay.sides[k].first : lay.sides[k].end], number[of]) for k, of in sorted(copies.items()))
    return Layout(tuple(rows), tuple(sides), lay.certain), twins


def _runs(text: str, rows: tuple[Row, ...]) -> set[tuple[str, ...]]:
    words = [word.lower() for row in rows for word in WORD.findall(text, row.start, row.end)]
    return {tuple(words[k : k + RUN]) for k in range(len(words) - RUN + 1)}


def _copies(runs: list[set[tuple[str, ...]]]) -> list[tuple[int, int]]:
    """Which sides are copies of an earlier one."""
    seen: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    found = []
    for k, here in enumerate(runs):
        shared = Counter(j for run in here for j in seen[run])
        most = shared.most_common(1)
        if most and len(here) >= FEWEST and most[0][1] >= SHARED * min(len(here), len(runs[most[0][0]])):
            found.append((k, most[0][0]))
        for run in here:
            seen[run].append(k)
    return found


def _alike(text: str, lay: Layout, k: int, of: int) -> bool:
    one, other = lay.sides[k], lay.sides[of]
    if abs(one.rows - other.rows) > max(1, OF_ONE_LENGTH * one.rows):
        return False
    figures = [Counter(FIGURES.findall("\n".join(text[row.start : row.end] for row in lay.rows[side.first : side.end])))
               for side in (one, other)]
    most = max(count.total() for count in figures)
    if most >= FEWEST_FIGURES and (figures[0] & figures[1]).total() < SAME_FIGURES * most:
        return False  # a table like another, or a form filled in otherwise
    texts = ["\n".join(text[row.start : row.end] for row in lay.rows[side.first : side.end]) for side in (one, other)]
    return fuzz.ratio(*texts, score_cutoff=ALIKE) > 0


def _known(text: str, lay: Layout, k: int, language: Language) -> float:
    """The share of the words of a side that the language has."""
    side = lay.sides[k]
    words = [word for row in lay.rows[side.first : side.end] for word in WORD.findall(text, row.start, row.end)]
    return sum(map(language.known, words)) / max(1, len(words))
