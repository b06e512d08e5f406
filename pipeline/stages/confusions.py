"""Readings of one word: what may have stood on the page where the machine read this."""

import math
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

import regex

from pipeline.language import Neighbours
from pipeline.rulebook import Rule
from pipeline.stages.channel import KNOWN, Channel
from pipeline.stages.spellings import LETTER, LIGATURE_SIGNS, has_sign
from pipeline.stages.usage import LITTLE_WORD, Usage

ONLY_LETTERS = regex.compile(r"\p{L}+(?:[’'-]\p{L}+)*")
POSSESSIVE = regex.compile(r"[’']s$|(?<=s)[’']$")
RARE = 8.0  # in a million words: a known word that is no commoner may be a misreading
PRIVATE = regex.compile(r"\p{Co}")
SHORTEST = 4  # letters: of a shorter word too many others are one letter away
LONGEST = 30
MANY = 400  # readings of one word that are looked at
MANY_NEAR, LIKELIEST = 40, 12  # words near to it, and of these the likeliest
MANY_FAR = 200  # the same where much is misread
OFTEN_SO = 8.0  # nats for a word that is often read for another
LONG_PART, RARE_PART = 5, 0.5  # letters from which one of two words run together may be rare, and how rare
OWN = 3  # places where a word stands that is the document's own


class Reading(NamedTuple):
    """What may be read, by which rules, and the slip it supposes: what was seen, and for what."""

    new: str
    rules: tuple[Rule, ...]
    slip: tuple[str, str] = ("", "")
    nats: float = 0.0  # how rare the slips are together; 0 where the rule itself must say
    slips: int = 1


class Confusions:
    """The confusion and word rules of a book at work on one document; what is found for a word is kept."""

    def __init__(self, rules: tuple[Rule, ...], tables: tuple[Rule, ...], usage: Usage, channel: Channel) -> None:
        self.usage, self.channel = usage, channel
        self.pairs = tuple(
            (seen, meant, (rule,), self.channel.nats(seen, meant) if rule.category != "ligature" else 0.0)
            for rule in rules if not rule.any for seen, meant in rule.pairs)
        self.signs = tuple(rule for rule in rules if rule.any == "sign")
        self.tables = tuple((rule, _by_seen(rule.pairs)) for rule in tables)
        self._found: dict[str, tuple[Reading, ...]] = {}
        self._meant: dict[str, tuple[Reading, ...]] = {}

    def of(self, word: str) -> tuple[Reading, ...]:
        """What may have been read as this word."""
        found = self._found.get(word)
        if found is None:
            found = self._found[word] = tuple({one.new: one for one in reversed(list(self._of(word)))}.values())[:MANY]
        return found

    def of_a_right(self, word: str) -> tuple[Reading, ...]:
        """The right words that letters of like shape make of a right one."""
        found = self._meant.get(word)
        if found is None:
            found = self._meant[word] = tuple(
                one for one in self._undone(word, self.one_good) if one.new != word)
        return found

    def _of(self, word: str) -> Iterator[Reading]:
        for rule, table in self.tables:
            for meant in table.get(word, ()):
                slips = self.channel.slips(word, meant) or ()
                nats = min(OFTEN_SO, sum(slip.nats for slip in slips) or OFTEN_SO)
                yield Reading(meant, (rule,), (word, meant), nats)
        if not 1 < len(word) <= LONGEST or (not LETTER.search(word) and "\ufffd" not in word):
            return
        if has_sign(word):
            found = list(self._of_a_sign(word))
            yield from found or (self._near(word) if self.usage.much_misread else ())
        elif self.usage.known(word):
            if self._doubtful(word):
                yield from (one for one in self._undone(word, self.one_good) if word.islower() or one.new.islower())
        elif ONLY_LETTERS.fullmatch(word):
            yield from self._of_unknown(word)
        elif self.usage.much_misread and 2 * sum(map(str.isalpha, word)) > len(word):
            yield from self._near(word)  # fri.m for from

    def _doubtful(self, word: str) -> bool:
        """Whether a right word may yet be a misreading: a rare one, once here, and not by its capital a name."""
        usage = self.usage
        return (usage.stands(word) == 1 and usage.language.frequency(word) <= RARE and len(word) >= SHORTEST
                and (word.islower() or usage.known(word.lower())))

    def _of_unknown(self, word: str) -> Iterator[Reading]:
        ending = POSSESSIVE.search(word)
        stem, rest = (word[: ending.start()], ending[0]) if ending else (word, "")
        for one in self._undone(stem, self.good):
            yield one._replace(new=one.new + rest) if rest else one
        for one in self._near(stem):
            yield one._replace(new=one.new + rest) if rest else one
        if "-" in stem:
            yield from self._of_compound(word)

    def _of_compound(self, word: str) -> Iterator[Reading]:
        """A compound of which one part is unknown, with what may be meant by that part."""
        parts = word.split("-")
        strange = [k for k, part in enumerate(parts) if not self.usage.known(part)]
        if len(strange) == 1 and len(parts[strange[0]]) >= SHORTEST:
            k = strange[0]
            for one in self.of(parts[k]):
                if " " not in one.new:
                    yield one._replace(new="-".join((*parts[:k], one.new, *parts[k + 1 :])))

    def _undone(self, word: str, good: Callable[[str], bool] = bool) -> Iterator[Reading]:
        """Each confusion of the rules undone, at each place where it may have happened and what comes of it is good."""
        for seen, meant, rules, nats in self.pairs:
            if seen in word:
                for new in replaced(word, seen, meant):
                    if good(new):
                        yield Reading(new, rules, (seen, meant), nats)

    def _near(self, word: str) -> list[Reading]:
        """The right words that few slips make of this one, the likeliest first."""
        usage, plain = self.usage, word.lower()
        if len(word) < (SHORTEST - 2 if usage.much_misread else SHORTEST - 1):
            return []
        found = []
        for near in (*self._around(plain), *self._own.near(plain)):
            new = as_written(near, word)
            slips = self.channel.slips(*(word, new) if word.isupper() else (plain, near)) if self.good(new) else None
            if slips and (usage.much_misread or len(word) >= SHORTEST or all(slip.nats <= KNOWN for slip in slips)):
                nats = sum(slip.nats for slip in slips)
                rules = tuple(dict.fromkeys(slip.rule for slip in slips))
                found.append((nats - self._often(near),
                              Reading(new, rules, (slips[0].seen, slips[0].meant), nats, len(slips))))
        return [one for _, one in sorted(found, key=lambda row: (row[0], row[1].new))[:LIKELIEST]]

    def _around(self, plain: str) -> list[str]:
        """The words of the lexicon that are worth a look: the nearest; where much is misread, the likeliest of more."""
        if not self.usage.much_misread:
            return list(self.usage.language.near(plain, MANY_NEAR))
        far = self.usage.language.far(plain, MANY_FAR)
        return sorted(far, key=lambda one: self.channel.rough(plain, one) - self._often(one))[:MANY_NEAR]

    def _often(self, word: str) -> float:
        """How much commoner a word is here than a rare one, in nats."""
        return math.log(self.usage.language.frequency(word) + self.usage.stands(word) + 0.1)

    @cached_property
    def _own(self) -> Neighbours:
        """The words this document has of its own, that no lexicon lists."""
        listed = self.usage.language.listed
        return Neighbours(word for word, n in self.usage.counts.items()
                          if n >= OWN and len(word) >= SHORTEST and word.isalpha() and not listed(word))

    def _of_a_sign(self, word: str) -> Iterator[Reading]:
        """Readings of a word with a sign in it: by the rules that know the sign; else by the letters around it."""
        letters = sum(map(str.isalpha, word))
        if len(word) < 3 or letters < 2 * _oddities(word):
            return  # a number, or past mending
        # A sign of a font's own is as good as none.
        grown, found, half = [Reading(PRIVATE.sub("\ufffd", word), ())], 0, [word]
        for _ in range(3):
            rows, grown = grown, []
            for form, rules, slip, *_ in rows:
                for one in self._undone(form):
                    if _oddities(one.new) >= _oddities(form) or " " in one.new:
                        continue
                    chain = (*(rule for rule in rules if rule not in one.rules), *one.rules)
                    new = Reading(one.new, chain, slip if rules else one.slip)
                    if not has_sign(new.new):
                        if self.good(POSSESSIVE.sub("", new.new)):
                            found += 1
                            yield new
                        continue
                    grown.append(new)
            grown = list({one.new: one for one in grown}.values())[:MANY]
            half += (one.new for one in grown)
        if not found:
            for rule in self.signs:
                yield from (Reading(new, (rule,)) for form in dict.fromkeys(half) for new in self._with_a_letter(form))

    def _with_a_letter(self, word: str) -> Iterator[str]:
        """The right words with one letter for a figure, one or two for a sign; the letter before a sign may go too."""
        sign = next(k for k, letter in enumerate(word) if odd(letter))
        begins = word[: sign if word[sign].isdigit() else max(sign - 1, 0)]
        if not begins or len(word) < 6:
            return
        shape = regex.compile("".join(
            r"\p{L}" if letter.isdigit() else r"\p{L}{1,2}" if odd(letter) else
            r"\p{L}" if _is_sign(word[k + 1 : k + 2]) else regex.escape(letter) for k, letter in enumerate(word.lower())
        ))
        for one in self.usage.language.beginning(begins.lower()):
            if shape.fullmatch(one) and self.good(one):
                yield one.capitalize() if word[0].isupper() else one

    def good(self, reading: str) -> bool:
        """Whether all words of a reading are right, and not too rare to be believed."""
        if " " not in reading:
            return self.one_good(reading)
        language = self.usage.language
        parts = reading.split(" ")
        # Two words run together are right if each is common, and one of them as common as little words are, or both
        # stand together elsewhere. Beside a little word that is no common beginning, the other may be rare.
        rates = [language.frequency(part) if self.usage.lists(part) else 0.0 for part in parts]
        rare = RARE_PART if min(map(len, parts)) > 2 and max(rates) > LITTLE_WORD else 20.0
        sound = all(rate > (1000.0 if len(part) < 3 else 20.0 if len(part) < LONG_PART else rare)
                    for part, rate in zip(parts, rates, strict=True))
        return sound and (max(rates) > LITTLE_WORD or self.usage.together(parts[0], parts[1]) > 0)

    def one_good(self, reading: str) -> bool:
        """The same of what must be one word."""
        usage = self.usage
        return usage.lists(reading) and (usage.language.frequency(reading) > 0.2 or usage.stands(reading) > 0)


def _by_seen(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for seen, meant in pairs:
        found.setdefault(seen, []).append(meant)
    return found


def odd(letter: str) -> bool:
    """Whether a sign does not belong into a word."""
    return not (letter.isalpha() or letter in "’'-") or letter in LIGATURE_SIGNS


def _is_sign(letter: str) -> bool:
    return letter != "" and odd(letter) and not letter.isdigit()


def _oddities(word: str) -> int:
    return sum(map(odd, word))


def replaced(word: str, seen: str, meant: str) -> Iterator[str]:
    """The word with one confusion undone, at each place it may have happened, and at all of them.

    >>> list(replaced("rnodern", "rn", "m"))
    ['modem', 'modern', 'rnodem']
    """
    if not seen:
        edges = meant != " "
        yield from (word[:k] + meant + word[k:] for k in range(1 - edges, len(word) + edges))
        return
    k = word.find(seen)
    if k < 0:
        return
    if word.count(seen) > 1:
        yield word.replace(seen, meant)
    while k >= 0:
        yield word[:k] + meant + word[k + len(seen) :]
        k = word.find(seen, k + 1)


def as_written(word: str, like: str) -> str:
    """A word in the case of another.

    >>> as_written("queensland", "QUFPNSLAVD"), as_written("renwick", "Rcnwlck")
    ('QUEENSLAND', 'Renwick')
    """
    if len(like) > 1 and like.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
