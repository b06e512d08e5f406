"""Says which text stands twice, and where the second copy reads otherwise: the first copy is the one that stands.

At the end of one page and the head of the next, in a fragment within another, on a page scanned a second time. Which of
two readings is right is for `repair` to say (`second_readings`).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.model import Candidate, Evidence, Mark, Query, Span
from pipeline.stages.copies import Word, differences, side_by_side, words_of
from pipeline.stages.layout import Row
from pipeline.stages.pages import row_span, spans_of
from pipeline.stages.scan import Join, Scan
from pipeline.stages.scoring import Solution
from pipeline.stages.shuffled import SHUFFLED, open_ends

WORDS_SHOWN = 6


def repeats(best: Solution) -> Iterator[Mark]:
    """The second copy of what two pages next to each other have in common, and what it and other copies read."""
    scan = best.scan
    copies = _Copies(scan.text)
    for (a, _, end), (b, start, _) in pairwise(best.reading):
        if join := scan.joins.get((end, start)):
            stands = Span(join.tail[0].start, join.tail[-1].end)
            yield Mark("repeat", spans_of(scan.text, join.head), stands, evidence=(overlap(scan.text, join, a, b),))
            yield from copies.read(join.tail, join.head)
    for twin in scan.twins:
        side = scan.lay.sides[twin.side]
        yield from copies.read(twin.stands or scan.rows[side.first : side.end], twin.rows)


class _Copies:
    """The copies met so far, and which words of the first each of their words answers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.answers: dict[Word, tuple[Word, ...]] = {}
        self.number: dict[Word, int] = {}  # of the copy a word is of, from 2; of those of the first none

    def read(self, first: Sequence[Row], second: Sequence[Row]) -> Iterator[Mark]:
        """Where a copy reads otherwise than the first; where that is a copy itself, than what it is a copy of."""
        here = words_of(self.text, first)
        stands = [word for k, copy in enumerate(here) for word in self._first(copy, here[k - 1] if k else None)]
        pairs = side_by_side(stands, words_of(self.text, second))
        number = 1 + max((self.number.get(word, 1) for word in (*here, *stands)), default=1)
        for pair in pairs:
            self.answers |= dict.fromkeys(pair.second, pair.first)
            self.number |= dict.fromkeys(pair.second, number) | dict.fromkeys(pair.first, number)
        for place, there in differences(self.text, pairs):
            yield Mark("variant", (place, *there), number)

    def _first(self, word: Word, before: Word | None) -> tuple[Word, ...]:
        """The words of the first copy that a word answers, unless the word before it answers them too."""
        found = self.answers.get(word, (word,))
        return () if before and found == self.answers.get(before) else found


def overlap(text: str, join: Join, a: int, b: int) -> Evidence:
    """That the second of two pages begins with the words the first ends with."""
    words = [word for row in join.head for word in text[row.start : row.end].split()]
    shown = " ".join(words if len(words) <= WORDS_SHOWN else [*words[:3], "…", *words[-3:]])
    alike = "letter by letter" if not join.edits else f"but for {join.edits} of {join.letters} letters"
    return Evidence("overlap", f"page {b} begins with the words page {a} ends with, {alike}: ‘{shown}’",
                    round(join.nats, 2))


def open_seams(best: Solution) -> Iterator[Query]:
    """A question for each end of a chain of pieces that none is known to follow."""
    if best.laid.scheme is not SHUFFLED:
        return
    scan = best.scan
    for end, followers in open_ends(scan):
        last = scan.rows[end - 1]
        words = " ".join(scan.text[last.start : last.end].split()[-WORDS_SHOWN:])
        candidates = tuple(Candidate(_first_words(scan, cut), round(chance, 3)) for cut, chance in followers[:4])
        says = f"which piece follows ‘{words}’ is not certain, none repeats it; they stand as in the file"
        yield Query((row_span(last),), says, candidates, rule="order.open_seam")


def _first_words(scan: Scan, cut: int) -> str:
    row = scan.rows[cut]
    return " ".join(scan.text[row.start : row.end].split()[:WORDS_SHOWN])
