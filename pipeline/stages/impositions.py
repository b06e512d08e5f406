"""Impositions: which pages lie on which side, in the order of the file, for a number of pages.

A scheme is one function from the number of pages to the sides; a side is the pages on it from left to right, 0 where it
is blank. To add a scheme is to write its function and to name it in `SCHEMES`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

ALL = -1
Cells = tuple[int, ...]
Sides = list[Cells]


def singles(n: int) -> Sides:
    """One page a side, as they read.

    >>> singles(3)
    [(1,), (2,), (3,)]
    """
    return [(page,) for page in range(1, n + 1)]


def reversed_singles(n: int) -> Sides:
    """One page a side, the last first.

    >>> reversed_singles(3)
    [(3,), (2,), (1,)]
    """
    return singles(n)[::-1]


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


def reversed_spreads(n: int) -> Sides:
    """Facing pages, the last first.

    >>> reversed_spreads(4)
    [(3, 4), (1, 2)]
    """
    return spreads(n)[::-1]


def reversed_covered_spreads(n: int) -> Sides:
    """Facing pages with a cover, the last first.

    >>> reversed_covered_spreads(4)
    [(4, 0), (2, 3), (0, 1)]
    """
    return covered_spreads(n)[::-1]


def saddle(n: int) -> Sides:
    """Sheets laid into each other and stitched through the fold: each sheet's front, then its back.

    >>> saddle(8)
    [(8, 1), (2, 7), (6, 3), (4, 5)]
    """
    return [(n - k, k + 1) if k % 2 == 0 else (k + 1, n - k) for k in range(n // 2)]


def reversed_saddle(n: int) -> Sides:
    """Saddle stitch, the innermost side first.

    >>> reversed_saddle(8)
    [(4, 5), (6, 3), (2, 7), (8, 1)]
    """
    return saddle(n)[::-1]


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


def right_to_left(n: int) -> Sides:
    """Saddle stitch of a book that opens from the right.

    >>> right_to_left(4)
    [(1, 4), (3, 2)]
    """
    return [side[::-1] for side in saddle(n)]


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


def gatherings(of: int) -> Callable[[int], Sides]:
    """Gatherings of so many pages, each stitched by itself, one behind the other.

    >>> gatherings(4)(8)
    [(4, 1), (2, 3), (8, 5), (6, 7)]
    """

    def sides(n: int) -> Sides:
        return [
            tuple(page + before for page in side) for before in range(0, n, of) for side in saddle(of)
        ]

    return sides


@dataclass(frozen=True)
class Scheme:
    """A scheme: the name it goes by, its sides, and how unusual it is (nats against it before any text is read)."""

    name: str
    sides: Callable[[int], Sides]
    prior: float
    multiple: int = 1  # of which the number of pages must be one
    fewest: int = 2
    gathering: int = 0  # pages of a gathering of folded sheets; 0 where no sheet is folded, ALL where all make one

    @property
    def as_it_lies(self) -> bool:
        """Whether its pages lie as they read."""
        return self.name in ("plain", "reader_spreads")

    @property
    def loses_sides(self) -> bool:
        """Whether a side missing from it is looked for."""
        return self.gathering == ALL and self.prior > -3.0

    def leaf(self, pages: int, page: int, side: int | None) -> tuple[int | None, str | None]:
        """The sheet a page is printed on, and which face of it: of folded sheets, else of the sides as they lay.

        >>> [SCHEMES[6].leaf(8, page, None) for page in (1, 2, 3, 8)]
        [(1, 'A'), (1, 'B'), (2, 'A'), (1, 'A')]
        """
        if not self.gathering:
            return (None, None) if side is None else (side + 1, "A")
        size = pages if self.gathering == ALL else self.gathering
        within = (page - 1) % size + 1
        outer = min(within, size + 1 - within)
        return (page - 1) // size * (size // 4) + (outer + 1) // 2, "A" if outer % 2 else "B"

    def fits(self, n: int) -> bool:
        """Whether so many pages can lie in this scheme."""
        return n >= self.fewest and n % self.multiple == 0


PLAIN = Scheme("plain", singles, 2.0, fewest=1)
UNKNOWN = Scheme("undecided", singles, -3.0, fewest=1)  # the pages lie in no order that is known
SCHEMES = (
    PLAIN,
    Scheme("single_reversed", reversed_singles, -2.0, fewest=3),
    Scheme("reader_spreads", covered_spreads, 2.0, 2),
    Scheme("reader_spreads", spreads, 2.0, 2),
    Scheme("reader_spreads_reversed", reversed_spreads, -3.0, 2, 4),
    Scheme("reader_spreads_reversed", reversed_covered_spreads, -3.0, 2, 4),
    Scheme("saddle", saddle, -1.0, 4, 4, ALL),
    Scheme("saddle_reversed", reversed_saddle, -3.0, 4, 8, ALL),
    Scheme("saddle_fronts_then_backs", fronts_then_backs, -2.5, 4, 8, ALL),
    Scheme("saddle_fronts_then_backs", fronts_then_backs_in_order, -2.5, 4, 12, ALL),
    Scheme("duplex_swapped", duplex_swapped, -3.0, 4, 8, ALL),
    Scheme("saddle_rtl", right_to_left, -4.0, 4, 8, ALL),
    Scheme("oddeven", odd_then_even, -3.0, 1, 4),
    Scheme("oddeven_flip", odd_then_even_back, -3.0, 1, 4),
    *(Scheme("signatures", gatherings(of), -3.0, of, 2 * of, of) for of in (4, 8, 12, 16, 20, 24, 28, 32, 48, 64)),
)
MOST_BLANKS = 3  # at the end of a booklet


@dataclass(frozen=True)
class Laid:
    """A hypothesis: a scheme for so many pages, and which of them are blank; `sides` has 0 for these."""

    scheme: Scheme
    pages: int
    blanks: tuple[int, ...]
    sides: tuple[Cells, ...]

    @property
    def in_file(self) -> list[int]:
        """The pages with text in the order of the file."""
        return [page for side in self.sides for page in side if page]

    @property
    def missing(self) -> frozenset[int]:
        """The pages that are neither in the file nor blank."""
        return frozenset(range(1, self.pages + 1)).difference(self.in_file, self.blanks)

    def adjoin(self, page: int, other: int) -> bool:
        """Whether nothing but blank pages lies between two pages as they read."""
        return all(between in self.blanks for between in range(page + 1, other))

    def without_side(self, k: int) -> "Laid":
        """As it lies in a file from which one side is missing."""
        return replace(self, sides=self.sides[:k] + self.sides[k + 1 :])

    def without_blank_sides(self) -> "Laid":
        """As it lies in a file, in which a blank side is not."""
        return replace(self, sides=tuple(side for side in self.sides if any(side)))

    def as_given(self, sides: tuple[Cells, ...]) -> "Laid":
        """The same pages on other sides."""
        return replace(self, sides=sides)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many pages with text each side has."""
        return tuple(sum(page > 0 for page in side) for side in self.sides)


def laid(scheme: Scheme, pages: int, blanks: tuple[int, ...] = ()) -> Laid:
    """The sides of a scheme with some of its pages blank.

    >>> laid(SCHEMES[6], 4, (4,)).sides
    ((0, 1), (2, 3))
    """
    sides = tuple(tuple(0 if page in blanks else page for page in side) for side in scheme.sides(pages))
    return Laid(scheme, pages, tuple(sorted(blanks)), sides)


def blanks_of(pages: int) -> Iterator[tuple[int, ...]]:
    """Where blank pages are found in booklets: at the end, behind the title, inside the cover."""
    for n in range(MOST_BLANKS + 1):
        last = tuple(range(pages - n + 1, pages + 1))
        yield last
        if n < MOST_BLANKS and pages > 4:
            yield (2, *last)
    if pages > 4:
        yield (pages - 1,)
        yield (2, pages - 1)
