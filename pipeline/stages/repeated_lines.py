"""Finds lines that stand twice in a scan, at the end of one page and the head of another, wherever pages end."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

from pipeline.stages.chains import nats
from pipeline.stages.overlaps import WORST, Overlap, folded
from pipeline.stages.scan import Join, Scan

WORD = regex.compile(r"\p{L}+")
K = 8  # letters of a k-mer
FIRST_LETTERS = frozenset("nt")  # of the k-mers that are looked at: one in five
MOST_LINES = 2  # that have a k-mer: what stands more often is no line seen twice
LEAST_LETTERS = 12  # of a line that is looked for; shorter ones only go with their neighbours
MOST_REPEATED = 12  # lines
SHARE = 0.3  # of the sides that repeat lines within, if more than one page lies on each


# Of lines that stand twice in a row with no page end to be seen, more is asked: that they are one print of prose.
FULL, PROSE = 0.85, 0.5  # of the measure, from which a line is full; of the lines, that are so
LIKE = 0.2  # edits a letter; more are two sentences that say nearly the same
EDGE, EDGE_LIKE = 6, 2  # letters at both ends of each line; edits among them
MOST_SURE = 0.5  # of the places so found, that must lie within sentences
LONGEST_PAGE = 120  # lines, on the mean, between places so found; an author repeats himself more rarely

class Run(NamedTuple):
    """Lines that stand twice: which, in the first place and in the second, and how many."""

    first: int
    second: int
    lines: int


def joins_by_lines(scan: Scan) -> dict[tuple[int, int], Join]:
    """The joins of pages that repeat lines, by the cuts between them, in a scan whose sides do.

    In others lines stand twice because they are printed so: a hymn's last, the first of a blues, forms filled in alike.
    """
    letters = [folded(scan.line(k)) for k in scan.body]
    starts, ends = {side.first for side in scan.lay.sides}, {side.end for side in scan.lay.sides}
    at_edges: dict[tuple[int, int], Join] = {}
    within: dict[tuple[int, int], Join] = {}
    for run in _runs(letters):
        ways = dict(_joins(scan, letters, run))
        sure = {cuts: join for cuts, join in ways.items() if cuts[0] in ends or cuts[1] in starts}
        at_edges |= sure
        within |= {} if sure else ways
    return at_edges | (within if len(within) >= SHARE * len(starts) else {})


def joins_in_a_row(scan: Scan) -> dict[tuple[int, int], Join]:
    """The joins of lines that stand twice in a row within a sentence, though nothing shows a page end there."""
    full = [scan.rows[k].width >= FULL * scan.measure for k in scan.body]
    if sum(full) < PROSE * len(full):
        return {}
    letters = [folded(scan.line(k)) for k in scan.body]
    runs = [run for run in _runs(letters) if run.first + run.lines == run.second and _line_by_line(letters, run)
            and not _says_otherwise(scan, run)]
    if sum(_within_a_sentence(scan, run, full) for run in runs) < MOST_SURE * len(runs):
        return {}  # lines stand twice for another reason
    found = {}
    for run in runs:
        for (end, start), join in _joins(scan, letters, run):
            heads = (k for k in range(end, start) if k in scan.furniture.found and scan.furniture.found[k].top)
            cut = next(heads, start)
            found[cut, cut] = join
    return found if len(letters) <= LONGEST_PAGE * (len(found) + 1) else {}


def _within_a_sentence(scan: Scan, run: Run, full: Sequence[bool]) -> bool:
    """Whether lines that stand twice in a row begin or end where a full line of prose runs on into the next."""
    end = run.second + run.lines
    if not run.first or end == len(full) or any(
        row.blanks or row.feed for row in (scan.rows[scan.body[run.first]], scan.rows[scan.body[end]])
    ):
        return False  # so a stanza has its first line twice, or its last
    return any(full[k - 1] and scan.heads[k].starts == "lower" for k in (run.first, end))


def _says_otherwise(scan: Scan, run: Run) -> bool:
    """Whether two copies differ in words that are quite different, and all known: so they do not misread each other."""
    for k in range(run.lines):
        one, other = (WORD.findall(scan.line(scan.body[at + k]).lower()) for at in (run.first, run.second))
        for a, b in zip(one, other, strict=False) if len(one) == len(other) else ():
            if scan.language.known(a) and scan.language.known(b) and not _same(folded(a), folded(b)):
                return True
    return False


def _line_by_line(letters: Sequence[str], run: Run) -> bool:
    """Whether two copies are so much alike, and end their lines at the same words, that they are of one print."""
    for k in range(run.lines):
        one, other = letters[run.first + k], letters[run.second + k]
        ends = Levenshtein.distance(one[-EDGE:], other[-EDGE:]), Levenshtein.distance(one[:EDGE], other[:EDGE])
        if max(ends) > EDGE_LIKE or Levenshtein.distance(one, other) > LIKE * max(len(one), len(other)):
            return False
    return True


def _runs(letters: Sequence[str]) -> Iterator[Run]:
    """The lines that stand twice, those that follow each other together."""
    twice = dict(_alike(letters))
    done: set[int] = set()
    for first, second in sorted(twice.items()):
        if first in done:
            continue
        run = Run(first, second, 1)
        while _goes_on(letters, run):
            run = run._replace(lines=run.lines + 1)
        while _begins_before(letters, run):
            run = Run(run.first - 1, run.second - 1, run.lines + 1)
        done.update(range(run.first, run.first + run.lines))
        if run.lines <= MOST_REPEATED:
            yield run


def _goes_on(letters: Sequence[str], run: Run) -> bool:
    one, other = run.first + run.lines, run.second + run.lines
    return one < run.second and other < len(letters) and _same(letters[one], letters[other])


def _begins_before(letters: Sequence[str], run: Run) -> bool:
    one, other = run.first - 1, run.second - 1
    return one >= 0 and other >= run.first + run.lines and _same(letters[one], letters[other])


def _alike(letters: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines that are like one other, the earlier first."""
    index: defaultdict[str, list[int]] = defaultdict(list)
    for k, line in enumerate(letters):
        for kmer in {line[p : p + K] for p in range(len(line) - K + 1) if line[p] in FIRST_LETTERS}:
            index[kmer].append(k)
    pairs = Counter((there[0], there[1]) for there in index.values() if 1 < len(there) <= MOST_LINES)
    met: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in pairs:
        if min(len(letters[one]), len(letters[other])) >= LEAST_LETTERS and _same(letters[one], letters[other]):
            met[one].append(other)
            met[other].append(one)
    yield from ((one, others[0]) for one, others in met.items()
                if len(others) == 1 and one < others[0] and len(met[others[0]]) == 1)


def _same(one: str, other: str) -> bool:
    return Levenshtein.distance(one, other) <= WORST * max(len(one), len(other))


def _joins(scan: Scan, letters: Sequence[str], run: Run) -> Iterator[tuple[tuple[int, int], Join]]:
    """The ways a run can join pages, by the cuts: either copy may be the earlier, unless they lie side by side."""
    edits = sum(Levenshtein.distance(letters[run.first + k], letters[run.second + k]) for k in range(run.lines))
    length = sum(len(letters[run.first + k]) for k in range(run.lines))
    weight = nats(Overlap(0, 0, 0, 0, 0, length, min(edits, length)), len(scan.rows))
    one, other = (scan.body[at : at + run.lines] for at in (run.first, run.second))
    for tail, head in ((one, other), (other, one)) if one[-1] + 1 < other[0] else ((one, other),):
        if weight > 0:
            copies = tuple(scan.rows[k] for k in tail), tuple(scan.rows[k] for k in head)
            yield (tail[-1] + 1, head[0]), Join(*copies, weight, length, edits)
