"""Of two readings of one print, which is right: what another copy reads corrects the text where it is better there.

That one of two copies is right at a word is likely before anything is known of the word; so the damage need not be
outweighed, as where a rule only guesses at what stood there: the language and the document decide between the two.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import regex
from rapidfuzz.distance import Levenshtein

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.lines import HYPHENS
from pipeline.model import Correction, Evidence, Fault, Flow, Level, Mark, Span
from pipeline.stages.overlaps import folded
from pipeline.stages.spellings import words_in
from pipeline.stages.usage import Usage
from pipeline.variants import SECOND
from pipeline.view import View, view

RULE = "order.repeat"
FLOWS: tuple[Flow, ...] = ("body", "notes")
BARE = regex.compile(r"[\p{L}\p{N}](?:.*[\p{L}\p{N}])?", regex.DOTALL)  # without the marks around it
FIGURE = regex.compile(r"\p{N}")
UNLIKE = 0.5  # edits a letter, from which two words are not two readings of one
AS_WELL_KNOWN = 2.0  # nats against a change where what stands is as well known: it may be a rare word, or a name
BETTER_KNOWN = 6.0  # the same where more words of the other reading are unknown
ANOTHER = 3.0  # nats for each further copy that reads the same
MOST_SURE = 0.98
WORTH_SAYING = 0.5


def second_readings(draft: Draft, desk: Desk) -> Iterator[Correction]:
    """What other copies correct in the text, word by word; where neither reading is better, the first stands."""
    places: defaultdict[Span, list[Mark]] = defaultdict(list)
    for mark in draft.marked("variant"):
        places[mark.spans[0]].append(mark)
    for flow in FLOWS if places else ():
        shown = view(draft, Level.DIPLOMATIC, flow, joined=True)
        usage = Usage(shown.text, desk.language, desk.names)
        for place, marks in sorted(places.items()):
            line = draft.line_at(place)
            if line and line.flow == flow:
                yield from _better(shown, usage, place, marks, desk)


def _better(shown: View, usage: Usage, place: Span, marks: Sequence[Mark], desk: Desk) -> Iterator[Correction]:
    """The correction of one place by the reading most spoken for, if that is not what stands there."""
    try:
        start, end = _bare(shown.text, *shown.at(place))
    except Refused:  # the place is gone from the text
        return
    text = shown.draft.witness.text
    readings: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        new = _joined([text[slice(*span)] for span in mark.spans[1:]], usage)
        readings[new[slice(*_bare(new, 0, len(new)))]].append(mark)
    judged = [(nats + ANOTHER * (len(read) - 1), new, read) for new, read in readings.items()
              if (nats := _favour(usage, start, end, new)) is not None]
    if not judged:
        return
    nats, new, read = max(judged, key=lambda one: one[0])
    sure = round(min(1 / (1 + math.exp(-nats)), MOST_SURE), 3)
    if sure < WORTH_SAYING:
        return
    old = shown.text[start:end]
    line = shown.draft.witness.line_number(read[0].spans[1].start)
    which = "the second copy" if read[0].value == SECOND else "another copy"
    evidence = [Evidence("other copy", f"{which}, in line {line} of the file, reads ‘{new}’"),
                Evidence("context", f"“{new}” fits its place better", round(nats, 2))]
    unknown = [word for word in words_in(old) if not usage.known(word)]
    evidence += [Evidence("lexicon", f"“{word}” is no known word") for word in unknown[:1]]
    try:
        edits = shown.edit(start, end, new)
    except Refused:
        return
    yield Correction(Fault.RECOGNITION, "repeat", (RULE,), edits, sure, desk.settings.ceiling, tuple(evidence))


def _favour(usage: Usage, start: int, end: int, reading: str) -> float | None:
    """By how many nats a reading is better than what stands; None where they are not two readings of the same words."""
    old, new = words_in(usage.text[start:end]), words_in(reading)
    if not old or not new or old == new or FIGURE.search(reading) or not _alike(old, new):
        return None
    first, last = usage.within(start, end)
    before, after = usage.before(first), usage.after(last)
    seen = usage.cost(old, before, after, 1, usage.strangers(first, last), rival=min(map(usage.expected, new)))
    nats = seen - usage.cost(new, before, after)
    strange, stranger = (sum(not usage.known(word) for word in words) for words in (old, new))
    return nats - (0.0 if stranger < strange else AS_WELL_KNOWN if stranger == strange else BETTER_KNOWN)


def _alike(old: Sequence[str], new: Sequence[str]) -> bool:
    one, other = folded(" ".join(old)), folded(" ".join(new))
    return Levenshtein.distance(one, other) <= UNLIKE * max(len(one), len(other), 1)


def _joined(pieces: Sequence[str], usage: Usage) -> str:
    """The words of another copy on one line: a word that its line end breaks is whole."""
    joined = ""
    for piece in pieces:
        whole = joined.rpartition(" ")[2][:-1] + piece.partition(" ")[0]
        if joined and joined[-1] in HYPHENS and usage.known(whole):
            joined = joined[:-1] + piece
        else:
            joined = f"{joined} {piece}".strip()
    return joined


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the marks around it."""
    found = BARE.search(text, start, end)
    return found.span() if found else (start, end)
