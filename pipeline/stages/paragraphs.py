"""Where paragraphs end: what each line end looks like, and what such looks mean in this document."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.draft import Draft, Line
from pipeline.model import Flow
from pipeline.view import HYPHENS

BREAKS = "\r\n\f"
BLANKS = regex.compile(r"[^\S\r\n\f]*")
SENTENCE_CLOSED = regex.compile(r"[.!?:…][\]\)\}”’\"'»*†\d]*$|[”\"»]$|[.!?]\s?[\[\(]\d+[\]\)]$")
OPENS = regex.compile(r"[“‘\"'«„(\[—–-]*\s*(?:(\p{Lu})|(\p{Ll})|(\p{N}))?")


class Set(NamedTuple):
    """How a line is set: its letters, how far in it begins, how wide its page is, and what separates it from the next."""

    line: Line
    text: str
    indent: int
    measure: int  # the width of a full line on its page
    first_word: int
    blank_after: bool | None  # None at the end of a page
    trailing: bool

    @property
    def short_by(self) -> float:
        """The share of the measure that stays empty."""
        return 1 - (len(self.text) + self.indent) / self.measure


class Look(NamedTuple):
    """What is seen of a line end that bears on whether a paragraph ends there; None where it cannot be seen."""

    gap: int | None
    indent: int | None
    slack: int
    trailing: int | None
    words: int


# For each thing seen, how often a line end within a paragraph and one that closes it look so before anything is known
# of the document, and how many line ends this is worth: what a typist does with blanks is learnt from the document,
# what a sentence looks like is not.
WITHIN_AND_AT_END: dict[str, tuple[float, tuple[float, ...], tuple[float, ...]]] = {
    "gap": (12.0, (0.95, 0.05), (0.45, 0.55)),
    "indent": (12.0, (0.96, 0.04), (0.55, 0.45)),
    "slack": (30.0, (0.66, 0.24, 0.05, 0.03, 0.02), (0.05, 0.12, 0.13, 0.25, 0.45)),
    "trailing": (3.0, (0.5, 0.5), (0.5, 0.5)),
    # open or closed sentence, then a small letter, a capital, neither
    "words": (400.0, (0.80, 0.10, 0.03, 0.02, 0.04, 0.01), (0.005, 0.03, 0.015, 0.02, 0.85, 0.08)),
}
SLACKS = (0.0, 0.07, 0.16, 0.35)
ROUNDS = 6
ENDS_BEFORE = 0.12  # how many line ends close a paragraph


def settings(draft: Draft, flow: Flow) -> list[Set]:
    """How each line of a flow is set."""
    text, lines = draft.witness.text, draft.lines(flow)
    rank: dict[int, int] = {line.span.start: i for i, line in enumerate(draft.all_lines)}
    columns = [_column(text, line.span.start) for line in lines]
    lefts, measures = _margins(lines, columns)
    numbers = [draft.witness.line_number(line.span.start) for line in lines]
    found = []
    for i, line in enumerate(lines):
        then = lines[i + 1] if i + 1 < len(lines) else None
        blank: bool | None = None
        if then and then.page == line.page and numbers[i + 1] >= numbers[i]:
            blank = numbers[i + 1] - numbers[i] > rank[then.span.start] - rank[line.span.start]
        letters = text[line.span.start : line.span.end]
        after = BLANKS.match(text, line.span.end)
        found.append(Set(line, letters, max(columns[i] - lefts[line.page], 0), measures[line.page],
                         len(letters.split(None, 1)[0]), blank, bool(after and after.group())))
    return found


def _column(text: str, at: int) -> int:
    begins = max(text.rfind(c, max(0, at - 2000), at) for c in BREAKS)
    return at - begins - 1 if begins >= 0 else min(at, 2000)


def _margins(lines: Sequence[Line], columns: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Where the lines of each page begin as a rule, and how wide its full lines are."""
    starts: dict[int, Counter[int]] = {}
    widths: dict[int, list[int]] = {}
    for line, column in zip(lines, columns, strict=True):
        starts.setdefault(line.page, Counter())[column] += 1
        widths.setdefault(line.page, []).append(line.span.end - line.span.start)
    everywhere = _full([width for each in widths.values() for width in each])
    lefts = {page: min(counts, key=lambda c, counts=counts: (-counts[c], c)) for page, counts in starts.items()}
    # A page of few lines, or of verse, says little of its measure.
    full = {page: _full(each) if len(each) >= 12 else everywhere for page, each in widths.items()}
    return lefts, {page: max(width if 0.75 * everywhere < width < 1.5 * everywhere else everywhere, 8)
                   for page, width in full.items()}


def _full(widths: list[int]) -> int:
    """The width that nine lines in ten keep within."""
    return sorted(widths)[len(widths) * 9 // 10] if widths else 1


def closed(text: str) -> bool:
    """Whether a line closes a sentence.

    >>> closed("and so on."), closed("“So it is.”[3]"), closed("and so, on")
    (True, True, False)
    """
    return bool(SENTENCE_CLOSED.search(text[-12:]))


def opening(text: str) -> int:
    """0 where a line begins with a small letter, 1 with a capital, 2 with neither."""
    match = OPENS.match(text)
    if not match or match.group(3) or not (match.group(1) or match.group(2)):
        return 2
    return 1 if match.group(1) else 0


def slack(one: Set, then: Set) -> float:
    """The share of the measure left empty though the next word would have fitted; negative where it would not."""
    return one.short_by - (1 + then.first_word) / one.measure


def look(one: Set, then: Set) -> Look:
    """What is seen of the end of a line, with the line that follows it."""
    empty = slack(one, then)
    hyphen = one.text[-1] in HYPHENS
    return Look(
        None if one.blank_after is None else int(one.blank_after),
        int(then.indent >= 2 and then.indent < one.measure // 3 and then.indent > one.indent),
        sum(empty > step for step in SLACKS),
        None if hyphen else int(one.trailing),
        (0 if hyphen or not closed(one.text) else 3) + opening(then.text),
    )


def weigh(looks: Counter[Look]) -> dict[Look, float]:
    """For each look, how likely a line end that looks so closes a paragraph.

    The likelihoods begin as in `WITHIN_AND_AT_END` and are estimated again from the document (EM), so that its habits
    count: blank lines that a scan strews about lose their weight, and blanks that end every line but the last gain it.
    """
    tables = {name: (within, at_end) for name, (_, within, at_end) in WITHIN_AND_AT_END.items()}
    share = ENDS_BEFORE
    chances: dict[Look, float] = {}
    for _ in range(ROUNDS):
        chances = {each: _chance(each, tables, share) for each in looks}
        tables = {name: _estimated(name, k, looks, chances) for k, name in enumerate(Look._fields)}
        ends = sum(chances[each] * n for each, n in looks.items())
        share = (ends + 60 * ENDS_BEFORE) / (sum(looks.values()) + 60)
    return chances


def _chance(each: Look, tables: dict[str, tuple[tuple[float, ...], tuple[float, ...]]], share: float) -> float:
    nats = math.log(share / (1 - share))
    for name, value in zip(Look._fields, each, strict=True):
        if value is not None:
            within, at_end = tables[name]
            nats += math.log(at_end[value] / within[value])
    return 1 / (1 + math.exp(-max(min(nats, 30.0), -30.0)))


def _estimated(
    name: str, k: int, looks: Counter[Look], chances: dict[Look, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How the line ends of either sort look in the document, with what was thought before as so many line ends more."""
    strength, *before = WITHIN_AND_AT_END[name]
    sums = [[share * strength for share in sort] for sort in before]
    for each, n in looks.items():
        if each[k] is not None:
            sums[0][each[k]] += n * (1 - chances[each])
            sums[1][each[k]] += n * chances[each]
    within, at_end = (tuple(one / sum(sort) for one in sort) for sort in sums)
    return within, at_end


def paragraph_ends(lines: Sequence[Set]) -> Iterator[float]:
    """For each line but the last, how likely a paragraph ends with it."""
    seen = [look(one, then) for one, then in pairwise(lines)]
    chances = weigh(Counter(seen))
    for (one, _), each in zip(pairwise(lines), seen, strict=True):
        yield _over_the_page(each, chances[each]) if one.blank_after is None else chances[each]


def _over_the_page(each: Look, chance: float) -> float:
    """At the end of a page a paragraph ends only where the line is short and closes a sentence, or the next is set in."""
    spoken = each.words >= 3 and (each.slack >= 2 or each.indent)
    return chance if spoken or (each.slack >= 1 and chance > 0.9) else min(chance, 0.3)
