"""Fits the weights of a seam on development texts: `python -m bench.seams [DATA] > pipeline/stages/seam_weights.py`.

Every line end of a text in its true order is a seam that holds; a line's end with the beginning of another line of
the same text is one that does not. Logistic regression with a ridge; what a fit without them says of a third of the
texts is reported.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from pipeline.language import language
from pipeline.stages.seams import NEAR, Phrases, features, head, tail

EACH = 700  # seams of either kind from one text, at most
RIDGE = 0.002
Sample = tuple[dict[str, float], float]


def texts(data: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Each development text as its pages of lines, in true order, as clean or as damaged as it comes."""
    for folder in sorted(path.parent.parent for path in data.glob("booklets/dev/*/truth/pages.json")):
        if json.loads((folder / "case.json").read_text())["lang"] == "en":
            pages = json.loads((folder / "truth/pages.json").read_text(encoding="utf-8"))
            yield folder.name, [page["text_lines"] for page in pages]
    for path in sorted(data.glob("order/*/truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        text = (path.parent / "scrambled.txt").read_text(encoding="utf-8")
        pages = [text[page["core_start"]:page["end"]].split("\n") for page in truth["pages"]]
        yield path.parent.name, [[line.strip() for line in page if line.strip()] for page in pages]


def samples(pages: list[list[str]]) -> Iterator[Sample]:
    """Line ends that hold and as many that do not; half of those that hold are page ends where there are enough."""
    lines = [line for page in pages for line in page]
    measure = median(sorted(map(len, lines))[len(lines) // 2 :])
    phrases = Phrases(language("en"), lines)
    spell = random.Random(1)
    ends = list(range(NEAR, len(lines) - NEAR))
    spell.shuffle(ends)
    for i in ends[:EACH]:
        j = spell.choice(ends)
        for start, holds in ((i + 1, 1.0), (j, 0.0)):
            if holds or abs(start - i) > NEAR:
                found = features(tail(lines[i], measure), head(lines[start], measure), phrases)
                found["one subject"] = phrases.topic(range(i - NEAR + 1, i), range(start + 1, start + NEAR))
                yield found, holds


def fitted(known: list[Sample]) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    squares: defaultdict[str, float] = defaultdict(float)
    spell = random.Random(2)
    known = list(known)
    for _ in range(12):
        spell.shuffle(known)
        for found, holds in known:
            miss = holds - 1 / (1 + math.exp(-sum(weights[name] * x for name, x in found.items())))
            for name, x in found.items():
                slope = miss * x - RIDGE * weights[name]
                squares[name] += slope * slope
                weights[name] += 0.2 * slope / math.sqrt(1e-6 + squares[name])
    return dict(weights)


def report(weights: dict[str, float], known: list[Sample]) -> str:
    scores = [(sum(weights.get(name, 0) * x for name, x in found.items()), holds) for found, holds in known]
    true, false = [s for s, h in scores if h], [s for s, h in scores if not h]
    above = sum(t > f for t in true[::7] for f in false[::7]) / max(1, len(true[::7]) * len(false[::7]))
    loss = sum(math.log1p(math.exp(-s if h else s)) for s, h in scores) / len(scores)
    return (f"area {above:.3f}, loss {loss:.3f} nats, mean {sum(true) / len(true):+.2f} where it holds, "
            f"{sum(false) / len(false):+.2f} where not")


def main(data: Path) -> None:
    by_text = [(name, list(samples(pages))) for name, pages in texts(data) if sum(map(len, pages)) > 60]
    held = {name for k, (name, _) in enumerate(by_text) if k % 3 == 1}
    trial = fitted([one for name, known in by_text if name not in held for one in known])
    unseen = [one for name, known in by_text if name in held for one in known]
    print("held out:", report(trial, unseen), file=sys.stderr)
    everything = [one for _, known in by_text for one in known]
    seen = Counter(name for found, _ in everything for name in found)
    print('"""What each thing that speaks for or against a seam weighs, in nats. Made by `python -m bench.seams`, from')
    print('the line ends of the development booklets and ordering cases, their texts in true order."""')
    print("\nWEIGHTS = {")
    for name, weight in sorted(fitted(everything).items()):
        print(f'    "{name}": {weight:.2f},  # {seen[name]}')
    print("}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared/data")
