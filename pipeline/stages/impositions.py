"""Impositions: which pages lie on which side, in the order of the file, for a number of pages.

A scheme is one function from the number of pages to the sides; a side is the pages on it from left to right, 0 where it
is blank. To add a scheme is to write its function and to name it in `SCHEMES`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

ALL = -1
Cells = tuple[int, ...]
Sides = list[Cells]
Imposing = Callable[[int], Sides]


def singles(n: int) -> Sides:
    """One page a side, as they read.

    >>> singles(3)
    [(1,), (2,), (3,)]
    """
    return [(page,) for page in range(1, n + 1)]


def spreads(n: int) -> Sides:
    """Facing pages, from the first.

    >>> spreads(4)
    [(1, 2), (3, 4)]
    """
    return [(page, page + 1) for page in range(1, n, 2)]


def covered_spreads(n: int) -> Sides:
    """Facing pages, the first alone to the right and the last alone to the left.

    >>> covered_spreads(4)
    [(0, 1), (2, 3), (4, 0)]
    """
    return [(page if page else 0, page + 1 if page < n else 0) for page in range(0, n + 1, 2)]


def saddle(n: int) -> Sides:
    """Sheets laid into each other and stitched through the fold: each sheet's front, then its back.

    >>> saddle(8)
    [(8, 1), (2, 7), (6, 3), (4, 5)]
    """
    return [(n - k, k + 1) if k % 2 == 0 else (k + 1, n - k) for k in range(n // 2)]


def fronts_then_backs(n: int) -> Sides:
    """Saddle stitch, the fronts of all sheets, then the stack turned over, so that its backs come last first.

    >>> fronts_then_backs(8)
    [(8, 1), (6, 3), (4, 5), (2, 7)]
    """
    return saddle(n)[::2] + saddle(n)[1::2][::-1]


def fronts_then_backs_in_order(n: int) -> Sides:
    """Saddle stitch, the fronts of all sheets, then all backs in the same order.

    >>> fronts_then_backs_in_order(8)
    [(8, 1), (6, 3), (2, 7), (4, 5)]
    """
    return saddle(n)[::2] + saddle(n)[1::2]


def duplex_swapped(n: int) -> Sides:
    """Saddle stitch, the back of each sheet before its front.

    >>> duplex_swapped(8)
    [(2, 7), (8, 1), (4, 5), (6, 3)]
    """
    sides = saddle(n)
    return [side for k in range(0, len(sides), 2) for side in sides[k : k + 2][::-1]]


def odd_then_even(n: int) -> Sides:
    """One page a side: the odd pages, then the even ones.

    >>> odd_then_even(4)
    [(1,), (3,), (2,), (4,)]
    """
    return singles(n)[::2] + singles(n)[1::2]


def odd_then_even_back(n: int) -> Sides:
    """One page a side: the odd pages, then the stack turned over, so that the even ones come last first.

    >>> odd_then_even_back(4)
    [(1,), (3,), (4,), (2,)]
    """
    return singles(n)[::2] + singles(n)[1::2][::-1]


def odd_back_then_even(n: int) -> Sides:
    """One page a side: the odd pages with the last first, then the even ones as they read.

    >>> odd_back_then_even(4)
    [(3,), (1,), (2,), (4,)]
    """
    return singles(n)[::2][::-1] + singles(n)[1::2]


def odd_back_then_even_back(n: int) -> Sides:
    """One page a side: the odd pages with the last first, then the even ones likewise.

    >>> odd_back_then_even_back(4)
    [(3,), (1,), (4,), (2,)]
    """
    return singles(n)[::2][::-1] + singles(n)[1::2][::-1]


def gatherings(of: int) -> Imposing:
    """Gatherings of so many pages, each stitched by itself, one behind the other.

    >>> gatherings(4)(8)
    [(4, 1), (2, 3), (8, 5), (6, 7)]
    """

    def sides(n: int) -> Sides:
        return [tuple(page + before for page in side) for before in range(0, n, of) for side in saddle(of)]

    return sides


def quarto(n: int) -> Sides:
    """Sheets of four pages a side, folded twice and laid into each other; the upper row as it is seen, upside down.

    >>> quarto(8)
    [(5, 4, 8, 1), (3, 6, 2, 7)]
    """
    return [side for k in range(0, n // 2, 4) for side in (
        (n - k - 3, k + 4, n - k, k + 1), (k + 3, n - k - 2, k + 2, n - k - 1))]


def quarto_turned(n: int) -> Sides:
    """The same, the pages of the upper row as they read when it is turned.

    >>> quarto_turned(8)
    [(4, 5, 8, 1), (6, 3, 2, 7)]
    """
    return [(b, a, c, d) for a, b, c, d in quarto(n)]


def quartos(n: int) -> Sides:
    """Sheets of four pages a side, each folded twice, one behind the other.

    >>> quartos(16)[2:]
    [(13, 12, 16, 9), (11, 14, 10, 15)]
    """
    return [tuple(page + before for page in side) for before in range(0, n, 8) for side in quarto(8)]


def two_up(n: int) -> Sides:
    """Saddle stitch with two sheets one above the other, to be cut apart.

    >>> two_up(8)
    [(8, 1, 6, 3), (2, 7, 4, 5)]
    """
    sheets = saddle(n)
    return [(*sheets[k + face], *sheets[k + 2 + face]) for k in range(0, len(sheets), 4) for face in (0, 1)]


def turned(sides: Imposing) -> Imposing:
    """Every side turned, or a book that opens from the right: its right page comes first.

    >>> turned(saddle)(4)
    [(1, 4), (3, 2)]
    """
    return lambda n: [side[::-1] for side in sides(n)]


def backs_turned(sides: Imposing) -> Imposing:
    """Every second side turned.

    >>> backs_turned(saddle)(8)
    [(8, 1), (7, 2), (6, 3), (5, 4)]
    """
    return lambda n: [side[::-1] if k % 2 else side for k, side in enumerate(sides(n))]


def _as_folded(sides: Imposing) -> Imposing:
    return sides


def last_first(sides: Imposing) -> Imposing:
    """The whole stack from its last side.

    >>> last_first(saddle)(8)
    [(4, 5), (6, 3), (2, 7), (8, 1)]
    """
    return lambda n: sides(n)[::-1]


@dataclass(frozen=True)
class Scheme:
    """A scheme: the name it goes by, its sides, and how unusual it is (nats against it before any text is read)."""

    name: str
    sides: Imposing
    prior: float
    multiple: int = 1  # of which the number of pages must be one
    fewest: int = 2
    gathering: int = 0  # pages of a gathering of folded sheets; 0 where no sheet is folded, ALL where all make one
    folded: int = 1  # how often each sheet is folded

    @property
    def as_it_lies(self) -> bool:
        """Whether its pages lie as they read."""
        return self.name in ("plain", "reader_spreads")

    def leaf(self, pages: int, page: int, side: int | None) -> tuple[int | None, str | None]:
        """The sheet a page is printed on, and which face of it: of folded sheets, else of the sides as they lay.

        >>> [SADDLE.leaf(8, page, None) for page in (1, 2, 3, 8)]
        [(1, 'A'), (1, 'B'), (2, 'A'), (1, 'A')]
        """
        if not self.gathering:
            return (None, None) if side is None else (side + 1, "A")
        size = pages if self.gathering == ALL else self.gathering
        half = 2 * self.folded  # pages of a sheet that come before the fold, as many after it
        within = (page - 1) % size + 1
        outer = min(within, size + 1 - within) - 1
        front = outer % half in (0, half - 1) if self.folded > 1 else outer % 2 == 0
        return (page - 1) // size * (size // half // 2) + outer // half + 1, "A" if front else "B"

    @cached_property
    def a_side(self) -> int:
        """The pages of a side."""
        return max(map(len, self.sides(self.multiple * self.fewest)))

    def fits(self, n: int) -> bool:
        """Whether so many pages can lie in this scheme."""
        return n >= self.fewest and n % self.multiple == 0


PLAIN = Scheme("plain", singles, 2.0, fewest=1)
UNKNOWN = Scheme("undecided", singles, -3.0, fewest=1)  # the pages lie in no order that is known
LOOSE = Scheme("loose_sheets", saddle, -3.0, 4, 12, ALL)  # sheets of a booklet in any order
SADDLE = Scheme("saddle", saddle, -1.0, 4, 4, ALL)
SCHEMES = (
    PLAIN,
    Scheme("single_reversed", last_first(singles), -2.0, fewest=3),
    Scheme("reader_spreads", covered_spreads, 2.0, 2),
    Scheme("reader_spreads", spreads, 2.0, 2),
    Scheme("reader_spreads_reversed", last_first(spreads), -3.0, 2, 4),
    Scheme("reader_spreads_reversed", last_first(covered_spreads), -3.0, 2, 4),
    Scheme("reader_spreads_turned", turned(spreads), -4.0, 2, 4),
    Scheme("reader_spreads_turned", turned(covered_spreads), -4.0, 2, 4),
    SADDLE,
    Scheme("saddle_reversed", last_first(saddle), -3.0, 4, 8, ALL),
    Scheme("saddle_fronts_then_backs", fronts_then_backs, -2.5, 4, 8, ALL),
    Scheme("saddle_fronts_then_backs", fronts_then_backs_in_order, -2.5, 4, 12, ALL),
    Scheme("duplex_swapped", duplex_swapped, -3.0, 4, 8, ALL),
    Scheme("saddle_rtl", turned(saddle), -4.0, 4, 8, ALL),
    Scheme("saddle_half_turned", backs_turned(saddle), -4.0, 4, 8, ALL),
    Scheme("saddle_half_turned", turned(backs_turned(saddle)), -4.0, 4, 8, ALL),
    Scheme("saddle_rtl_reversed", last_first(turned(saddle)), -5.0, 4, 8, ALL),
    Scheme("saddle_half_turned_reversed", last_first(backs_turned(saddle)), -5.0, 4, 8, ALL),
    Scheme("saddle_half_turned_reversed", last_first(turned(backs_turned(saddle))), -5.0, 4, 8, ALL),
    Scheme("oddeven", odd_then_even, -3.0, 1, 4),
    Scheme("oddeven_flip", odd_then_even_back, -3.0, 1, 4),
    Scheme("oddeven_reversed", odd_back_then_even_back, -4.0, 1, 5),
    Scheme("oddeven_reversed_flip", odd_back_then_even, -4.0, 1, 5),
    Scheme("evenodd", last_first(odd_back_then_even_back), -4.0, 1, 4),
    Scheme("evenodd_flip", last_first(odd_then_even_back), -4.0, 1, 5),
    Scheme("evenodd_reversed", last_first(odd_then_even), -4.0, 1, 5),
    Scheme("evenodd_reversed_flip", last_first(odd_back_then_even), -4.0, 1, 5),
    *(Scheme(f"signatures{name}", way(gatherings(of)), prior, of, 2 * of, of)
      for name, way, prior in (("", _as_folded, -4.0), ("_reversed", last_first, -5.5), ("_rtl", turned, -6.0),
                               ("_half_turned", backs_turned, -6.0))  # each of several sizes
      for of in range(4, 68, 4)),
    Scheme("quarto", quarto, -4.0, 8, 8, ALL, 2),
    Scheme("quarto", quarto_turned, -4.0, 8, 8, ALL, 2),
    Scheme("quarto", quartos, -4.0, 8, 16, 8, 2),
    Scheme("saddle_two_up", two_up, -4.0, 8, 8, ALL),
)
MOST_BLANKS = 3  # at the end of a booklet


@dataclass(frozen=True)
class Laid:
    """A hypothesis: a scheme for so many pages, and which of them are blank; `sides` has 0 for these."""

    scheme: Scheme
    pages: int
    blanks: tuple[int, ...]
    sides: tuple[Cells, ...]

    @cached_property
    def in_file(self) -> list[int]:
        """The pages with text in the order of the file."""
        return [page for side in self.sides for page in side if page]

    @property
    def missing(self) -> frozenset[int]:
        """The pages that are neither in the file nor blank."""
        return frozenset(range(1, self.pages + 1)).difference(self.in_file, self.blanks)

    def adjoin(self, page: int, other: int) -> bool:
        """Whether nothing but blank pages lies between two pages as they read."""
        return other == page + 1 or all(between in self.blanks for between in range(page + 1, other))

    def without_side(self, k: int) -> "Laid":
        """As it lies in a file from which one side is missing."""
        return replace(self, sides=self.sides[:k] + self.sides[k + 1 :])

    def in_file_by(self, most: int) -> "Laid":
        """As it lies in a file in which a blank side is not, and in which each page is by itself if `most` is 1."""
        sides = ((page,) for page in self.in_file) if most == 1 else (side for side in self.sides if any(side))
        return replace(self, sides=tuple(sides))

    def as_given(self, sides: tuple[Cells, ...]) -> "Laid":
        """The same pages on other sides."""
        return replace(self, sides=sides)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many pages with text each side has."""
        return tuple(sum(page > 0 for page in side) for side in self.sides)


def laid(scheme: Scheme, pages: int, blanks: tuple[int, ...] = ()) -> Laid:
    """The sides of a scheme with some of its pages blank.

    >>> laid(SADDLE, 4, (4,)).sides
    ((0, 1), (2, 3))
    """
    sides = tuple(tuple(0 if page in blanks else page for page in side) for side in scheme.sides(pages))
    return Laid(scheme, pages, tuple(sorted(blanks)), sides)


def blanks_at_end(pages: int, most: int = MOST_BLANKS) -> Iterator[tuple[int, ...]]:
    """The blank pages at the end of a booklet: none, or a few.

    >>> list(blanks_at_end(8))
    [(), (8,), (7, 8), (6, 7, 8)]
    """
    return (tuple(range(pages - n + 1, pages + 1)) for n in range(most + 1))


def blanks_of(pages: int, most: int = MOST_BLANKS) -> Iterator[tuple[int, ...]]:
    """Where blank pages are found in booklets: at the end, behind the title, inside the cover."""
    for last in blanks_at_end(pages, most):
        yield last
        if pages > 4 and len(last) < most:
            yield (2, *last)
    if pages > 4:
        yield (pages - 1,)
        yield (2, pages - 1)
