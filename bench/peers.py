"""The peers: other correctors of words, each as a function from a text to a text, run as their makers advise.

A peer sees one word at a time, without the marks around it, and keeps its capitals; only `lookup_compound` sees lines.
None of them is imported by the pipeline: `pip install -e '.[bench]'` gets them, and one that is not there is left out.
"""

import importlib.util
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import regex

from pipeline.language import language
from pipeline.rulebook import rules_folder

Corrector = Callable[[str], str]
CORE = regex.compile(r"[\p{L}\p{N}](?:\S*[\p{L}\p{N}])?")  # of what stands between blanks
LETTER = regex.compile(r"\p{L}")


class Peer(NamedTuple):
    """A corrector by the name people know it by, the package it comes in (none for our own), and how it is begun."""

    name: str
    package: str
    begin: Callable[[], Corrector]

    @property
    def installed(self) -> bool:
        return not self.package or importlib.util.find_spec(self.package) is not None


def word_by_word(correct: Callable[[str], str]) -> Corrector:
    """A corrector of texts from one of words; figures are left, apostrophes keep their shape.

    >>> word_by_word(lambda word: {"tbe": "the", "dou't": "don't"}.get(word, word))("(Tbe 12 cats, tbe dog dou’t.)")
    '(Tbe 12 cats, the dog don’t.)'
    """

    def read(found: "regex.Match[str]") -> str:
        word = found[0]
        if not LETTER.search(word):
            return word
        new = correct(word.replace("’", "'"))
        return new.replace("'", "’") if "’" in word else new

    return lambda text: CORE.sub(read, text)


def as_capital(word: str, new: str) -> str:
    """The new word with the capitals of the old.

    >>> as_capital("Tbe", "the"), as_capital("TBE", "the"), as_capital("tbe", "the")
    ('The', 'THE', 'the')
    """
    if word.isupper() and len(word) > 1:
        return new.upper()
    return new[:1].upper() + new[1:] if word[:1].isupper() else new


# --- the peers -------------------------------------------------------------------------------------------------------


def left_alone() -> Corrector:
    return lambda text: text


def misread_list() -> Corrector:
    """Our own list of words that are read for others, without those that are words too: nothing here could tell."""
    known = language("en").known
    rows = (rules_folder() / "misread-words.tsv").read_text(encoding="utf-8").splitlines()
    listed = [row.split("\t")[:2] for row in rows if row and not row.startswith("#")]
    pairs = {read: meant for read, meant in listed if not known(read)}
    return word_by_word(lambda word: pairs.get(word, word))


def symspell_lookup() -> Corrector:
    from symspellpy import SymSpell, Verbosity

    speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
    speller.load_dictionary(str(files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)

    def correct(word: str) -> str:
        found = speller.lookup(word.lower(), Verbosity.TOP, 2)
        return word if not found or found[0].distance == 0 else as_capital(word, str(found[0].term))

    return word_by_word(correct)


def symspell_compound() -> Corrector:
    """The look-up that also parts and joins words; it takes the marks away, so that only `hipe` is fair to it."""
    from symspellpy import SymSpell

    speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
    speller.load_dictionary(str(files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)
    speller.load_bigram_dictionary(str(files("symspellpy") / "frequency_bigramdictionary_en_243_342.txt"), 0, 2)

    def line(text: str) -> str:
        found = speller.lookup_compound(text, 2, ignore_non_words=True, transfer_casing=True)
        return str(found[0].term) if found else text

    sentence = regex.compile(r"\S[^\n]*?(?:[.;:!?](?=\s)|(?=\n)|\Z)")
    return lambda text: sentence.sub(lambda found: line(found[0]), text)


def pyspellchecker() -> Corrector:
    from spellchecker import SpellChecker

    speller = SpellChecker(distance=1)  # at two letters it takes seconds a word

    def correct(word: str) -> str:
        if speller.known([word]):
            return word
        return as_capital(word, speller.correction(word.lower()) or word)

    return word_by_word(correct)


def hunspell() -> Corrector:
    """Hunspell's method in Python, with the American dictionary it comes with; its first suggestion.

    Where a word is like no other it searches long, so that here each word is asked for once.
    """
    from spylls.hunspell import Dictionary

    speller = Dictionary.from_files(str(files("spylls") / "hunspell/data/en/en_US"))

    @cache
    def correct(word: str) -> str:
        return word if speller.lookup(word) else next(iter(speller.suggest(word)), word)

    return word_by_word(correct)


PEERS = (
    Peer("left alone", "", left_alone),
    Peer("misreading list", "", misread_list),
    Peer("symspellpy look-up", "symspellpy", symspell_lookup),
    Peer("symspellpy compound", "symspellpy", symspell_compound),
    Peer("pyspellchecker", "spellchecker", pyspellchecker),
    Peer("hunspell (spylls)", "spylls", hunspell),
)
