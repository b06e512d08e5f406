"""Clean prose made worse: in older spelling, torn and run together, its ligatures lost, misread; always in one way."""

import math
import random
from collections.abc import Callable

import regex

from pipeline.rulebook import rulebook

WORD = regex.compile(r"\p{L}+")
ANY_LETTER = "abcdefghijklmnopqrstuvwxyz"
BLANK_BESIDE = regex.compile(r"(?<=\n) +| +(?=\n)|(?<=\p{L}) (?=[\s,.;:!?’”])")
# What older hands wrote for it, and in what share of the words that an author with the habit could write so.
OLDER = tuple((regex.compile(find), read, share) for find, read, share in (
    (r"(?<=ne|le)ss$", "sse", 1.0), (r"(?<=\p{L})v", "u", 1.0), (r"^u", "v", 1.0), (r"^j", "i", 1.0),
    (r"(?<=[bcdfgklmnprt])$", "e", 0.6), (r"(?<=[^aeiou])y$", "ie", 0.4), (r"(?<=[^aeiou])i(?=[^aeiou])", "y", 0.2),
    (r"an(?=[cdgnt])", "aun", 0.3), (r"(?<=[aeo])([lnpt])e?$", r"\1\1e", 0.3), (r"in(?=[cqtf])", "en", 0.2),
    (r"ea(?=[^aeiou])", "e", 0.2), (r"(?<=[^aeiou])er$", "re", 0.2), (r"ll(?=$|[^aeiou])", "l", 0.2),
))
LIGATURES = tuple(map(regex.compile, ("f[fi]i?|fl", "ffi|fi|fl|ff", "fi|fl", "ffi|ff|fi|fl|ft|Th|tt")))
SIGNS = {"ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ", "ffi": "ﬃ", "ffl": "ﬄ"}
MAC_ROMAN = {"fi": "Þ", "fl": "ß"}
LOST: tuple[Callable[["regex.Match[str]"], str], ...] = (
    lambda found: found[0] + " ", lambda found: " " + found[0], lambda found: " " + found[0] + " ",
    lambda found: "", lambda found: " ", lambda found: "\ufffd", lambda found: SIGNS.get(found[0], found[0]),
    lambda found: MAC_ROMAN.get(found[0], found[0]),
)


def respelt(text: str, seed: int) -> str:
    """The text as an older hand would spell it, each word alike wherever it stands."""
    chance = random.Random(seed)
    habit = chance.choice((0.25, 0.5, 0.8))
    spelt: dict[str, str] = {}

    def word(found: "regex.Match[str]") -> str:
        here = found[0]
        if here not in spelt:
            spelt[here] = here
            if len(here) > 3 and here[1:].islower():
                for find, read, share in OLDER:
                    if chance.random() < habit * share:
                        spelt[here] = find.sub(read, spelt[here], count=1)
        return spelt[here]

    return WORD.sub(word, text)


def torn(text: str, seed: int) -> str:
    """The text with some words torn in two and some run together."""
    chance = random.Random(seed)
    rate = chance.choice((0.0005, 0.002, 0.008))

    def word(found: "regex.Match[str]") -> str:
        if len(found[0]) < 5 or chance.random() >= rate:
            return found[0]
        k = chance.randint(2, len(found[0]) - 2)
        return found[0][:k] + " " + found[0][k:]

    apart = WORD.sub(word, text)
    return regex.sub(r"(?<=\p{Ll}) (?=\p{Ll})", lambda _: "" if chance.random() < rate / 3 else " ", apart)


def without_ligatures(text: str, seed: int) -> str:
    """The text as a text layer gives it that cannot name its ligatures."""
    chance = random.Random(seed)
    lost, which, share = chance.choice(LOST), chance.choice(LIGATURES), chance.choice((0.3, 1.0, 1.0))
    made = which.sub(lambda found: lost(found) if chance.random() < share else found[0], text)
    return BLANK_BESIDE.sub("", made)


SHAPES = tuple(pair for rule in rulebook().of("confusion") for pair in rule.pairs if len(rule.pairs) > 1)
COMMON = (("c", "e"), ("o", "e"), ("u", "n"), ("i", "r"), ("l", "t"), ("s", "a"), ("n", "h"), ("l", "i"))
THIN = "iltrjfI'.,:;"  # what specks and folds are read as
ENGINES = 12  # slips that one engine makes again and again


def misread(text: str, seed: int) -> str:
    """The text as one of many engines might read it: how often, and what for what, is drawn for each text.

    Letters are read for others like them or for any, are lost, added beside others, or stand by themselves where a
    speck was.
    """
    chance = random.Random(seed)
    rate = math.exp(chance.uniform(math.log(0.001), math.log(0.06)))
    kinds = ("shape", "other", "added", "lost", "speck")
    shares = [chance.gammavariate(share, 1.0) + 1e-9 for share in (1.5, 0.4, 0.5, 0.4, 0.3)]
    habit = [*chance.sample(SHAPES, ENGINES), *chance.sample(COMMON, 4)]
    made: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if not letter.isalpha() or chance.random() >= rate:
            made.append(letter)
            at += 1
            continue
        kind = chance.choices(kinds, shares)[0]
        read, meant = letter, letter
        if kind == "shape":
            fits = [pair for pair in chance.sample(habit, len(habit)) if text.startswith(pair[1], at)]
            read, meant = fits[0] if fits else (letter, letter)
        elif kind == "other":
            read = chance.choice(ANY_LETTER)
        elif kind == "added":
            read = chance.choice((letter + chance.choice(THIN), chance.choice(ANY_LETTER) + letter, letter + letter))
        elif kind == "lost":
            read = ""
        elif text[at - 1 : at] == " ":
            read = chance.choice(THIN + ANY_LETTER) + " " + letter
        made.append(read)
        at += len(meant)
    return "".join(made)
