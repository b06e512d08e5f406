"""A scan: the lines of a witness as they lie, what is furniture among them, and how well any two run on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from math import log
from statistics import median
from typing import NamedTuple

from pipeline.language import Language
from pipeline.stages.doubles import Twin
from pipeline.stages.furniture import Furniture
from pipeline.stages.layout import NOT_LETTERS, Layout, Row
from pipeline.stages.numbering import neighbours
from pipeline.stages.seam_weights import WEIGHTS
from pipeline.stages.seams import NEAR, Head, Phrases, Tail, features, head, tail

MOST_BLANKS = 4  # blank lines; more are as many
NEVER = -1e4
GIVEN = 200.0  # nats for a page end that the editor has set: without it nothing is weighed
AT_A_PAGE_END = 0.2  # the chance that the commonest kind of gap lies at a page end
UNSEEN = 0.9  # the same where page ends are not seen
FEWEST_ENDS = 6  # page ends from which the white at them is learned
AS_SEEN = 6  # page ends that the usual gaps count for, beside those known
HEAD_THERE, HEAD_LACKING, CUT_OFF = 6.0, -1.5, -8.0  # nats: furniture where pages end, none, on the wrong side
NUMBERED = 3.0  # nats more for a number by itself, where most pages end with one
TITLE, TITLE_THERE = 3.0, 2.0  # from which a place looks like a title page, and how much that says for a page end
OVERLAP_THERE = 3.0  # nats for a page end where lines begin or end that stand twice
MOST_SEAM = 6.0  # nats that one seam may say
# Of full lines, the share over which prose runs on badly (in nats) where it is in order is .005 to .025, one letter in
# twenty misread .033; where pages lie in another order and nothing shows it, .04 to .07 (python -m bench.imposed).
FEWEST_WORDS, ONE_BY_ONE = 60, 0.9  # rows of a side, of which such a share is one word each
FULL, FEWEST_FULL, BADLY, SO_MANY, PROSE = 0.85, 200, -2.0, 0.035, 0.5


class Join(NamedTuple):
    """The tail of one piece and the head of another that are one text: the rows of both, and what that says in nats."""

    tail: tuple[Row, ...]
    head: tuple[Row, ...]
    nats: float
    letters: int
    edits: int


@dataclass(frozen=True)
class Scan:
    """The rows of a witness with everything asked of them when pages and their order are sought.

    A cut is a place between rows, `k` before row `k`; a page is what lies between two cuts.
    """

    text: str
    lay: Layout
    furniture: Furniture
    notes: frozenset[int]
    language: Language
    pinned: frozenset[int] = frozenset()  # cuts the editor has set
    barred: frozenset[int] = frozenset()  # cuts the editor has forbidden
    twins: tuple[Twin, ...] = ()  # sides scanned a second time; their rows are not among `rows`
    cuts: tuple[int, ...] = ()  # the page ends thought likeliest before
    gaps_at_ends: tuple[tuple[int, float], ...] = ()  # how often so many blank lines stand at a page end, once known
    joins: Mapping[tuple[int, int], Join] = field(default_factory=dict)  # of pieces that overlap, by the cuts
    _seams: dict[tuple[int, int], float] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.lay.rows

    def line(self, k: int) -> str:
        """The letters of a row."""
        row = self.rows[k]
        return self.text[row.start : row.end]

    @cached_property
    def body(self) -> list[int]:
        """The rows of the text itself."""
        return [k for k in range(len(self.rows)) if k not in self.furniture.found and k not in self.notes]

    @cached_property
    def last_before(self) -> list[int]:
        """For each cut, how many rows of the text lie before it."""
        text = frozenset(self.body)
        return [0, *accumulate(int(k in text) for k in range(len(self.rows)))]

    @cached_property
    def measure(self) -> float:
        """The letters of a full line."""
        widths = sorted(self.rows[k].width for k in self.body)
        return float(median(widths[len(widths) // 2 :])) if widths else 1.0

    @cached_property
    def tails(self) -> list[Tail]:
        return [tail(self.line(k), self.measure) for k in self.body]

    @cached_property
    def heads(self) -> list[Head]:
        return [head(self.line(k), self.measure) for k in self.body]

    @cached_property
    def phrases(self) -> Phrases:
        return Phrases(self.language, [self.line(k) for k in self.body])

    def runs_on(self, end: int, start: int) -> float:
        """How well the text before the cut `end` runs on after the cut `start`, in nats."""
        known = self._seams.get((end, start))
        if known is None:
            known = self._seams[end, start] = self._run_on(end, start)
        return known

    def _run_on(self, end: int, start: int) -> float:
        if join := self.joins.get((end, start)):
            return join.nats
        i, j = self.last_before[end] - 1, self.last_before[start]
        if i < 0 or j >= len(self.body):
            return 0.0
        nats = sum(WEIGHTS.get(name, 0.0) * x for name, x in self.reasons(i, j).items())
        return max(-MOST_SEAM, min(MOST_SEAM, nats))

    def reasons(self, i: int, j: int) -> dict[str, float]:
        """What speaks for or against the row `i` of the text running on into row `j`."""
        found = features(self.tails[i], self.heads[j], self.phrases)
        last = range(max(0, i - NEAR + 1), i)
        found["one subject"] = self.phrases.topic(last, range(j + 1, min(j + NEAR, len(self.body))))
        return found

    @cached_property
    def ends_here(self) -> list[float]:
        """For each cut, how much speaks for a page end there and for another page behind it than in the file."""
        return [0.0, *(self.ends[k] - self.given_up(k) for k in range(1, len(self.rows))), 0.0]

    def given_up(self, cut: int) -> float:
        """How well the text runs on over a cut as the file has it."""
        return self.runs_on(cut, cut)

    @cached_property
    def breaks_off(self) -> bool:
        """Whether full lines of prose run on so badly at so many places that pages may lie there, in another order."""
        full = [self.given_up(k) for k in range(1, len(self.rows))
                if not self.rows[k].blanks and self.rows[k - 1].width > FULL * self.measure]
        badly = sum(nats < BADLY for nats in full)
        return len(full) >= FEWEST_FULL and sum(full) > PROSE * len(full) and badly > SO_MANY * len(full)

    @cached_property
    def words_apart(self) -> bool:
        """Whether on some sides, but not on all, nearly every line is one word."""
        shares = [sum(" " not in self.line(k) for k in range(side.first, side.end)) / side.rows
                  for side in self.lay.sides if side.rows >= FEWEST_WORDS]
        apart = sum(share > ONE_BY_ONE for share in shares)
        return 0 < apart < len(shares)

    def closes_paragraph(self, cut: int) -> bool:
        """Whether the text at a cut looks as if a paragraph ended there."""
        i, j = self.last_before[cut] - 1, self.last_before[cut]
        if i < 0 or j >= len(self.body) or not self.tails[i].ends.startswith("stop"):
            return False
        starts = self.heads[j].starts
        return starts == "heading" or (starts != "lower" and self.tails[i].ends == "stop short")

    @cached_property
    def usual_gaps(self) -> dict[int, float]:
        """How often so many blank lines may stand at a page end, before any is known: seldom the commonest number."""
        seen = Counter(min(row.blanks, MOST_BLANKS) for row in self.rows[1:])
        common = max(sorted(seen), key=lambda blanks: seen[blanks], default=0)
        rest = (1 - AT_A_PAGE_END) / max(1, len(seen) - 1)
        return {blanks: AT_A_PAGE_END if blanks == common else rest for blanks in sorted(seen)}

    @cached_property
    def gap_weights(self) -> dict[tuple[bool, int], float]:
        """How much so many blank lines speak for a page end, after the end of a paragraph and elsewhere, in nats.

        Where paragraphs stand apart, one that does not is as telling as white in the middle of a sentence.
        """
        at_ends = dict(self.gaps_at_ends) or self.usual_gaps
        if len(at_ends) < 2:
            return {}
        seen = Counter((self.closes_paragraph(k), min(self.rows[k].blanks, MOST_BLANKS))
                       for k in range(1, len(self.rows)))
        found = {}
        for closed in (False, True):
            total = sum(seen[closed, blanks] for blanks in at_ends)
            for blanks, share in at_ends.items():
                here = (seen[closed, blanks] + 0.5) / (total + 0.5 * len(at_ends))
                found[closed, blanks] = log(share / here)
        return found

    @cached_property
    def ends(self) -> list[float]:
        """For each cut, how much the print and the white speak for a page end there, in nats."""
        return [0.0, *(self._end(k) for k in range(1, len(self.rows))), 0.0]

    def _end(self, k: int) -> float:
        found, row = self.furniture.found, self.rows[k]
        if k in self.barred:
            return NEVER
        if row.feed:
            return 0.0
        if k in self.pinned:
            return GIVEN
        weight = self.gap_weights.get((self.closes_paragraph(k), min(row.blanks, MOST_BLANKS)), 0.0)
        above, below = found.get(k - 1), found.get(k)
        if opens(self, k) > TITLE:
            weight += TITLE_THERE
        if k in self._overlap_edges:
            weight += OVERLAP_THERE
        if join := self.joins.get((k, k)):
            weight += join.nats  # text that stands twice in a row has no other reason
        top, foot = below is not None and below.top, above is not None and not above.top
        if top or foot:
            weight += HEAD_THERE
            if foot and self.furniture.feet and above is not None and above.number is not None:
                weight += NUMBERED
        elif (self.furniture.heads or self.furniture.feet) and not (above or below):
            weight += HEAD_LACKING
        if (above is not None and above.top) or (below is not None and not below.top):
            weight += CUT_OFF
        return weight

    @cached_property
    def _overlap_edges(self) -> frozenset[int]:
        """The cuts at which text begins or ends that stands on another page too."""
        return frozenset(cut for cuts in self.joins for cut in cuts)

    @cached_property
    def forced(self) -> list[int]:
        """The cuts that are page ends for certain: between sides, and between the columns of one."""
        return sorted({0, len(self.rows), *self.pinned, *(side.first for side in self.lay.columns)} - self.barred)

    def with_ends(self, cuts: Sequence[int]) -> "Scan":
        """The same scan, with the white at these page ends taken for what page ends have."""
        inner = set(cuts[1:-1]) - {side.first for side in self.lay.sides}
        if len(inner) < FEWEST_ENDS:
            return replace(self, cuts=tuple(cuts))
        seen = Counter(min(self.rows[cut].blanks, MOST_BLANKS) for cut in inner)
        total = len(inner) + AS_SEEN
        shares = tuple((blanks, (seen[blanks] + AS_SEEN * share) / total) for blanks, share in self.usual_gaps.items())
        return replace(self, cuts=tuple(cuts), gaps_at_ends=shares)

    def with_nothing_seen(self) -> "Scan":
        """The same scan, with page ends thought to have the commonest gap nearly always: no white shows them."""
        common = min(self.usual_gaps, key=lambda blanks: self.usual_gaps[blanks], default=0)
        rest = (1 - UNSEEN) / max(1, len(self.usual_gaps) - 1)
        return replace(self, gaps_at_ends=tuple((blanks, UNSEEN if blanks == common else rest)
                                                for blanks in self.usual_gaps))

    def with_notes(self, notes: frozenset[int]) -> "Scan":
        """The same scan with some rows known for notes."""
        return replace(self, notes=notes, _seams={}) if notes else self

    def with_joins(self, joins: Mapping[tuple[int, int], Join]) -> "Scan":
        """The same scan with its pieces known to overlap."""
        return replace(self, joins=joins, _seams={})

    @cached_property
    def numbers(self) -> list[tuple[int, int]]:
        """The rows that bear a number a page could have, and the numbers."""
        most = 4 * len(self.rows)
        return [(k, one.number) for k, one in sorted(self.furniture.found.items())
                if one.number is not None and 0 < one.number < most]

    @cached_property
    def counted(self) -> list[tuple[int, int]]:
        """The rows of headings that are numbered, each with that of the heading numbered before it."""
        return neighbours(self)

    @cached_property
    def catchwords(self) -> list[tuple[int, str]]:
        """The rows that are catchwords, and the words."""
        return [(k, NOT_LETTERS.sub("", self.line(k)).lower()) for k, one in sorted(self.furniture.found.items())
                if one.value == "catchword"]

    def first_word(self, cut: int) -> str:
        """The letters of the first word of the text after a cut."""
        j = self.last_before[cut]
        line = self.line(self.body[j]).split(maxsplit=1) if j < len(self.body) else []
        return NOT_LETTERS.sub("", line[0]).lower() if line else ""

    def heights(self, *, white: bool) -> list[int]:
        """Where each cut lies down the scan, in rows, or in rows and the blank lines between them."""
        return [0, *accumulate(1 + (row.blanks if white else 0) for row in self.rows)]


def opens(scan: Scan, cut: int) -> float:
    """How much a text looks as if it began at a cut, in nats."""
    j = scan.last_before[cut]
    if j >= len(scan.body):
        return 0.0
    starts = [one.starts for one in scan.heads[j : j + 2]]
    short = [scan.rows[k].width < 0.6 * scan.measure for k in scan.body[j : j + 2]]
    if starts[0] == "lower":
        return -2.5
    title = starts[0] == "heading" or (short[0] and starts[0] == "capital" and scan.tails[j].ends[:4] == "open")
    byline = title and short[1:] == [True] and starts[1] in ("capital", "heading")
    return 0.3 + 1.7 * title + 1.5 * byline


def closes(scan: Scan, cut: int) -> float:
    """How much a text looks as if it ended at a cut, in nats."""
    i = scan.last_before[cut] - 1
    if i < 0:
        return 0.0
    return {"stop": 0.7, "stop short": 1.0, "broken": -4.0}.get(scan.tails[i].ends, -2.5)
