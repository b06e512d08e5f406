"""Finds where a witness differs from the print, page by page, and says what kind of damage each place is."""

from collections.abc import Iterator
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

OUTER = regex.compile(r"[\p{P}\p{S}]*")


class Place(NamedTuple):
    """A damaged place: its span in the witness, what stands there, what the print has, where in the page's print."""

    start: int
    end: int
    stands: str
    print: str
    at: int


def flattened(text: str) -> tuple[str, list[int]]:
    """The text with each run of blanks as one, none at the ends, and where each of its signs stands in the text."""
    signs, places = [], []
    for word in regex.finditer(r"\S+", text):
        if signs:
            signs.append(" ")
            places.append(word.start() - 1)
        signs += word[0]
        places += range(word.start(), word.end())
    return "".join(signs), [*places, len(text)]


def places(witness: str, start: int, end: int, printed: str) -> Iterator[Place]:
    """The differences between a page in the witness, at its span, and what is printed there, grown to whole words.

    >>> [place[2:4] for place in places("an offi cer was fined |", 0, 23, "an officer was fined")]
    [('offi cer', 'officer'), ('|', '')]
    """
    have, have_at = flattened(witness[start:end])
    want, want_at = flattened(printed)
    for a, b, c, d in _grown(have, want):
        place = start + have_at[a]
        stop = start + have_at[b - 1] + 1 if b > a else place
        first = want_at[c] if c < len(want) else len(printed)
        yield Place(place, stop, witness[place:stop], want[c:d], first)


def counterpart(witness: str, span: tuple[int, int], printed: str, start: int, end: int) -> tuple[int, int]:
    """Where in the witness the words stand that the page prints from `start` to `end`.

    >>> counterpart("xx an offi cer; was", (3, 19), "an officer, was", 3, 10)
    (6, 14)
    """
    have, have_at = flattened(witness[slice(*span)])
    want, want_at = flattened(printed)
    first, last = want_at.index(start), want_at.index(end - 1)
    found = [
        op.src_start + at - op.dest_start if op.tag == "equal" else edge
        for at in (first, last)
        for op in Levenshtein.opcodes(have, want)
        for edge in [op.src_start if at == first else max(op.src_end - 1, op.src_start)]
        if op.dest_start <= at < op.dest_end
    ]
    return span[0] + have_at[found[0]], span[0] + have_at[found[1]] + 1


def _grown(have: str, want: str) -> list[tuple[int, int, int, int]]:
    grown: list[list[int]] = []
    for op in Levenshtein.opcodes(have, want):
        if op.tag == "equal":
            continue
        a, b, c, d = op.src_start, op.src_end, op.dest_start, op.dest_end
        while a and c and have[a - 1] == want[c - 1] != " ":
            a, c = a - 1, c - 1
        while b < len(have) and d < len(want) and have[b] == want[d] != " ":
            b, d = b + 1, d + 1
        if grown and (a <= grown[-1][1] or c <= grown[-1][3]):
            grown[-1][1], grown[-1][3] = max(b, grown[-1][1]), max(d, grown[-1][3])
        else:
            grown.append([a, b, c, d])
    return [_trimmed(have, want, *place) for place in grown]


def _trimmed(have: str, want: str, a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    """Without the words that are the same at both ends, the blanks there, and equal outer punctuation."""
    stands, printed = have[a:b].split(" "), want[c:d].split(" ")
    while len(stands) > 1 and printed and stands[-1] == printed[-1]:
        last = stands.pop()
        printed.pop()
        b, d = b - len(last) - 1, d - len(last) - bool(printed)
    while len(stands) > 1 and printed and stands[0] == printed[0]:
        first = stands.pop(0)
        printed.pop(0)
        a, c = a + len(first) + 1, c + len(first) + bool(printed)
    while a < b and have[a] == " ":
        a += 1
    while b > a and have[b - 1] == " ":
        b -= 1
    while c < d and want[c] == " ":
        c += 1
    while d > c and want[d - 1] == " ":
        d -= 1
    lead = OUTER.match(have, a, b)
    while lead and a < lead.end() and c < d and have[a] == want[c] and b - a > 1 and d - c > 1:
        a, c = a + 1, c + 1
    while b - a > 1 and d - c > 1 and have[b - 1] == want[d - 1] and OUTER.fullmatch(have[b - 1]):
        b, d = b - 1, d - 1
    return a, b, c, d


def kind(stands: str, printed: str) -> str:
    """What befell a place, in a word or two.

    >>> kind("defi nition", "definition"), kind("o", "off"), kind("Dr,", "Dr."), kind("described,", "described. 8")
    ('split', 'letters', 'punctuation', 'missing')
    """
    if not printed:
        return "noise"
    if len(printed.split()) > len(stands.split()) and printed.startswith(stands.rstrip(".,:;")):
        return "missing"
    if "".join(stands.split()) == "".join(printed.split()):
        return "split" if len(stands) > len(printed) else "run together"
    if regex.sub(r"[\p{P}\p{S}\s]", "", stands) == regex.sub(r"[\p{P}\p{S}\s]", "", printed):
        return "punctuation"
    if regex.search(r"\d", printed) and regex.sub(r"\D", "", stands) != regex.sub(r"\D", "", printed):
        return "figures"
    return "letters"


def ligature_kind(stands: str, printed: str) -> str:
    """What befell a ligature of the text layer.

    >>> [ligature_kind(*p) for p in [("fi nd", "find"), ("�nd", "find"), ("di er", "differ"), ("Þnd", "find")]]
    ['split', 'lost', 'gone', 'wrong sign']
    """
    kinds = []
    if "\ufffd" in stands:
        kinds.append("lost")
    if any(sign in stands for sign in "Þß"):
        kinds.append("wrong sign")
    if any("\ufb00" <= sign <= "\ufb04" for sign in stands):
        kinds.append("ligature sign")
    if not kinds:
        kinds.append("split" if stands.replace(" ", "") == printed.replace(" ", "") else "gone")
    return ", ".join(kinds)
