"""The channel: which slips of recognition make one word of another, and how rare they are, in nats.

A generalised edit distance (Brill and Moore 2000): one to three letters read as others, each slip with the cost of its
own, by the rules that know it or by counts of what was misread where the truth is known.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein, Postfix, Prefix

from pipeline.rulebook import Rule

LONGEST = 3  # letters that are misread together, as they are counted
KNOWN = 8.5  # nats for a slip that a rule names: letters of like shape
OF_ANY = {"other": 12.0, "swapped": 9.0, "lost": 11.5, "added": 11.0}  # for one that none does
ACCENT = 9.0  # for an accent put or lost
USUAL = 0.003  # the share of its letters that a slip of like shape is read for, where much is misread
CHEAPEST = 7.0
APOSTROPHES = {"’", "'", "‘"}
NEVER, USELESS = math.inf, 15.0
Pair = tuple[str, str]


class Slip(NamedTuple):
    """What was read, for what, by which rule, and how rare that is in nats."""

    seen: str
    meant: str
    rule: Rule
    nats: float


class Channel:
    """The confusion rules of a book, and the shares measured of misread letters, as one measure of distance."""

    def __init__(self, rules: Iterable[Rule], shares: Mapping[Pair, float]) -> None:
        self._slips: dict[Pair, Slip] = {}
        self._any: dict[str, Rule] = {}
        for rule in rules:
            if rule.any:
                self._any.setdefault(rule.any, rule)
            for seen, meant in rule.pairs:
                if " " not in meant:
                    nats = _rarity(shares[seen, meant]) if (seen, meant) in shares else KNOWN
                    self._slips.setdefault((seen, meant), Slip(seen, meant, rule, min(nats, KNOWN)))
        for (seen, meant), share in shares.items():
            kind = _kind(seen, meant) or "several"
            if kind in self._any:
                nats = min(_rarity(share), OF_ANY.get(kind, NEVER))
                self._slips.setdefault((seen, meant), Slip(seen, meant, self._any[kind], nats))
        self._several: defaultdict[str, list[Slip]] = defaultdict(list)  # by the first letter that was read
        for slip in self._slips.values():
            if slip.seen and len(slip.seen) + len(slip.meant) > 2:
                self._several[slip.seen[0]].append(slip)
        self._single = lru_cache(1 << 14)(self._one)
        self._differing = lru_cache(1 << 14)(self._between)

    def nats(self, seen: str, meant: str) -> float:
        """How rare a slip is that a rule names; 0 where it is none of letters."""
        slip = self._slips.get((seen, meant))
        return slip.nats if slip else 0.0

    def slips(self, seen: str, meant: str) -> tuple[Slip, ...] | None:
        """The likeliest slips that make one word of the other; none where no rule allows them.

        Capitals are told from small letters only where a slip needs it: what is misread in a word keeps its case.
        """
        begin = int(Prefix.similarity(seen, meant))
        end = int(Postfix.similarity(seen[begin:], meant[begin:]))
        return self._differing(seen[begin : len(seen) - end], meant[begin : len(meant) - end])

    def _between(self, a: str, b: str) -> tuple[Slip, ...] | None:
        """The same of what two words do not share."""
        best: list[list[tuple[float, tuple[Slip, ...]]]] = [[(NEVER, ())] * (len(b) + 1) for _ in range(len(a) + 1)]
        best[0][0] = (0.0, ())
        for i in range(len(a) + 1):
            for j in range(len(b) + 1):
                here = best[i][j]
                if here[0] == NEVER:
                    continue
                if i < len(a) and j < len(b) and a[i] == b[j] and here[0] < best[i + 1][j + 1][0]:
                    best[i + 1][j + 1] = here
                for slip in self._from(a, i, b, j):
                    m, n = i + len(slip.seen), j + len(slip.meant)
                    if here[0] + slip.nats < best[m][n][0]:
                        best[m][n] = (here[0] + slip.nats, (*here[1], slip))
        return best[-1][-1][1] if best[-1][-1][0] < NEVER else None

    def rough(self, seen: str, meant: str) -> float:
        """About how rare the slips are together, in nats: quicker, where many words are to be told apart first."""
        nats = 0.0
        for one in Levenshtein.opcodes(seen, meant):
            if one.tag != "equal":
                lost, put = seen[one.src_start : one.src_end], meant[one.dest_start : one.dest_end]
                slip = self._slips.get((lost, put))
                nats += slip.nats if slip else sum(
                    each.nats if (each := self._single(x, y)) else USELESS
                    for x, y in zip_longest(lost, put, fillvalue=""))
        return nats

    def _from(self, seen: str, i: int, meant: str, j: int) -> Iterator[Slip]:
        """The slips that may have happened where two words have come so far."""
        here, there = seen[i : i + 1], meant[j : j + 1]
        for pair in ((here, there), (here, ""), ("", there), (seen[i : i + 2], meant[j : j + 2])):
            if pair != ("", "") and (slip := self._single(*pair)):
                yield slip
        for slip in self._several.get(here, ()):
            if seen.startswith(slip.seen, i) and meant.startswith(slip.meant, j):
                yield slip

    def _one(self, seen: str, meant: str) -> Slip | None:
        found = self._slips.get((seen, meant))
        if found or seen == meant or len(seen) > 2 or len(meant) > 2:
            return found
        kind = _kind(seen, meant)
        rule = self._any.get(kind)
        if not rule or APOSTROPHES & {*seen, *meant}:
            return None  # ev’ry has lost its letter on purpose
        nats = OF_ANY[kind]
        if kind == "other" and unicodedata.normalize("NFD", seen)[0] == unicodedata.normalize("NFD", meant)[0]:
            nats = ACCENT
        return Slip(seen, meant, rule, nats)


def _kind(seen: str, meant: str) -> str:
    if len(seen) == len(meant) == 2:
        return "swapped" if seen == meant[::-1] else ""
    return {(1, 1): "other", (0, 1): "lost", (1, 0): "added"}.get((len(seen), len(meant)), "")


def _rarity(share: float) -> float:
    return max(CHEAPEST, KNOWN - math.log(share / USUAL))
