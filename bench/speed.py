"""Words a second and memory on long texts: books run together, set in lines, torn, and misread in known ways."""

import lzma
import random
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import regex

from bench.damaged import torn
from bench.peers import PEERS
from bench.repair import DATA
from bench.trial import OURS, tried

BOOK = 150_000  # words
LENGTHS, LONG = (10_000, 100_000), 1_000_000
PEER = "symspellpy look-up"
MISREAD = (("rn", "m"), ("h", "b"), ("e", "c"), ("n", "u"), ("li", "h"), ("l", "1"), ("i", "l"), ("f", "t"), ("a", "o"))
ONE_WORD_IN = 12  # as in a book of little noise; the fewer words are wrong, the faster is a plain look-up
WORD = regex.compile(r"\p{L}{3,}")
WIDTH = 66


def misread(text: str, seed: int) -> str:
    """The text with one word in twelve misread at one place, by pairs of letters that look alike."""
    chance = random.Random(seed)

    def word(found: "regex.Match[str]") -> str:
        pairs = [pair for pair in MISREAD if pair[0] in found[0]]
        if not pairs or chance.random() * ONE_WORD_IN >= 1:
            return found[0]
        old, new = chance.choice(pairs)
        return found[0].replace(old, new, 1)

    return WORD.sub(word, text)


def book(words: int) -> str:
    """So many words of prose, one long work or several, damaged and set in lines."""
    held: list[str] = []
    have = 0
    for path in sorted((DATA / "lmcorpus/old").glob("*.txt.xz")):
        for paragraph in lzma.decompress(path.read_bytes()).decode("utf-8").split("\n\n"):
            held.append(paragraph)
            have += len(paragraph.split())
            if have >= words:
                text = misread(torn("\n\n".join(held), 1), 1)
                return "\n\n".join(textwrap.fill(paragraph, WIDTH) for paragraph in text.split("\n\n")) + "\n"
        if have < min(words, BOOK):
            held, have = [], 0  # a book is one work, if it is long enough
    raise SystemExit(f"there are no {words} words in {DATA / 'lmcorpus/old'}")


class Pace(NamedTuple):
    """How fast a system reads a text of so many words, how long it takes to begin, the most megabytes it holds."""

    system: str
    words: int
    rate: float
    begin: float
    peak: float


def measured(long: bool) -> list[Pace]:
    """The peer's plain look-up and ours on the same book; then ours by length."""
    text = book(BOOK)
    paces = [pace(peer.name, text) for peer in PEERS if peer.installed and peer.name == PEER] + [pace(OURS, text)]
    return paces + [pace(OURS, book(words)) for words in (*LENGTHS, *((LONG,) if long else ()))]


def pace(system: str, text: str) -> Pace:
    told, words = tried(system, [(text, "")], "raw"), len(text.split())
    return Pace(system, words, words / told["seconds"], told["begin"], told["peak"])


def ratio_of(paces: Sequence[Pace]) -> float | None:
    """Our words a second over the peer's, on the same book; none where the peer is not there."""
    theirs, mine, *_ = paces
    return mine.rate / theirs.rate if theirs.system == PEER else None
