"""Repair: the rules propose readings, the evidence judges them, and each place gets the reading it speaks for.

A noisy channel (Kernighan, Church and Gale 1990): the chance of the reading in its context, by the language and by the
document, times the chance of the damage; against the chance that what stands there is right.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import LIKELY_FROM, Band, Candidate, Correction, Evidence, Flow, Level, Query
from pipeline.stages import stage
from pipeline.stages.candidates import Proposal, Proposer
from pipeline.stages.certainty import PLAIN_SIGN, TORN, Damage, certainty, is_a_sign_for, kind_of, measures
from pipeline.stages.channel import Channel
from pipeline.stages.habits import habits
from pipeline.stages.quotations import quotations
from pipeline.stages.second_readings import second_readings
from pipeline.stages.unknown_words import MOST, unknown_words
from pipeline.stages.usage import LITTLE_WORD, Usage, has_sign, is_word
from pipeline.view import View, view, words

FLOWS: tuple[Flow, ...] = ("body", "notes")
# How rare each damage is, in nats: what the evidence must outweigh. A guess of any letter has many ways to be wrong.
DAMAGE = {"pattern": 8.0, "confusion": 8.5, "words": 9.0}
OF_SIGN = 8.0
OF_CATEGORY = {"ligature": 4.0}  # a text layer tears its ligatures often, or never
OF_CHAIN = 4.0  # for each rule after the first: damage comes in clusters
RIGHT_WORDS, BY_SHAPE = 3.0, 1.0  # more, where all words that stand there are right words; of letters of like shape
PLAIN = 3.0  # nats from which a place counts as plain
CLEAN, MOST_MORE = 3000.0, 3.5  # letters to one misread where damage is as rare as said; nats it may be commoner
STRENGTH = 200.0  # chances for a slip to happen that the rule's own rarity is worth, against those of the document
MARK_MET = 2.8  # a rule of marks whose conditions hold is right about nineteen times in twenty
OF_USAGE = ("case", "punctuation")  # here a single place may be the author's; where it recurs it is the machine's
ODD_MARK, ODD_AGAIN, ODD_MOST = 1.3, 0.4, 3
SPELT = 6.0  # what older hands spelt otherwise (worlde, euery, iourney, bigotted) is seldom a misreading
COMMON_WHOLE = 20.0  # in a million: a word that two right words may be the pieces of
UNHEARD = -0.2  # for a word that nobody knows, put together from pieces that are no words
WORTH_SAYING, WORTH_ASKING = 0.25, 0.1  # what the evidence gives less, or is seldom right, only wastes time
OF_UNKNOWN = 0.02  # the same for what is read of an unknown word where much is misread: it is seldom a name there
AGAINST = -1.0  # nats from which a place speaks against a ligature
RIVALS = 0.10  # of the belief in the best reading: what is less likely is no rival
ALIKE = str.maketrans("vjy", "uii")
RE_FOR_ER, LAST_E = regex.compile(r"(?<=[^aeiou])re(?=[sd]?$)"), regex.compile(r"e(?=s?$)")
IM_FOR_EM, SHEW = regex.compile(r"^i(?=[mn])"), regex.compile(r"^shew")
DOUBLE_LETTER = regex.compile(r"(\p{L})\1")
LIGATURE = regex.compile(r"f[fijl]|[ﬀ-ﬄ]")
MENTIONED = regex.compile(r"[“‘\"'«„*_]")


class Judged(NamedTuple):
    """A proposal, how many nats the evidence speaks for it, the evidence, and what else is amiss in the document."""

    proposal: Proposal
    nats: float
    evidence: tuple[Evidence, ...]
    damage: Damage = Damage()


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
            yield shown, usage, _with_habits(judged, usage, before)


def _chosen_in(shown: View, usage: Usage, judged: list[Judged]) -> Iterator[Chosen]:
    for best, shares in chosen(judged):
        if shares[0].certainty >= _worth_saying(best.proposal, usage):
            if told := judge(best.proposal, usage):
                best = best._replace(evidence=told.evidence + best.evidence)
            yield Chosen(shown, best, shares, _measured(best, shares, usage))


def _worth_saying(proposal: Proposal, usage: Usage) -> float:
    """What share of belief the best reading of a place must have to be spoken of."""
    unknown = usage.much_misread and not _is_mark(proposal) and not usage.known(
        usage.text[proposal.start : proposal.end])
    return OF_UNKNOWN if unknown else WORTH_SAYING


def _measured(best: Judged, shares: list[Candidate], usage: Usage) -> tuple[float, ...]:
    start, end, new, rules, *_ = best.proposal
    if _is_mark(best.proposal) or (rules[0].category == "ligature" and not usage.known(new)):
        return ()  # nothing of the kind was measured
    first, last = usage.within(start, end)
    next_best = shares[1].certainty if len(shares) > 1 else 0.0
    gap = math.log(max(shares[0].certainty, 1e-9) / max(next_best, 1e-9))
    strangers = usage.place(first, last).strangers
    return measures(usage.text[start:end], new, rules[0], best.nats, gap, strangers, best.damage, usage,
                    best.proposal.nats, best.proposal.slips,
                    (usage.before(first)[-1], usage.after(last)[0]))


# --- judging -----------------------------------------------------------------------------------------------------


def judge(proposal: Proposal, usage: Usage) -> Judged | None:
    """What the language and the document say for a proposal, against leaving the place alone."""
    rule = proposal.rules[0]
    if _is_mark(proposal):
        met = ODD_MARK if rule.category in OF_USAGE else MARK_MET
        return Judged(proposal, met, (Evidence("mark", "what stands around it asks for it", met),))
    first, last = usage.within(proposal.start, proposal.end)
    # What was found may be only part of a word: `so it` of `stood(so it`.
    old, new = _words(usage.text[proposal.start : proposal.end]), _words(proposal.new)
    if not old or not new:
        return None
    before, after, strangers = usage.place(first, last)
    seen = usage.cost(old, before, after, 1, strangers, len(old) > len(new), min(map(usage.expected, new)))
    meant = usage.cost(new, before, after, 0)
    damage = _damage(proposal)
    nats = seen - meant - damage
    evidence = [Evidence("context", f"“{' '.join(new)}” fits its place better", round(seen - meant, 2))]
    unknown = [word for word in old if not usage.known(word) or has_sign(word)]
    if not unknown:
        right = BY_SHAPE if rule.pairs and rule.kind == "confusion" else RIGHT_WORDS
        nats -= right
        if len(old) > len(new) == 1 and usage.language.frequency(new[0]) < COMMON_WHOLE:
            return None
        if len(old) == 1:
            evidence.append(Evidence("lexicon", f"“{old[0]}” is a word too", -right))
    else:
        evidence.append(Evidence("lexicon", f"“{unknown[0]}” is no known word"))
    if len(old) == len(new) == 1 and _spelt(old[0]) == _spelt(new[0]):
        nats -= SPELT
        evidence.append(Evidence("spelling", "it may be how the word was spelt", -SPELT))
    if len(new) == 1 and rule.category == "ligature" and not usage.known(new[0]):
        nats = UNHEARD  # the language can say nothing of it; the pieces say that they are none, and the document more
        evidence.append(Evidence("lexicon", f"“{new[0]}” is no known word either, but its pieces are none at all"))
    if len(new) == 1 and usage.stands(new[0]):
        n = usage.stands(new[0])
        evidence.append(Evidence("document", f"“{new[0]}” stands {n} times in this text"))
    evidence.append(Evidence("damage", f"{rule.says}", -round(damage, 2)))
    return Judged(proposal, nats, tuple(evidence))


@lru_cache(1 << 12)
def _spelt(word: str) -> str:
    """What is left of a word without that in which spellings differ: u and v, i, j and y, doubled letters, a last e.

    >>> _spelt("worlde") == _spelt("world"), _spelt("iourneys") == _spelt("journeys"), _spelt("flowres")
    (True, True, 'flowers')
    >>> older, newer = "governour souldier remembred imbrace shewn", "governor soldier remembered embrace shown"
    >>> [_spelt(one) == _spelt(other) for one, other in zip(older.split(), newer.split())]
    [True, True, True, True, True]
    """
    plain = DOUBLE_LETTER.sub(r"\1", IM_FOR_EM.sub("e", SHEW.sub("show", word.lower())).translate(ALIKE))
    plain = plain.replace("ou", "o")
    return LAST_E.sub("", RE_FOR_ER.sub("er", plain)).replace("ie", "i").replace("ck", "c").replace("ph", "f")


def _alike(proposal: Proposal, usage: Usage) -> bool:
    return _spelt(usage.text[proposal.start : proposal.end]) == _spelt(proposal.new)


def _words(text: str) -> list[str]:
    return [text] if text.isalpha() else [text[a:b] for a, b in words(text) if is_word(text[a:b])]


def _damage(proposal: Proposal) -> float:
    """How rare the damage is that a proposal supposes, in nats."""
    rule = proposal.rules[0]
    if proposal.nats:
        return proposal.nats + OF_CATEGORY.get(rule.category, 0.0)
    first = OF_CATEGORY.get(rule.category) or (OF_SIGN if rule.any else DAMAGE.get(rule.kind, MARK_MET))
    return first + OF_CHAIN * (len(proposal.rules) - 1)


def _with_habits(judged: list[Judged], usage: Usage, before: Counter[str]) -> list[Judged]:
    """The same list, each nearer to belief where its slip is plain elsewhere: how often it happens is learnt here.

    `before` says how often each kind of damage was corrected already.
    """
    plain: defaultdict[tuple[str, tuple[str, str]], set[int]] = defaultdict(set)
    for proposal, nats, *_ in judged:
        if _is_mark(proposal) or (nats >= PLAIN and proposal.rules[0].kind != "mark" and not _alike(proposal, usage)):
            plain[_habit(proposal)].add(proposal.start)
    amiss = _amiss(plain, judged, before)
    misread = amiss["shape"] + amiss["words"] + amiss["any"]
    more_misread = min(math.log(max((misread + 1) / (len(usage.text) / CLEAN + 1), 1.0)), MOST_MORE)
    chances: dict[tuple[str, tuple[str, str]], int] = {}
    # There are hundreds of thousands in a long text, and few ways in which they differ: these are held once.
    reasons: dict[tuple[Evidence, ...], tuple[Evidence, ...]] = {}
    amounts: dict[Damage, Damage] = {}
    for k, (proposal, nats, evidence, _) in enumerate(judged):
        habit = _habit(proposal)
        at = plain.get(habit, ())
        n = len(at) - (proposal.start in at)
        more = proposal.slips * more_misread if proposal.nats and proposal.rules[0].kind != "pattern" else 0.0
        if more >= 0.1:
            evidence = (*evidence, Evidence("document", "much is misread in this text", round(more, 2)))
            nats += more
        if n and proposal.rules[0].kind == "mark" and proposal.rules[0].category in OF_USAGE:
            gain = ODD_AGAIN * min(n, ODD_MOST)
            evidence = (*evidence, Evidence("document", f"the same stands at {_places(n)}", gain))
            nats += gain
        elif n and proposal.rules[0].kind != "mark":
            if habit not in chances:
                chances[habit] = _chances(proposal, usage)
            rare = math.exp(more - _damage(proposal))
            rate = (n + STRENGTH * rare) / (max(chances[habit], n) + STRENGTH)
            gain = math.log(rate / rare)
            if gain > 0:
                nats += gain
                says = f"the same damage is plain at {_places(n)}"
                evidence = (*evidence, Evidence("document", says, round(gain, 2)))
        kind = kind_of(proposal.rules[0])
        here = proposal.start in at
        shaped = amiss["shape"] + amiss["words"] - (here and kind in ("shape", "words"))
        damage = Damage(n, shaped, amiss["any"] - (here and kind == "any"))
        judged[k] = Judged(proposal, nats, reasons.setdefault(evidence, evidence), amounts.setdefault(damage, damage))
    return judged


def _amiss(plain: Mapping[tuple[str, tuple[str, str]], set[int]], judged: Iterable[Judged],
           before: Counter[str]) -> Counter[str]:
    """At how many places each kind of damage is plain."""
    kinds = {_habit(one.proposal): kind_of(one.proposal.rules[0]) for one in judged}
    places: defaultdict[str, set[int]] = defaultdict(set)
    for habit, starts in plain.items():
        places[kinds[habit]] |= starts
    return before + Counter({kind: len(starts) for kind, starts in places.items()})


def _is_mark(proposal: Proposal) -> bool:
    """Whether it corrects a mark and nothing else."""
    return proposal.rules[0].kind == "mark" and len(proposal.rules) == 1


def _places(n: int) -> str:
    return f"{n} other place{'s' if n > 1 else ''}"


def _habit(proposal: Proposal) -> tuple[str, tuple[str, str]]:
    """What is learnt of together: a slip between letters, or a rule as a whole; torn ligatures are one."""
    rule = proposal.rules[0]
    if rule.category == "ligature":
        return ("ligature " + rule.kind, proposal.slip)
    return (rule.id, proposal.slip)


def _chances(proposal: Proposal, usage: Usage) -> int:
    """How often the slip could have happened in this document."""
    if proposal.rules[0].category == "ligature":
        return sum(1 for _ in LIGATURE.finditer(usage.text))
    meant = proposal.slip[1]
    return usage.text.count(meant) if meant else len(usage.words)


# --- choosing ----------------------------------------------------------------------------------------------------


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
    if rules[0].kind == "confusion" and _spelt(shown.text[start:end]) == _spelt(new):
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
