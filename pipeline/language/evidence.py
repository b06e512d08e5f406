"""What is known of one language: its spellings, how often they stand, and which stand beside which."""

import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import marisa_trie

from pipeline.errors import Refused
from pipeline.language import letters
from pipeline.language.asked import Language
from pipeline.language.forms import fits, is_form, today
from pipeline.language.neighbours import Neighbours
from pipeline.language.tables import EDGE_RANK, NUMBER_RANK, OTHER, STEP, opened
from pipeline.language.tokens import EDGE, NUMBER, folded, words_of
from pipeline.language.wordlist import NAMES, word_list


class Tables(NamedTuple):
    """The arrays of a language, each in the file of its name."""

    cases: "memoryview[int]"  # of each word of the lexicon: the cases in which it is right
    capital: "memoryview[int]"  # ... the share of capitals inside sentences, in 255ths
    old: "memoryview[int]"  # ... its count in older prose, as a logarithm
    modern: "memoryview[int]"  # ... and in modern prose
    rank: "memoryview[int]"  # ... its place among the words that runs are made of; OTHER if too rare
    one: "memoryview[float]"  # of each rank: -ln P(word)
    one_after: "memoryview[float]"  # ... among words not seen after the one before
    one_less: "memoryview[float]"  # ... -ln of the share left to words not seen after it
    pairs: "memoryview[int]"  # ... where its pairs begin
    pair_word: "memoryview[int]"  # of each pair: the second word
    pair: "memoryview[int]"  # ... -ln P(second | first), in steps
    pair_less: "memoryview[int]"  # ... -ln of the share left to words not seen after both, in steps
    triples: "memoryview[int]"  # ... where its triples begin
    triple_word: "memoryview[int]"  # of each triple: the third word
    triple: "memoryview[int]"  # ... -ln P(third | first, second), in steps
    letters: "memoryview[int]"  # -ln P(letter | three before), in steps


KINDS = {
    "rank": "H", "one": "f", "one_after": "f", "one_less": "f",
    "pairs": "I", "pair_word": "H", "triples": "I", "triple_word": "H",
}  # fmt: skip
COUNT_STEP = 1 / 16  # a count as a byte: 0 is none, else 1 + ln(count) / COUNT_STEP, to 7.9 million
LONG_STEM, COMMON_STEM = 5, 300.0  # the letters of a stem, at least; occurrences in a million, at most
COMMON_WHOLE = 60.0  # occurrences in a million of a word that no one hyphenates: `understand`, but not `nearby`
# Before a hyphen all of these, without one the first.
SOLID_PREFIXES = words_of(
    "anti counter extra hyper inter intra multi neo non post pre pseudo semi sub super trans ultra un socio electro "
    "psycho"
)
PREFIXES = SOLID_PREFIXES | words_of(
    "co ex mid pro quasi re self vice politico anglo franco indo sino afro russo graeco austro italo"
)
# Only endings that are no words themselves: `overwhich` and `manable` are two words run together.
ENDINGS = words_of("ification isation ization ised ized ising izing ness ism ist istic eth est")
COMMON_NEIGHBOUR = 0.2  # occurrences in a million of a word that may be meant where much is misread
UNSEEN = 0.5  # occurrences allowed to a word of the lists that the prose has not
COMPOUND_SHARE = 0.1  # of the rare words, those that are compounds of common ones


class Made(NamedTuple):
    """What was noted when the evidence was made."""

    checksum: str  # sha256 over the files
    old: int  # words of older prose that were counted
    modern: int  # ... and of modern prose
    rare: int  # occurrences of all words too rare for runs
    rare_unseen: float  # the share of these that is in no lexicon


class Counted:
    """The evidence of a language, counted. Its files are mapped into memory; nothing is read until it is asked for."""

    words_only, about = False, ""

    def __init__(self, code: str, words: "marisa_trie.Trie", tables: Tables, made: Made) -> None:
        self.code, self.checksum = code, made.checksum
        self._words, self._tables, self._made = words, tables, made
        self._rates = [1e6 * (count_of(byte) / (made.old or 1)) for byte in range(256)]
        self._modern_rates = [1e6 * (count_of(byte) / (made.modern or 1)) for byte in range(256)]
        # The same words are asked for again and again; each language remembers for itself.
        # `listed`: whether the lexicon has the word itself, without a look at its parts: quicker than `known`.
        self.known = lru_cache(1 << 16)(self._known)
        self.listed = lru_cache(1 << 16)(self.lists)
        self.far = lru_cache(1 << 12)(self._far)
        self.near = lru_cache(1 << 14)(self._near)
        self._place = lru_cache(1 << 16)(self._placed)
        self._rank = lru_cache(1 << 16)(self._looked_up)
        self._asked = lru_cache(1 << 17)(self._surprise)

    def _known(self, word: str) -> bool:
        """Whether this is a right spelling; compounds and possessives are judged by their parts.

        Presence is weak evidence for a short word, absence for a name or a term: see `surprise` and `shape`.
        Of single letters `a`, `A`, `I`, `O`, `o`; of figures ordinals and decades.

        >>> english = language("en")
        >>> [word for word in "connexion colour color tbe fi London london peasants’ Re-elected xiv".split()
        ...  if english.known(word)]
        ['connexion', 'colour', 'color', 'London', 'peasants’', 'Re-elected', 'xiv']
        """
        plain = folded(word)
        if fits(word, self._cases(plain)) or is_form(word):
            return True
        if plain.endswith(("'s", "s'")):
            stem = word[:-2] if plain[-2] == "'" else word[:-1]
            return len(stem) > 2 and self.known(stem)
        if plain.endswith("'d"):  # scorn'd
            return len(plain) > 4 and self.known(word[:-2] + "ed")
        if "-" in plain:
            return self._compound(word, plain)
        modern = today(word)
        return (modern != word and self.known(modern)) or self._derived(word, plain)

    def lists(self, word: str) -> bool:
        """The same as `listed`, not remembered: for spellings that hardly anybody asks for twice."""
        number = self._number(folded(word))
        return number >= 0 and fits(word, self._tables.cases[number])

    def beginning(self, letters: str) -> list[str]:
        """The folded words of the lexicon that begin with these letters.

        >>> "alternative" in language("en").beginning("alternat")
        True
        """
        return list(self._words.keys(letters))

    def _near(self, plain: str, most: int) -> tuple[str, ...]:
        """The folded words that differ from this one by a letter, from a longer one by two or three, the nearest first.

        Of those equally near the commonest; so many of them at most.

        >>> language("en").near("instoad", 2)
        ('instead', 'inroad')
        """
        near = self._neighbours.near(plain)
        return tuple(sorted(near, key=lambda word: (near[word], -self.frequency(word)))[:most])

    def _far(self, plain: str, many: int) -> list[str]:
        """The folded words of the lexicon, none of the rarest, that differ from this one by up to three letters.

        The nearest first, of these the commonest.

        >>> "midnight" in language("en").far("mldnlcht", 200)
        True
        """
        return self._common_neighbours.far(plain, many)

    @cached_property
    def _common_neighbours(self) -> Neighbours:
        often = {word: self.frequency(word) for word, _ in self._words.iteritems() if word.isalpha()}
        return Neighbours(sorted((word for word, n in often.items() if n > COMMON_NEIGHBOUR),
                                 key=lambda word: (-often[word], word)))

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(word for word, number in self._words.iteritems()
                          if word.isalpha() and (self._tables.old[number] or self._tables.modern[number]))

    def _compound(self, word: str, plain: str) -> bool:
        """Whether all parts are known, unless it is a common word with a hyphen no one prints: `under-stand`."""
        whole = plain.replace("-", "")
        if self._number(plain) < 0 and self._cases(whole) and self.frequency(whole) > COMMON_WHOLE:
            return False
        parts = word.replace("‐", "-").split("-")
        return all(len(part) > 1 and (part.lower() in PREFIXES or self.known(part)) for part in parts)

    def _derived(self, word: str, plain: str) -> bool:
        """Whether a long word is a known one of some length with a common prefix or ending."""
        if len(plain) < LONG_STEM + 2 or word[1:] != plain[1:]:
            return False
        stems = [plain[: -len(ending)] for ending in ENDINGS if plain.endswith(ending)]
        stems += [plain.removeprefix(prefix) for prefix in SOLID_PREFIXES if plain.startswith(prefix)]
        return any(
            fits(stem, self._cases(stem)) and self.frequency(stem) <= COMMON_STEM
            for stem in stems
            if len(stem) >= LONG_STEM
        )

    def frequency(self, word: str) -> float:
        """Occurrences in a million words of older or of modern prose, whichever is more; 0.0 if not seen."""
        number, tables = self._place(word), self._tables
        if number < 0:
            return 0.0
        return max(self._rates[tables.old[number]], self._modern_rates[tables.modern[number]])

    def capitalised(self, word: str) -> float:
        """The share of its occurrences inside sentences that have a capital: a name is near 1; 0.0 if not seen."""
        number = self._place(word)
        return self._tables.capital[number] / 255 if number >= 0 else 0.0

    def surprise(self, word: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> float:
        """-ln P(word, and then `after` | the last two words of `before`), in nats; lower is likelier.

        `EDGE` is where a sentence begins or ends. The chances of all words there could be add up to 1, so that readings
        of different numbers of words can be compared: sum over the words of each, the last with those that follow.

        >>> english, before, after = language("en"), ("the", "productive"), ("of", "labour")
        >>> english.surprise("power", before, after) < english.surprise("Dower", before, after)
        True
        """
        return self._asked(word, tuple(before[-2:]), tuple(after[:2]))

    def _surprise(self, word: str, before: tuple[str, ...], after: tuple[str, ...]) -> float:
        plain = folded(word)
        rank = self._rank(plain)
        nats = self._after(self._context(before), rank)
        if rank == OTHER:
            nats += self._rare(plain)
        if after and rank != EDGE_RANK:
            nats += self.surprise(after[0], (*before, word), after[1:])
        return nats

    def pair(self, left: str, right: str) -> float:
        """How much likelier `right` follows `left` than by chance, in nats; 0.0 where the pair was not seen.

        >>> language("en").pair("per", "cent") > 3
        True
        """
        first, second = self._rank(folded(left)), self._rank(folded(right))
        at = self._pair(first, second) if OTHER not in (first, second) else -1
        return self._tables.one[second] - self._tables.pair[at] * STEP if at >= 0 else 0.0

    def shape(self, word: str) -> float:
        """The mean surprise of a letter of this spelling among English words, in nats: garbage is high, a name low."""
        return self._spelling(folded(word)) / (len(word) + 1)

    def _spelling(self, plain: str) -> float:
        return letters.cost(self._tables.letters, plain)

    def _placed(self, word: str) -> int:
        """The place of a word, as it stands, in the lexicon, or -1."""
        return self._number(folded(word))

    def _number(self, plain: str) -> int:
        """The place of a folded word in the lexicon, or -1."""
        found: int = self._words.get(plain, -1)
        return found

    def _cases(self, plain: str) -> int:
        """The cases in which a folded word is right."""
        number = self._number(plain)
        return self._tables.cases[number] if number >= 0 else 0

    def _looked_up(self, plain: str) -> int:
        """The rank of a folded word."""
        if plain == EDGE:
            return EDGE_RANK
        if plain == NUMBER:
            return NUMBER_RANK
        number = self._number(plain)
        return self._tables.rank[number] if number >= 0 else OTHER

    def _context(self, before: Sequence[str]) -> tuple[int, ...]:
        """The ranks of words before, from an edge of a sentence on; of a rare compound that of its last part."""
        ranks: tuple[int, ...] = ()
        for word in before:
            plain = folded(word)
            rank = self._rank(plain)
            if rank == OTHER and "-" in plain:
                rank = self._rank(plain.rpartition("-")[2])
            ranks = (rank,) if rank == EDGE_RANK else (*ranks, rank)
        return ranks

    def _after(self, before: tuple[int, ...], rank: int) -> float:
        """-ln P(rank | ranks before): that of the longest run seen, or what is left to shorter ones."""
        tables = self._tables
        if not before:
            return tables.one[rank]
        if len(before) == 1:
            at = self._pair(before[0], rank)
            if at >= 0:
                return tables.pair[at] * STEP
            return tables.one_less[before[0]] + tables.one_after[rank]
        context = self._pair(before[0], before[1])
        if context < 0:
            return self._after(before[1:], rank)
        first, last = tables.triples[context], tables.triples[context + 1]
        at = bisect_left(tables.triple_word, rank, first, last)
        if at < last and tables.triple_word[at] == rank:
            return tables.triple[at] * STEP
        return tables.pair_less[context] * STEP + self._after(before[1:], rank)

    def _pair(self, first: int, second: int) -> int:
        """Where the pair lies in the tables, or -1."""
        begin, end = self._tables.pairs[first], self._tables.pairs[first + 1]
        at = bisect_left(self._tables.pair_word, second, begin, end)
        return at if at < end and self._tables.pair_word[at] == second else -1

    def _rare(self, plain: str) -> float:
        """-ln P(word | it is one of the rarer words): by its count, else by its spelling, a compound by its parts."""
        number, made = self._number(plain), self._made
        if number >= 0:
            count = count_of(self._tables.old[number]) + count_of(self._tables.modern[number])
            return -math.log(max(count, UNSEEN) / made.rare)
        chance = math.exp(-min(self._spelling(plain), 600.0))
        parts = [part for part in plain.removesuffix("'s").removesuffix("'").split("-") if part]
        if parts and parts != [plain]:
            ranks = [self._rank(part) for part in parts]
            if OTHER not in ranks:
                chance += COMPOUND_SHARE * math.exp(-sum(self._tables.one[rank] for rank in ranks))
        return -math.log(made.rare_unseen * chance)


def count_of(byte: int) -> float:
    """The count that a byte stands for.

    >>> [round(count_of(counted(count))) for count in (0, 1, 50)]
    [0, 1, 51]
    """
    return math.exp((byte - 1) * COUNT_STEP) if byte else 0.0


def counted(count: int) -> int:
    """A count as a byte."""
    return min(255, 1 + round(math.log(count) / COUNT_STEP)) if count else 0


def evidence(code: str, folder: Path) -> Counted:
    """The evidence that lies in a folder."""
    try:
        made = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
        words = marisa_trie.Trie().mmap(str(folder / "words.marisa"))
        tables = Tables(*(opened(folder / f"{name}.bin", KINDS.get(name, "B")) for name in Tables._fields))
        return Counted(code, words, tables, Made(*(made[name] for name in Made._fields)))
    except (OSError, ValueError, KeyError, RuntimeError) as why:
        raise Refused(f"the language evidence in {folder} is not whole ({why}); make it anew: make language") from why


@lru_cache(maxsize=8)
def language(code: str = "en") -> Language:
    """The evidence of a language by its code (`en`, `en-GB`). Raises `Refused`, naming those there are."""
    home = Path(str(resources.files("pipeline.language")))
    there = sorted(path.parent.name for path in home.glob("*/evidence.json"))
    main = code.partition("-")[0].lower()
    if main in there:
        return evidence(main, home / main)
    if main in NAMES:
        return word_list(main)
    raise Refused(f"there is no language evidence for “{code}”, only for: {', '.join(there)}, and lists of words of "
                  f"{', '.join(sorted(NAMES))}; name one of these, or build it (make language)")
