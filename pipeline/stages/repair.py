"""Repair: the rules propose readings, the evidence judges them, and each place gets the reading it speaks for.

A noisy channel (Kernighan, Church and Gale 1990): the chance of the reading in its context, by the language and by the
document, times the chance of the damage; against the chance that what stands there is right.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import regex

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import LIKELY_FROM, Band, Candidate, Correction, Evidence, Flow, Level, Query
from pipeline.stages import stage
from pipeline.stages.candidates import Proposal, Proposer
from pipeline.stages.certainty import PLAIN_SIGN, TORN, certainty, is_a_sign_for, kind_of, measures
from pipeline.stages.channel import Channel
from pipeline.stages.habits import habits
from pipeline.stages.judging import Judged, is_mark, judge, with_habits
from pipeline.stages.quotations import quotations
from pipeline.stages.second_readings import second_readings
from pipeline.stages.spellings import has_sign, spelt
from pipeline.stages.unknown_words import MOST, unknown_words
from pipeline.stages.usage import LITTLE_WORD, Usage
from pipeline.view import View, view

FLOWS: tuple[Flow, ...] = ("body", "notes")
WORTH_SAYING, WORTH_ASKING = 0.25, 0.1  # what the evidence gives less, or is seldom right, only wastes time
OF_UNKNOWN = 0.02  # the same for what is read of an unknown word where much is misread: it is seldom a name there
AGAINST = -1.0  # nats from which a place speaks against a ligature
RIVALS = 0.10  # of the belief in the best reading: what is less likely is no rival
MENTIONED = regex.compile(r"[“‘\"'«„*_]")


class Chosen(NamedTuple):
    """The reading most spoken for at a place of a view, its rivals, and the measures its certainty rests on."""

    shown: View
    best: Judged
    shares: list[Candidate]
    measured: tuple[float, ...]  # none for a mark


@stage(needs="reflow", adds="correction, query, line_end")
def repair(draft: Draft, desk: Desk) -> Iterator[Correction | Query]:
    """Correct what the recognition damaged, where the rules and the evidence agree; propose or ask where they do not.

    >>> after(repair, "We fi nd it1s an a1terr~tive to power.")
    'We find it’s an alternative to power.'
    """
    channel = Channel(desk.rules.of("confusion"), desk.rules.letters)
    for first in (second_readings, habits):  # what a second copy says, and what the whole document does
        if found := tuple(first(draft, desk)):
            yield from found
            draft = draft.add(found)
    said = list(_entries(draft, desk, channel))
    plain = [entry for entry in said if isinstance(entry, Correction) and entry.applies]
    if not plain:
        yield from said
        return
    yield from plain
    # Read a second time: what is right now is evidence for its neighbours, and for the same word elsewhere.
    yield from _entries(draft.add(plain), desk, channel)


def _entries(draft: Draft, desk: Desk, channel: Channel) -> Iterator[Correction | Query]:
    for shown, usage, judged in _judged_flows(draft, desk, channel):
        taken: list[tuple[int, int]] = []
        for found in _chosen_in(shown, usage, judged):
            start, end = shown.whole_words(found.best.proposal.start, found.best.proposal.end)
            if not _meets(start, end, taken) and (entry := _entry(found, desk)):
                taken.insert(bisect_left(taken, (start, end)), (start, end))
                yield entry
        readings = ((one.proposal.start, one.proposal.end, one.proposal.new, one.nats) for one in judged)
        yield from unknown_words(shown, usage, readings, taken)
        yield from quotations(shown, desk.decisions)


def read_through(draft: Draft, desk: Desk) -> Iterator[Chosen]:
    """What is best read at each place that looks damaged, the surest places of a flow first."""
    channel = Channel(desk.rules.of("confusion"), desk.rules.letters)
    for shown, usage, judged in _judged_flows(draft, desk, channel):
        yield from _chosen_in(shown, usage, judged)


def _judged_flows(draft: Draft, desk: Desk, channel: Channel) -> Iterator[tuple[View, Usage, list[Judged]]]:
    """Each flow with its usage, and all that the rules propose for it, judged."""
    views = [view(draft, Level.DIPLOMATIC, flow, joined=True) for flow in FLOWS]
    before = Counter(kind_of(desk.rules.by_id[entry.rules[0]]) for i, entry in draft.corrections
                     if draft.standing[i].in_force and entry.rules and entry.rules[0] in desk.rules.by_id)
    for k, shown in enumerate(views):
        if shown.text:
            beside = "\n\n".join(other.text for j, other in enumerate(views) if j != k)
            usage = Usage(shown.text, desk.language, desk.names, beside)
            # Of most that is judged nobody asks why: the evidence is told again for what is chosen.
            judged = [found._replace(evidence=()) for proposal in Proposer(desk.rules, usage, channel).proposals()
                      if (found := judge(proposal, usage))]
            yield shown, usage, with_habits(judged, usage, before)


def _chosen_in(shown: View, usage: Usage, judged: list[Judged]) -> Iterator[Chosen]:
    for best, shares in chosen(judged):
        if shares[0].certainty >= _worth_saying(best.proposal, usage):
            if told := judge(best.proposal, usage):
                best = best._replace(evidence=told.evidence + best.evidence)
            yield Chosen(shown, best, shares, _measured(best, shares, usage))


def _worth_saying(proposal: Proposal, usage: Usage) -> float:
    """What share of belief the best reading of a place must have to be spoken of."""
    unknown = usage.much_misread and not is_mark(proposal) and not usage.known(
        usage.text[proposal.start : proposal.end])
    return OF_UNKNOWN if unknown else WORTH_SAYING


def _measured(best: Judged, shares: list[Candidate], usage: Usage) -> tuple[float, ...]:
    start, end, new, rules, *_ = best.proposal
    if is_mark(best.proposal) or (rules[0].category == "ligature" and not usage.known(new)):
        return ()  # nothing of the kind was measured
    first, last = usage.within(start, end)
    next_best = shares[1].certainty if len(shares) > 1 else 0.0
    gap = math.log(max(shares[0].certainty, 1e-9) / max(next_best, 1e-9))
    strangers = usage.place(first, last).strangers
    return measures(usage.text[start:end], new, rules[0], best.nats, gap, strangers, best.damage, usage,
                    best.proposal.nats, best.proposal.slips,
                    (usage.before(first)[-1], usage.after(last)[0]))


def chosen(judged: Iterable[Judged]) -> Iterator[tuple[Judged, list[Candidate]]]:
    """For each place the reading most spoken for, with its rivals there; the surest places first."""
    places: defaultdict[tuple[int, int], dict[str, Judged]] = defaultdict(dict)
    for found in judged:
        start, end, new, *_ = found.proposal
        held = places[start, end].get(new)
        if held is None or found.nats > held.nats:
            places[start, end][new] = found
    ordered = sorted(places.items())
    starts = [place[0] for place, _ in ordered]
    best: list[tuple[float, int, Judged, list[Candidate]]] = []
    for k, ((start, end), readings) in enumerate(ordered):
        here = sorted(readings.values(), key=lambda found: (-found.nats, found.proposal.new))
        others = [
            max(found.nats for found in ordered[j][1].values())
            for j in range(max(k - 12, 0), bisect_left(starts, end))
            if j != k and ordered[j][0][1] > start
        ]
        # Only what is at stake between them counts: beyond 50 nats any doubt is of another kind.
        top = max([here[0].nats, *others, 0.0])
        over = max(top - 50.0, 0.0)
        whole = math.exp(-over) + sum(math.exp(n - over) for n in [*(found.nats for found in here), *others])
        shares = [Candidate(found.proposal.new, math.exp(found.nats - over) / whole) for found in here]
        best.append((-here[0].nats, start, here[0], shares))
    for _, _, found, shares in sorted(best, key=lambda row: (row[0], row[1])):
        yield found, shares


def _meets(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(a < end and start < b for a, b in taken[max(bisect_left(taken, (start, end)) - 1, 0) :][:3])


def _entry(found: Chosen, desk: Desk) -> Correction | Query | None:
    """The correction, a question where readings compete, or nothing where no edit can say it."""
    shown, best, shares, measured = found
    start, end, new, rules, *_ = best.proposal
    sure = certainty(desk.rules.weights, measured) if measured and desk.rules.weights else shares[0].certainty
    if kind_of(rules[0]) in TORN and (rules[0].category != "ligature" or best.nats < AGAINST
                                      or _has_little_word(shown.text[start:end], desk)):
        sure = min(sure, shares[0].certainty)  # words that stand apart, or together, may do so by right
    if is_a_sign_for(shown.text[start:end], new):
        sure = PLAIN_SIGN
    if sure < WORTH_ASKING:
        return None
    rivals = _rivals(shares, sure)
    sure = round(sure, 3)
    try:
        edits = shown.edit(start, end, new)
    except Refused:
        old = shown.text[start:end]
        if new != old.replace(" ", ""):
            return None
        says = f"“{old}” may be one word, “{new}”, that a line end cuts without a hyphen"  # the editor may `join` it
        return Query(shown.places(start, end), says, rivals, rules[0].id, best.evidence)
    if all(edit.new == edit.below for edit in edits):
        return None  # another copy was believed here, and no rule takes that back
    rule_ids = tuple(dict.fromkeys(rule.id for rule in rules))
    if sure < LIKELY_FROM and len(rivals) > 1 and shares[1].certainty > shares[0].certainty / 2:
        says = f"“{shown.text[start:end]}” may be read as {' or '.join(f'“{c.reading}”' for c in rivals)}"
        return Query(shown.places(start, end), says, rivals, rule_ids[0], best.evidence)
    ceiling = max(desk.settings.ceiling, *(rule.safety for rule in rules))
    if rules[0].kind == "confusion" and spelt(shown.text[start:end]) == spelt(new):
        ceiling = Band.DOUBTFUL
    evidence = best.evidence
    if rules[0].kind in ("confusion", "words") and _mentioned(shown.text, start, end) and not has_sign(
        shown.text[start:end]
    ):
        ceiling = Band.DOUBTFUL
        evidence = (*evidence, Evidence("quotation", "it stands by itself in quotation marks, perhaps on purpose"))
    return Correction(rules[0].fault, rules[0].category, rule_ids, edits, sure, ceiling, evidence,
                      rivals if len(rivals) > 1 else ())


def _has_little_word(text: str, desk: Desk) -> bool:
    """Whether a word as common as little ones are is among the pieces: it may stand there by right."""
    return any(desk.language.frequency(piece) > LITTLE_WORD for piece in text.split(" "))


def _rivals(shares: list[Candidate], sure: float) -> tuple[Candidate, ...]:
    """The reading of that certainty and those that come near it; together they are no surer than sure.

    >>> [round(c.certainty, 2) for c in _rivals([Candidate("offices", 0.5), Candidate("officer", 0.2)], 0.9)]
    [0.9, 0.1]
    """
    best, *others = shares
    left = sum(other.certainty for other in others)
    scale = min(sure / best.certainty, (1 - sure) / left) if left else 0.0
    near = (Candidate(c.reading, round(c.certainty * scale, 3)) for c in others[: MOST - 1]
            if c.certainty >= RIVALS * best.certainty)
    return (Candidate(best.reading, round(sure, 3)), *(c for c in near if c.certainty > 0))


def _mentioned(text: str, start: int, end: int) -> bool:
    """Whether a word is set in quotation marks by itself: spoken of, not used."""
    return bool(start and MENTIONED.match(text[start - 1]) and text[end : end + 1] in set("”’\"'»“*_,.;?!")
                and regex.match(r"[,.;?!]?[”’\"'»“*_]", text[end : end + 2]))
