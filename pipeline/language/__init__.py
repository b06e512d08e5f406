"""What is known of a language: its words, how often they stand, and which stand beside which."""

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import marisa_trie
import regex

from pipeline.errors import Refused

SENTENCE = ""  # stands for the edge of a sentence among the words before or after
NUMBER = "#"
POSSESSIVE = regex.compile(r"(?:'s|s')$")
PARTS = regex.compile(r"[-'–]")
SEEN_OFTEN = 24  # occurrences in clean prose from which a spelling that is in no word list counts as right
FLOOR = 1e-9
# Interpolation weights of one, two and three words: a first choice by hand, still to be fitted on held-out works.
WEIGHTS = (0.15, 0.40, 0.45)


class Counted(NamedTuple):
    """How often a spelling stands in older and in modern prose, how often with a capital inside a sentence, and
    whether the word list has it (1 in lower case, 2 with a capital, 3 both)."""

    old: int
    modern: int
    capital: int
    listed: int


class Language:
    """The evidence of one language, read from memory-mapped files when first asked for."""

    def __init__(self, code: str, folder: Path) -> None:
        self.code, self.folder = code, folder
        self._seen: dict[str, Counted] = {}
        # One cache for each language, so that two do not answer for each other.
        self.known = lru_cache(200_000)(self._known)
        self.surprise = lru_cache(200_000)(self._surprise)
        self.shape = lru_cache(50_000)(self._shape)

    @cached_property
    def checksum(self) -> str:
        """The sha256 over the files of the evidence."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.glob("*.marisa")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _trie(self, name: str, layout: str) -> "marisa_trie.RecordTrie":
        return marisa_trie.RecordTrie(layout).mmap(str(self.folder / f"{name}.marisa"))

    @cached_property
    def _words(self) -> "marisa_trie.RecordTrie":
        return self._trie("words", "<IIBB")

    @cached_property
    def _grams(self) -> "marisa_trie.RecordTrie":
        return self._trie("grams", "<B")

    @cached_property
    def _letters(self) -> "marisa_trie.RecordTrie":
        return self._trie("letters", "<B")

    @cached_property
    def _totals(self) -> Counted:
        return self.counted("\x01total")

    def counted(self, word: str) -> Counted:
        """The counts of a spelling, whatever its case."""
        key = plain(word)
        found = self._seen.get(key)
        if found is None:
            record = self._words.get(key)
            found = self._seen[key] = Counted(*record[0]) if record else Counted(0, 0, 0, 0)
        return found

    def frequency(self, word: str) -> float:
        """Occurrences in a million words, of older or of modern prose, whichever is more."""
        seen, total = self.counted(word), self._totals
        return max(seen.old * 1e6 / total.old, seen.modern * 1e6 / total.modern)

    def capitalised(self, word: str) -> float:
        """The share of its occurrences that have a capital where no sentence begins."""
        return self.counted(word).capital / 255

    def _known(self, word: str) -> bool:
        """Whether this is a right spelling: in the word list, or often enough in clean prose; compounds by their parts.

        >>> english = language("en")
        >>> [english.known(word) for word in ("connexion", "colour", "color", "whih", "fi")]
        [True, True, True, False, False]
        """
        if not word or not any(c.isalpha() for c in word):
            return False
        if len(word) == 1:
            return word in "aIOAo"
        if self._listed(word):
            return True
        stem = POSSESSIVE.sub("", word.replace("’", "'"))
        if stem != word and len(stem) > 1 and (self._listed(stem) or self._listed(stem + "s")):
            return True
        parts = PARTS.split(word)
        return len(parts) > 1 and all(len(part) > 1 and self._listed(part) for part in parts)

    def _listed(self, word: str) -> bool:
        seen = self.counted(word)
        often = seen.old + seen.modern >= SEEN_OFTEN and len(word) > 2
        if seen.listed & 1 or (often and seen.capital < 128):
            return True
        # A name is right with its capital only.
        return (bool(seen.listed & 2) or often) and not word.islower()

    def _surprise(self, word: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> float:
        """-ln P(word | up to two words before and after it), in nats; lower is likelier. Arguments are tuples.

        What comes after is counted by the likelihood of the next word given this one, so that two readings of one
        place can be compared.
        """
        cost = -math.log(self._chance(plain(word), [plain(w) for w in before][-2:]))
        context = [plain(w) for w in (*before, word)]
        for k, follower in enumerate(after[:2]):
            cost -= math.log(self._chance(plain(follower), [*context, *(plain(w) for w in after[:k])][-2:]))
        return cost

    def _chance(self, word: str, before: Sequence[str]) -> float:
        seen, total = self.counted(word), self._totals
        one = (seen.old + seen.modern) / (total.old + total.modern) if word else 0.05
        if not one:
            one = FLOOR * math.exp(-max(self.shape(word) - 2.0, 0.0))
        chance = WEIGHTS[0] * one
        for n, weight in ((1, WEIGHTS[1]), (2, WEIGHTS[2])):
            if len(before) >= n:
                context = list(before[-n:])
                whole = self._gram(context)
                chance += weight * (self._gram([*context, word]) / whole if whole else 0.0)
        return chance

    def _gram(self, context: Sequence[str]) -> float:
        """About how often these words stand together."""
        if len(context) == 1:
            seen = self.counted(context[0]) if context[0] else self.counted("\x01sentence")
            return float(seen.old + seen.modern)
        record = self._grams.get(" ".join(w or "." for w in context))
        return counted_down(record[0][0]) if record else 0.0

    def pair(self, left: str, right: str) -> float:
        """How much likelier `right` follows `left` than by chance, in nats; 0 where the pair was not seen."""
        a, b = plain(left), plain(right)
        both, one = self._gram([a, b]), self._gram([a])
        two = self.counted(b)
        if not both or not one or not (two.old + two.modern):
            return 0.0
        total = self._totals
        return math.log(both / one * (total.old + total.modern) / (two.old + two.modern))

    def _shape(self, word: str) -> float:
        """The mean surprise of each letter among the words of the language, in nats: garbage is high, a name low."""
        text = f"  {plain(word)} "
        cost = 0.0
        for k in range(2, len(text)):
            whole, part = self._letters.get(text[k - 2 : k]), self._letters.get(text[k - 2 : k + 1])
            chance = counted_down(part[0][0]) / counted_down(whole[0][0]) if whole and part else 0.0
            cost -= math.log(0.98 * min(chance, 1.0) + 0.02 / 40)
        return cost / max(len(text) - 2, 1)


def plain(word: str) -> str:
    """The form in which a word is counted: lower case, a straight apostrophe, any number as one."""
    if word[:1].isdigit():
        return NUMBER
    return word.lower().replace("’", "'")


def counted_down(byte: int) -> float:
    """The count that a byte of the tables stands for.

    >>> round(counted_down(counted_up(1000)) / 1000, 1)
    1.0
    """
    return math.exp(byte / 14.0)


def counted_up(count: float) -> int:
    """A count as the byte of the tables: its logarithm in steps of 1/14 nat."""
    return min(round(math.log(count) * 14.0), 255)


@lru_cache(maxsize=4)
def language(code: str = "en") -> Language:
    """The evidence of a language by its code. Raises `Refused`, naming those there are."""
    home = Path(str(resources.files("pipeline.language")))
    there = sorted(path.parent.name for path in home.glob("*/words.marisa"))
    if code.split("-")[0] not in there:
        raise Refused(f"there is no language evidence for “{code}”; there is {', '.join(there) or 'none'} "
                      "(make language builds it)")
    return Language(code.split("-")[0], home / code.split("-")[0])
