"""What a document shows of its own usage, and what the language makes of words in their place."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

import regex

from pipeline.language import Language
from pipeline.model import Span
from pipeline.stages.spellings import LETTER, has_sign, is_word
from pipeline.view import words

SENTENCE_END = regex.compile(r"[.?!\n][^\p{L}\p{N}]*$|\n")
WITH_APOSTROPHE = regex.compile(r"\p{L}+’(?!\p{L})")
APOSTROPHE_BETWEEN = regex.compile(r"(?<!\p{L})(\p{L}+)’ (?=(\p{L}+))")
SPACED_DASH = regex.compile(r"(?<=\S) [-–—] (?=\S)")
CLOSE_MARK = regex.compile(r"(?<=\p{L})[,;:?!.]")
FAR_MARK = regex.compile(r"(?<=\p{L}) [,;:?!.](?![ .]*\.)")

ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "ness", "est", "st", "eth", "less", "ish",
           "ism", "ist", "ists", "able", "al")
BEGINNINGS = ("fore", "un", "re", "over", "under", "out", "mis", "non", "pre", "anti", "super", "sub", "inter",
              "counter")
RARE_STEM = 0.1  # in a million: the lexicon has rarer ones that are misread words themselves
OLDER = regex.compile(r"[ao]e|[æœ]")
PASSAGE, MOST_STRANGE = 10, 0.35  # words on either side; the share of them that no lexicon has
MOST_MISREAD, FEWEST_LITTLE = 0.7, 0.3  # the same where past mending; of the known words, little ones if it is English
LITTLE_WORD = 400.0  # in a million: as common as `has`; shop and girl are rarer, and shopgirl is one word
OWN_WORD = 3
COMMON, RARELY = 1000.0, 0.02  # in a million; the share of capitals inside sentences
REVERED = frozenset({"i", "he", "him", "his", "one", "thee", "thou", "thy", "who", "whom", "whose", "you", "your"})
SURE_CASE = 0.97
FEWEST_WORDS = 1000  # a text of a few lines shows no usage of its own
UNSEEN_SIGN = 25.0  # nats: a sign inside a word that no word has is no accident of vocabulary
# A name may be any string of letters: that the lexicon does not have it says little; of a long one more, since there
# are many, and if all words are in capitals, most are no names.
NAME, OF_A_LETTER, SHORT_NAME, LONG_NAME, IN_CAPITALS = 13.0, 1.0, 5, 12, 2.0
FOREIGN = 4.0  # each unknown neighbour speaks for another language, so against a misreading
MUCH, FEWEST_STRANGE = 0.006, 4  # the share of strange words that stand once from which much is misread; their number
FEW_STRANGE, MANY_STRANGE = 0.03, 0.12  # the share of unknown words from which, and to which, it does so the less
# How far the document speaks beside the language: by its words, and by which follow which.
OF_WORDS, OF_PAIRS = 0.05, 0.20


class Place(NamedTuple):
    """What stands around some words: those before, those after, and how many nearby are strange to the language."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    strangers: int


class Usage:
    """The words of a document in order, how often each stands and beside which."""

    def __init__(self, text: str, language: Language, names: Iterable[str] = (), beside: str = "") -> None:
        self.text, self.language = text, language
        self.names = frozenset(names)
        self.spans: list[Span] = []
        self.words: list[str] = []
        once: dict[str, str] = {}  # each word is held once, however often it stands
        for span in words(text):
            word = text[span.start : span.end]
            if is_word(word):
                self.spans.append(span)
                self.words.append(once.setdefault(word, word))
        self.starts = [span.start for span in self.spans]
        small = {word: word.lower() for word in once}
        lower = [small[word] for word in self.words]
        self.counts: Counter[str] = Counter(lower)
        self.pairs: Counter[tuple[str, str]] = Counter(pairwise(lower))
        if beside:
            self.counts.update(word.lower() for word in (beside[a:b] for a, b in words(beside)) if is_word(word))
        self.total = max(sum(self.counts.values()), FEWEST_WORDS)
        self._known: dict[str, bool] = {}
        self._strangers: dict[int, bool] = {}
        self._place: tuple[tuple[int, int], Place] = (-1, -1), Place((), (), 0)

    # --- words ---------------------------------------------------------------------------------------------------

    def known(self, word: str) -> bool:
        """Whether the language or the edition has this word."""
        found = self._known.get(word)
        if found is None:
            bare = word.replace("’", "'")
            found = self._known[word] = (
                word in self.names or self.language.known(word) or bare in self.names or self._formed(word)
            )
        return found

    def _formed(self, word: str) -> bool:
        """Whether a longer word is a known one with a common ending or beginning, or in an older spelling.

        Most words that no lexicon has are made so: retrogressions, despisers, forefeel, imaginest, diaetetic.
        """
        if len(word) < 6 or not word.isalpha() or word.isupper():
            return False
        stems = {word[: -len(ending)] for ending in ENDINGS if word.endswith(ending)}
        stems |= {stem + "e" for stem in stems} | {stem[:-1] + "y" for stem in stems if stem.endswith("i")}
        stems |= {word.removeprefix(beginning) for beginning in BEGINNINGS if word.startswith(beginning)}
        stems |= {OLDER.sub(newer, word) for newer in ("e", "ae") if OLDER.search(word)} - {word}
        return any(len(stem) >= 4 and self.listed(stem) and (
            self.language.frequency(stem) > RARE_STEM or stem in self.names) for stem in stems)

    def listed(self, word: str) -> bool:
        """Whether the lexicon itself, the edition or the document's own repetition has this word: a quick answer."""
        return self.language.listed(word) or self._own(word)

    def lists(self, word: str) -> bool:
        """The same of a spelling that hardly anybody asks for twice."""
        return self.language.lists(word) or self._own(word)

    def _own(self, word: str) -> bool:
        return word in self.names or (word[:1].isupper() and self.counts.get(word.lower(), 0) > 2)

    def begins(self, k: int) -> bool:
        """Whether a sentence begins with this word."""
        return k == 0 or self._ends_between(k - 1)

    def stands(self, word: str) -> int:
        """How often the word stands in this document, whatever its case."""
        return self.counts.get(word.lower(), 0)

    def expected(self, word: str) -> float:
        """How often the word stands in this document, or should in one so long."""
        return max(self.stands(word), self.language.frequency(word) * len(self.words) / 1e6)

    def together(self, left: str, right: str) -> int:
        """How often one word stands before the other."""
        return self.pairs.get((left.lower(), right.lower()), 0)

    @cached_property
    def capitals(self) -> Counter[str]:
        """How often each word stands with a capital where no sentence begins."""
        return Counter(
            self.words[k] for k in range(1, len(self.words))
            if self.words[k][0].isupper() and self.text[self.spans[k - 1].end : self.starts[k]] in (" ", ", ")
            and self.words[k - 1][0].islower()
        )

    @cached_property
    def small(self) -> Counter[str]:
        """How often each word stands in small letters."""
        return Counter(word for word in self.words if word.islower())

    @cached_property
    def apostrophes(self) -> Counter[str]:
        """How often each word stands with an apostrophe behind it."""
        return Counter(WITH_APOSTROPHE.findall(self.text))

    @cached_property
    def with_apostrophe(self) -> frozenset[tuple[str, str]]:
        """The words that stand beside each other with an apostrophe between them."""
        return frozenset(APOSTROPHE_BETWEEN.findall(self.text))

    @cached_property
    def stray_capitals(self) -> int:
        """How many little words stand once or twice with a capital inside a sentence, and often without."""
        return sum(1 for word, n in self.capitals.items()
                   if is_little(word, self.language) and self.small[word.lower()] >= 10 * n)

    @cached_property
    def spaced_dashes(self) -> int:
        return sum(1 for _ in SPACED_DASH.finditer(self.text))

    @cached_property
    def close_marks(self) -> Counter[str]:
        """How often each mark stands close to its word."""
        return Counter(CLOSE_MARK.findall(self.text))

    @cached_property
    def far_marks(self) -> Counter[str]:
        """How often each mark stands a blank away from its word."""
        return Counter(found[-1] for found in FAR_MARK.findall(self.text))

    @cached_property
    def capitalises(self) -> bool:
        """Whether common words have capitals so often that it is the usage of the document."""
        odd = sum(n for word, n in self.capitals.items() if self.language.capitalised(word) < 0.1)
        return odd > 0.004 * self.total

    # --- places --------------------------------------------------------------------------------------------------

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the words that a stretch touches, half-open."""
        first = bisect_right(self.starts, start) - 1
        if first < 0 or self.spans[first].end <= start:
            first += 1
        return first, max(bisect_left(self.starts, end), first)

    def before(self, k: int) -> tuple[str, ...]:
        """The two words before a word, with an empty one where the sentence begins."""
        if k == 0 or self._ends_between(k - 1):
            return ("",)
        if k == 1 or self._ends_between(k - 2):
            return ("", self.words[k - 1])
        return (self.words[k - 2], self.words[k - 1])

    def after(self, k: int) -> tuple[str, ...]:
        """The two words from a word on, with an empty one where the sentence ends."""
        last = len(self.words)
        if k >= last or (k and self._ends_between(k - 1)):
            return ("",)
        if k + 1 >= last or self._ends_between(k):
            return (self.words[k], "")
        return (self.words[k], self.words[k + 1])

    def _ends_between(self, k: int) -> bool:
        return SENTENCE_END.search(self.text[self.spans[k].end : self.starts[k + 1]]) is not None

    def odd(self, k: int) -> tuple[str, str] | None:
        """The known words beside a known one, if the language was never seen to put it beside either."""
        if not 0 < k < len(self.words) - 1 or not self.words[k].islower():
            return None
        left, word, right = self.words[k - 1 : k + 2]
        if not (self.listed(left) and self.listed(word) and self.listed(right)):
            return None
        pair = self.language.pair
        if pair(left, word) or pair(word, right) or self._ends_between(k - 1) or self._ends_between(k):
            return None
        return left, right

    def place(self, first: int, last: int) -> "Place":
        """What stands around some words; the readings of one place ask for it one after the other."""
        if self._place[0] != (first, last):
            self._place = (first, last), Place(self.before(first), self.after(last), self.strangers(first, last))
        return self._place[1]

    def strangers(self, first: int, last: int) -> int:
        """How many of the three words on either side are strange to the language, but for one: that may be chance."""
        beside = (*range(max(first - 3, 0), first), *range(last, min(last + 3, len(self.words))))
        return max(sum(map(self._strange, beside)) - 1, 0)

    @cached_property
    def strange_share(self) -> float:
        """The share of the words that are strange to the language."""
        return sum(map(self._strange, range(len(self.words)))) / max(len(self.words), 100)

    @cached_property
    def much_misread(self) -> bool:
        """Whether so many words are strange that most of them must be misread; of few lines nobody can tell.

        A term stands more than once, a misreading seldom twice alike; a word with a capital may be a name.
        """
        once = sum(word[0].islower() and self.stands(word) == 1 and self._strange(k)
                   for k, word in enumerate(self.words))
        return once >= max(MUCH * len(self.words), FEWEST_STRANGE)

    @cached_property
    def foreign_weight(self) -> float:
        """What an unknown neighbour says for another language: little where much is misread."""
        return FOREIGN * min(max((MANY_STRANGE - self.strange_share) / (MANY_STRANGE - FEW_STRANGE), 0.1), 1.0)

    def foreign(self, k: int) -> bool:
        """Whether a word stands in a passage of another language, or in one past mending: too few words are known."""
        first, last = max(k - PASSAGE, 0), min(k + PASSAGE + 1, len(self.words))
        strange = self._strange_small[last] - self._strange_small[first]
        if strange <= (3 if self.much_misread else 1):  # one strange word is no passage; nor three of many misread
            return False
        small = self._small_sums[last] - self._small_sums[first]
        if strange <= MOST_STRANGE * small:  # a list of names is none either
            return False
        little = self._little_sums[last] - self._little_sums[first]
        return strange > MOST_MISREAD * small or little < FEWEST_LITTLE * (small - strange)

    @cached_property
    def _small_sums(self) -> list[int]:
        """How many words in small letters there are before each word."""
        return [0, *accumulate(word[0].islower() for word in self.words)]

    @cached_property
    def _strange_small(self) -> list[int]:
        """How many of these are strange."""
        return [0, *accumulate(word[0].islower() and self._strange(k) for k, word in enumerate(self.words))]

    @cached_property
    def _little_sums(self) -> list[int]:
        """How many little words of the language there are before each word."""
        often = self.language.frequency
        return [0, *accumulate(often(word) > LITTLE_WORD for word in self.words)]

    def _strange(self, k: int) -> bool:
        """Whether a word is unknown, no piece of a torn word, and not two words run together."""
        found = self._strangers.get(k)
        if found is None:
            word = self.words[k]
            left, right = self.words[max(k - 1, 0)], self.words[min(k + 1, len(self.words) - 1)]
            found = self._strangers[k] = bool(
                LETTER.search(word) and not self.known(word) and not has_sign(word)
                and not self.listed(left + word) and not self.listed(word + right) and not self._welded(word)
            )
        return found

    def _welded(self, word: str) -> bool:
        """Whether a word could be two that are run together, one of them a little one."""
        often = self.language.frequency
        return any(
            max(often(word[:k]), often(word[k:])) > LITTLE_WORD and self.listed(word[:k]) and self.listed(word[k:])
            for k in range(2, len(word) - 1)
        )

    # --- what a reading costs ------------------------------------------------------------------------------------

    def cost(self, reading: Sequence[str], before: tuple[str, ...], after: tuple[str, ...], here: int = 0,
             strangers: int = 0, torn: bool = False, rival: float = 0) -> float:
        """The surprise of a reading in its place, in nats: of its words and of those that follow.

        `here` is how many of the occurrences the document counts are this very place, and so prove nothing; of the
        pieces of a torn word no occurrence does, since the same word is torn wherever it stands. `rival` is how often
        the word stands, or should, that may have been meant instead.
        """
        line = [*before, *reading, *after]
        at, end = len(before), len(before) + len(reading)
        nats = 0.0
        for k in range(at, len(line)):
            word, own = line[k], here if k < end else 0
            if own and not self.known(word) and (word[0].islower() or rival > self.stands(word)):
                # The machine may misread a word twice, or oftener where the word meant stands oftener still; an author
                # who has a word of his own uses it oftener than those like it.
                own = self.stands(word) if rival > self.stands(word) else OWN_WORD
            if k < end and has_sign(word):
                nats += UNSEEN_SIGN
                continue
            cost = self.language.surprise(word, tuple(line[max(k - 2, 0) : k]))
            if k < end and not self.known(word):
                cost = min(cost, name_cost(word)) if word[0].isupper() else cost
                cost = max(cost - self.foreign_weight * strangers, 4.0)
            chance = 0.85 * math.exp(-cost)
            left = line[k - 1] if k else ""
            if torn and (not self.known(word) if k < end else k == end):
                left = ""
            else:
                chance += OF_WORDS * max(self.stands(word) - own, 0) / self.total
            if left and word:
                met = max(self.together(left, word) - (here if at <= k <= end else 0), 0)
                if met > 1:
                    chance += OF_PAIRS * met / (self.stands(left) or 1)
            nats -= math.log(chance)
            if k < end and line[k - 1] and word[0].isalpha():
                nats += self._odd_case(word)
        return nats

    def _odd_case(self, word: str) -> float:
        """What it costs that a word inside a sentence has its capital, or has none."""
        capital = min(max(self.language.capitalised(word), 1 - SURE_CASE), SURE_CASE)
        return -math.log(capital if word[0].isupper() else 1 - capital) if self.language.listed(word) else 0.0


def name_cost(word: str) -> float:
    """The surprise of a name that nobody knows, in nats.

    >>> name_cost("Norn"), name_cost("Thuraday"), name_cost("DRESSBS")
    (13.0, 16.0, 17.0)
    """
    letters = min(max(len(word), SHORT_NAME), LONG_NAME)
    return NAME + OF_A_LETTER * (letters - SHORT_NAME) + IN_CAPITALS * (len(word) > 3 and word.isupper())


def is_little(word: str, language: Language) -> bool:
    """Whether a word is so common that nothing but the beginning of a sentence gives it a capital.

    >>> from pipeline.language import language
    >>> [word for word in ("This", "His", "May", "State") if is_little(word, language("en"))]
    ['This']
    """
    return language.frequency(word) > COMMON and word.lower() not in REVERED and language.capitalised(word) < RARELY
