"""Where each page of a text lies on the sides of its PDF: told by its words, or by the form feeds of the text.

The PDF itself is asked, because the order of a text layer is not that of the eye: turned sides give the right page
first, and blank ones nothing. Only of a PDF without letters (images of a scan) it is told by the form feeds of the
text, and by which page was left or right.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from statistics import median_low
from typing import NamedTuple

from pipeline.draft import Draft
from pipeline.emit.pdf_sides import WORD, Box, PdfSide
from pipeline.emit.sheets import PageSeen, cell
from pipeline.errors import Refused

DIVISIONS = ((1, 1), (2, 1), (1, 2), (2, 2))  # pages across and down, as they may lie on a side
LONGEST = 2.4  # times as long as it is broad a page may be
AS_IT_LAY = 2.5  # by how much more words must say that a page of the left hand lies to the right
CLEARLY = 1.15  # by how much more a finer division must explain
KNOWN_AGAIN = 0.3  # of the words that tell a page: with so many it is found
FOUND = 0.5  # of the pages with text: fewer found, and it is another PDF
COMMON = 0.3  # of the pages: a word on more tells none of them
FEWEST = 10  # pages, from which words are too common

NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


class Seat(NamedTuple):
    """Where a page is cut out: the side, from 0, and the box; which of the pages on it, from 0, of how many."""

    side: int
    box: Box
    turned: int
    cell: int
    of: tuple[int, int]
    shown: int = 0  # by how many degrees with the clock the side is turned when it is seen

    @property
    def name(self) -> str:
        """The side from 1, and which part of it as it is seen: left or right, up or down.

        >>> Seat(3, NOWHERE, 0, 1, (2, 1)).name, Seat(3, NOWHERE, 0, 0, (1, 1)).name
        ('4R', '4')
        >>> Seat(3, NOWHERE, 0, 0, (1, 2), 90).name
        '4R'
        """
        return f"{self.side + 1}{_corner(self.cell, self.of, self.shown)}"


def seated(draft: Draft, pages: Sequence[PageSeen], sides: Sequence[PdfSide]) -> dict[int, Seat]:
    """The seat of each page that has one, by its place in `Draft.pages`; none at all where it is another PDF."""
    seats = _by_words(draft, pages, sides) if any(side.words for side in sides) else _by_feeds(draft, pages, sides)
    _seat_blanks(pages, sides, seats)
    return seats


def _by_words(draft: Draft, pages: Sequence[PageSeen], sides: Sequence[PdfSide]) -> dict[int, Seat]:
    """Each page where most of its words stand: first the side, then which part of it."""
    bags = {one.at: _bag(draft, one) for one in pages if one.spans}
    weight = _telling(bags)
    on_side: dict[int, list[int]] = {}
    feeds = _feeds(draft, pages, len(sides))
    whole = [Counter(word.letters for word in side.words) for side in sides]
    sure = 0
    for at, bag in bags.items():
        there = [feeds[at]] if feeds else range(len(sides))
        score, side = max((_shared(bag, whole[k], weight), -k) for k in there)
        sure += score > KNOWN_AGAIN * _shared(bag, bag, weight)
        if score > 0 or feeds:
            on_side.setdefault(-side, []).append(at)
    if sure < FOUND * len(bags):
        return {}
    found: dict[int, Seat] = {}
    for alike in _of_one_size(sides).values():
        ways = {
            way: {k: _placed(bags, weight, sides[k], [one for one in pages if one.at in on_side.get(k, ())], way)
                  for k in alike}
            for way in _divisions(sides[alike[0]], [len(on_side[k]) for k in alike if k in on_side])
        }
        total = {way: sum(score for score, _ in there.values()) / CLEARLY ** (way[0] * way[1])
                 for way, there in ways.items()}
        best = max(total, key=lambda way: (total[way], -way[0] * way[1]), default=(1, 1))
        for k, (_, cells) in ways.get(best, {}).items():
            found |= {at: _seat(sides[k], k, best, part) for at, part in cells.items()}
    return found


def _bag(draft: Draft, one: PageSeen) -> Counter[str]:
    return Counter(word.casefold() for span in one.spans for word in WORD.findall(draft.witness.text[slice(*span)]))


def _telling(bags: dict[int, Counter[str]]) -> dict[str, float]:
    """How much each word tells of a page, the fewer have it the more."""
    pages = Counter(word for bag in bags.values() for word in bag)
    most = COMMON * len(bags) if len(bags) >= FEWEST else len(bags)
    return {word: math.log(1 + len(bags) / n) for word, n in pages.items() if n <= most}


def _shared(bag: Counter[str], other: Counter[str], weight: dict[str, float]) -> float:
    return sum(weight.get(word, 0.0) * min(n, other[word]) for word, n in bag.items() if word in other)


def _placed(
    bags: dict[int, Counter[str]], weight: dict[str, float], side: PdfSide, pages: Sequence[PageSeen],
    way: tuple[int, int],
) -> tuple[float, dict[int, int]]:
    """Which page of a side lies in which part of it, and how many words that explains.

    Where the words are undecided, because a text layer ran two pages together, left is left and right is right.
    """
    boxes = side.cells(way)
    held = [Counter(word.letters for word in side.words if within(box, word.x, word.y)) for box in boxes]
    places = range(len(boxes))
    scores = {(one.at, k): _shared(bags[one.at], held[k], weight) for one in pages for k in places}
    turned = _turned(side)
    usual = {(one.at, k): scores[one.at, k] * (AS_IT_LAY if _lay_there(one, _corner(k, way, turned)) else 1)
             for one in pages for k in places}
    most = min(len(pages), len(boxes))
    likely = sorted((one.at for one in pages), key=lambda page: -max(scores[page, k] for k in places))[:most]
    best = max(permutations(places, most),
               key=lambda cells: sum(usual.get(pair, 0.0) for pair in zip(likely, cells, strict=True)))
    there = dict(zip(likely, best, strict=True))
    return sum(scores[pair] for pair in there.items()), there


def _corner(k: int, way: tuple[int, int], turned: int) -> str:
    """Which part of a side one is, when the side is turned by so many degrees with the clock.

    >>> _corner(1, (2, 2), 0), _corner(1, (2, 2), 180), _corner(0, (1, 1), 0)
    ('UR', 'DL', '')
    """
    across, down = way
    x, y = (2 * (k % across) + 1) / across - 1, 1 - (2 * (k // across) + 1) / down
    for _ in range(turned // 90):
        x, y = y, -x
    return "U" * (y > 0) + "D" * (y < 0) + "L" * (x < 0) + "R" * (x > 0)


def _lay_there(one: PageSeen, corner: str) -> bool:
    """Whether a page lay in that part of its side, as far as the text tells."""
    k = cell(one)
    row = len(corner) < 2 or ("D" if k > 1 else "U") in corner
    return one.page.position is not None and row and ("L" if k % 2 else "R") not in corner


def _divisions(side: PdfSide, pages: Sequence[int]) -> list[tuple[int, int]]:
    """How a side may be cut: into pieces of the shape of a page, as many as most sides have pages."""
    fewest = median_low(pages) if pages else 1
    found = [way for way in DIVISIONS if way[0] * way[1] >= min(fewest, 4) and _page_like(side.cells(way)[0])]
    return found or [(1, 1)]


def _page_like(box: Box) -> bool:
    """Whether a part of a side has the shape of a page."""
    wide, high = box[2] - box[0], box[3] - box[1]
    return max(wide, high) < LONGEST * min(wide, high)


def _by_feeds(draft: Draft, pages: Sequence[PageSeen], sides: Sequence[PdfSide]) -> dict[int, Seat]:
    """Of images without letters: each page on the side that the form feeds of the text give, left or right of it."""
    feeds = _feeds(draft, pages, len(sides))
    if not feeds:
        raise Refused(f"the PDF has no text layer, and the form feeds of {draft.witness.name} do not part it into the "
                      f"{len(sides)} sides of the PDF: where its pages lie cannot be told")
    most = max(Counter(feeds.values()).values())
    found: dict[int, Seat] = {}
    for one in sorted((one for one in pages if one.at in feeds), key=lambda one: one.spans):
        side = sides[feeds[one.at]]
        way = (1, 1) if most == 1 else (2, 2) if most > 2 else (2, 1) if _lies(side) else (1, 2)
        taken = {seat.cell for seat in found.values() if seat.side == feeds[one.at]}
        free = [k for k in range(way[0] * way[1]) if k not in taken]
        there = (k for k in free if _lay_there(one, _corner(k, way, side.turned)))
        found[one.at] = _seat(side, feeds[one.at], way, next(there, free[0] if free else 0))
    return found


def _lies(side: PdfSide) -> bool:
    """Whether a side, before it is turned, is broader than high."""
    left, bottom, right, top = side.box
    return right - left >= top - bottom


def _feeds(draft: Draft, pages: Sequence[PageSeen], sides: int) -> dict[int, int]:
    """On which side of the PDF each page lies by the form feeds of the text, if they part it into so many sides."""
    text = draft.witness.text
    if sides not in (text.count("\f"), text.count("\f") + 1):
        return {}
    return {one.at: min(text.count("\f", 0, min(one.spans).start), sides - 1) for one in pages if one.spans}


def _seat_blanks(pages: Sequence[PageSeen], sides: Sequence[PdfSide], seats: dict[int, Seat]) -> None:
    """Blank pages lie where the page with which they share a side does not."""
    taken = {(seat.side, seat.cell) for seat in seats.values()}
    for one in pages:
        if one.at in seats or not one.page.blank or one.page.sheet is None:
            continue
        beside = [seats[other.at] for other in pages if other.at in seats
                  and (other.page.sheet, other.page.side) == (one.page.sheet, one.page.side)]
        for seat in beside:
            if free := [k for k in range(seat.of[0] * seat.of[1]) if (seat.side, k) not in taken]:
                seats[one.at] = _seat(sides[seat.side], seat.side, seat.of, free[0])._replace(turned=seat.turned)
                taken.add((seat.side, free[0]))
                break


def _seat(side: PdfSide, number: int, way: tuple[int, int], cell: int) -> Seat:
    box = side.cells(way)[cell]
    turned = _turned(side, box)
    # A page alone on its side stays as it is shown, unless it stands on its head.
    if way == (1, 1) and (turned - side.turned) % 360 != 180:
        turned = side.turned
    return Seat(number, box, turned, cell, way, side.turned)


def _turned(side: PdfSide, box: Box | None = None) -> int:
    """How a side or a part of it must be turned for its words to stand upright; without words as it is shown."""
    turns = Counter(word.turned for word in side.words if within(box or side.box, word.x, word.y))
    return max(sorted(turns), key=lambda turn: turns[turn], default=side.turned)


def _of_one_size(sides: Sequence[PdfSide]) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for k, side in enumerate(sides):
        left, bottom, right, top = side.box
        found.setdefault((round((right - left) / 9), round((top - bottom) / 9)), []).append(k)
    return found


def within(box: Box, x: float, y: float) -> bool:
    return box[0] <= x < box[2] and box[1] <= y < box[3]
