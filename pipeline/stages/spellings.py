"""Words as they are spelt: what is a word, which signs no word has, and what older hands spelt otherwise."""

from functools import lru_cache

import regex

from pipeline.view import words

LETTER = regex.compile(r"\p{L}")
ORDINAL = regex.compile(r"\d+(?:st|nd|rd|th|d|s|[a-d])?", regex.IGNORECASE)
SIGN_AMONG_LETTERS = regex.compile(
    r"(?<=\p{L})[\d~^|$@£€¢«\ufffd\ufffe\u00ad¬]|[\d~^|$@£€¢«\ufffd](?=\p{Ll})|[ﬀ-ﬆĲĳ]|\p{Co}"
)
LINK = regex.compile(r"[/@_\\=]|\.\p{L}{2,4}$|\p{L}\.\p{L}|\d\.\d")
LIGATURE_SIGNS = frozenset("ﬀﬁﬂﬃﬄﬅﬆ")
ALIKE = str.maketrans("vjy", "uii")
RE_FOR_ER, LAST_E = regex.compile(r"(?<=[^aeiou])re(?=[sd]?$)"), regex.compile(r"e(?=[sd]?$)")
IM_FOR_EM, SHEW = regex.compile(r"^i(?=[mn])"), regex.compile(r"^shew")
DOUBLE_LETTER = regex.compile(r"(\p{L})\1")


def is_word(word: str) -> bool:
    """Whether a word of a view has letters or digits, or a sign that may stand for one."""
    return word[0].isalnum() or any(c.isalnum() or c in "\ufffd~" for c in word)


def words_in(text: str) -> list[str]:
    """The words of a text without its marks.

    >>> words_in("“It1s late,” she said.")
    ['It1s', 'late', 'she', 'said']
    """
    return [text] if text.isalpha() else [text[a:b] for a, b in words(text) if is_word(text[a:b])]


def has_sign(word: str) -> bool:
    """Whether a sign that no word has stands inside the word.

    >>> [has_sign(word) for word in ("It1s", "capitalist~", "1st", "A4", "pp.12")]
    [True, True, False, False, False]
    """
    if word.isalpha() and word.isascii():
        return False
    return (
        SIGN_AMONG_LETTERS.search(word) is not None
        and not ORDINAL.fullmatch(word)
        and not LINK.search(word)
        and any(c.islower() or c == "\ufffd" for c in word)
    )


@lru_cache(1 << 12)
def spelt(word: str) -> str:
    """What is left of a word without that in which spellings differ: u and v, i, j and y, doubled letters, a last e.

    >>> spelt("worlde") == spelt("world"), spelt("iourneys") == spelt("journeys"), spelt("flowres")
    (True, True, 'flowers')
    >>> older, newer = "governour souldier remembred imbrace shewn", "governor soldier remembered embrace shown"
    >>> [spelt(one) == spelt(other) for one, other in zip(older.split(), newer.split())]
    [True, True, True, True, True]
    """
    plain = DOUBLE_LETTER.sub(r"\1", IM_FOR_EM.sub("e", SHEW.sub("show", word.lower())).translate(ALIKE))
    plain = plain.replace("ou", "o")
    return LAST_E.sub("", RE_FOR_ER.sub("er", plain)).replace("ie", "i").replace("ck", "c").replace("ph", "f")
