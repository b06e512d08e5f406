"""Words as the language evidence counts them: one way of cutting a text, for building and for asking alike."""

from collections.abc import Iterator

import regex

EDGE = ""  # the edge of a sentence or paragraph
NUMBER = "#"  # any number, in figures


def words_of(line: str) -> frozenset[str]:
    """The words of a line, for the short lists the code needs."""
    return frozenset(line.split())


# Words that begin with an apostrophe: `tis` and `twas` alone are none. Elsewhere a leading mark is a quotation.
CLIPPED = words_of(
    "'tis 'twas 'twere 'twill 'twould 'twixt 'tisn't 'twasn't 'twouldn't 'twon't 'em 'neath 'gainst 'tother"
)
# Of these the rest of the word is no other: `tis` is the same without its mark, as where marks are words of their own.
WITHOUT_MARK = {word[1:]: word for word in CLIPPED - words_of("'twill 'em 'neath 'gainst")}
_CLIPPED = "|".join(sorted((word[1:].replace("'", "['’]") for word in CLIPPED), key=lambda word: (-len(word), word)))
WORD_NUMBER_OR_END = regex.compile(
    rf"(?<!\p{{L}})['’](?i:{_CLIPPED})(?![\p{{L}}'’])"  # 'tis
    r"|\p{L}[\p{L}\p{M}]*(?:['’‐-]\p{L}[\p{L}\p{M}]*)*"  # word, don't, to-day
    r"|\p{N}+(?:[.,]\p{N}+)*(?:st|nd|rd|th|s|d)?(?!\p{L})"  # 1,250; 19th
    r"|[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[\p{Lu}\p{N}])"  # . ” before a capital
    r"|\n\s*\n"
)
A_NUMBER = regex.compile(r"\p{N}+(?:[.,:/–-]\p{N}+)*(?:st|nd|rd|th|['’]?s|d)?")
# A full stop after these, or after an initial, ends no sentence.
ABBREVIATIONS = words_of(
    "Mr Mrs Ms Messrs Dr St Ste Rev Hon Prof Capt Col Gen Lieut Lt Maj Sir Esq Jr Sr Mme Mlle MM vol vols ch chap cap "
    "p pp fol ed eds edn trans tr fig figs no nos No Nos cf Cf viz e.g i.e etc al art sec sect par l ll n nn v vv bk "
    "Jan Feb Mar Apr Aug Sept Oct Nov Dec Co Ltd Inc Bros Thos Wm Jas Jno Jos Chas Geo Robt Benj Edw Sgt Sergt Pte Cpl "
    "Gnr Bart Adm Brig Esqrs ult prox inst cwt lbs qrs"
)


def folded(word: str) -> str:
    """The form in which a word is counted: lower case, a straight apostrophe, a plain hyphen, any number as one.

    >>> [folded(word) for word in ("To‐day", "Don’t", "1,848", "19th", "1class", "THE", "Tis")]
    ['to-day', "don't", '#', '#', '1class', 'the', "'tis"]
    """
    if word[:1].isnumeric() and A_NUMBER.fullmatch(word):
        return NUMBER
    plain = word.lower().replace("’", "'").replace("‐", "-")
    return WITHOUT_MARK.get(plain, plain)


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
