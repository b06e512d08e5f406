"""The forms in which words are right: their cases, and what no list can hold: numbers, ordinals, initials."""

import unicodedata

import regex

from pipeline.language.tokens import words_of

LOWER, TITLE, UPPER, INNER = 1, 2, 4, 8  # right as `power`, as `Peter`, as `NASA`, as `McDonald`

ELIDED = regex.compile(r"[dl]'\p{Lu}.*")  # d'Alembert
ROMAN_NUMBER = regex.compile(r"(?=..)M{0,3}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})")
# Of two letters only those of I, V, X: in capitals the rest are as often pieces of a heading.
SHORT_NUMBER = regex.compile(r"[IVX]{2}")
# In small letters with a v or x: `ii`, `iii`, `cl`, `li` are on bad pages `n`, `m`, `d`, `h`.
SMALL_NUMBER = regex.compile(r"(?=.*[vx])(?=...|iv|vi|ix|xi|xv|xx|xl)c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,4})")
ORDINAL = regex.compile(r"\d*(?:(?<!1)(?:1st|2n?d|3r?d)|1[123]th|[04-9]th)|\d*0['’]?s")
INITIALS = regex.compile(r"\p{Lu}(?:\.\p{Lu})+\.?")
POINTED = words_of("e.g i.e a.m p.m q.v s.v a.d b.c")
LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "Æ": "Ae", "Œ": "Oe"})


def fits(word: str, cases: int) -> bool:
    """Whether a word stands in one of the cases in which it is right."""
    if not cases:
        return False
    word = word.replace("’", "'").lstrip("'")
    if word.islower():
        return bool(cases & LOWER)
    if word.isupper() and len(word) > 1:
        return True
    inner = word[1:].lower() != word[1:] and "-" not in word
    if inner:
        return bool(cases & INNER) and has_inner_capital(word)
    return bool(cases & (LOWER | TITLE)) and cases != UPPER


def has_inner_capital(case: str) -> bool:
    """Whether a form with a capital inside is of a right kind: `McDonald`, `d'Alembert`."""
    return case[0].isupper() or ELIDED.fullmatch(case) is not None


def is_form(word: str) -> bool:
    """Whether a word is right by its form alone.

    >>> [word for word in "XIV MDCCCXLVIII xiv 3rd 19th 1840s U.S e.g LI iii cl 3th 1class".split() if is_form(word)]
    ['XIV', 'MDCCCXLVIII', 'xiv', '3rd', '19th', '1840s', 'U.S', 'e.g']
    """
    first = word[:1]
    if first.isdecimal():
        return bool(ORDINAL.fullmatch(word))
    if "." in word:
        return bool(INITIALS.fullmatch(word)) or word.lower().removesuffix(".") in POINTED
    if first.isupper():
        return bool((SHORT_NUMBER if len(word) == 2 else ROMAN_NUMBER).fullmatch(word))
    return bool(SMALL_NUMBER.fullmatch(word))


def today(word: str) -> str:
    """A word as it is mostly printed now: without ligatures and diaereses.

    >>> today("encyclopædia"), today("coördinate"), today("café")
    ('encyclopaedia', 'coordinate', 'café')
    """
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word.translate(LIGATURES)).replace("\u0308", "")
    return unicodedata.normalize("NFC", apart)


def unaccented(word: str) -> str:
    """A word without accents and ligatures.

    >>> unaccented("Bébé"), unaccented("œuvre")
    ('Bebe', 'oeuvre')
    """
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word.translate(LIGATURES))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
