"""What the rules propose: for each place that looks damaged, the readings that may have stood there."""

from collections.abc import Iterator
from typing import NamedTuple

import regex

from pipeline.model import Span
from pipeline.rulebook import Rule, Rulebook
from pipeline.stages.channel import Channel
from pipeline.stages.conditions import APHETIC, HOLDS
from pipeline.stages.confusions import Confusions, Reading
from pipeline.stages.spellings import LIGATURE_SIGNS
from pipeline.stages.usage import Usage

LONG = 7  # letters: a word of two faults must be long to be known again
SHORT = 4
LIKE_A_WORD, LIKE_A_NAME = 2.3, 2.45  # nats a letter, on the mean, that a word nobody knows may surprise
RARE_PIECE = 10.0  # in a million: `cation` is a word, and yet half of many more
APOSTROPHES = "’'‘"
CLIPPED = regex.compile(r"(?<!s)['’](?![\p{L}\p{N}])")
POSSESSIVE_OF_A_NAME = regex.compile(r"\p{Lu}\p{L}+['’]s?")


class Proposal(NamedTuple):
    """A stretch of the text, what may be read there, by which rules, and the slip that it supposes."""

    start: int
    end: int
    new: str
    rules: tuple[Rule, ...]
    slip: tuple[str, str] = ("", "")
    nats: float = 0.0  # how rare the damage is; 0 where the rule itself must say
    slips: int = 1


def proposed(span: tuple[int, int], one: Reading) -> Proposal:
    """A reading at its place."""
    return Proposal(*span, one.new, one.rules, one.slip, one.nats, one.slips)


class Proposer:
    """The rules of a book at work on one document."""

    def __init__(self, book: Rulebook, usage: Usage, channel: Channel) -> None:
        self.usage = usage
        self.confusions = Confusions(tuple(book.of("confusion")), tuple(book.of("words")), usage, channel)
        self.patterns = tuple(book.of("pattern", "mark"))

    def proposals(self) -> Iterator[Proposal]:
        """All that the rules propose, in no particular order."""
        for k, (span, word) in enumerate(zip(self.usage.spans, self.usage.words, strict=True)):
            if word in self.usage.names or (len(word) <= SHORT and self._clipped(span)):
                continue
            readings = self.confusions.of(word) or self._meant_for(word, k)
            foreign = bool(readings) and self.usage.foreign(k)
            for one in readings:
                if not foreign or one.rules[0].category == "ligature":
                    yield proposed(span, one)
        for rule in self.patterns:
            yield from self._found_by(rule)

    def _meant_for(self, word: str, k: int) -> tuple[Reading, ...]:
        """What may be meant by a right word never seen beside its neighbours, if that was seen there."""
        beside = self.usage.odd(k)
        if not beside:
            return ()
        pair = self.usage.language.pair
        return tuple(one for one in self.confusions.of_a_right(word)
                     if pair(beside[0], one.new) > 0 and pair(one.new, beside[1]) > 0)

    def _clipped(self, span: Span) -> bool:
        """Whether an apostrophe makes a word what is left of a longer one: tho’, th’, ’mid."""
        text, (start, end) = self.usage.text, span
        before = start > 0 and text[start - 1] in APOSTROPHES
        behind = text[end : end + 1] in ("’", "'")
        return (behind and CLIPPED.match(text, end) is not None) or (
            before and APHETIC.fullmatch(text[start:end].lower()) is not None
        )

    def _found_by(self, rule: Rule) -> Iterator[Proposal]:
        usage, reading, holds = self.usage, rule.reading, [HOLDS[name] for name in rule.when]
        for match in rule.finds.finditer(usage.text, overlapped=rule.kind == "pattern"):
            if holds and not all(condition(match, usage) for condition in holds):
                continue
            if rule.kind == "mark":
                yield from self._with_its_word(match, reading(match), rule)
            elif (readings := self._whole(reading(match), match[0], rule)) and not usage.foreign(
                usage.within(*match.span())[0]
            ):
                yield from (proposed(match.span(), one) for one in readings)

    def _with_its_word(self, match: "regex.Match[str]", new: str, rule: Rule) -> Iterator[Proposal]:
        """A mark corrected; and where the word it hangs on is damaged too, both together."""
        yield Proposal(*match.span(), new, (rule,))
        word = next((group for group in match.groups() if group and group in new and len(group) > 3), "")
        if word and not self.usage.known(word):
            for one in self.confusions.of(word):
                yield Proposal(*match.span(), new.replace(word, one.new, 1), (rule, *one.rules), one.slip)

    def _whole(self, new: str, old: str, rule: Rule) -> list[Reading]:
        """The reading of a pattern if it is made of right words; else those that other rules then make of it."""
        usage = self.usage
        pieces = old.split(" ")
        strange = not all(map(usage.known, pieces))
        if usage.lists(new) or (strange and rule.category != "split" and usage.known(new)):
            sound = len(new) > 3 or usage.language.frequency(new) > 20.0
            return [Reading(new, (rule,))] if sound else []
        return list(self._of_strange(new, pieces, rule)) if strange else []

    def _of_strange(self, new: str, pieces: list[str], rule: Rule) -> Iterator[Reading]:
        """What may be read where some pieces are no words, and nor is what they make together."""
        usage = self.usage
        if rule.category == "ligature" and len(pieces) > 1 and new == "".join(pieces) and (
            len(new) >= LONG or not LIGATURE_SIGNS.isdisjoint(new)
        ):
            yield from (Reading(one.new, (rule, *one.rules), nats=one.nats)
                        for one in self.confusions.of(new)
                        if one.slips == 1 and " " not in one.new and one.rules[0].any not in ("lost", "added"))
            if usage.language.shape(new) < (LIKE_A_NAME if new[0].isupper() else LIKE_A_WORD) and all(
                not usage.known(piece) or (piece is not pieces[0] and self._rare(piece)) for piece in pieces
            ):
                yield Reading(new, (rule,))  # a word the language does not have, in pieces that are no words at all
        if POSSESSIVE_OF_A_NAME.fullmatch(new):
            yield Reading(new, (rule,))

    def _rare(self, piece: str) -> bool:
        return self.usage.language.frequency(piece) < RARE_PIECE
