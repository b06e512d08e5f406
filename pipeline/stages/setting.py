"""How each line is set: how wide it is, how far in it begins, what room it leaves, and what parts it from the next."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.draft import Draft, Line
from pipeline.lines import HYPHENS, set_line
from pipeline.model import Flow, Span
from pipeline.stages.notes import NOTE_MARK

BREAKS = "\r\n\f"
BLANKS = regex.compile(r"[^\S\r\n\f]*")
CLOSER = r"[^\p{L}\p{N},;:–—-]"
SENTENCE_CLOSED = regex.compile(rf"[.!?…](?:{CLOSER}*(?:[\[(]?\d{{1,2}}[\])]?)?|[”\"’']?\s[^\p{{L}}\p{{N}}]*)$")
QUOTE_CLOSED = regex.compile(r"[.!?,…—–-]\s?[”\"»]$")
OPENS = regex.compile(r"(?P<dash>[—–]|--)?\s?(?P<quote>[“‘\"«„]|'(?=\p{L}))?[\s(\[]*(?P<large>\p{Lu})?")
SMALL_FIRST = regex.compile(r"(?![(\[]?\p{Ll}[)\].]\s)[^\p{L}\p{N}]{0,3}\p{Ll}")
FIRST_WORD = regex.compile(r"\S*")
NOISE = regex.compile(r"(?![\"“‘']?[AIO][!?.,])(?!.*[\p{L}\p{N}]{2})(?![IVXLC\d]\.?$)(?!.{5})(?!\*+$).*")
UNWRAPPED = 160  # letters: no page has lines as long

# The width of a letter in hundredths of an em, as in the common book faces; what is not named is 50.
PRINTED = dict.fromkeys(range(0x250), chr(50)) | {
    ord(letter): chr(width)
    for width, letters in (
        (18, "'|"), (25, " .,\u00a0"), (28, "ijlt/\\:;"), (33, "()[]I-r‘’f!\u00ad"), (39, "sJ"),
        (44, "aceéèêàâç?z“”\""),
        (56, "PFSELT"), (67, "ABCRVXYZK«»"), (72, "DGHNOQUw&"), (78, "m"), (90, "MW"), (100, "—…"),
    )
    for letter in letters
}


class Set(NamedTuple):
    """How a line is set. Widths are in hundredths of an em, or in letters where all letters are equally wide."""

    line: Line
    text: str
    indent: int  # in letters
    width: float  # with its indent
    measure: float  # the width of a full line on its page
    first_word: float  # with the blank before it
    blank_after: bool | None  # None at the end of a page
    trailing: bool | None  # whether blanks follow its letters; None where something else does
    calls: bool = False  # whether the mark of a note stands between its letters and its end

    @property
    def short_by(self) -> float:
        """The share of the measure that stays empty."""
        return 1 - self.width / self.measure

    @property
    def closed(self) -> bool:
        return closed(self.text)

    @property
    def opening(self) -> str:
        return opening(self.text)

    @property
    def hyphened(self) -> bool:
        """Whether a hyphen ends it, close to a word."""
        return self.text[-1] in HYPHENS and not self.text[-2:-1].isspace()

    @property
    def noise(self) -> bool:
        """Whether there is nothing on it but a mark or two, as specks on a scan leave."""
        return bool(NOISE.fullmatch(self.text))


def closed(text: str) -> bool:
    """Whether a line closes a sentence.

    >>> closed("and so on."), closed("“So it is.”[3]"), closed("and so, on")
    (True, True, False)
    """
    return bool(SENTENCE_CLOSED.search(text[-12:]) or QUOTE_CLOSED.search(text[-3:]))


def opening(text: str) -> str:
    """How a line begins: `small` (whatever mark comes before), `large`, `quote`, `dash`, or `other` where by no letter.

    >>> [opening(text) for text in ("and so", "_ and", "And", "“And", "— And", "1848")]
    ['small', 'small', 'large', 'quote', 'dash', 'other']
    """
    if SMALL_FIRST.match(text):
        return "small"
    match = OPENS.match(text)
    if not match or not match["large"]:
        return "other"
    return "quote" if match["quote"] else "dash" if match["dash"] else "large"


def slack(one: Set, then: Set) -> float:
    """The share of the measure left empty though the next word would have fitted; negative where it would not."""
    return one.short_by - then.first_word / one.measure


def settings(draft: Draft, flow: Flow) -> list[Set]:
    """How each line of a flow is set."""
    text, whole = draft.witness.text, draft.whole_lines(flow)
    if not whole:
        return []
    lines = [line[0]._replace(span=Span(line[0].span.start, line[-1].span.end), runs_on=None) for line in whole]
    letters = [set_line(text, line, (), joined=False) for line in whole]
    width = width_of(letters)
    em = width("n")
    columns = [_column(text, line.span.start) for line in lines]
    lefts = _lefts(lines, columns)
    indents = [max(column - lefts[line.page], 0) for line, column in zip(lines, columns, strict=True)]
    widths = [width(each) + em * indent for each, indent in zip(letters, indents, strict=True)]
    measures = _measures(lines, widths, em)
    gaps = _gaps(draft, lines)
    calls = {mark.spans[0].start for mark in draft.marked("furniture") if mark.value == NOTE_MARK}
    return [
        Set(line, letters[i], indents[i], widths[i], measures[line.page], width(" " + _first_word(letters[i])), gaps[i],
            _trailing(text, line.span.end), line.span.end in calls)
        for i, line in enumerate(lines)
    ]


def _first_word(text: str) -> str:
    match = FIRST_WORD.match(text)
    return match.group() if match else ""


def width_of(letters: Sequence[str]) -> Callable[[str], float]:
    """How wide a line is: by the widths of print, or by number where the document is typewritten.

    The document says which: lines that certainly are full, since a sentence runs on, vary less by the right measure.
    """
    full = [one for one, then in pairwise(letters) if opening(then) == "small" and not closed(one)]
    if _spread([float(len(each)) for each in full]) < _spread([_printed(each) for each in full]):
        return len
    return _printed


class _Widths(dict[int, str]):
    """For `str.translate`: each letter as the sign whose number is its width, so that a line is summed at once."""

    def __missing__(self, letter: int) -> str:
        return chr(50)


_PRINTED = _Widths(PRINTED)


def _printed(text: str) -> float:
    return float(sum(text.translate(_PRINTED).encode("latin-1")))


def _spread(widths: list[float]) -> float:
    """How far apart the quarters lie, as a share of the middle."""
    if len(widths) < 4:
        return 0.0
    widths = sorted(widths)
    return (widths[len(widths) * 3 // 4] - widths[len(widths) // 4]) / widths[len(widths) // 2]


def unwrapped(lines: Sequence[Set]) -> bool:
    """Whether each paragraph is one long line, so that every line end is meant."""
    every = sum(len(one.text) for one in lines)
    return sum(len(one.text) for one in lines if len(one.text) > UNWRAPPED) * 2 > every


def _gaps(draft: Draft, lines: Sequence[Line]) -> list[bool | None]:
    """Whether a blank line follows each line: furniture and notes between are none."""
    rank = _ranks(draft)
    numbers = [draft.witness.line_number(line.span.start) for line in lines]
    found: list[bool | None] = []
    for i, one in enumerate(lines):
        then = lines[i + 1] if i + 1 < len(lines) else None
        if then is None or then.page != one.page or numbers[i + 1] < numbers[i]:
            found.append(None)
        else:
            found.append(numbers[i + 1] - numbers[i] > rank[then.span.start] - rank[one.span.start])
    return found


def _ranks(draft: Draft) -> dict[int, int]:
    """Which line each line or piece of one is, in reading order, by where it begins."""
    found: dict[int, int] = {}
    before, i = 0, 0
    for line in draft.all_lines:
        number = draft.witness.line_number(line.span.start)
        before, i = number, i + (number != before)
        found[line.span.start] = i
    return found


def _trailing(text: str, end: int) -> bool | None:
    after = BLANKS.match(text, end)
    blanks = after.end() - end if after else 0
    return blanks > 0 if end + blanks == len(text) or text[end + blanks] in BREAKS else None


def _column(text: str, at: int) -> int:
    begins = max(text.rfind(c, max(0, at - 2000), at) for c in BREAKS)
    return at - begins - 1 if begins >= 0 else min(at, 2000)


def _lefts(lines: Sequence[Line], columns: Sequence[int]) -> dict[int, int]:
    """Where the lines of each page begin as a rule."""
    starts: dict[int, Counter[int]] = {}
    for line, column in zip(lines, columns, strict=True):
        starts.setdefault(line.page, Counter())[column] += 1
    return {page: min((-often, column) for column, often in counts.items())[1] for page, counts in starts.items()}


def _measures(lines: Sequence[Line], widths: Sequence[float], em: float) -> dict[int, float]:
    """How wide the full lines of each page are; a page of few lines, or of verse, says little of it."""
    of_page: dict[int, list[float]] = {}
    for line, width in zip(lines, widths, strict=True):
        of_page.setdefault(line.page, []).append(width)
    everywhere = max(_full(list(widths)), 8 * em)
    full = {page: _full(each) if len(each) >= 12 else everywhere for page, each in of_page.items()}
    return {page: width if 0.75 * everywhere < width < 1.5 * everywhere else everywhere for page, width in full.items()}


def _full(widths: list[float]) -> float:
    """The width that nine lines in ten keep within."""
    return sorted(widths)[len(widths) * 9 // 10]
