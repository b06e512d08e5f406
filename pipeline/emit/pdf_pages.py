"""A PDF of single pages in reading order: each page of the text is found on its side of the given PDF and cut out."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.draft import Draft
from pipeline.emit.pdf_seats import NOWHERE, Seat, seated, within
from pipeline.emit.pdf_sides import PdfSide, new, opened, pdf_sides
from pipeline.emit.sheets import PageSeen, cell, seen, sides
from pipeline.errors import Refused

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument


class Cut(NamedTuple):
    """A page in reading order and where it is cut out, nowhere if it is not there; whether anything is drawn there."""

    page: PageSeen
    seat: Seat | None
    drawn: bool = False


def cuts(draft: Draft, pdf: Path) -> list[Cut]:
    """Where each page of the text lies in a PDF. Raises `Refused` where it is not the PDF of this text."""
    with opened(pdf) as document:
        found = pdf_sides(document)
    pages = [one for one in seen(draft) if one.page.twin_of is None]
    seats = seated(draft, pages, found)
    if not seats:
        raise Refused(f"{pdf} is not the PDF of {draft.witness.name}: its pages are not found there; expected the PDF "
                      "from which this text was taken")
    return [Cut(one, seat := seats.get(one.at), seat is not None and _drawn(found[seat.side], seat)) for one in pages]


def cuts_in_text(draft: Draft) -> list[Cut]:
    """Where each page lies as far as the text alone tells: a side for each form feed, or for each that has text."""
    pages = [one for one in seen(draft) if one.page.twin_of is None]
    text = draft.witness.text
    found: dict[int, Seat] = {}
    lay = [side for side in sides(pages) if any(one.spans for one in side.pages)]
    across = max((len(side.pages) for side in lay), default=1)
    way = {1: (1, 1), 2: (2, 1)}.get(across, (2, 2))
    for side in lay:
        first = min(min(one.spans).start for one in side.pages if one.spans)
        number = text.count("\f", 0, first) if "\f" in text.rstrip("\f") else side.number - 1
        found |= {one.at: Seat(number, NOWHERE, 0, k if len(side.pages) == across else min(cell(one), across - 1), way)
                  for k, one in enumerate(side.pages)}
    return [Cut(one, found.get(one.at)) for one in pages]


def page_list(found: Sequence[Cut]) -> str:
    """The sides in reading order, as qpdf takes them; with L and R (U and D) where a side holds several pages."""
    return ",".join(cut.seat.name for cut in found if cut.seat)


def bound(found: Sequence[Cut], pdf: Path, *, blanks: bool) -> tuple[bytes, list[Cut]]:
    """The pages as a PDF of their own, and those left out of it.

    Blank pages are left out unless `blanks` asks for them; something drawn on one makes it a page with a picture.
    """
    with opened(pdf) as source, new() as made:
        kept = [cut for cut in found if blanks or (cut.seat and (cut.page.spans or cut.drawn))]
        made.import_pages(source, [cut.seat.side for cut in kept if cut.seat])
        for k, cut in enumerate(kept):
            if cut.seat:
                _crop(made, k, cut.seat)
            else:
                made.new_page(*_size(kept), k).close()
        file = BytesIO()
        made.save(file)
    return file.getvalue(), [cut for cut in found if cut not in kept]


def _drawn(side: PdfSide, seat: Seat) -> bool:
    return any(within(seat.box, x, y) for x, y in side.drawn)


def _crop(made: "PdfDocument", k: int, seat: Seat) -> None:
    page = made[k]
    for box in ("media", "crop", "bleed", "trim", "art"):
        getattr(page, f"set_{box}box")(*seat.box)
    page.set_rotation(seat.turned)
    page.close()


def _size(kept: Sequence[Cut]) -> tuple[float, float]:
    """The size of a page as the reader sees it."""
    seat = next(cut.seat for cut in kept if cut.seat)
    left, bottom, right, top = seat.box
    wide, high = right - left, top - bottom
    return (high, wide) if seat.turned in (90, 270) else (wide, high)
