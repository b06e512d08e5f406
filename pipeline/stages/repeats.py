"""Says which text stands twice, at the end of one page and the head of the next: the first copy is read.

The second is a reading of its own: where the language knows its word, and not the first's, it corrects the first.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

from pipeline.language import Language
from pipeline.model import Candidate, Correction, Edit, Evidence, Fault, Mark, Query, Span
from pipeline.stages.layout import Row
from pipeline.stages.overlaps import folded
from pipeline.stages.pages import row_span, spans_of
from pipeline.stages.scan import Join, Scan
from pipeline.stages.scoring import Solution
from pipeline.stages.shuffled import SHUFFLED, open_ends

WORD = regex.compile(r"\S+")
LETTERS = regex.compile(r"\p{L}+")
FIGURE = regex.compile(r"\p{N}")
WORDS_SHOWN = 6
MOST_TOLD = 12  # readings in which two copies differ that are told one by one
KNOWN_THERE = 0.96  # how sure a word is that the second copy has and the language knows, against one it does not
UNLIKE = 0.5  # edits a letter, from which two words are not two readings of one


class Difference(NamedTuple):
    """Where two copies differ: the words of each."""

    first: tuple[Span, ...]
    second: tuple[Span, ...]


def repeats(best: Solution, language: Language) -> Iterator[Mark | Correction]:
    """The second copy of what two pages next to each other have in common, and what it corrects in the first."""
    scan = best.scan
    for (a, _, end), (b, start, _) in pairwise(best.reading):
        if join := scan.joins.get((end, start)):
            differing = _differing(scan.text, join)
            evidence = (overlap(scan.text, join, a, b), *(_told(scan.text, one) for one in differing[:MOST_TOLD]))
            stands = Span(join.tail[0].start, join.tail[-1].end)
            yield Mark("repeat", spans_of(scan.text, join.head), stands, evidence=evidence)
            yield from _better(scan.text, differing, b, language)


def overlap(text: str, join: Join, a: int, b: int) -> Evidence:
    """That the second of two pages begins with the words the first ends with."""
    words = [text[slice(*word)] for word in _words(text, join.head)]
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


def _words(text: str, rows: Sequence[Row]) -> list[Span]:
    return [Span(*word.span()) for row in rows for word in WORD.finditer(text, row.start, row.end)]


def _differing(text: str, join: Join) -> list[Difference]:
    """The words in which two copies differ, one by one where as many stand in both."""
    first, second = _words(text, join.tail), _words(text, join.head)
    ops = Levenshtein.opcodes([text[slice(*word)] for word in first], [text[slice(*word)] for word in second])
    found = []
    for op in ops:
        old, new = first[op.src_start : op.src_end], second[op.dest_start : op.dest_end]
        if op.tag != "equal":
            singly = len(old) == len(new)
            pairs = zip(((word,) for word in old), ((word,) for word in new), strict=True) if singly else ()
            found += [Difference(*pair) for pair in pairs] or [Difference(tuple(old), tuple(new))]
    return found


def _told(text: str, one: Difference) -> Evidence:
    first, second = (" ".join(text[slice(*word)] for word in words) for words in one)
    return Evidence("reading", f"reads ‘{second}’ where the first copy has ‘{first}’")


def _better(text: str, differing: Sequence[Difference], page: int, language: Language) -> Iterator[Correction]:
    """What the second copy corrects in the first: words the language does not know there, and does here."""
    for first, second in differing:
        if not first or not second or "\n" in text[first[0].start : first[-1].end]:
            continue
        span = Span(first[0].start, first[-1].end)
        old, new = text[slice(*span)], " ".join(text[slice(*word)] for word in second)
        if _known(new, language) and not _known(old, language) and _alike(old, new):
            says = f"the copy of this line on page {page} reads ‘{new}’"
            yield Correction(Fault.RECOGNITION, "repeat", ("order.repeat",), (Edit(span, old, new),), KNOWN_THERE,
                             evidence=(Evidence("other copy", says),))


def _known(words: str, language: Language) -> bool:
    found = LETTERS.findall(words)
    return bool(found) and not FIGURE.search(words) and all(map(language.known, found))


def _alike(old: str, new: str) -> bool:
    one, other = folded(old), folded(new)
    return Levenshtein.distance(one, other) <= UNLIKE * max(len(one), len(other), 1)
