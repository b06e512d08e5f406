"""Says how well one line runs on into another: the evidence for a seam between two pages, in nats."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum, log
from typing import NamedTuple

import regex

from pipeline.language import Language

WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*|\p{N}+")
HYPHENS = "-\u00ad\u2010\u2011\u00ac\ufffe\u0002\u2e17"
BROKEN_OFF = regex.compile(rf"(\p{{L}}[\p{{L}}\p{{M}}'’]*)[{HYPHENS}]\W*$")
STOP = regex.compile(r"[.!?…][\p{Pe}\p{Pf}\"'’”*\d\[\]]*\W*$")
PAUSE = regex.compile(r"[,;:—–-][\p{Pf}\"'’”]*\W*$")
OPENING = regex.compile(r"^[\p{Pi}\p{Ps}\"'“‘—–*•-]+")
STRAY = regex.compile(r"^\p{Ll}(?=\p{Lu}\p{Ll})")  # a letter read before the first
NUMERAL = regex.compile(r"^\W*(?:[IVXLC]+|\d{1,3})\W*$")
SHORT = 0.8  # of the measure: a line that ends before the margin
NEAR = 6  # lines to either hand of a seam in which shared rare words count
RARE = 60.0  # occurrences in a million: a word that tells a subject
LONG = 30  # words of a line that is a paragraph or more: too long to speak of what stands near a seam
BOUND = 5.0  # nats that one phrase may say


class Tail(NamedTuple):
    """How a line ends: its last words, its class, what was broken off."""

    words: tuple[str, ...]
    ends: str  # open, pause, stop, stop short, open short, broken
    broken: str


class Head(NamedTuple):
    """How a line begins: its first words and its class."""

    words: tuple[str, ...]
    starts: str  # lower, capital, opening, heading, other


def tail(line: str, measure: float) -> Tail:
    """How a line ends, set to a measure of so many letters.

    >>> tail("the theory of commu-", 20)
    Tail(words=('of', 'commu'), ends='broken', broken='commu')
    """
    words = tuple(WORD.findall(line[-200:])[-2:])
    short = len(line) < SHORT * measure
    if (broken := BROKEN_OFF.search(line[-60:])) and not line.endswith("--"):
        return Tail(words, "broken", broken[1])
    if STOP.search(line[-40:]):
        return Tail(words, "stop short" if short else "stop", "")
    if PAUSE.search(line[-40:]):
        return Tail(words, "pause", "")
    return Tail(words, "open short" if short else "open", "")


def head(line: str, measure: float) -> Head:
    """How a line begins.

    >>> head("nism as the party", 20).starts, head("THE REFUSAL", 20).starts
    ('lower', 'heading')
    """
    words = tuple(WORD.findall(line[:200])[:2])
    bare = STRAY.sub("", OPENING.sub("", line))
    if NUMERAL.match(line) or (len(line) < 0.7 * measure and line.isupper()):
        return Head(words, "heading")
    if bare[:1].islower():
        return Head(words, "lower")
    if bare[:1].isupper():
        return Head(words, "opening" if OPENING.match(line) else "capital")
    return Head(words, "other")


class Phrases:
    """What words this document puts together, and how the language does.

    Pairs are counted within lines only: between lines the scrambled file holds the very adjacencies in question.
    """

    def __init__(self, language: Language, lines: Iterable[str]) -> None:
        self.language = language
        self.words: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.rare: list[frozenset[str]] = []  # of each line, the words that tell its subject
        listed = [[word.lower() for word in WORD.findall(line)] for line in lines]
        for line in listed:
            self.words.update(line)
            self.pairs.update(pairwise(line))
        telling = {word for word, n in self.words.items()
                   if n > 1 and len(word) > 3 and n < 0.1 * len(listed) + 3 and language.frequency(word) < RARE}
        self.rare = [frozenset(telling.intersection(line)) if len(line) < LONG else frozenset() for line in listed]

    def known(self, word: str) -> bool:
        """Whether the language or another place of this document has the word."""
        return self.language.known(word) or self.words[word.lower()] > 1

    def follows(self, word: str, before: tuple[str, ...], less: tuple[str, ...]) -> float:
        """How much more is expected of a word after `before` than after `less`, the nearest of these words."""
        surprise = self.language.surprise
        return max(-BOUND, min(BOUND, surprise(word, less) - surprise(word, before)))

    def topic(self, last: Sequence[int], first: Sequence[int]) -> float:
        """How many telling words lines before and after a seam share, the rarer the more."""
        before: frozenset[str] = frozenset().union(*(self.rare[k] for k in last))
        after: frozenset[str] = frozenset().union(*(self.rare[k] for k in first))
        return fsum(1 / log(1 + self.words[word]) for word in before & after)


def features(before: Tail, after: Head, phrases: Phrases) -> dict[str, float]:
    """What speaks for or against a seam, by name, before it is weighed."""
    found = {f"{before.ends}/{after.starts}": 1.0}
    if not before.words or not after.words:
        return found
    first = after.words[0]
    if before.ends == "broken":
        if phrases.known(before.broken + first):
            found["a broken word made whole"] = 1.0
        elif phrases.known(before.broken) and phrases.known(first):
            found["a compound"] = 1.0
        else:
            found["no such word"] = 1.0
        if not phrases.known(first):
            found["the rest of a word"] = 1.0
        return found
    if after.starts == "lower" and not phrases.known(first):
        found["a piece of a word"] = 1.0
    if before.ends in ("open", "open short") and not phrases.known(before.words[-1]):
        found["ends in no word"] = 1.0
    last = before.words[-1:]
    if not before.ends.startswith("stop"):
        found["phrase"] = phrases.follows(first, last, ())
        if len(before.words) > 1:
            found["third word"] = phrases.follows(first, before.words, last)
        if len(after.words) > 1:
            found["fourth word"] = phrases.follows(after.words[1], (*last, first), (first,))
        if before.ends != "pause":
            found["own phrase"] = log(1 + phrases.pairs[last[0].lower(), first.lower()])
    return found
