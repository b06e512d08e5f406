"""Counts words and runs of words in folders of clean prose; nothing here knows how the counts are kept."""

import lzma
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pipeline.errors import Refused
from pipeline.language.tables import EDGE_RANK, OTHER, RANKS
from pipeline.language.tokens import EDGE, NUMBER, folded, tokens

SHARES = 16  # triples are counted in this many shares, which bounds the memory


@dataclass(slots=True)
class Seen:
    """How one folded word was seen: by period, in how many works, and in which case inside a sentence."""

    old: int = 0
    modern: int = 0
    works: int = 0
    lower: int = 0  # anywhere
    title: int = 0  # a capital where no sentence begins
    upper: int = 0  # capitals throughout
    mixed: Counter[str] = field(default_factory=Counter)  # McDonald, anti-Christian

    @property
    def total(self) -> int:
        return self.old + self.modern


class Numbering(dict[str, int]):
    """Numbers for words in the order they come; every case of a word has the same."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __missing__(self, form: str) -> int:
        key = folded(form)
        if key == form:
            self.names.append(form)
            self[form] = len(self.names) - 1
        else:
            self[form] = self[key]
        return self[form]


@dataclass(frozen=True)
class Prose:
    """All that was read: each folded word, and the whole as one stream of word numbers."""

    seen: dict[str, Seen]
    stream: "array[int]"
    names: Sequence[str]
    read: tuple[tuple[str, Path], ...]  # period and work
    held_out: tuple[tuple[str, Path], ...]


def works(folder: Path) -> list[Path]:
    """The works of a folder by name."""
    there = sorted(path for path in folder.iterdir() if path.name.endswith((".txt", ".txt.xz")))
    if not there:
        raise Refused(f"{folder} holds no works; expected UTF-8 prose in files named *.txt or *.txt.xz")
    return there


def text_of(path: Path) -> str:
    """The text of a work, decompressed where needed."""
    try:
        raw = path.read_bytes()
        return (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8")
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as why:
        raise Refused(f"{path} cannot be read as UTF-8 prose: {why}") from why


def prose(folders: dict[str, Path], hold_out: int, tell: Callable[[str], None]) -> Prose:
    """Read and count the works of `old` and `modern`; every `hold_out`-th work is left out (0: none)."""
    numbers, stream, seen = Numbering(), array("I"), dict[str, Seen]()
    read, held_out = [], []
    for period, folder in folders.items():
        for k, path in enumerate(works(folder), 1):
            if hold_out and k % hold_out == 0:
                held_out.append((period, path))
                continue
            text = list(tokens(text_of(path)))
            stream.extend(map(numbers.__getitem__, text))
            _note_forms(seen, text, period)
            read.append((period, path))
            tell(f"{period}: {path.name}, {len(stream):,} words so far")
    return Prose(seen, stream, numbers.names, tuple(read), tuple(held_out))


def _note_forms(seen: dict[str, Seen], text: list[str], period: str) -> None:
    """Add what one work shows of its words' forms."""
    first = Counter(word for before, word in pairwise(text) if before == EDGE)
    here = set()
    for form, count in Counter(text).items():
        word = folded(form)
        entry = seen.get(word)
        if entry is None:
            entry = seen[word] = Seen()
        if period == "old":
            entry.old += count
        else:
            entry.modern += count
        if word not in here:
            here.add(word)
            entry.works += 1
        if form == form.lower():
            entry.lower += count
        elif form == form.upper() and len(form) > 1:
            entry.upper += count
        else:
            entry.title += count - first[form]
            if form[1:] != form[1:].lower():
                entry.mixed[form.replace("’", "'").replace("‐", "-")] += count


@dataclass(frozen=True)
class Runs:
    """How often each rank, and each run of two and of three ranks, was seen; runs are sorted (key, count) pairs.

    Those seen less than `fewest` times are dropped; `once_to_four` says how many runs were seen 1, 2, 3, 4 times.
    """

    ranked: list[str]
    ones: list[int]
    before: list[int]  # of each rank: after how many different ranks it was seen
    twos: list[tuple[int, int]]
    threes: list[tuple[int, int]]
    once_to_four: dict[int, tuple[int, int, int, int]]


def runs(read: Prose, fewest: int) -> Runs:
    """Count the runs of two and three words, none of which goes over the edge of a sentence."""
    often = sorted(
        (word for word, seen in read.seen.items() if seen.total >= fewest and word not in (EDGE, NUMBER)),
        key=lambda word: (-read.seen[word].total, word),
    )
    ranked = ["", EDGE, NUMBER, *often][:RANKS]
    rank_of = {word: rank for rank, word in enumerate(ranked) if rank != OTHER}
    stream = array("H", map([rank_of.get(name, OTHER) for name in read.names].__getitem__, read.stream))
    ones = [0] * len(ranked)
    for rank, count in Counter(stream).items():
        ones[rank] = count
    pairs = Counter(a << 16 | b for a, b in pairwise(stream) if a != EDGE_RANK or b != EDGE_RANK)
    before = [0] * len(ranked)
    for pair in pairs:
        before[pair & 0xFFFF] += 1
    twos, few_twos = _kept([pairs], fewest)
    pairs.clear()
    shares = [array("Q") for _ in range(SHARES)]
    for a, b, c in zip(stream, stream[1:], stream[2:], strict=False):
        if b != EDGE_RANK:
            shares[a % SHARES].append(a << 32 | b << 16 | c)
    threes, few_threes = _kept(_emptied(shares), fewest)
    return Runs(ranked, ones, before, twos, threes, {2: few_twos, 3: few_threes})


def _emptied(shares: "list[array[int]]") -> "Iterator[array[int]]":
    """Each share in turn, forgotten once counted."""
    while shares:
        yield shares.pop()


def _kept(shares: Iterable[Iterable[int]], fewest: int) -> tuple[list[tuple[int, int]], tuple[int, int, int, int]]:
    """The runs seen often enough, sorted, and how many were seen once to four times."""
    kept: list[tuple[int, int]] = []
    few = Counter[int]()
    for share in shares:
        counts = share if isinstance(share, Counter) else Counter(share)
        few.update(count for count in counts.values() if count <= 4)
        kept += [(run, count) for run, count in counts.items() if count >= fewest]
    kept.sort()
    return kept, (few[1], few[2], few[3], few[4])
