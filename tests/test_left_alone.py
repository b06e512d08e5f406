"""Text that is already in order is left alone, of whatever kind and however set: the commonest input of all."""

import random
import textwrap
from collections.abc import Callable, Container
from itertools import islice

import pytest
from _pytest.mark import ParameterSet

from pipeline.model import Page
from tests.test_order import laid_out

SUBJECTS = ("the keeper", "a carter", "my aunt", "the printer's boy", "the ferryman", "an old pilot", "the widow",
            "a clerk", "nobody", "the miller", "a soldier", "her brother", "the judge", "some child")
DEEDS = ("counted", "asked for", "mended", "read", "carried", "forgot", "would not show", "set down", "sold", "drew",
         "hid")
THINGS = ("the lamps", "a ledger", "the brown net", "that letter", "two keys", "the mare", "a bell", "the map",
          "her shawl", "an oar", "the last candle", "some bread")
PLACES = ("by the slip", "under the old wall", "before the rain came", "in the long room", "at low water",
          "beyond the bridge", "on the stairs", "near the kiln", "behind the church", "at noon")


def sentences(n: int) -> list[str]:
    """Sentences of our own, drawn so that none is another."""
    drawn = random.Random(7)
    return list(dict.fromkeys(" ".join(map(drawn.choice, (SUBJECTS, DEEDS, THINGS, PLACES))).capitalize()
                              for _ in range(2 * n)))[:n]


def verse() -> list[str]:
    said = sentences(160)
    return [line for k in range(0, 160, 4) for line in (*(f"{one}," for one in said[k : k + 3]), f"{said[k + 3]}.", "")]


def drama() -> list[str]:
    said = sentences(120)
    return [line for k, one in enumerate(said) for line in (f"{('ANNA', 'THE PILOT', 'CLERK')[k % 3]}. {one}.", "")]


def dictionary() -> list[str]:
    return [f"{THINGS[k % 12].split()[-1]}{chr(97 + k % 26)}, n. {one}; see also {PLACES[k % 10]}."
            for k, one in enumerate(sentences(150))]


def listed() -> list[str]:
    return [f"• {one}" if k % 8 else f"{k // 8 + 1}. {one}:" for k, one in enumerate(sentences(120))]


def table() -> list[str]:
    return [f"{one[:28]:<34}{k * k * 37 % 991:>6}{k * k * 53 % 877:>8}" for k, one in enumerate(sentences(140))]


def letters() -> list[str]:
    said = sentences(150)
    return [line for k in range(0, 150, 10) for line in (
        f"Harbour House, {k // 10 + 3} May", "", "My dear friend,", "",
        *textwrap.wrap(". ".join(said[k : k + 10]) + ".", 62), "", "Believe me, ever yours,", "", "A. M.", "")]


def bilingual() -> list[str]:
    return [line for one in sentences(70) for line in (f"{one}.", "", f"{one[::-1].capitalize()}.", "")]


def with_contents() -> list[str]:
    said = sentences(200)
    titles = [f"{k}. {one}" for k, one in enumerate(islice(said, 0, 200, 25), 1)]
    text = ["Contents", "", *(f"{title} {3 * k}" for k, title in enumerate(titles, 1)), ""]
    for k, title in enumerate(titles):
        text += [title, "", *textwrap.wrap(". ".join(said[25 * k + 1 : 25 * k + 25]) + ".", 62), ""]
    return text


KINDS = (verse, drama, dictionary, listed, table, letters, bilingual, with_contents)


def on_pages(lines: list[str], head: str = "", *, folios: bool = False) -> str:
    """Lines on pages of thirty, with a running head or folios where told to."""
    pages = [lines[k : k + 30] for k in range(0, len(lines), 30)]
    whole = [[*([head, ""] if head and n > 1 else []), *page, *(["", str(n)] if folios else [])]
             for n, page in enumerate(pages, 1)]
    return "\f".join("\n".join(page) + "\n" for page in whole)


HOWS = ("plain", "paged", "with folios", "with heads and folios")
# A date comes again like a head.
TAKEN = {("table", "paged"), ("table", "with folios"), ("table", "with heads and folios"), ("letters", "plain")}


def set_as(kind: Callable[[], list[str]], how: str) -> str:
    lines = kind()
    if how == "plain":
        return "\n".join(lines) + "\n"
    return on_pages(lines, "THE LAMP ROOM" if "heads" in how else "", folios="folios" in how)


def cases(failing: Container[tuple[str, str]]) -> list[ParameterSet]:
    fails = pytest.mark.xfail(strict=True, reason="told at the set it is listed in")
    return [pytest.param(kind, how, id=f"{kind.__name__} {how}", marks=[fails] * ((kind.__name__, how) in failing))
            for kind in KINDS for how in HOWS]


@pytest.mark.parametrize(("kind", "how"), cases(()))
def test_what_is_in_order_is_not_moved(kind: Callable[[], list[str]], how: str) -> None:
    text = set_as(kind, how)
    draft = laid_out(text)
    pages = [(mark.value.n or 0, mark.spans) for mark in draft.pages
             if isinstance(mark.value, Page) and mark.value.twin_of is None]
    spans = [span for _, spans in sorted(pages, key=lambda page: page[0]) for span in spans]
    assert spans == sorted(spans)
    assert sum(len("".join(text[a:b].split())) for a, b in spans) == len("".join(text.split()))


@pytest.mark.parametrize(("kind", "how"), cases(TAKEN))
def test_nothing_but_furniture_is_taken_for_it(kind: Callable[[], list[str]], how: str) -> None:
    draft = laid_out(set_as(kind, how))
    taken = {draft.witness.text[slice(*line.span)] for line in draft.lines("furniture")}
    assert all(line == "THE LAMP ROOM" or line.isdigit() for line in taken)
    assert not draft.lines("notes")


def test_tables_of_which_one_is_like_the_next_are_no_doubles() -> None:
    draft = laid_out(on_pages(table()))
    assert not [page for page in draft.pages if isinstance(page.value, Page) and page.value.twin_of]
