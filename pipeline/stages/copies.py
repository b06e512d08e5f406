"""Lays two copies of one text beside each other, word by word, and says where they differ."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein, Opcodes

from pipeline.lines import HYPHENS
from pipeline.model import LINE_BREAK, Span
from pipeline.stages.layout import Row

WORD = regex.compile(r"\S+")
HYPHEN = regex.compile(f"[{HYPHENS}]")


class Word(NamedTuple):
    """A word of a copy: its letters, and where they stand; the hyphen at which a line end cuts it is none of them."""

    letters: str
    at: tuple[int, ...]
    broken: bool = False


class Pair(NamedTuple):
    """Words of two copies that answer each other."""

    first: tuple[Word, ...]
    second: tuple[Word, ...]

    @property
    def alike(self) -> bool:
        """Whether both are one reading; of a word that a line end cuts nobody knows whether it has a hyphen."""
        one, other = (tuple(word.letters for word in words) for words in self)
        if one == other or not one or not other:
            return one == other
        cut = any(word.broken for words in self for word in words)
        return cut and _unhyphened(self.first) == _unhyphened(self.second)


class Difference(NamedTuple):
    """A place of the first copy, on one line, and where what the second has instead stands, line by line."""

    place: Span
    there: tuple[Span, ...]


def words_of(text: str, rows: Sequence[Row]) -> list[Word]:
    """The words of some rows, those broken at the end of a row whole."""
    found: list[Word] = []
    for row in rows:
        for match in WORD.finditer(text, row.start, row.end):
            here = Word(match[0], tuple(range(*match.span())))
            before = found[-1] if found else None
            if before and match.start() == row.start and before.letters[-1] in HYPHENS and len(before.letters) > 1 \
                    and match[0][0].islower():
                found[-1] = Word(before.letters[:-1] + here.letters, before.at[:-1] + here.at, broken=True)
            else:
                found.append(here)
    return found


def side_by_side(first: Sequence[Word], second: Sequence[Word]) -> list[Pair]:
    """The words of two copies in pairs: those alike one by one, others in the smallest groups that answer each other.

    What one copy has and the other has not goes with the word before it.

    >>> def typed(line): return words_of(line, [Row(0, len(line))])
    >>> pairs = side_by_side(typed("the ink hacl held,and he laid"), typed("the ink had held, and so he laid"))
    >>> [tuple(" ".join(word.letters for word in words) for words in pair) for pair in pairs if not pair.alike]
    [('hacl', 'had'), ('held,and', 'held, and so')]
    """
    found: list[Pair] = []
    held = Pair((), ())  # what differs, as far as it was met
    for op in Levenshtein.opcodes([_unhyphened([word]) for word in first], [_unhyphened([word]) for word in second]):
        here = Pair(tuple(first[op.src_start : op.src_end]), tuple(second[op.dest_start : op.dest_end]))
        if op.tag != "equal":
            held = Pair(held.first + here.first, held.second + here.second)
            continue
        found += [*_smallest(held), *(Pair((one,), (other,)) for one, other in zip(*here, strict=True))]
        held = Pair((), ())
    return _with_neighbours([*found, *_smallest(held)])


def differences(text: str, pairs: Sequence[Pair]) -> Iterator[Difference]:
    """Where two copies differ, line by line of the first; not what only one has where they begin or end.

    Where the copies begin and end is known from these very words.
    """
    for k, pair in enumerate(pairs):
        edge = k in (0, len(pairs) - 1)
        if not pair.alike and pair.first and (pair.second or not edge):
            yield from _by_line(text, pair)


def _unhyphened(words: Sequence[Word]) -> str:
    return " ".join(HYPHEN.sub("", word.letters) or word.letters for word in words)


def _spelt(words: Sequence[Word]) -> str:
    return " ".join(word.letters for word in words)


def _smallest(pair: Pair) -> Iterator[Pair]:
    """A pair cut wherever a blank of the one is a blank of the other."""
    if not any(pair):
        return
    one, other = map(_spelt, pair)
    cuts = [(0, 0)]
    for op in Levenshtein.opcodes(one, other) if min(map(len, pair)) > 1 else ():
        if op.tag == "equal":
            cuts += ((one.count(" ", 0, at) + 1, other.count(" ", 0, op.dest_start + at - op.src_start) + 1)
                     for at in range(op.src_start, op.src_end) if one[at] == " ")
    for (a, c), (b, d) in pairwise([*cuts, (len(pair.first), len(pair.second))]):
        yield Pair(pair.first[a:b], pair.second[c:d])


def _with_neighbours(pairs: Sequence[Pair]) -> list[Pair]:
    """What only one copy has together with the words before it; at the beginning and the end by itself."""
    found: list[Pair] = []
    for k, pair in enumerate(pairs):
        if not all(pair) and 0 < k < len(pairs) - 1:
            before = found.pop()
            pair = Pair(before.first + pair.first, before.second + pair.second)
        found.append(pair)
    return found


def _by_line(text: str, pair: Pair) -> Iterator[Difference]:
    """A difference for each line of the first copy that it touches."""
    one, other = (_spelt(words) for words in pair)
    at, there = (_places(words) for words in pair)
    lines = list(_runs(text, at))
    if len(lines) == 1:
        yield Difference(_span(at, lines[0]), _spans(text, there))
        return
    ops = Levenshtein.opcodes(one, other)
    cuts = [0, *(_counterpart(ops, begin) for begin, _ in lines[1:]), len(there)]
    for (begin, end), (a, b) in zip(lines, pairwise(cuts), strict=True):
        if one[begin:end].strip() != other[a:b].strip():
            yield Difference(_span(at, (begin, end)), _spans(text, there[a:b]))


def _places(words: Sequence[Word]) -> list[int]:
    """Where the letters of some words stand; of the blank between two, -1."""
    return [p for word in words for p in (-1, *word.at)][1:]


def _span(places: Sequence[int], run: tuple[int, int]) -> Span:
    there = [p for p in places[slice(*run)] if p >= 0]
    return Span(there[0], there[-1] + 1)


def _spans(text: str, places: Sequence[int]) -> tuple[Span, ...]:
    return tuple(_span(places, run) for run in _runs(text, places))


def _runs(text: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """From where to where letters stand on one line."""
    letters = [k for k, p in enumerate(places) if p >= 0]
    start = letters[0] if letters else 0
    for k, then in pairwise([*letters, len(places)]):
        here, there = places[k], places[then] if then < len(places) else -1
        if there < here or LINE_BREAK.search(text, here, there):
            yield start, k + 1
            start = then


def _counterpart(ops: Opcodes, at: int) -> int:
    """Where in the second text a letter of the first has its place."""
    op = next(op for op in ops if at < op.src_end)
    return min(op.dest_start + at - op.src_start, op.dest_end)
