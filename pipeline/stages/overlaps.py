"""Finds where the tail of one piece of text is the head of another, or one piece lies within another, though misread.

As sequencing reads are assembled: a small index of the letters at the edge of each piece, asked with the letters of all
others; what agrees on one diagonal is aligned, and counts only if the overlap reaches the edges of both pieces. (K-mer
seeds and overlap-layout-consensus: Li, Minimap and miniasm, Bioinformatics 32, 2016.) Time grows with the letters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log
from typing import NamedTuple

import regex
from rapidfuzz.distance.Levenshtein import distance

UNIT = regex.compile(r"rn|cl|vv|[\p{L}\p{N}]")
NOT_LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
# Letters that are read for each other are one letter here; of the ligatures that fall apart, the whole.
ONE_LETTER = {"rn": "m", "cl": "d", "vv": "w"}
ALIKE = str.maketrans("ce0oahb1iljtfnus85", "ccooohhiiiittnnsss")
EDGE = 64  # letters at the head of each piece that are indexed
REACH = 512  # letters at its tail, or head, within which the edge of another is looked for a second time
SHORTEST = 24  # letters of an overlap
SHORT_K, K_GROWS = 6, 27  # letters of a k-mer for a thousand letters; one more for each so many times as many
SHORTER = 2  # letters fewer where nothing was found
MOST_PIECES = 24  # that have a k-mer, before it is taken for one that says nothing
DRIFT = 6  # letters by which k-mers of one overlap may lie off its diagonal
PROBE = 48  # letters at an edge that are compared first
UNLIKE = 0.45  # edits a letter, from which a first comparison is given up
SURE = 0.25  # edits a letter, up to which the comparison can be relied on
PHRASE = 90  # letters up to which what two pieces have at their edges may be a formula: if others have it within,
FORMULA = 2  # so many of them
WORST = 0.36  # edits a letter of an overlap: two copies, each with one letter in six misread
NEAR = 6  # letters about the end of an overlap among which the place is sought
CUT_WORD = 1.5  # edits that an end within a word counts for


class Overlap(NamedTuple):
    """The end of piece `before`, from the letter `begins` up to `till`, that piece `after` repeats up to `ends`.

    Where `after` lies whole within `before`, `ends` is its length, and `till` may be anywhere.
    """

    before: int
    after: int
    begins: int
    till: int
    ends: int
    letters: int
    edits: int


def folded(text: str) -> str:
    """The letters of a text, those that are read for each other made one.

    >>> folded("The modern clear-cut barn") == folded("fhe modem dear cut bam")
    True
    """
    lower = _lower(text)
    for pair, one in ONE_LETTER.items():
        lower = lower.replace(pair, one)
    return NOT_LETTERS.sub("", lower).translate(ALIKE)


def overlaps(texts: Sequence[str]) -> list[Overlap]:
    """Every pair of pieces of which one ends as the other begins, and every piece within another.

    >>> overlaps(["It was a bright cold day in April, and the clocks were striking",
    ...           "day in April, ancl the docks were striking thirteen. Winston Smith"])
    [Overlap(before=0, after=1, begins=21, till=63, ends=42, letters=33, edits=0)]
    """
    pieces = [folded(text) for text in texts]
    backwards = [piece[::-1] for piece in pieces]
    k = SHORT_K + round(log(max(1000, sum(map(len, pieces))) / 1000, K_GROWS))
    every = range(len(pieces))
    met = [*_met(pieces, every, every, k), *_met_at_tails(pieces, backwards, k)]
    found, elsewhere = _alignments(texts, pieces, met)
    # Shorter k-mers for what has found nothing: there are few of these, so that it costs little.
    tails, heads = ({pair[side] for pair in found} for side in (0, 1))
    left = _met(pieces, [i for i in every if i not in tails], [j for j in every if j not in heads], k - SHORTER, REACH)
    found |= _alignments(texts, pieces, left)[0]
    return sorted(one for one in found.values() if one.letters > PHRASE
                  or max(elsewhere["tail", one.before], elsewhere["head", one.after]) < FORMULA)


class Meeting(NamedTuple):
    """Two pieces with letters in common, where the second seems to begin in the first, an edge surely found there."""

    before: int
    after: int
    at: int
    edge: tuple[str, int] | None


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _alignments(
    texts: Sequence[str], pieces: Sequence[str], met: Iterable[Meeting]
) -> tuple[dict[tuple[int, int], Overlap], Counter[tuple[str, int]]]:
    """The overlaps among pieces that meet, and how often what stands at an edge stands within another piece."""
    found: dict[tuple[int, int], Overlap] = {}
    elsewhere: Counter[tuple[str, int]] = Counter()
    for i, j, at, edge in met:
        if (i, j) in found:
            continue
        if at >= 0 and (one := _aligned(texts, pieces, i, j, at)):
            found[i, j] = one
        elif edge:
            elsewhere[edge] += 1
    return found, elsewhere


def _met(
    pieces: Sequence[str], tails: Iterable[int], heads: Iterable[int], k: int, within: int = 0
) -> Iterator[Meeting]:
    """Where the heads of some pieces are in others: anywhere, or in so many letters of their tails."""
    index, probes = _index(pieces, heads, k), [piece[:PROBE] for piece in pieces]
    unlike = [int(UNLIKE * least) for least in range(PROBE + 1)]
    for i in tails:
        piece = pieces[i]
        last = len(piece)
        hits: defaultdict[int, list[int]] = defaultdict(list)
        for p in range(max(0, len(piece) - within) if within else 0, len(piece) - k + 1):
            if there := index.get(piece[p : p + k]):
                for j, q in there:
                    hits[j].append(p - q)
        hits.pop(i, None)
        for j, diagonals in hits.items():  # nearly all of them by chance: what is done here is done often
            at = diagonals[0] if len(diagonals) < 3 else _densest(diagonals)
            if at < 0:
                at = 0
            probe = probes[j]
            least = min(len(probe), last - at)
            if least >= SHORTEST:
                worst = unlike[least]
                edits = distance(probe[:least], piece[at : at + least], score_cutoff=worst)
                if edits <= worst:
                    yield Meeting(i, j, at, ("head", j) if edits <= SURE * least else None)


def _met_at_tails(pieces: Sequence[str], backwards: Sequence[str], k: int) -> Iterator[Meeting]:
    """Where the tails of pieces are in the heads of others."""
    every = range(len(pieces))
    for j, i, at, edge in _met(backwards, every, every, k, REACH):
        # The overlap begins in i by as much before its end as it ends in j behind its head.
        yield Meeting(i, j, at + len(pieces[i]) - len(pieces[j]), ("tail", i) if edge else None)


def _index(pieces: Sequence[str], heads: Iterable[int], k: int) -> dict[str, list[tuple[int, int]]]:
    """Where each k-mer of the heads stands, piece and place; but for those that stand in many."""
    index: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for j in heads:
        piece = pieces[j]
        for q in range(min(len(piece) - k + 1, EDGE)):
            index[piece[q : q + k]].append((j, q))
    for kmer in [kmer for kmer, there in index.items() if len(there) > MOST_PIECES]:
        del index[kmer]
    return dict(index)


def _densest(diagonals: list[int]) -> int:
    """The diagonal on which, or close by which, most of several k-mers lie."""
    diagonals.sort()
    best, at, first = 0, diagonals[0], 0
    for last, diagonal in enumerate(diagonals):
        while diagonal - diagonals[first] > DRIFT:
            first += 1
        if last - first >= best:
            best, at = last - first + 1, diagonals[(first + last) // 2]
    return at


def _aligned(texts: Sequence[str], pieces: Sequence[str], i: int, j: int, at: int) -> Overlap | None:
    """The overlap of two pieces that begins near a letter of the first, if there is one to the edges of both."""
    tail, head = pieces[i], pieces[j]
    begins = _best_start(head[:PROBE], tail, at)
    length = len(tail) - begins
    slack = NEAR + length // 16
    if len(head) <= length + slack and (till := _best_end(head[-PROBE:], tail, begins + len(head))) <= len(tail):
        inside = _judged(i, j, begins, till, len(head), tail, head)
        if inside and len(head) <= length:
            return _placed(texts, pieces, inside)
    ends = _best_end(tail[begins:][-PROBE:], head, length)
    dovetail = _judged(i, j, begins, len(tail), ends, tail, head)
    return _placed(texts, pieces, dovetail) if dovetail else None


def _best_start(wanted: str, there: str, at: int) -> int:
    """Where in a text, near a place, what begins as wanted begins most likely."""
    near = range(max(0, at - NEAR), min(len(there), at + NEAR) + 1)
    return min(near, key=lambda p: (distance(wanted, there[p : p + len(wanted)]), abs(p - at)))


def _best_end(wanted: str, there: str, at: int) -> int:
    """Where in a text, near a place, what ends as wanted ends most likely."""
    reach = NEAR + at // 32
    near = range(max(0, at - reach), min(len(there), at + reach) + 1)
    if not near:
        return len(there)
    return min(near, key=lambda p: (distance(wanted, there[max(0, p - len(wanted)) : p]), abs(p - at)))


def _judged(i: int, j: int, begins: int, till: int, ends: int, tail: str, head: str) -> Overlap | None:
    """The overlap, in letters, if it is long enough and its two copies are alike."""
    letters = min(till - begins, ends)
    if letters < SHORTEST:
        return None
    worst = int(WORST * letters)
    edits = distance(tail[begins:till], head[:ends], score_cutoff=worst)
    return Overlap(i, j, begins, till, ends, letters, edits) if edits <= worst else None


def _placed(texts: Sequence[str], pieces: Sequence[str], found: Overlap) -> Overlap:
    """The overlap, its places told in the texts; ends within a word only where that fits clearly better."""
    i, j, begins, till, ends, _, _ = found
    start = _beginning(texts[i], pieces[i], begins, pieces[j])
    stop = len(texts[i]) if till == len(pieces[i]) else _ending(texts[i], pieces[i], till, pieces[j][:ends])
    close = len(texts[j]) if ends == len(pieces[j]) else _ending(texts[j], pieces[j], ends, pieces[i][:till])
    return found._replace(begins=start, till=stop, ends=close)


def _beginning(text: str, letters: str, at: int, wanted: str) -> int:
    """Where in a text, about a letter, what begins as wanted begins; of two places alike the later."""
    starts, wanted = _starts(text), wanted[:PROBE]
    near = range(max(0, at - NEAR), min(len(starts), at + NEAR + 1))
    return _at_a_word((distance(wanted, letters[p : at + len(wanted)]), -p, _word_start(text, starts[p]))
                      for p in near)


def _ending(text: str, letters: str, at: int, wanted: str) -> int:
    """Where in a text, about a letter, what ends as wanted ends; of two places alike the earlier."""
    starts, wanted = _starts(text), wanted[-PROBE:]
    near = range(max(1, at - NEAR), min(len(starts), at + NEAR) + 1)
    first = max(0, at - len(wanted))
    return _at_a_word((distance(wanted, letters[first:p]), p, _word_end(text, starts[p - 1])) for p in near)


def _starts(text: str) -> list[int]:
    """Where in a text each of its folded letters begins."""
    return [unit.start() for unit in UNIT.finditer(_lower(text))]


def _at_a_word(ways: Iterable[tuple[int, int, tuple[int, bool]]]) -> int:
    """The likeliest of some places, told by how unlike what stands there is, and whether a word is cut."""
    return min((unlike + (0.0 if whole else CUT_WORD), rank, at) for unlike, rank, (at, whole) in ways)[2]


def _word_start(text: str, at: int) -> tuple[int, bool]:
    """A place, the marks close before it taken in, and whether a word begins there."""
    start = at
    while start and not text[start - 1].isspace() and not text[start - 1].isalnum():
        start -= 1
    begins = start == 0 or text[start - 1].isspace()
    return (start, True) if begins else (at, False)


def _word_end(text: str, last: int) -> tuple[int, bool]:
    """The place behind a letter, the marks close behind it taken in, and whether a word ends there."""
    end = stop = last + 1
    while stop < len(text) and not text[stop].isspace() and not text[stop].isalnum():
        stop += 1
    ends = stop == len(text) or text[stop].isspace()
    return (stop, True) if ends else (end, False)
