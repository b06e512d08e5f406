"""How certain a correction is: the nats that speak for it, and what is known of such corrections where the truth is."""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import regex
from rapidfuzz.distance import Postfix, Prefix

from pipeline.rulebook import Rule
from pipeline.stages.spellings import has_sign
from pipeline.stages.usage import Usage

# What the certainty of a correction rests on. The weights are in `rules/certainty.tsv`.
COMMON = (
    "one",  # always 1
    "nats",  # what speaks for the reading
    "rare",  # how rare the damage is that it supposes, in nats
    "slips",  # how many slips that is, more than one
    "strange",  # the share of the words of the document that are unknown
    "gap",  # by how much it beats the next
    "letters",  # of what was read
    "rarity",  # of the new word in the language
    "strangers",  # unknown words around it
    "damage",  # plain misreadings of letters by their shape in a thousand words of the document
    "guesses",  # of letters: others amiss, against those: an older or a foreign spelling has many
    "old-elsewhere",  # what was read stands elsewhere too
    "new-elsewhere",  # the new word stands elsewhere too
    "habit",  # places where the same slip is plain
    "pieces",  # what was read in pieces: those of them that are no words
    "capital",  # it begins with a capital
    "known",  # what was read is a right word
    "sign",  # a sign stands in it that no word has
    "vowels",  # only vowels and such letters differ as older hands write for each other
    "ending",  # the last letter differs
    "beside",  # of the words on either side, those beside which the language has the new word
    "beside, old",  # ... those beside which it has what was read
    "short",  # letters that a short word lacks to four
    "name",  # the new word is mostly written with a capital
    "any", "words", "ligature", "split", "join",  # the kind of damage; else letters of like shape
)
# A torn word or ligature, and words run together, are told from a misread letter by other signs, and so is a misread
# letter where a right word stands from one where none does: each has its weights.
MEASURES = tuple(kind + name for kind in ("", "torn, ", "right, ") for name in COMMON)
SPELT = frozenset("aeiouywvjh")
MARKED_HYPHEN = regex.compile(r"[\ufffe\u00ad\u00ac] ?")  # that only a text layer has, for a hyphen that goes
PLAIN_SIGN = 0.995
MOSTLY = 0.5
MOST_NATS, MOST_GAP, MOST_LETTERS = 20.0, 8.0, 12
TORN = ("ligature", "split", "join", "condition")
KINDS = ("any", "words", "ligature", "split", "join")


class Damage(NamedTuple):
    """What else is amiss in the document: places of the same slip, of letters of like shape, of any other letters."""

    habit: int = 0
    shaped: int = 0
    guessed: int = 0


def kind_of(rule: Rule) -> str:
    """The kind of damage that a rule supposes, as far as it bears on the certainty."""
    if rule.when or rule.kind == "habit":
        return "condition"  # what the document must show for it speaks for it already
    if rule.category in KINDS:
        return rule.category
    if rule.kind == "words":
        return "words"
    return "any" if rule.any in ("other", "lost", "added") else "shape"


def measures(old: str, new: str, rule: Rule, nats: float, gap: float, strangers: int, damage: Damage,
             usage: Usage, rare: float = 0.0, slips: int = 1, beside: tuple[str, str] = ("", "")) -> tuple[float, ...]:
    """The measures of a reading that stands between two words, in the order of `MEASURES`."""
    thousands = max(len(usage.words), 1000) / 1000
    lost, put = differing(old, new)
    kind = kind_of(rule)
    torn, known = kind in TORN, usage.known(old)
    found = (
        1.0,
        min(nats, MOST_NATS),
        rare,
        float(slips - 1),
        math.log(usage.strange_share + 0.01),
        min(gap, MOST_GAP),
        float(min(len(old), MOST_LETTERS)),
        -math.log(usage.language.frequency(new) + 0.05),
        float(strangers),
        0.0 if torn else math.log((damage.shaped + 0.5) / thousands),  # of torn words other letters tell nothing
        0.0 if torn else math.log((damage.guessed + 1.0) / (damage.shaped + 1.0)),
        math.log(max(usage.stands(old), 1)),
        math.log(1 + usage.stands(new)),
        math.log(1 + damage.habit),
        float(sum(not usage.known(piece) for piece in old.split())) if torn else 0.0,
        float(old[:1].isupper()),
        float(known),
        float(has_sign(old)),
        float(set(lost + put) <= SPELT),
        float(old[-1:] != new[-1:]),
        _met(beside, new, usage),
        _met(beside, old, usage),
        float(max(4 - len(old), 0)),
        float(usage.language.capitalised(new) > MOSTLY),
        *(float(kind == one) for one in KINDS),
    )
    others = (0.0,) * len(found)
    if torn:
        return (*others, *found, *others)
    return (*others, *others, *found) if known else (*found, *others, *others)


def _met(beside: tuple[str, str], reading: str, usage: Usage) -> float:
    """Beside how many of the two words the language has the reading."""
    words, pair = reading.split() or [""], usage.language.pair
    return float(pair(beside[0], words[0]) != 0) + float(pair(words[-1], beside[1]) != 0)


def is_a_sign_for(old: str, new: str) -> bool:
    """Whether the new reading only spells out a sign that has no other meaning: ﬁ is fi, a soft hyphen is none.

    >>> is_a_sign_for("ﬁrst", "first"), is_a_sign_for("fi rst", "first")
    (True, False)
    """
    return old != new and unicodedata.normalize("NFKC", MARKED_HYPHEN.sub("", old)) == new


def differing(old: str, new: str) -> tuple[str, str]:
    """What two readings do not share between their beginning and their end.

    >>> differing("fatber", "father"), differing("seuen", "seven"), differing("whih", "which")
    (('b', 'h'), ('u', 'v'), ('', 'c'))
    """
    begin = int(Prefix.similarity(old, new))
    end = int(Postfix.similarity(old[begin:], new[begin:]))
    return old[begin : len(old) - end], new[begin : len(new) - end]


def certainty(weights: Mapping[str, float], measured: Sequence[float]) -> float:
    """The chance that a reading so measured is right."""
    total = sum(weights.get(name, 0.0) * value for name, value in zip(MEASURES, measured, strict=True))
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
