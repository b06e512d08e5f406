"""Finds what is on a page but not of its text: running heads, folios, catchwords."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

from pipeline.model import Span
from pipeline.stages.layout import Layout, Row, Side

# Digits, and the letters they are most often misread as, with at most a few strokes of ornament about them.
BARE_FOLIO = regex.compile(r"[^\p{L}\p{N}]{0,4}([0-9OolIiS|]{1,4})[^\p{L}\p{N}]{0,4}")
DASHED_FOLIO = regex.compile(r"[-–—.·~]\s?\d{1,3}\s?[-–—.·~]")
EDGE_NUMBER = regex.compile(r"^\W*([0-9OolISs]{1,4})\b|\b([0-9OolISs]{1,4})\W*$")
ONE_WORD = regex.compile(r"[\p{Ps}\p{Pi}\"']*[\p{L}’'-]{1,20}[\p{P}]{0,3}")
WHITE = regex.compile(r"\s+")
LISTED = regex.compile(r"[•◦▪‣·*–—-]\s")  # a point of a list is no running head
ENDS_OPEN = regex.compile(r"[\p{L}\p{N}]$")
NOT_LETTERS = regex.compile(r"\P{L}+")
AS_DIGITS = str.maketrans("OolIiSs|", "00111551")
LONGEST_HEAD = 60  # letters of a line; a longer one is text
ALIKE = 70  # of 100: two lines that are the same running head, each with its own misreadings
IN_THE_MIDDLE = (0.33, 0.67)  # where, of the rows of a side with two pages, the second page can begin
SEVERAL = 2.5  # running heads or folios a side, from which it has more than two pages
MOST_HEADS = 4  # lines of a side: of each of its pages one, or two
FEWEST_NUMBERED = 4  # pages with folios, before a number elsewhere on a side is taken for the one that is wanting
TITLE_LETTERS = 6  # of a title that running heads may repeat
NEAR_BY = 2  # by which that may be below the least known or above the greatest
BYLINE = 0.7  # of the longest lines: what follows a title is shorter
CAUGHT = 0.3  # the share of words at the foot of pages that begin a page, from which they are taken for catchwords
MANY, MOST_TIMES = 8, 4  # rows, from which so many times their distance may lie between two of them
LEAST_YEAR, FAR = 1000, 4  # from which a number alone is a year, where it is so many times the middle one
REGULAR = 0.12  # how far the distances between running heads may lie apart, as a share, to be those of pages


class Ornament(NamedTuple):
    """One line of furniture: what it is, and the number it bears if it bears one that can be read."""

    value: str  # header, folio or catchword
    number: int | None = None
    folio: str | None = None
    top: bool = True  # it begins the page; else it ends it


class Furniture(NamedTuple):
    """The furniture by row, and at which edge of the page it stands, as far as this document has any."""

    found: dict[int, Ornament]
    heads: bool  # most pages begin with a running head or folio
    feet: bool  # most pages end with a folio

    def as_decided(self, rows: Sequence[Row], spans: Iterable[Span], value: str) -> "Furniture":
        """With the rows in these places as the editor has them: furniture of some kind, or of the body."""
        places = tuple(spans)
        there = [k for k, row in enumerate(rows) if any(a < row.end and row.start < b for a, b in places)]
        found = {k: one for k, one in self.found.items() if k not in there}
        if value != "body":
            found |= {k: self.found.get(k, Ornament("header"))._replace(value=value) for k in there}
        return self._replace(found=found)


def furniture(text: str, lay: Layout) -> Furniture:
    """The furniture of a document, by what recurs at the edges of its sides or at regular distances."""
    letters = [_key(_line(text, row)) for row in lay.rows]
    found: dict[int, Ornament] = {}
    for k in (*_heads(text, letters, lay), *_heads_like_the_title(text, letters, lay)):
        found[k] = _head(text, lay.rows[k])
    heads = len(found) >= 0.6 * len(lay.columns) and len(found) >= 3
    bare = {k: match for k, row in enumerate(lay.rows)
            if row.width <= 12 and (match := BARE_FOLIO.fullmatch(text, row.start, row.end))}
    free = {k: match for k, match in bare.items() if k not in found}
    feet_at = _folios(free, lay, text, at_foot=True)
    feet = len(feet_at) >= max(2, 0.5 * len(lay.columns))
    if feet or (heads and len(feet_at) >= max(2, 0.25 * len(lay.columns))):
        found |= {k: _folio(bare[k], top=False) for k in feet_at}
    elif lay.certain and len(lay.columns) > 1:
        found |= {k: _folio(match, top=False) for k, match in bare.items() if k not in found and _dashed(match)}
        # A number alone in the last line of an image is a folio, though the rest were not read.
        found |= {k: _folio(bare[k], top=False) for k in feet_at if k + 1 in {side.end for side in lay.columns}}
    if not feet and not heads:
        tops = _folios(free, lay, text, at_foot=False)
        if len(tops) >= max(3, 0.5 * len(lay.columns)):
            heads = True
            found |= {k: _folio(bare[k], top=True) for k in tops}
    found |= {k: _folio(bare[k], top=not feet) for k in _wanting(bare, found, lay)}
    found |= dict.fromkeys(_catchwords(text, lay, found), Ornament("catchword", top=False))
    return Furniture(found, heads, feet)


def _key(line: str) -> str:
    """The letters of a line short enough for a running head; wide white in it does not count."""
    short = len(line) <= LONGEST_HEAD or len(WHITE.sub(" ", line)) <= LONGEST_HEAD
    return NOT_LETTERS.sub("", line).casefold() if short and not LISTED.match(line) else ""


def _dashed(match: "regex.Match[str]") -> bool:
    """Whether a number stands between strokes, however read, as only folios do."""
    return match[1].isdigit() and bool(DASHED_FOLIO.fullmatch(match[0]))


def _head(text: str, row: Row) -> Ornament:
    match = EDGE_NUMBER.search(text[row.start : row.end])
    read = (match[1] or match[2]) if match else ""
    if not any(c.isdigit() for c in read):
        return Ornament("header")
    return Ornament("header", int(read.translate(AS_DIGITS)), read)


def _folio(match: "regex.Match[str]", *, top: bool) -> Ornament:
    read: str = match[1]
    if not any(c.isdigit() for c in read):
        return Ornament("folio", top=top)
    return Ornament("folio", int(read.translate(AS_DIGITS)), read, top)


def _heads(text: str, letters: list[str], lay: Layout) -> Iterator[int]:
    """Rows that are running heads: alike, at the top of sides, halfway down them, or at regular distances."""
    tops = [k for side in lay.columns for k in range(side.first, min(side.first + 2, side.end)) if len(letters[k]) > 3]
    often = Counter(key for key in letters if 3 < len(key) <= LONGEST_HEAD)
    seeds = [key for key, n in often.most_common(40) if n >= 3]
    if len(lay.columns) >= 3:
        seeds += _alike_among([letters[k] for k in tops])
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for k, key in enumerate(letters):
        if len(key) <= 3:
            continue
        seed = next((seed for seed in seeds if fuzz.ratio(seed, key, score_cutoff=ALIKE)), None)
        if seed is not None:
            groups[seed].append(k)
    seeded = {k for members in groups.values() for k in members}
    first = {side.first for side in lay.columns}
    # Below a line of noise, or beside the running head of the facing page, a second line may be a head too.
    first |= {k + 1 for k in first if len(letters[k]) <= 3 or k in seeded}
    found = [(members, standing) for members in groups.values()
             if (standing := _standing_as_heads(members, lay, first))]
    every = _regular_ones(sorted(seeded))
    if len(every) >= SEVERAL * len(lay.columns):
        found = [(every, every)]
    if _are_forms([k for _, standing in found for k in standing], lay):
        return
    for members, standing in found:
        yield from (k for k in standing if k or not _is_title(text, lay, standing))
        yield from _on_short_pages(text, members, standing, lay)


def _are_forms(standing: Sequence[int], lay: Layout) -> bool:
    """Whether more lines come again on every side than running heads have: pages to be filled in are alike."""
    there = Counter(at for _, at, _ in _within(sorted(standing), lay.columns))
    return len(lay.columns) > 1 and sum(n > MOST_HEADS for n in there.values()) > 0.5 * len(lay.columns)


def _heads_like_the_title(text: str, letters: list[str], lay: Layout) -> list[int]:
    """Rows at the top of the later sides that repeat the title the first one begins with."""
    tops = [side.first for side in lay.columns[1:]]
    title = letters[0] if letters else ""
    if not lay.certain or len(title) < TITLE_LETTERS or not ENDS_OPEN.search(text[: lay.rows[0].end]):
        return []
    like = [k for k in tops if fuzz.ratio(title, letters[k], score_cutoff=ALIKE)]
    return like if len(like) >= 0.5 * len(tops) else []


def _is_title(text: str, lay: Layout, standing: Sequence[int]) -> bool:
    """Whether the first line of a file, though like the running heads, is the title they repeat."""
    heads = [k for k in standing if k]
    if not heads or len(lay.rows) < 2:
        return False
    capitals = sum(_line(text, lay.rows[k]).isupper() for k in heads) > 0.5 * len(heads)
    white = max((lay.rows[k + 1].blanks for k in heads if k + 1 < len(lay.rows)), default=0)
    return (capitals != _line(text, lay.rows[0]).isupper() or lay.rows[1].blanks > white
            or _above_byline(text, lay, 0))


def _above_byline(text: str, lay: Layout, k: int) -> bool:
    """Whether a short line that breaks off at no stop follows, as it does a title."""
    if k + 1 == len(lay.rows):
        return False
    full = sorted(row.width for row in lay.rows)[len(lay.rows) * 3 // 4]
    below = lay.rows[k + 1]
    if any(_line(text, row) == _line(text, below) for row in lay.rows[k + 2 :]):
        return False  # the running head of the facing page
    return below.width < BYLINE * full and bool(ENDS_OPEN.search(_line(text, below)))


def _on_short_pages(text: str, members: Sequence[int], standing: Sequence[int], lay: Layout) -> Iterator[int]:
    """Heads neither at the top nor halfway down a side, since one of its two pages is short: printed as the others."""
    if len(lay.columns) == 1 or len(standing) < 3:
        return
    sides = {k: at for k, at, _ in _within(members, lay.columns)}
    count = Counter(sides[k] for k in standing)
    usual = Counter(count.values()).most_common(1)[0][0]
    forms = [_line(text, lay.rows[k]) for k in standing]
    for k in members:
        if k not in standing and count[sides[k]] < usual and not _above_byline(text, lay, k):
            form = _line(text, lay.rows[k])
            if sum(fuzz.ratio(form, other, score_cutoff=90) > 0 for other in forms) > 0.5 * len(forms):
                count[sides[k]] += 1
                yield k


def _line(text: str, row: Row) -> str:
    return text[row.start : row.end]


def _alike_among(keys: list[str]) -> list[str]:
    """Of lines at the top of sides, those that several others are alike to, however misread."""
    keys = keys[:400]
    kept: list[str] = []
    for key in keys:
        like = sum(fuzz.ratio(key, other, score_cutoff=ALIKE) > 0 for other in keys) - 1
        if like >= max(1, 0.1 * len(keys)) and not any(fuzz.ratio(key, one, score_cutoff=90) for one in kept):
            kept.append(key)
    return kept


def _standing_as_heads(members: list[int], lay: Layout, first: set[int]) -> list[int]:
    if len(lay.columns) == 1:
        return members if _regular(members) else []
    tops = [k for k in members if k in first]
    middle: dict[int, tuple[float, int]] = {}  # of each side the one nearest its middle
    for k, side, share in _within(members, lay.columns):
        if IN_THE_MIDDLE[0] < share < IN_THE_MIDDLE[1]:
            middle[side] = min(middle.get(side, (1.0, k)), (abs(share - 0.5), k))
    middles = [k for _, k in middle.values()]
    standing = sorted({*tops, *middles})
    enough = len(standing) >= max(2, 0.25 * len(lay.columns)) and len(standing) >= 0.7 * len(members)
    return standing if enough and (tops or len(middles) >= 3) else []


def _within(members: Sequence[int], sides: Sequence[Side]) -> Iterator[tuple[int, int, float]]:
    """Each row with its side and how far down that it stands."""
    at = 0
    for k in members:
        while k >= sides[at].end:
            at += 1
        yield k, at, (k - sides[at].first) / sides[at].rows


def _regular(members: Sequence[int]) -> bool:
    """Whether rows stand at about one distance, or at times it, as the tops of pages do."""
    if len(members) < 4:
        return False
    apart = [b - a for a, b in pairwise(members)]
    times = MOST_TIMES if len(members) >= MANY else 2  # every second page may have another running head
    for usual in (median(apart), sorted(apart)[len(apart) // 4]):
        near = sum(abs(d - n * usual) <= max(2, REGULAR * usual * n**0.5) for d in apart
                   for n in [max(1, min(times, round(d / max(1, usual))))])
        if usual >= 10 and near >= 0.7 * len(apart):
            return True
    return False


def _off(apart: int, usual: float) -> float:
    """By how much a distance is off the nearest multiple of the usual one."""
    return abs(apart - usual * max(1, round(apart / usual)))


def _regular_ones(members: Sequence[int]) -> list[int]:
    """The rows that stand at about one distance, without those that stand between two such."""
    if not _regular(members):
        return []
    usual = median(b - a for a, b in pairwise(members))
    near = max(2, REGULAR * usual)
    between = {k for a, k, b in zip(members, members[1:], members[2:], strict=False)
               if _off(b - a, usual) <= near < min(_off(k - a, usual), _off(b - k, usual))}
    return [k for k in members if k not in between]


def _folios(bare: "dict[int, regex.Match[str]]", lay: Layout, text: str, *, at_foot: bool) -> list[int]:
    """Bare numbers at the foot (or top) of sides, and those halfway down, where the other page of the side ends."""
    years = _years(bare)
    digits = {k for k, match in bare.items() if any(c.isdigit() for c in match[1]) and k not in years}
    regular = _regular_ones(sorted(digits))
    if len(lay.columns) == 1 or (at_foot and len(regular) >= SEVERAL * len(lay.columns)):
        return regular
    edges = [k for side in lay.columns for k in _edge(side, lay, text, at_foot=at_foot) if k in bare]
    if not any(k in digits for k in edges):
        return []
    middle: list[int] = []
    for side in lay.columns:
        shares = [(abs((k - side.first) / side.rows - 0.5), k) for k in range(side.first, side.end) if k in digits]
        if shares and min(shares)[0] < 0.17 and (k := min(shares)[1]) not in edges:
            middle.append(k)
    return sorted({*edges, *middle})


def _years(bare: "dict[int, regex.Match[str]]") -> set[int]:
    """Numbers alone of four figures among others that are far less, as the year on a title page is."""
    numbers = {k: int(match[1]) for k, match in bare.items() if match[1].isdigit()}
    most = FAR * median(numbers.values()) if numbers else 0.0
    return {k for k, number in numbers.items() if number >= LEAST_YEAR and number > most}


def _wanting(bare: "dict[int, regex.Match[str]]", found: dict[int, Ornament], lay: Layout) -> Iterator[int]:
    """Numbers alone on a line of a side that lacks a folio, wherever they stand, that no other page bears."""
    known = {k: one.number for k, one in found.items() if one.number is not None}
    if len(lay.columns) < 2 or len(known) < FEWEST_NUMBERED:
        return
    numbers = set(known.values())
    fewest, most = min(numbers) - NEAR_BY, max(numbers) + NEAR_BY
    side_of = {k: at for k, at, _ in _within(sorted({*known, *bare}), lay.columns)}
    count = Counter(side_of[k] for k in known)
    usual = median(count[at] for at in range(len(lay.columns)))
    if len(known) < 0.75 * usual * len(lay.columns):
        return
    free = {k: int(match[1]) for k, match in bare.items()
            if k not in found and match[1].isdigit() and count[side_of[k]] < usual}
    fits = {k: number for k, number in free.items() if number not in numbers and fewest <= number <= most}
    borne, there = Counter(fits.values()), Counter(side_of[k] for k in fits)
    yield from (k for k, number in fits.items() if borne[number] == there[side_of[k]] == 1)


def _edge(side: Side, lay: Layout, text: str, *, at_foot: bool) -> list[int]:
    """The outermost rows of a side that hold no more than a word each: two pages may have their folios there."""
    if side.rows < 3:
        return []
    edge: list[int] = []
    for k in range(side.end - 1, side.first, -1) if at_foot else range(side.first, side.end):
        row = lay.rows[k]
        if len(edge) == 4 or not (ONE_WORD.fullmatch(text, row.start, row.end)
                                  or BARE_FOLIO.fullmatch(text, row.start, row.end)):
            break
        edge.append(k)
    return edge


def _catchwords(text: str, lay: Layout, found: dict[int, Ornament]) -> list[int]:
    """Single words at the foot of most sides (above a folio), or right before a running head or folio."""
    feet: set[int] = set()
    for side in lay.columns:
        k = side.end - 1
        while k > side.first and k in found and found[k].value == "folio":
            k -= 1
        feet.add(k)
    feet |= {k - 1 for k in found if k}
    # Below a folio it stands apart from what follows, as the number of a chapter does not.
    feet |= {k + 1 for k, one in found.items() if one.value == "folio" and not one.top and k + 2 < len(lay.rows)
             and lay.rows[k + 2].blanks}
    feet -= found.keys()
    words = [k for k in feet if ONE_WORD.fullmatch(text, lay.rows[k].start, lay.rows[k].end)
             and not BARE_FOLIO.fullmatch(text, lay.rows[k].start, lay.rows[k].end)]
    pages = max(len(lay.columns), sum(one.top for one in found.values()), sum(not one.top for one in found.values()))
    if len(words) < max(3, 0.5 * pages):
        return []
    begin = {_first_word(text, lay.rows[k]) for k in _page_starts(lay, found, frozenset(words))} - {""}
    awaited = sum(_first_word(text, lay.rows[k]) in begin for k in words)
    return sorted(words) if awaited >= CAUGHT * len(words) else []


def _page_starts(lay: Layout, found: dict[int, Ornament], words: Set[int]) -> Iterator[int]:
    """The rows of the text at which a page may begin: first on its side, or behind furniture."""
    furniture = found.keys() | words
    firsts = {side.first for side in lay.columns}
    yield from (k for k in range(len(lay.rows)) if k not in furniture and (k in firsts or k - 1 in furniture))


def _first_word(text: str, row: Row) -> str:
    return NOT_LETTERS.sub("", _line(text, row).split(maxsplit=1)[0]).casefold()
