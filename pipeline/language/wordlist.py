"""Languages of which a list of words is all there is: German, French, Italian, Spanish, Latin.

Which words there are is told by simplemma, how often they stand by wordfreq, where it has the language: an extra of
ours, imported where such a language is asked for. Nothing of either is copied here. The lists hold misprints and pieces
of words; the shorter a word, the commoner it must be to be believed.
"""

import hashlib
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version

import regex

from pipeline.errors import Refused
from pipeline.language.forms import is_form, today
from pipeline.language.neighbours import Neighbours
from pipeline.language.tokens import EDGE, NUMBER, folded

NAMES = {"de": "German", "fr": "French", "it": "Italian", "es": "Spanish", "la": "Latin"}
COUNTED = ("de", "fr", "it", "es")  # by wordfreq
ONE_LETTER = {"de": "", "fr": "aàyoô", "it": "aeioèàù", "es": "aeouyáó", "la": "aeo"}
PIECES = frozenset({"fi", "fl", "ff", "ii", "iii"})  # in every list; on bad pages half a word, or an n and an m
# Occurrences in a million from which a word of so many letters is believed, if simplemma has it and if it has not.
BELIEVED = {2: (20.0, 100.0), 3: (1.0, 50.0), 4: (0.0, 2.0), 5: (0.0, 1.0), 6: (0.0, 0.1)}
LONGER = (0.0, 0.03)
LISTED = 0.5  # occurrences in a million of a word that is listed but was never counted
UNKNOWN, OF_A_LETTER = 8.0, 2.3  # nats that a word nobody knows surprises, and more for each of its letters
STRANGE = 3.0  # nats a letter: how the words of the language are shaped is not known, so none nobody knows is believed
NEAR = 0.3  # occurrences in a million of words that one may have been misread for
ELIDED_LETTERS, VOWELS = frozenset("cdjlmnst"), ("e", "o", "a")
APOSTROPHE, HYPHEN = regex.compile("['’]"), regex.compile("[-‐]")
ABOUT = (
    "Of {name} only a list of words is at hand ({sources}), and nothing of which words stand beside which. So only "
    "torn ligatures, signs and figures within words, and words cut at line ends are corrected, where the whole word is "
    "listed; what else is found is only proposed, and right words that do not fit their place are not looked for."
)


class WordList:
    """The words of one language and how often they stand."""

    words_only = True

    def __init__(self, code: str, listed: Mapping[str, object], rates: Mapping[str, float], sources: str) -> None:
        self.code, self.sources = code, sources
        self._listed, self._rates = listed, rates
        self.checksum = hashlib.sha256(f"{code} {sources}".encode()).hexdigest()
        self.known = lru_cache(1 << 17)(self._known)
        self.listed = lru_cache(1 << 17)(self.lists)
        self.frequency = lru_cache(1 << 17)(self._frequency)

    @property
    def about(self) -> str:
        return ABOUT.format(name=NAMES[self.code], sources=self.sources)

    def _known(self, word: str) -> bool:
        """Whether this is a right spelling; what is elided or has a hyphen is judged by its parts.

        >>> french = WordList("fr", {"homme": 1, "dire": 1, "elle": 1, "lorsque": 1, "œil": 1}, {}, "typed")
        >>> [word for word in "homme l’homme lorsqu'elle dit-elle dire-elle oeil fi".split() if french.known(word)]
        ['homme', 'l’homme', "lorsqu'elle", 'dire-elle']
        """
        if self.listed(word) or is_form(word):
            return True
        if len(parts := HYPHEN.split(word)) > 1:
            return all(part and (part == "t" or self.known(part)) for part in parts)
        *elided, last = APOSTROPHE.split(word)
        if elided:
            return bool(last) and self.known(last) and all(map(self._elided, elided))
        return today(word) != word and self.known(today(word))

    def lists(self, word: str) -> bool:
        """Whether the list has the word itself, in small letters or as it stands, and it can be believed."""
        plain = folded(word)
        if len(plain) == 1:
            return plain in ONE_LETTER[self.code]
        if plain in PIECES or word[1:] not in (word[1:].lower(), word[1:].upper()):
            return False
        borne_out, alone = BELIEVED.get(len(plain), LONGER)
        there = any(form in self._listed for form in (plain, word, plain.capitalize()))
        rate = self._rates.get(plain, 0.0) * 1e6
        return rate >= alone if not there else rate >= borne_out or not self._rates

    def _elided(self, part: str) -> bool:
        """Whether a vowel is lost at the end: l’homme, lorsqu’elle, dell’uomo."""
        plain = part.lower()
        return plain in ELIDED_LETTERS if len(plain) == 1 else any(self.known(part + vowel) for vowel in VOWELS)

    def beginning(self, letters: str) -> list[str]:
        """The words that begin with these letters, of those that were counted."""
        found, at = [], bisect_left(self._sorted, letters)
        while at < len(self._sorted) and self._sorted[at].startswith(letters):
            found.append(self._sorted[at])
            at += 1
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(word for word, rate in self._rates.items() if rate * 1e6 >= NEAR and self.listed(word))

    def near(self, plain: str, most: int) -> Sequence[str]:
        """The words that differ from this one by few letters, of those that were counted, the nearest first."""
        near = self._neighbours.near(plain)
        return sorted(near, key=lambda word: (near[word], -self.frequency(word)))[:most]

    def far(self, plain: str, many: int) -> Sequence[str]:
        """The same, where the words may differ by more."""
        return self._neighbours.far(plain, many)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(sorted((word for word in self._sorted if word.isalpha()),
                                 key=lambda word: (-self.frequency(word), word)))

    def _frequency(self, word: str) -> float:
        """Occurrences in a million words; 0.0 where it is not listed."""
        plain = folded(word)
        return max(self._rates.get(plain, 0.0) * 1e6, LISTED) if self.listed(word) else 0.0

    def capitalised(self, word: str) -> float:
        """The share of its occurrences that have a capital: nobody knows."""
        return 0.5

    def surprise(self, word: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> float:
        """-ln P(word, and then `after`), in nats: what stands before makes no difference here."""
        return sum(map(self._surprise, (word, *after[:2])))

    def _surprise(self, word: str) -> float:
        if word in (EDGE, NUMBER):
            return 3.0
        rate = self.frequency(word)
        return -math.log(rate / 1e6) if rate else UNKNOWN + OF_A_LETTER * (len(word) + 1)

    def pair(self, left: str, right: str) -> float:
        """How much likelier one word follows the other than by chance: not known."""
        return 0.0

    def shape(self, word: str) -> float:
        """The mean surprise of a letter of this spelling: not known, so none is like a word."""
        return STRANGE


def word_list(code: str) -> WordList:
    """The words of a language by its code. Raises `Refused`, saying what to install, where they are not at hand."""
    try:
        from simplemma.strategies import DefaultDictionaryFactory
        from wordfreq import get_frequency_dict
    except ImportError:
        raise Refused(f"the words of {NAMES[code]} are not at hand; "
                      "install them with: pip install 'corrigenda[languages]'") from None
    listed = DefaultDictionaryFactory().get_dictionary(code)
    rates = get_frequency_dict(code, wordlist="best") if code in COUNTED else {}
    sources = f"simplemma {version('simplemma')}" + (f", wordfreq {version('wordfreq')}" if rates else "")
    return WordList(code, listed, rates, sources)
