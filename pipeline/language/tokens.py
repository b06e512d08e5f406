"""Words as the language evidence counts them: one way of cutting a text, for building and for asking alike."""

from collections.abc import Iterator

import regex

EDGE = ""  # the edge of a sentence or paragraph
NUMBER = "#"  # any number, in figures

# Words that begin with an apostrophe; without one `tis` and `twas` are no words. Elsewhere a leading mark is a quotation.
CLIPPED = frozenset(
    ["'tis", "'twas", "'twere", "'twill", "'twould", "'twixt", "'tisn't", "'twasn't", "'twouldn't", "'twon't", "'em", "'neath", "'gainst", "'tother"]
)
_CLIPPED = "|".join(sorted((word[1:].replace("'", "['’]") for word in CLIPPED), key=lambda word: (-len(word), word)))
WORD_NUMBER_OR_END = regex.compile(
    rf"(?<!\p{{L}})['’](?i:{_CLIPPED})(?![\p{{L}}'’])"  # 'tis
    r"|\p{L}[\p{L}\p{M}]*(?:['’‐-]\p{L}[\p{L}\p{M}]*)*"  # word, don't, to-day
    r"|\p{N}+(?:[.,]\p{N}+)*(?:st|nd|rd|th|s|d)?(?!\p{L})"  # 1,250; 19th
    r"|[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[\p{Lu}\p{N}])"  # . ” before a capital
    r"|\n\s*\n"
)
# A full stop after these, or after an initial, ends no sentence.
ABBREVIATIONS = frozenset(
    ["Mr", "Mrs", "Ms", "Messrs", "Dr", "St", "Ste", "Rev", "Hon", "Prof", "Capt", "Col", "Gen", "Lieut", "Lt", "Maj", "Sir", "Esq", "Jr", "Sr", "Mme", "Mlle", "MM", "vol", "vols", "ch", "chap", "cap", "p", "pp", "fol", "ed", "eds", "edn", "trans", "tr", "fig", "figs", "no", "nos", "No", "Nos", "cf", "Cf", "viz", "e.g", "i.e", "etc", "al", "art", "sec", "sect", "par", "l", "ll", "n", "nn", "v", "vv", "bk", "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Oct", "Nov", "Dec", "Co", "Ltd", "Inc", "Bros"]
)


def folded(word: str) -> str:
    """The form in which a word is counted: lower case, a straight apostrophe, a plain hyphen, any number as one.

    >>> [folded(word) for word in ("To‐day", "Don’t", "1,848", "THE")]
    ['to-day', "don't", '#', 'the']
    """
    if word[:1].isnumeric():
        return NUMBER
    return word.lower().replace("’", "'").replace("‐", "-")


def tokens(text: str) -> Iterator[str]:
    """The words and numbers of a prose text as they stand, with `EDGE` between sentences, first and last.

    >>> list(tokens("Mr. Smith came. ‘Why?’ I asked the 2nd time"))
    ['', 'Mr', 'Smith', 'came', '', 'Why', '', 'I', 'asked', 'the', '2nd', 'time', '']
    """
    yield EDGE
    last = EDGE
    for piece in WORD_NUMBER_OR_END.findall(text):
        first = piece[0]
        if first.isalpha() or first.isnumeric() or (first in "'’" and len(piece) > 1):
            last = piece
            yield piece
        elif last and not (first == "." and (last in ABBREVIATIONS or (len(last) == 1 and last.isupper()))):
            last = EDGE
            yield EDGE
    if last:
        yield EDGE
