"""What is printed about the text speaks for an order: folios, catchwords, the running head the first page lacks."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

from pipeline.stages.impositions import Laid
from pipeline.stages.numbering import numbering
from pipeline.stages.scan import Scan

MISREAD_FOLIO = 0.3
COVER = 2  # pages by which folios are often off: a cover and its back are not counted
OFF_BY_COVER, OFF_BY_ANY = -2.0, -3.5  # nats for folios that are not the places of their pages
CAUGHT, NOT_CAUGHT = 3.0, -1.0  # nats for a catchword that is the first word of the next page, or is not
NO_FIRST_HEAD = 1.2  # nats for a first page without the running head the others have; as many against one with it
Cuts = tuple[int, ...]


def printed(scan: Scan, laid: Laid, cuts: Cuts) -> float:
    """How much the furniture of the pages speaks for a hypothesis, in nats."""
    furniture = folios(scan, laid, cuts) + _catchwords(scan, laid, cuts) + _first_head(scan, laid, cuts)
    return furniture + numbering(scan, laid, cuts)


def folios(scan: Scan, laid: Laid, cuts: Cuts) -> float:
    """How much the numbers on the pages speak for a hypothesis."""
    sides = list(numbered(scan, laid, cuts))
    if not sides:
        return 0.0
    offsets = Counter(number - page for numbers, pages in sides for number in numbers for page in pages)
    offsets[0] += 0
    hit, miss = log((1 - MISREAD_FOLIO) * max(len(laid.in_file), 4)), log(MISREAD_FOLIO)
    return max(
        sum(_agreeing(numbers, pages, offset, hit, miss) for numbers, pages in sides)
        + (OFF_BY_ANY if abs(offset) > COVER else OFF_BY_COVER if offset else 0.0)
        for offset in {0, *(offset for offset, _ in offsets.most_common(6))}
    )


def numbered(scan: Scan, laid: Laid, cuts: Cuts) -> Iterator[tuple[list[int], list[int]]]:
    """The numbers read on each side, or on each page where sides are not known, and the pages that lie there."""
    for first, end, pages in stretches(scan, laid, cuts):
        numbers = [number for _, number in scan.numbers[bisect_left(scan.numbers, (first, 0)) :
                                                        bisect_left(scan.numbers, (end, 0))]]
        if numbers:
            yield numbers, pages


def stretches(scan: Scan, laid: Laid, cuts: Cuts) -> Iterator[tuple[int, int, list[int]]]:
    """The stretches within which furniture may belong to any page: sides where they are known, else pages."""
    known = len(scan.lay.sides) > 1
    pages = laid.in_file
    for first, end in [(side.first, side.end) for side in scan.lay.sides] if known else pairwise(cuts):
        yield first, end, pages[bisect_left(cuts, first, 0, len(pages)) : bisect_left(cuts, end, 0, len(pages))]


def _agreeing(numbers: Sequence[int], pages: Sequence[int], offset: int, hit: float, miss: float) -> float:
    """The best way to give numbers to pages in their order."""
    best = [0.0] * (len(pages) + 1)
    for number in numbers:
        row = [best[0] + miss]
        for k, page in enumerate(pages):
            row.append(max(best[k] + (hit if number == page + offset else miss), best[k + 1] + miss, row[k]))
        best = row
    return max(best)


def _catchwords(scan: Scan, laid: Laid, cuts: Cuts) -> float:
    """How many catchwords are the first word of the page that follows."""
    if not scan.catchwords:
        return 0.0
    first = {page: scan.first_word(cut) for page, cut in zip(laid.in_file, cuts, strict=False)}
    total = 0.0
    for start, end, pages in stretches(scan, laid, cuts):
        words = [word for k, word in scan.catchwords if start <= k < end]
        awaited = {first.get(_next(laid, page), "") for page in pages}
        total += sum(CAUGHT if word in awaited else NOT_CAUGHT for word in words)
    return total


def _next(laid: Laid, page: int) -> int:
    page += 1
    while page in laid.blanks:
        page += 1
    return page


def _first_head(scan: Scan, laid: Laid, cuts: Cuts) -> float:
    """Whether the first page, and it alone, has no running head."""
    if not scan.furniture.heads or 1 not in laid.in_file:
        return 0.0
    for start, end, pages in stretches(scan, laid, cuts):
        if 1 in pages:
            heads = sum(start <= k < end and one.top for k, one in scan.furniture.found.items())
            return NO_FIRST_HEAD if heads < len(pages) else -NO_FIRST_HEAD
    return 0.0
