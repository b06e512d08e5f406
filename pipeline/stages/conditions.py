"""Conditions that a rule may ask of a place: what the document's own usage must be for the rule to hold there."""

from collections.abc import Callable

import regex

from pipeline.stages.usage import Usage, is_little

OPENERS = {"’": "‘", ")": "("}
# Words that begin or end with an apostrophe in their own right: ’twas, goin’, th’, bakers’.
APHETIC = regex.compile(r"(?:t(?:is|was|were|will|would|ween|wixt)|em|un|im|er|ere|n|cause|bout|gainst|neath|mid|mong|"
                        r"scape|round|cross|pon|fore|less|way|ow|ave|ome|ead|ill|ouse|and|orse|ard|old|e|is|as|at|til)")
CLIPPED = regex.compile(r"(?:.*(?:s|z|x|in|an)|th?|o|wi|ha|fa|wa|a|i|no|gi|ca|mo|po|tho|thro|altho|ol|el|lil|mos|jus|"
                        r"bes|las|don|wan|g|d|de|l|le|ne|qu|y|j|m|n|c|hon|heav|giv|ev|nev|av|hav|mus|fu|sel|mysel|"
                        r"himsel|se|be|.*t[oh]?|.*’.*)")
LETTERS_BEFORE, LETTERS_AFTER = regex.compile(r"[\p{L}’]*$"), regex.compile(r"\p{L}+")
APOSTROPHE_AT_END = regex.compile(r"(?<=[\p{L}\p{P}])’(?!\p{L})")
LONE_MARK = regex.compile(r"(?<=[\s“])’ ?(?=\p{L})")  # an opening mark that was read as a closing one
ENDS_IN_A_MARK = regex.compile(r"(?:\p{L}+|(?<=\p{P}))’(?!\p{L})")
QUOTATION_ENDS = regex.compile(r"(?<=[.,;?!])’(?!\p{L})")
SENTENCE_CLOSED = regex.compile(r"[.!?:][”’)\]]*(?=\s|$)")
NOTE_NUMBER = regex.compile(r"\p{Ll}[.,;”’]?[2-9](?![\p{L}\p{N}])")
DASH_OPENED = regex.compile(r" [-–—] ?")
DASHED_WORD = regex.compile(r"[-–](\p{L}+)")
CLAUSE_ENDS = (". ", "? ", "! ", "\n", "; ")
NEVER = 0.01  # the share of capitals below which a word has none inside a sentence
CLEAR = 1.0  # nats
HEARD = 1.0  # in a million
MUCH = 0.05  # the share of words that no language has
STRAY = 3  # capitals of common words inside sentences that show the capitals of a document to be damaged
NOW_AND_THEN = 4  # blanks before one mark: more of them are how the book is set
AFTER_A_COMMA = 7  # words: a clause longer than this may be a sentence
OF_A_TERM = 6  # words: what a pair of single quotation marks may hold in a text that quotes with double ones

Match = regex.Match[str]


def _paragraph(match: Match) -> tuple[int, int]:
    text = match.string
    end = text.find("\n\n", match.end())
    return text.rfind("\n\n", 0, match.start()) + 1, len(text) if end < 0 else end


def _unopened(match: Match, usage: Usage) -> bool:
    """No mark that opens what this one closes; an apostrophe closes nothing."""
    mark, at = match[0], match.start()
    start, _ = _paragraph(match)
    before = match.string[start:at]
    if mark == "’":
        word = LETTERS_BEFORE.search(before)
        if word is None or (word[0] and CLIPPED.fullmatch(word[0].lower())) or not _set_in_double_quotes(usage):
            return False
        if word[0] and _has_its_own(word[0] + "’", usage):
            return False
        closed = sum(1 for end in ENDS_IN_A_MARK.findall(before) if not _has_its_own(end, usage))
        return before.count("‘") + len(LONE_MARK.findall(before)) <= closed
    depth = 0
    for letter in before:  # a mark that closes nothing leaves the next one its own
        depth = depth + 1 if letter == OPENERS[mark] else max(depth - (letter == mark), 0)
    return depth == 0


def _has_its_own(word: str, usage: Usage) -> bool:
    """Whether the mark that a word ends in is of the word itself: it has it again elsewhere, or is a strange name."""
    return usage.apostrophes[word] > 1 or (word[0].isupper() and not usage.known(word[:-1]))


def _unclosed(match: Match, usage: Usage) -> bool:
    """No mark closes what this one opens: none in its paragraph, or none so near that it could be a term."""
    at = match.start()
    text, (_, end) = match.string, _paragraph(match)
    word = LETTERS_AFTER.match(text, pos=at + 1)
    if (word and APHETIC.fullmatch(word[0].lower())) or not _set_in_double_quotes(usage):
        return False
    rest = text[at + 1 : end].partition("‘")[0]
    if QUOTATION_ENDS.search(rest):
        return False
    closed = APOSTROPHE_AT_END.search(" ".join(rest.split(" ")[:OF_A_TERM]))
    if closed is None and text.count("‘") <= 0.2 * text.count("“"):
        return True
    return APOSTROPHE_AT_END.search(rest) is None


def _set_in_double_quotes(usage: Usage) -> bool:
    """Whether the document quotes with double marks, so that single ones are few and mostly apostrophes."""
    return usage.text.count("“") > 1.5 * usage.text.count("‘")


def _small_elsewhere(match: Match, usage: Usage) -> bool:
    """The word has a small letter wherever else it stands inside a sentence, and no habit of capitals explains this."""
    word = next(group for group in reversed(match.groups()) if group and group[0].isupper())
    small, capital = usage.small[word.lower()], usage.capitals[word]
    habit = usage.language.capitalised(word)
    if len(word) == 1 or usage.capitalises or habit > (0.1 if small < 20 else 0.3):
        return False
    if is_little(word, usage.language):
        return small >= 3 * capital and small >= 3
    # Of other words many have a capital for a reason; where little words have stray ones, fewer do.
    if capital > 1 or usage.stray_capitals < STRAY:
        return False
    return small >= 2 or (habit < NEVER and usage.language.frequency(word) > HEARD and usage.listed(word.lower()))


def _not_in_a_name(match: Match, usage: Usage) -> bool:
    """No capital stands beside it that would make it part of a name or title, and it stands in a sentence."""
    start, end = _paragraph(match)
    if not SENTENCE_CLOSED.search(match.string, match.end(), end):
        return False
    first, after = usage.within(*match.span())
    if match.string[usage.starts[max(first - 2, 0)] : match.end()].upper() in match.string:
        return False  # the words of a title that is printed in capitals elsewhere
    beside = [k for k in (*range(max(first - 2, 0), first), *range(after, min(after + 3, len(usage.words))))
              if start <= usage.starts[k] < end]
    return not any(usage.words[k][0].isupper() and usage.words[k] != "I" and not usage.begins(k) for k in beside)


def _clause(match: Match, usage: Usage) -> int:
    start = max(match.string.rfind(mark, 0, match.start()) for mark in CLAUSE_ENDS)
    first, last = usage.within(max(start, 0), match.end())
    return last - first


def _short_clause(match: Match, usage: Usage) -> bool:
    """After no comma, or one so near the beginning that no sentence can have ended there."""
    return not match.string[: match.start()].endswith(", ") or _clause(match, usage) <= AFTER_A_COMMA


def _long_clause(match: Match, usage: Usage) -> bool:
    return _clause(match, usage) > AFTER_A_COMMA


def _phrase_elsewhere(match: Match, usage: Usage) -> bool:
    """The words stand elsewhere in the document with an apostrophe between them."""
    return (match[1], match[2]) in usage.with_apostrophe


def _in_double_quotes(match: Match, usage: Usage) -> bool:
    return _set_in_double_quotes(usage)


def _in_single_quotes(match: Match, usage: Usage) -> bool:
    return not _set_in_double_quotes(usage)


def _favour(match: Match, usage: Usage) -> float:
    """By how many nats the capital word runs on from the words before it rather than beginning a sentence."""
    first, last = usage.within(*match.span())
    word = next((k for k in range(last - 1, first - 1, -1) if usage.words[k][0].isupper()), first)
    before, after = usage.before(word), usage.after(word + 1)
    surprise = usage.language.surprise
    anew = surprise("", before) + surprise(usage.words[word], ("",), after)
    return anew - surprise(usage.words[word], before, after)


def _runs_on(match: Match, usage: Usage) -> bool:
    return _favour(match, usage) > CLEAR


def _begins_anew(match: Match, usage: Usage) -> bool:
    return _favour(match, usage) < -CLEAR


def _known_beside(match: Match, usage: Usage) -> bool:
    parts = [group for group in match.groups() if group and group[0].isalpha()]
    return all(usage.known(part) for part in parts)


def _strange_beside(match: Match, usage: Usage) -> bool:
    """What stands on one side of the mark, at least, is no word."""
    return not _known_beside(match, usage)


def _joined_elsewhere(match: Match, usage: Usage) -> bool:
    """The word stands without its hyphen elsewhere in the document, with it only here."""
    return usage.stands(match[0].replace("-", "")) >= 2 and usage.stands(match[0]) == 1


def _no_note_numbers(match: Match, usage: Usage) -> bool:
    """No other number hangs on a word: so this is no call of a note."""
    return NOTE_NUMBER.search(usage.text) is None


def _spaced_dashes(match: Match, usage: Usage) -> bool:
    return usage.spaced_dashes >= 2


def _close_marks(match: Match, usage: Usage) -> bool:
    """A printer who sets this mark a blank away from its word does so everywhere, or more than now and then."""
    mark = match[0][-1]
    return usage.close_marks[mark] >= 20 * usage.far_marks[mark] and usage.far_marks[mark] <= NOW_AND_THEN


def _bound(match: Match, usage: Usage) -> bool:
    """The words on both sides belong together, and no dash is open that this one would close."""
    k, _ = usage.within(*match.span())
    if k == 0 or k >= len(usage.words):
        return False
    start = max(match.string.rfind(mark, 0, match.start()) for mark in CLAUSE_ENDS)
    opened = DASH_OPENED.search(match.string, pos=max(start, 0), endpos=match.start() - 1) is not None
    return not opened and usage.language.pair(usage.words[k - 1], match[1]) > 2.0


def _loose(match: Match, usage: Usage) -> bool:
    inner = DASHED_WORD.match(match.string, pos=match.start())
    return usage.known(match[2]) and not (inner is not None and _bound(inner, usage))


def _much_misread(match: Match, usage: Usage) -> bool:
    """So many words are unknown that the document must be misread; not in a passage of another language."""
    return usage.strange_share > MUCH and not usage.foreign(usage.within(*match.span())[0])


HOLDS: dict[str, Callable[[Match, Usage], bool]] = {
    "unopened": _unopened, "unclosed": _unclosed, "small-elsewhere": _small_elsewhere,
    "not-in-a-name": _not_in_a_name, "short-clause": _short_clause, "long-clause": _long_clause,
    "known-beside": _known_beside, "strange-beside": _strange_beside,
    "joined-elsewhere": _joined_elsewhere, "no-note-numbers": _no_note_numbers,
    "spaced-dashes": _spaced_dashes, "close-marks": _close_marks, "bound": _bound, "loose": _loose,
    "runs-on": _runs_on, "begins-anew": _begins_anew, "phrase-elsewhere": _phrase_elsewhere,
    "in-double-quotes": _in_double_quotes, "in-single-quotes": _in_single_quotes, "much-misread": _much_misread,
}
