"""What is known of one language: its spellings, how often they stand, and which stand beside which."""

import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import marisa_trie

from pipeline.errors import Refused
from pipeline.language import letters
from pipeline.language.counting import EDGE_RANK, NUMBER_RANK, OTHER
from pipeline.language.lexicon import INNER, LOWER, TITLE, UPPER
from pipeline.language.tables import STEP, Table, opened
from pipeline.language.tokens import EDGE, NUMBER, folded

# File and kind of number of each table.
TABLES = {
    "cases": "B",  # of each word of the lexicon: the cases in which it is right
    "capital": "B",  # ... the share of capitals inside sentences, in 255ths
    "old": "B",  # ... its count in older prose, as a logarithm
    "modern": "B",  # ... and in modern prose
    "rank": "H",  # ... its place among the words that runs are made of; OTHER if too rare
    "one": "f",  # of each rank: -ln P(word)
    "one_less": "f",  # ... -ln of the share left to words not seen after it
    "pairs": "I",  # ... where its pairs begin
    "pair_word": "H",  # of each pair: the second word
    "pair": "B",  # ... -ln P(second | first), in steps
    "pair_less": "B",  # ... -ln of the share left to words not seen after both
    "triples": "I",  # ... where its triples begin
    "triple_word": "H",  # of each triple: the third word
    "triple": "B",  # ... -ln P(third | first, second), in steps
    "letters": "B",  # -ln P(letter | three before)
}
COUNT_STEP = 1 / 16  # a count as a byte: 0 is none, else 1 + ln(count) / COUNT_STEP, to 7.9 million
LONG_STEM, COMMON_STEM = 5, 300.0  # the letters of a stem, at least; occurrences in a million, at most
PREFIXES = frozenset(
    "anti co counter ex extra hyper inter intra mid multi neo non post pre pro pseudo quasi re self semi sub super "
    "trans ultra un vice socio politico electro psycho anglo franco indo sino afro russo graeco austro italo".split()
)
# Only endings that are no words themselves: `overwhich` and `manable` are two words run together.
ENDINGS = ("ification", "isation", "ization", "ness", "ism", "ist", "istic")
COMPOUND_SHARE = 0.1  # of the rare words, those that are compounds of common ones


@dataclass(frozen=True, eq=False)
class Language:
    """The evidence of one language. Its files are mapped into memory; nothing is read until it is asked for."""

    code: str
    checksum: str  # sha256 over the files, as reckoned when they were made
    words: "marisa_trie.Trie"
    tables: dict[str, Table]
    totals: tuple[int, int]  # words of older and of modern prose that were counted
    rare_seen: float  # of the occurrences of rarer words together, the share of those in the lexicon

    def known(self, word: str) -> bool:
        """Whether this is a right spelling; compounds and possessives are judged by their parts.

        Presence is weak evidence for a short word, absence for a name or a term: see `surprise` and `shape`.
        Of single letters `a`, `A`, `I`, `O`, `o`; nothing with a figure in it.

        >>> english = language("en")
        >>> [word for word in "connexion colour color tbe fi London london peasants’ Re-elected".split()
        ...  if english.known(word)]
        ['connexion', 'colour', 'color', 'London', 'peasants’', 'Re-elected']
        """
        plain = folded(word)
        cases = self.tables["cases"][number] if (number := self._number(plain)) >= 0 else 0
        if _fits(word, cases):
            return True
        if plain.endswith(("'s", "s'")):
            stem = word[:-2] if plain[-2] == "'" else word[:-1]
            return len(stem) > 2 and self.known(stem)
        if "-" in plain:
            return all(self._part_known(part) for part in word.replace("‐", "-").split("-"))
        return self._derived(word, plain)

    def _part_known(self, part: str) -> bool:
        return len(part) > 1 and (part.lower() in PREFIXES or self.known(part))

    def _derived(self, word: str, plain: str) -> bool:
        """Whether a long word is a known one of some length with a common prefix or ending."""
        if len(plain) < LONG_STEM + 2 or word[1:] != plain[1:]:
            return False
        stems = [plain[: -len(ending)] for ending in ENDINGS if plain.endswith(ending)]
        stems += [plain.removeprefix(prefix) for prefix in PREFIXES if len(prefix) > 2 and plain.startswith(prefix)]
        return any(
            _fits(stem, self.tables["cases"][number]) and self.frequency(stem) <= COMMON_STEM
            for stem in stems
            if len(stem) >= LONG_STEM and (number := self._number(stem)) >= 0
        )

    def frequency(self, word: str) -> float:
        """Occurrences in a million words of older or of modern prose, whichever is more; 0.0 if not seen."""
        number = self._number(folded(word))
        if number < 0:
            return 0.0
        return max(
            count_of(self.tables[period][number]) * 1e6 / (total or 1)
            for period, total in zip(("old", "modern"), self.totals, strict=True)
        )

    def capitalised(self, word: str) -> float:
        """The share of its occurrences inside sentences that have a capital: a name is near 1; 0.0 if not seen."""
        number = self._number(folded(word))
        return self.tables["capital"][number] / 255 if number >= 0 else 0.0

    def surprise(self, word: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> float:
        """-ln P(word | up to two words before it, and after it), in nats; `EDGE` is where a sentence begins or ends.

        What comes after counts by how much likelier than by chance it follows, so the figure with and without it can
        be compared; where the words after are much likelier for this word it may fall below 0.
        """
        here, left = self._rank(folded(word)), self._context(before)
        nats = self._after(left, here)
        if here == OTHER:
            nats += self._rare(folded(word))
        for k, follower in enumerate(after[:2]):
            if here == EDGE_RANK:
                break
            following = self._rank(folded(follower), first_part=True)
            chance = self._after((here,), following) if k else self.tables["one"][following]
            nats += self._after((*left[-1:], here), following) - chance
            left, here = (here,), following
        return nats

    def pair(self, left: str, right: str) -> float:
        """How much likelier `right` follows `left` than by chance, in nats: below 0 where they shun each other.

        0.0 where either is too rare to tell.
        """
        first, second = self._context((left,))[-1], self._rank(folded(right), first_part=True)
        if OTHER in (first, second):
            return 0.0
        return float(self.tables["one"][second]) - self._after((first,), second)

    def shape(self, word: str) -> float:
        """The mean surprise of a letter of this spelling among English words, in nats: garbage is high, a name low."""
        return self._spelling(folded(word)) / (len(word) + 1)

    def _spelling(self, plain: str) -> float:
        return letters.cost(self.tables["letters"], plain)

    def _number(self, plain: str) -> int:
        """The place of a folded word in the lexicon, or -1."""
        found: int = self.words.get(plain, -1)
        return found

    def _rank(self, plain: str, *, first_part: bool = False) -> int:
        """The rank of a folded word; of an unknown compound that of its first part, if asked."""
        if plain == EDGE:
            return EDGE_RANK
        if plain == NUMBER:
            return NUMBER_RANK
        number = self._number(plain)
        rank: int = self.tables["rank"][number] if number >= 0 else OTHER
        if rank == OTHER and first_part and "-" in plain:
            return self._rank(plain.partition("-")[0])
        return rank

    def _context(self, before: Sequence[str]) -> tuple[int, ...]:
        """The ranks of the last two words, from the last edge of a sentence on; of an unknown compound its last part."""
        ranks: tuple[int, ...] = ()
        for word in before[-2:]:
            plain = folded(word)
            rank = self._rank(plain)
            if rank == OTHER and "-" in plain:
                rank = self._rank(plain.rpartition("-")[2])
            ranks = (rank,) if rank == EDGE_RANK else (*ranks, rank)
        return ranks

    def _after(self, before: tuple[int, ...], rank: int) -> float:
        """-ln P(rank | ranks before): that of the longest run seen, or what is left to shorter ones."""
        tables = self.tables
        if not before:
            one: float = tables["one"][rank]
            return one
        if len(before) == 1:
            at = self._pair(before[0], rank)
            if at >= 0:
                return float(tables["pair"][at] * STEP)
            return float(tables["one_less"][before[0]] + tables["one"][rank])
        context = self._pair(before[0], before[1])
        if context < 0:
            return self._after(before[1:], rank)
        first, last = tables["triples"][context], tables["triples"][context + 1]
        at = bisect_left(tables["triple_word"], rank, first, last)
        if at < last and tables["triple_word"][at] == rank:
            return float(tables["triple"][at] * STEP)
        return tables["pair_less"][context] * STEP + self._after(before[1:], rank)

    def _pair(self, first: int, second: int) -> int:
        """Where the pair lies in the tables, or -1."""
        begin, end = self.tables["pairs"][first], self.tables["pairs"][first + 1]
        at = bisect_left(self.tables["pair_word"], second, begin, end)
        return at if at < end and self.tables["pair_word"][at] == second else -1

    def _rare(self, plain: str) -> float:
        """-ln P(word | it is one of the rarer words): by its count, else by its spelling, a compound by its parts."""
        number = self._number(plain)
        if number >= 0:
            count = count_of(self.tables["old"][number]) + count_of(self.tables["modern"][number])
            share = max(count, 0.5) / math.exp(-self.tables["one"][OTHER]) / sum(self.totals)
            return -math.log(self.rare_seen * share)
        chance = math.exp(-min(self._spelling(plain), 600.0))
        parts = [part for part in plain.removesuffix("'s").removesuffix("'").split("-") if part]
        if parts and parts != [plain]:
            ranks = [self._rank(part) for part in parts]
            if OTHER not in ranks:
                chance += COMPOUND_SHARE * math.exp(-sum(self.tables["one"][rank] for rank in ranks))
        return -math.log((1 - self.rare_seen) * chance)


def _fits(word: str, cases: int) -> bool:
    """Whether a word stands in one of the cases in which it is right."""
    if not cases:
        return False
    if word.islower():
        return bool(cases & LOWER)
    if word.isupper() and len(word) > 1:
        return True
    inner = word[1:].lower() != word[1:] and "-" not in word
    if inner:
        return bool(cases & INNER) and word[0].isupper()
    return bool(cases & (LOWER | TITLE)) and not (cases == UPPER)


def count_of(byte: int) -> float:
    """The count that a byte stands for.

    >>> [round(count_of(counted(count))) for count in (0, 1, 50)]
    [0, 1, 51]
    """
    return math.exp((byte - 1) * COUNT_STEP) if byte else 0.0


def counted(count: int) -> int:
    """A count as a byte."""
    return min(255, 1 + round(math.log(count) / COUNT_STEP)) if count else 0


def evidence(code: str, folder: Path) -> Language:
    """The evidence that lies in a folder."""
    try:
        made = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
        words = marisa_trie.Trie().mmap(str(folder / "words.marisa"))
        tables = {name: opened(folder / f"{name}.bin", kind) for name, kind in TABLES.items()}
    except (OSError, ValueError, RuntimeError) as why:
        raise Refused(f"the language evidence in {folder} is not whole ({why}); make it anew: make language") from why
    return Language(code, made["checksum"], words, tables, (made["old"], made["modern"]), made["rare_seen"])


@lru_cache(maxsize=8)
def language(code: str = "en") -> Language:
    """The evidence of a language by its code (`en`, `en-GB`). Raises `Refused`, naming those there are."""
    home = Path(str(resources.files("pipeline.language")))
    there = sorted(path.parent.name for path in home.glob("*/evidence.json"))
    main = code.partition("-")[0].lower()
    if main not in there:
        raise Refused(
            f"there is no language evidence for “{code}”, only for: {', '.join(there) or 'none'}; "
            "name one of these, or build it (make language)"
        )
    return evidence(main, home / main)
