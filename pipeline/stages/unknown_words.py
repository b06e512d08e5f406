"""Asks about the words left that nobody knows, where so much is misread that most of them must be misread too."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from pipeline.model import Candidate, Evidence, Query
from pipeline.stages.spellings import LETTER, has_sign
from pipeline.stages.usage import Usage
from pipeline.view import View

MOST, LEAST = 5, 0.001  # readings that are offered, and the least chance that is said of one
RULE = "repair.unknown"
Reading = tuple[int, int, str, float]  # a stretch, what may be read there, and how many nats speak for it


def unknown_words(
    shown: View, usage: Usage, readings: Iterable[Reading], taken: Collection[tuple[int, int]]
) -> Iterator[Query]:
    """A question for each word that no lexicon, name or place of the document knows, with what it may be.

    Nothing is asked of what `taken` covers, of passages in another language, nor where little is misread.
    """
    if not usage.much_misread:
        return
    offered: defaultdict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for start, end, new, nats in readings:
        held = offered[start, end]
        held[new] = max(nats, held.get(new, -math.inf))
    covered = {k for start, end in taken for k in range(*usage.within(start, end))}
    for k, (span, word) in enumerate(zip(usage.spans, usage.words, strict=True)):
        if k in covered or usage.foreign(k) or not LETTER.search(word) or (usage.known(word) and not has_sign(word)):
            continue
        best = sorted(offered.get(span, {}).items(), key=lambda one: (-one[1], one[0]))[:MOST]
        if best or len(word) > 1:
            says = f"“{word}” is no known word" + (f"; perhaps “{best[0][0]}”" if best else "")
            yield Query(shown.places(*span), says, _shares(best), RULE,
                        (Evidence("lexicon", "much is misread in this text, and nobody knows this word"),))


def _shares(best: list[tuple[str, float]]) -> tuple[Candidate, ...]:
    """The readings with their chances, against none of them."""
    weights = [math.exp(min(nats, 30.0)) for _, nats in best]
    shares = (max(round(weight / (1 + sum(weights)), 3), LEAST) for weight in weights)
    return tuple(Candidate(new, share) for (new, _), share in zip(best, shares, strict=True))
