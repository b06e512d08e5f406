"""Words a second and memory on long texts: books run together, set in lines, torn, and misread in known ways."""

import lzma
import random
import textwrap
from collections.abc import Callable, Sequence

import regex

from bench.damaged import torn
from bench.peers import PEERS
from bench.repair import DATA
from bench.trial import OURS, tried

BOOK = 150_000  # words
LENGTHS, LONG = (10_000, 100_000), 1_000_000
PEER = "symspellpy look-up"
MISREAD = (("rn", "m"), ("h", "b"), ("e", "c"), ("n", "u"), ("li", "h"), ("l", "1"), ("i", "l"), ("f", "t"), ("a", "o"))
ONE_WORD_IN = 50
WORD = regex.compile(r"\p{L}{3,}")
WIDTH = 66


def misread(text: str, seed: int) -> str:
    """The text with one word in fifty misread at one place, by pairs of letters that look alike."""
    chance = random.Random(seed)

    def word(found: "regex.Match[str]") -> str:
        old, new = chance.choice(MISREAD)
        return found[0].replace(old, new, 1) if chance.random() * ONE_WORD_IN < 1 else found[0]

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


def speed_table(table: Callable[[str, Sequence[Sequence[object]]], str], long: bool) -> str:
    """Ours down the whole line beside the peers' plain look-up, on the same words; then ours by length."""
    rows, rates = [], {}
    text = book(BOOK)
    n = len(text.split())
    systems = [peer.name for peer in PEERS if peer.installed and peer.name == PEER] + [OURS]
    for system in systems:
        row = tried(system, [(text, "")], "raw")
        rates[system] = n / row["seconds"]
        rows.append((system, f"{n:,}", f"{rates[system]:,.0f}", f"{1e6 / rates[system]:.0f}", f"{row['begin']:.2f}",
                     f"{row['peak']:.0f}"))
    for length in (*LENGTHS, *((LONG,) if long else ())):
        text = book(length)
        n = len(text.split())
        row = tried(OURS, [(text, "")], "raw")
        rows.append((OURS, f"{n:,}", f"{n / row['seconds']:,.0f}", f"{1e6 * row['seconds'] / n:.0f}",
                     f"{row['begin']:.2f}", f"{row['peak']:.0f}"))
    ratio = f"Ours is {rates[OURS] / rates[PEER]:.3f} of {PEER}.\n\n" if PEER in rates else ""
    return (f"## Speed and memory\n\nProse of `lmcorpus` set in lines, torn and misread; ours from the text received "
            f"to the reading text, pages, order and reflow with it. {ratio}"
            + table("system | words | words/s | µs a word | seconds to begin | MB at most", rows))
