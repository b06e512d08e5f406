"""Where each page lay and how it reads on, for people: the sides as they lay in the file, the pages in their order."""

import json
import math
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import regex

from pipeline.decisions import APART, Decision, written
from pipeline.draft import Draft, Line
from pipeline.emit.orders import imposition
from pipeline.emit.page import shown
from pipeline.model import Evidence, Mark, Page, Seam, Span

FIRST_WORDS, LAST_WORDS = 5, 5
QUOTED = regex.compile(r"\S+(?:[ \t\u00a0]+\S+){0,3}")  # the words a page is quoted by
SURE = 3.0  # nats from which the words at a seam are enough by themselves
UNDECIDED, PINNED, SHUFFLED = "undecided", "pinned", "shuffled"  # what stands in the place of a scheme
LOWER = ("lower", "bottom")


class PageSeen(NamedTuple):
    """A page: its place in `Draft.pages`, what is known of it, its first and last words, and where it stands."""

    at: int
    page: Page
    spans: tuple[Span, ...]
    first: str = ""
    last: str = ""
    folded: bool = False  # its sheet is one of folded paper, with a front and a back, not merely a side of the scan

    @property
    def name(self) -> str:
        """What people call it: its place in the reading order, or which page it copies."""
        return f"copy of {self.page.twin_of}" if self.page.twin_of is not None else f"{self.n}"

    @property
    def n(self) -> int:
        return self.page.n if self.page.n is not None else self.at + 1

    @property
    def state(self) -> str:
        """What there is to see of it, where that is not its text."""
        return "missing" if self.page.missing else "blank" if not self.spans else ""

    @property
    def where(self) -> str:
        """Where it lay, in words."""
        return " ".join(filter(None, (self.leaf, self.page.position)))

    @property
    def leaf(self) -> str:
        """The side it lay on, in words."""
        if self.page.sheet is None:
            return ""
        return f"sheet {self.page.sheet} {self.page.side or ''}".strip() if self.folded else f"side {self.page.sheet}"


class Side(NamedTuple):
    """A side as it lay: its number in the file, and its pages from left to right (of four the upper ones first)."""

    number: int
    pages: tuple[PageSeen, ...]

    @property
    def where(self) -> str:
        one = self.pages[0]
        return one.leaf if one.folded else ""


class RunsOn(NamedTuple):
    """How a page runs on into the next: what is thought of it, why, and the line that would pin it."""

    seam: Seam
    evidence: tuple[Evidence, ...]
    judged: str  # a name in JUDGED
    pin: str

    @property
    def says(self) -> str:
        """The evidence in words, but for where the pages lay: that is shown beside it."""
        return "; ".join(one.says for one in self.evidence if one.kind != "sheet")


JUDGED = {
    "pinned": "set by the editor", "proved": "its words speak clearly for it",
    "held": "held by the order of the whole, not by its words alone", "lies": "as the file has it",
    "open": "not certain",
}
SIGNS = {"pinned": "●", "proved": "✓", "held": "–", "lies": "·", "open": "?"}  # so that no colour is needed


def summed_up(draft: Draft) -> str:
    """The pages, their scheme and how sure it is, in a sentence."""
    found = imposition(draft)
    pages = sum(not (isinstance(mark.value, Page) and mark.value.twin_of is not None) for mark in draft.pages)
    count = f"{pages} page{'' if pages == 1 else 's'}"
    sure = f" ({found.margin:.1f} nats before the best other order)" if math.isfinite(found.margin) else ""
    if found.scheme == UNDECIDED:
        return f"{count}. Their order is not certain: they stand as they lie in the file."
    if found.scheme == PINNED:
        return f"{count}, in the order the editor has set."
    if found.scheme == "plain":
        return f"{count}, in the order of the file{sure}."
    if found.scheme == SHUFFLED:
        return f"{count} that lay in no order, put in order by the words they share{sure}."
    return f"{count}, laid as {found.scheme.replace('_', ' ')}{sure}."


def seen(draft: Draft) -> list[PageSeen]:
    """The pages as they read, second copies last."""
    lines = _lines_of_pages(draft)
    folded = any(isinstance(mark.value, Page) and mark.value.side == "B" for mark in draft.pages)
    found = []
    for k, mark in enumerate(draft.pages):
        page = mark.value if isinstance(mark.value, Page) else Page()
        first, last = _words(draft, lines.get(k, []))
        found.append(PageSeen(k, page, mark.spans, first, last, folded))
    return sorted(found, key=lambda one: (one.page.twin_of is not None, one.at))


def sides(pages: list[PageSeen]) -> list[Side]:
    """The sides in the order of the file; a blank page lies on the side of the page it shares it with."""
    there = sorted((one for one in pages if one.spans), key=lambda one: min(one.spans))
    blank = [one for one in pages if one.page.blank and one.page.sheet is not None]
    found = []
    for number, (key, group) in enumerate(groupby(there, key=_side_of), 1):
        held = list(group)
        cells = [(cell(one), one) for one in held]
        if held[0].page.position is not None:
            free = (k for k in range(4) if k not in dict(cells))
            cells += zip(free, [one for one in blank if _leaf(one) == key[:2]], strict=False)
        found.append(Side(number, tuple(one for _, one in sorted(cells, key=lambda pair: pair[0]))))
    return found


def runs_on(draft: Draft, pages: list[PageSeen], who: str, when: str) -> dict[int, RunsOn]:
    """How each page runs on into the next, by the place of the page."""
    by_place = {one.n: one for one in pages if one.page.twin_of is None}
    scheme = imposition(draft).scheme
    found = {}
    for mark in draft.marks:
        seam = mark.value
        if isinstance(seam, Seam) and seam.from_n in by_place and seam.to_n in by_place:
            pair = (by_place[seam.from_n], by_place[seam.to_n])
            pin = _pin(draft, pair, who, when)
            found[seam.from_n] = RunsOn(seam, mark.evidence, _judged(mark, seam, scheme), pin)
    return found


def file_lines(draft: Draft, page: PageSeen) -> str:
    """The lines of the file a page stands on."""
    if not page.spans:
        return ""
    first = draft.witness.line_number(min(span.start for span in page.spans))
    last = draft.witness.line_number(max(span.end for span in page.spans) - 1)
    return f"{first}–{last}" if last > first else f"{first}"


def nats(value: float) -> str:
    """A number of nats as people read it; none where there is nothing to compare with.

    >>> nats(-1.25), nats(-0.01), nats(math.inf)
    ('−1.2', '0.0', '')
    """
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−") if math.isfinite(value) else ""


def _judged(mark: Mark, seam: Seam, scheme: str) -> str:
    if mark.decision:
        return "pinned"
    if scheme == UNDECIDED:
        return "open"
    if (seam.margin if math.isfinite(seam.margin) else seam.score) >= SURE:
        return "proved"
    return "lies" if scheme == "plain" else "held"


def _pin(draft: Draft, pair: tuple[PageSeen, PageSeen], who: str, when: str) -> str:
    """The line of `decisions.jsonl` that says that one page follows the other."""
    text = draft.witness.text
    quoted = [match for one in pair if one.spans and (match := QUOTED.search(text, *one.spans[0]))]
    if len(quoted) < 2:
        return ""
    words = [match[0].split(APART)[0] for match in quoted]
    spans = tuple(Span(match.start(), match.start() + len(word)) for match, word in zip(quoted, words, strict=True))
    line = written(Decision(when, who, "page_order", draft.witness.siglum, spans, APART.join(words))).rstrip("\n")
    return line if shown(line) == line else json.dumps(json.loads(line))  # so that it can be copied from a page


def _side_of(one: PageSeen) -> tuple[object, ...]:
    """What pages of one side have in common; of one whose sheet is not known nobody can tell."""
    return (*_leaf(one), one.at if one.page.twin_of is not None or one.page.sheet is None else None)


def _leaf(one: PageSeen) -> tuple[int | None, str | None]:
    return one.page.sheet, one.page.side


def cell(one: PageSeen) -> int:
    """Which of the pages of a side one is by where it lay: the left before the right, the upper before the lower."""
    words = (one.page.position or "").split()
    return int("right" in words) + 2 * any(word in LOWER for word in words)


def _lines_of_pages(draft: Draft) -> dict[int, list[Line]]:
    """The lines of each page: those of its text, of a page without text all there are."""
    text: dict[int, list[Line]] = {}
    rest: dict[int, list[Line]] = {}
    for line in draft.all_lines:
        (text if line.flow in ("body", "twins") else rest).setdefault(line.page, []).append(line)
    return rest | text


def _words(draft: Draft, lines: list[Line]) -> tuple[str, str]:
    """The first and last words of a page."""
    text = draft.witness.text
    first = _take((text[slice(*line.span)].split() for line in lines), FIRST_WORDS)
    last = _take((text[slice(*line.span)].split()[::-1] for line in reversed(lines)), LAST_WORDS)
    return " ".join(first), " ".join(reversed(last))


def _take(lines: Iterator[list[str]], most: int) -> list[str]:
    found: list[str] = []
    for words in lines:
        found += words[: most - len(found)]
        if len(found) == most:
            break
    return found
