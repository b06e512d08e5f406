"""Joins pieces that overlap to chains: one piece before each and one behind; what lies within another is set aside.

Where several pieces fit one end, those are joined that agree best all together, if they do so clearly; else the end is
left open, to be asked. (Unitigs of a graph of overlaps: Myers, The fragment assembly string graph, 2005.)
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

from pipeline.stages.overlaps import Overlap

AGREES, DIFFERS = 1.5, -2.0  # nats for a letter that two copies have alike, and for one they have not
SURE = 60.0  # nats; an overlap says no more, so that of joins that exclude each other many count for more than long
CLEAR = 3.0  # nats by which the joins of one end must be better than any others
MOST_WAYS = 12  # joins that compete, of which all choices are weighed; of more none is believed
OFF = 12  # letters by which two ways to place one piece behind another may differ, and be one


class Chains(NamedTuple):
    """Pieces in chains, in the order of the file by their first; the joins in them, pieces within others, open ends."""

    chains: list[list[int]]
    joins: dict[tuple[int, int], Overlap]
    inside: dict[int, Overlap]
    rivals: list[tuple[Overlap, ...]]


def nats(one: Overlap, count: int) -> float:
    """How much an overlap speaks for its join, against one of so many pieces ending as another begins by chance."""
    return min(SURE, AGREES * (one.letters - one.edits) + DIFFERS * one.edits - 2 * log(count))


def chained(lengths: Sequence[int], found: Iterable[Overlap]) -> Chains:
    """The chains of pieces so long.

    >>> chained([60, 60, 60], [Overlap(2, 0, 20, 60, 40, 40, 0), Overlap(0, 1, 20, 60, 41, 40, 1)]).chains
    [[2, 0, 1]]
    """
    count = len(lengths)
    found = [one for one in found if nats(one, count) > 0]
    inside: dict[int, Overlap] = {}
    # Within the longest that has it: what lies within a piece that lies within another is within the outer one too.
    for one in sorted(found, key=lambda one: (lengths[one.after], -one.after, -lengths[one.before])):
        whole = one.ends == lengths[one.after] and lengths[one.before] >= lengths[one.after]
        if whole and one.before not in inside:
            inside.setdefault(one.after, one)
    ends = _direct([one for one in found if not {one.before, one.after} & inside.keys()
                    and one.till == lengths[one.before]], lengths)
    joins: dict[tuple[int, int], Overlap] = {}
    rivals = []
    for rival in _competing(ends):
        chosen = _clearest(rival, count)
        joins |= {(one.before, one.after): one for one in chosen}
        left = tuple(one for one in rival if one not in chosen)
        if left and not chosen:
            rivals.append(left)
    chains = _in_line([k for k in range(count) if k not in inside], joins, count)
    return Chains(chains, joins, inside, rivals)


def _direct(found: Sequence[Overlap], lengths: Sequence[int]) -> list[Overlap]:
    """The overlaps of pieces next to each other: not those with another piece between, that overlaps with both."""
    behind: defaultdict[int, dict[int, Overlap]] = defaultdict(dict)
    for one in found:
        behind[one.before][one.after] = one
    return [one for one in found if not any(
        one.after in behind[mid] and abs(first.begins + behind[mid][one.after].begins - one.begins) <= OFF
        + lengths[one.before] // 16
        for mid, first in behind[one.before].items() if mid != one.after and first.begins < one.begins)]


def _competing(found: Iterable[Overlap]) -> list[list[Overlap]]:
    """The overlaps in groups that have an end in common."""
    groups: dict[tuple[str, int], list[Overlap]] = {}
    for one in found:
        tail, head = ("tail", one.before), ("head", one.after)
        merged = [*groups.get(tail, ()), one]
        if groups.get(head) is not groups.get(tail) or not groups.get(head):
            merged += groups.get(head, ())
        for each in merged:
            groups["tail", each.before] = groups["head", each.after] = merged
    return list({id(group): group for group in groups.values()}.values())


def _clearest(rivals: list[Overlap], count: int) -> list[Overlap]:
    """Of overlaps that compete those that go together best; none, if others do so almost as well."""
    if len(rivals) > MOST_WAYS:
        return []
    ways: list[tuple[float, list[Overlap]]] = [(0.0, [])]
    for one in rivals:
        ways += [(score + nats(one, count), [*way, one]) for score, way in ways
                 if all(one.before != other.before and one.after != other.after for other in way)]
    ways.sort(key=lambda way: -way[0])
    return ways[0][1] if len(ways) < 2 or ways[0][0] - ways[1][0] >= min(CLEAR, ways[0][0]) else []


def _in_line(pieces: Sequence[int], joins: dict[tuple[int, int], Overlap], count: int) -> list[list[int]]:
    """The pieces in chains; a ring is opened where its overlap says least."""
    behind = dict(joins.keys())
    heads = [k for k in pieces if k not in behind.values()]
    chains, left = [], set(pieces)
    while left:
        start = next((k for k in heads if k in left), None)
        if start is None:
            ring = [min(left)]
            while (then := behind[ring[-1]]) != ring[0]:
                ring.append(then)
            weakest = min(ring, key=lambda k: nats(joins[k, behind[k]], count))
            start = behind[weakest]
            del joins[weakest, behind.pop(weakest)]
        chain = [start]
        while chain[-1] in behind:
            chain.append(behind[chain[-1]])
        chains.append(chain)
        left -= set(chain)
    return sorted(chains, key=min)
