"""Measures the joining of overlapping pieces: `python -m bench.overlaps [FOLDER] [--pieces 1000,3000,10000]`.

Texts of a folder are cut into pieces of 300 words that share 10 to 80 words with the piece before, damaged (one letter
in ten) and shuffled. For each number of pieces: the share of joins found, how many of those found are right, how many
places are off by more than three letters, seconds, and the most memory the process has held.
"""

import argparse
import lzma
import random
import resource
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pipeline.stages.chains import chained
from pipeline.stages.overlaps import overlaps

DATA = Path(__file__).parents[2] / "shared/data/lmcorpus/old"
WORDS, LEAST, MOST = 300, 10, 80
FOR_EACH_OTHER = {"e": "c", "c": "e", "h": "b", "b": "h", "l": "1", "i": "l", "n": "u", "u": "n", "s": "8", "o": "0",
                  "a": "o", "t": "f", "f": "t", "m": "rn", "d": "cl", "w": "vv", "r": "n", "y": "v", "g": "q"}
LETTERS = "abcdefghijklmnopqrstuvwxyz.,;' "


class Cut(NamedTuple):
    """Pieces in any order; of each that follows another, where that one's tail begins and where its own head ends."""

    pieces: list[str]
    follows: dict[tuple[int, int], tuple[int, int]]


def cut(words: list[str], count: int, noise: float, seed: int) -> Cut:
    """So many pieces cut from a text, damaged and shuffled."""
    dice = random.Random(seed)
    at, before = 0, 0
    whole: list[str] = []
    places: list[tuple[int, int]] = []
    while len(whole) < count and at + WORDS <= len(words):
        after = dice.randint(LEAST, MOST)
        edges = (at, at + before, at + WORDS - after, at + WORDS)
        head, middle, tail = (damaged(" ".join(words[a:b]), noise, dice) for a, b in pairwise(edges))
        whole.append(" ".join([*([head] if head else []), middle, tail]))
        places.append((len(head), len(whole[-1]) - len(tail)))
        at, before = at + WORDS - after, after
    order = list(range(len(whole)))
    dice.shuffle(order)
    place = {piece: k for k, piece in enumerate(order)}
    follows = {(place[p], place[p + 1]): (places[p][1], places[p + 1][0]) for p in range(len(whole) - 1)}
    return Cut([whole[piece] for piece in order], follows)


def damaged(text: str, noise: float, dice: random.Random) -> str:
    """A text with this share of its letters misread: for another (six in ten), any letter, lost or too many."""
    return "".join(_misread(letter, dice) if dice.random() < noise else letter for letter in text)


def _misread(letter: str, dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.6:
        return FOR_EACH_OTHER.get(letter) or dice.choice(LETTERS)
    if chance < 0.75:
        return ""
    return letter + dice.choice(LETTERS) if chance < 0.9 else dice.choice(LETTERS)


def words_of(folder: Path) -> Iterator[str]:
    """The words of every text of a folder."""
    for path in sorted([folder] if folder.is_file() else folder.rglob("*.txt*")):
        opened = lzma.open if path.suffix == ".xz" else open
        with opened(path, "rt", encoding="utf-8") as text:
            yield from text.read().split()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=DATA)
    asked.add_argument("--pieces", default="1000,3000,10000")
    asked.add_argument("--noise", type=float, default=0.1)
    told = asked.parse_args()
    words: list[str] = []
    counts = [int(count) for count in told.pieces.split(",")]
    for word in words_of(told.folder):
        words.append(word)
        if len(words) >= max(counts) * WORDS:
            break
    print(" pieces  recall  precision  places off  seconds   MB")
    for count in counts:
        made = cut(words, count, told.noise, seed=count)
        begun = time.perf_counter()
        joined = chained([len(piece) for piece in made.pieces], overlaps(made.pieces)).joins
        took = time.perf_counter() - begun
        found = {pair: (one.begins, one.ends) for pair, one in joined.items()}
        right = found.keys() & made.follows.keys()
        off = sum(abs(a - b) > 3 for pair in right for a, b in zip(found[pair], made.follows[pair], strict=True))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{len(made.pieces):7} {len(right) / len(made.follows):7.4f} {len(right) / max(1, len(found)):10.4f} "
              f"{off / max(1, 2 * len(right)):11.4f} {took:8.1f} {peak:4.0f}", flush=True)


if __name__ == "__main__":
    main()
