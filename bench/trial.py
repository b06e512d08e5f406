"""One corrector on some texts in a process of its own, so that its speed and its memory are told by themselves.

usage: python -m bench.trial SYSTEM TEXTS.json DONE.json [whole | raw]    (called by `python -m bench.results`)

TEXTS holds pairs, a text as received and the same with its lines joined; a peer is given the second, ours the first.
`whole` sends ours down the whole line, `raw` gives peers the text as received. DONE then holds what each made of them,
the seconds it took, those it took to begin, and the most memory the process ever held, in megabytes.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.flags import flags, received
from bench.peers import PEERS
from bench.repair import reading, repaired
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.language import language
from pipeline.model import Band, Correction, Level, Witness
from pipeline.rulebook import rulebook
from pipeline.run import drafted
from pipeline.view import view

OURS = "corrigenda"
Row = dict[str, Any]


def tried(system: str, pairs: list[tuple[str, str]], how: str) -> Row:
    """What `main` tells of a system, run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        texts, done = Path(folder, "texts.json"), Path(folder, "done.json")
        texts.write_text(json.dumps(pairs, ensure_ascii=False), encoding="utf-8")
        subprocess.run((sys.executable, "-m", "bench.trial", system, texts, done, how), check=True)
        return dict(json.loads(done.read_text(encoding="utf-8")))


def main() -> None:
    system, texts, done, *how = sys.argv[1:]
    pairs = json.loads(Path(texts).read_text(encoding="utf-8"))
    run = ours if system == OURS else peer
    row = run(system, pairs, how[0] if how else "")
    row["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(done).write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")


def peer(name: str, pairs: list[tuple[str, str]], how: str) -> Row:
    """What a peer makes of each text."""
    begun = time.perf_counter()
    correct = next(peer for peer in PEERS if peer.name == name).begin()
    ready = time.perf_counter()
    made = [correct(text if how == "raw" else joined) for text, joined in pairs]
    return {"begin": ready - begun, "seconds": time.perf_counter() - ready, "applied": made}


def ours(_: str, pairs: list[tuple[str, str]], how: str) -> Row:
    """What we make of each text: its readings at both bands, and every flag; these are written down off the clock."""
    begun = time.perf_counter()
    desk = Desk(language("en"), rulebook())
    ready = time.perf_counter()
    row: Row = {"begin": ready - begun, "seconds": 0.0, "applied": [], "safe": [], "flags": [], "received": []}
    for text, _joined in pairs:
        begun = time.perf_counter()
        draft = drafted(Witness("S1", "bench", "utf-8", text), desk)[0] if how else repaired(text, desk)
        row["applied"].append(_reading(draft, how))
        row["seconds"] += time.perf_counter() - begun
        if how != "raw":
            row["safe"].append(_reading(only_safe(draft), how))
            row["flags"].append(flags(draft))
            row["received"].append(received(draft))
    return row


def _reading(draft: Draft, how: str) -> str:
    return view(draft, Level.CRITICAL, joined=True).text if how else reading(draft)


def only_safe(draft: Draft) -> Draft:
    """The draft as if only what is safe had been corrected."""
    kept = (entry for entry in draft.entries if not isinstance(entry, Correction) or entry.band is Band.SAFE)
    return Draft(draft.witness, tuple(kept))


if __name__ == "__main__":
    main()
