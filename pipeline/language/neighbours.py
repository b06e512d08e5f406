"""Finds the words of a lexicon that differ from a misread one by few letters."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONG, VERY_LONG = 5, 9  # letters of a word from which two of them may differ, and three
FAR_LONG, FAR_VERY_LONG = 3, 6  # the same where much is misread


class Neighbours:
    """Words by length and by their first and their last letter, one of which a misread word still has."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        self._lengths: defaultdict[int, list[str]] = defaultdict(list)
        self._ranks: defaultdict[int, list[int]] = defaultdict(list)  # the place of each of these among all
        for k, word in enumerate(words):
            self._lengths[len(word)].append(word)
            self._ranks[len(word)].append(k)
            self._words[word[0] + "…", len(word)].append(word)
            self._words["…" + word[-1], len(word)].append(word)

    def near(self, word: str) -> dict[str, int]:
        """The words that one letter put, lost, changed or swapped makes of this one, of a longer word two or three.

        Each with the number of letters (optimal string alignment distance).

        >>> Neighbours(["police", "policy", "polo", "renwick"]).near("pollco")
        {'police': 2, 'policy': 2, 'polo': 2}
        """
        most = 1 + (len(word) >= LONG) + (len(word) >= VERY_LONG)
        found: dict[str, int] = {}
        for length in range(max(len(word) - most, 1), len(word) + most + 1):
            for key in (word[0] + "…", "…" + word[-1]):
                choices = self._words.get((key, length))
                if choices:
                    found.update((one, n) for one, n, _ in process.extract(
                        word, choices, scorer=OSA.distance, score_cutoff=most, limit=None))
        found.pop(word, None)
        return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))

    def far(self, word: str, many: int) -> list[str]:
        """Those that the fewest letters make of this one, its first and its last among them, up to so many.

        Of those as near the earlier given come first. For where much is misread.

        >>> Neighbours(["then", "faculty", "the"]).far("racultv", 9), Neighbours(["then", "the"]).far("tbn", 9)
        (['faculty'], ['then', 'the'])
        """
        most = 1 + (len(word) >= FAR_LONG) + (len(word) >= FAR_VERY_LONG)
        found: list[tuple[int, int, str]] = []
        for length in range(max(len(word) - most, 1), len(word) + most + 1):
            ranks = self._ranks.get(length, [])
            found += ((n, ranks[k], one) for one, n, k in process.extract(
                word, self._lengths.get(length, []), scorer=OSA.distance, score_cutoff=most, limit=many))
        return [one for _, _, one in sorted(found)[:many] if one != word]
