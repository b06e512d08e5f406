"""Judging: what the language and the document say for a proposal, against leaving its place alone."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import regex

from pipeline.model import Evidence
from pipeline.stages.candidates import Proposal
from pipeline.stages.certainty import Damage, kind_of
from pipeline.stages.spellings import has_sign, spelt, words_in
from pipeline.stages.usage import Usage

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
LIGATURE = regex.compile(r"f[fijl]|[ﬀ-ﬄ]")


class Judged(NamedTuple):
    """A proposal, how many nats the evidence speaks for it, the evidence, and what else is amiss in the document."""

    proposal: Proposal
    nats: float
    evidence: tuple[Evidence, ...]
    damage: Damage = Damage()


def judge(proposal: Proposal, usage: Usage) -> Judged | None:
    """What the language and the document say for a proposal, against leaving the place alone."""
    rule = proposal.rules[0]
    if is_mark(proposal):
        met = ODD_MARK if rule.category in OF_USAGE else MARK_MET
        return Judged(proposal, met, (Evidence("mark", "what stands around it asks for it", met),))
    first, last = usage.within(proposal.start, proposal.end)
    # What was found may be only part of a word: `so it` of `stood(so it`.
    old, new = words_in(usage.text[proposal.start : proposal.end]), words_in(proposal.new)
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
    if len(old) == len(new) == 1 and spelt(old[0]) == spelt(new[0]):
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


def _alike(proposal: Proposal, usage: Usage) -> bool:
    return spelt(usage.text[proposal.start : proposal.end]) == spelt(proposal.new)


def _damage(proposal: Proposal) -> float:
    """How rare the damage is that a proposal supposes, in nats."""
    rule = proposal.rules[0]
    if proposal.nats:
        return proposal.nats + OF_CATEGORY.get(rule.category, 0.0)
    first = OF_CATEGORY.get(rule.category) or (OF_SIGN if rule.any else DAMAGE.get(rule.kind, MARK_MET))
    return first + OF_CHAIN * (len(proposal.rules) - 1)


def with_habits(judged: list[Judged], usage: Usage, before: Counter[str]) -> list[Judged]:
    """The same list, each nearer to belief where its slip is plain elsewhere: how often it happens is learnt here.

    `before` says how often each kind of damage was corrected already.
    """
    plain: defaultdict[tuple[str, tuple[str, str]], set[int]] = defaultdict(set)
    for proposal, nats, *_ in judged:
        if is_mark(proposal) or (nats >= PLAIN and proposal.rules[0].kind != "mark" and not _alike(proposal, usage)):
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


def is_mark(proposal: Proposal) -> bool:
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
