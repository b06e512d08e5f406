"""The whole line on the booklets: how near the reading text comes to the truth, beside the text received.

usage: python -m bench.booklets [NAME ...]

Reads `../shared/data/booklets/dev`, or the booklets of the folder that DATA names; the measure is `eval_reading.py`
beside it, with quotation marks, dashes and ligature signs made equal.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline import log
from pipeline.desk import Desk
from pipeline.emit.orders import imposition
from pipeline.language import language
from pipeline.model import Level
from pipeline.receive import receive
from pipeline.rulebook import rulebook
from pipeline.run import drafted
from pipeline.view import view

DATA = Path(os.environ.get("DATA", Path(__file__).parents[2] / "shared/data"))


def scored(text: str, truth: Path) -> dict[str, float]:
    """What the measure says of a text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "reading.txt")
        path.write_text(text, encoding="utf-8")
        ran = subprocess.run((sys.executable, DATA / "eval_reading.py", path, truth, "--norm"), capture_output=True,
                             check=True)
    return dict(json.loads(ran.stdout))


def main() -> None:
    asked = set(sys.argv[1:])
    head = ("booklet", "scheme", "as received", "in order", "reading", "WER", "applied", "others", "s")
    print("{:32} {:24} {:>11} {:>9} {:>8} {:>7} {:>7} {:>6} {:>4}".format(*head))
    for folder in sorted((DATA / "booklets/dev").iterdir()):
        if not (folder / "case.json").is_file() or (asked and folder.name not in asked):
            continue
        spoken = language(json.loads((folder / "case.json").read_text(encoding="utf-8"))["lang"])
        desk = Desk(spoken, rulebook().read_in(spoken.code, spoken.words_only))
        witness, truth = receive(folder / "witness.txt"), folder / "truth/reading.txt"
        begun = time.perf_counter()
        draft, _ = drafted(witness, desk)
        seconds = time.perf_counter() - begun
        reading = scored(view(draft, Level.CRITICAL, joined=True).text, truth)
        received, ordered = (scored(text, truth)["cer_norm"] for text in (
            witness.text, view(draft, Level.RECEIVED, joined=True).text))
        rows = [row for row in log.corrections(draft) if row["fault"]]
        applied = sum(row["status"] == "applied" for row in rows)
        scheme = imposition(draft).scheme
        print(f"{folder.name:32} {scheme:24} {received:11.4f} {ordered:9.4f} {reading['cer_norm']:8.4f} "
              f"{reading['wer_norm']:7.4f} {applied:7} {len(rows) - applied:6} {seconds:4.1f}", flush=True)


if __name__ == "__main__":
    main()
