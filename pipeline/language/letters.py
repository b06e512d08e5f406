"""How English-shaped a spelling is: which letter follows which three, over all words of the lexicon."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable

from pipeline.language.forms import unaccented
from pipeline.language.tables import STEP, stepped

# 0 is the edge of a word, 29 any letter that is none of these.
ALPHABET = {letter: number for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz'-", 1)}
FOREIGN, LETTERS = 29, 30
BEFORE = 3


def numbered(word: str) -> list[int]:
    """A folded word as letter numbers, without accents.

    >>> numbered("ébène"), numbered("c0b")
    ([5, 2, 5, 14, 5], [3, 29, 2])
    """
    return [ALPHABET.get(letter, FOREIGN) for letter in unaccented(word)]


def spelling(words: Iterable[str]) -> "array[int]":
    """-ln P(letter | three before it) for all 30⁴, in steps, from the words; lower orders fill in (Witten and Bell)."""
    seen = [Counter[int]() for _ in range(BEFORE + 1)]
    for word in words:
        row = [0] * BEFORE + numbered(word) + [0]
        for k in range(BEFORE, len(row)):
            key = 0
            for size, letter in enumerate(reversed(row[k - BEFORE : k + 1])):
                key += letter * LETTERS**size
                seen[size][key] += 1
    lower = [1 / LETTERS] * LETTERS
    for size in range(BEFORE + 1):
        chances = [0.0] * LETTERS ** (size + 1)
        for context in range(LETTERS**size):
            first = context * LETTERS
            counts = [seen[size][first + letter] for letter in range(LETTERS)]
            total, kinds = sum(counts), sum(count > 0 for count in counts) or 1
            shorter = first % LETTERS**size if size else 0
            for letter, count in enumerate(counts):
                chances[first + letter] = (count + kinds * lower[shorter + letter]) / (total + kinds)
        lower = chances
    return array("B", (stepped(-math.log(chance)) for chance in lower))


def cost(table: "memoryview[int]", word: str) -> float:
    """-ln P of the whole spelling of a folded word, its end included."""
    context = total = 0
    for letter in (*numbered(word), 0):
        here = context * LETTERS + letter
        total += table[here]
        context = here % LETTERS**BEFORE
    return total * STEP
