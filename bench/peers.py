"""The peers: other correctors of words, each as a function from a text to a text, run as their makers advise.

A peer sees one word at a time, without the marks around it, and keeps its capitals; only `lookup_compound` sees lines.
None of them is imported by the pipeline: `pip install -e '.[bench]'` gets them (and `apt-get install hunspell
hunspell-en-us` the last), and one that is not there is left out.
"""

import importlib.util
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from shutil import which
from typing import NamedTuple

import regex

from pipeline.language import language
from pipeline.rulebook import rules_folder

Corrector = Callable[[str], str]
CORE = regex.compile(r"[\p{L}\p{N}](?:\S*[\p{L}\p{N}])?")  # of what stands between blanks
LETTER = regex.compile(r"\p{L}")


class Peer(NamedTuple):
    """A corrector by the name people know it by, its package or program (none for our own), and how it is begun."""

    name: str
    package: str
    begin: Callable[[], Corrector]

    @property
    def installed(self) -> bool:
        return not self.package or importlib.util.find_spec(self.package) is not None or which(self.package) is not None


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
    """Hunspell, Debian's program with its American dictionary, asked through a pipe; its first suggestion."""
    speller = subprocess.Popen(["hunspell", "-a", "-d", "en_US", "-i", "utf-8"], encoding="utf-8",
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # it ends with us, when its pipe closes
    asked, told = speller.stdin, speller.stdout
    if not asked or not told or not told.readline():
        raise SystemExit("hunspell does not answer; it needs its dictionary en_US (Debian: hunspell-en-us)")

    @cache
    def correct(word: str) -> str:
        asked.write(f"^{word}\n")
        asked.flush()
        answers = list(iter(told.readline, "\n"))
        if len(answers) != 1 or not answers[0].startswith("&"):
            return word  # right, or past helping, or more words than one to it
        return answers[0].rstrip("\n").partition(": ")[2].split(", ")[0]

    return word_by_word(correct)


PEERS = (
    Peer("left alone", "", left_alone),
    Peer("misreading list", "", misread_list),
    Peer("symspellpy look-up", "symspellpy", symspell_lookup),
    Peer("symspellpy compound", "symspellpy", symspell_compound),
    Peer("pyspellchecker", "spellchecker", pyspellchecker),
    Peer("hunspell", "hunspell", hunspell),
)
