"""Repair by itself: a text in, the same text corrected out, and the log to a file."""

import json
from pathlib import Path

from pipeline import log
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.errors import Broken, Refused
from pipeline.language import Language, language
from pipeline.model import Level, Span
from pipeline.receive import receive
from pipeline.rulebook import rulebook
from pipeline.run import drafted
from pipeline.view import view
from pipeline.writing import write_aside


def repaired(
    source: str, *, encoding: str | None = None, rules: Path | None = None, names: Path | None = None,
    spoken: Language | None = None,
) -> Draft:
    """The draft of a text once the whole line has read it. Raises `Refused` where a file cannot be used."""
    here = spoken or language()
    book = rulebook(rules).read_in(here.code, here.words_only)
    witness = receive(source, encoding=encoding)
    return drafted(witness, Desk(here, book, _names(names) if names else frozenset()))[0]


def _names(path: Path) -> frozenset[str]:
    try:
        return frozenset(path.read_text(encoding="utf-8").split("\n")) - {""}
    except (OSError, UnicodeDecodeError) as why:
        raise Refused(f"{path} cannot be read ({why}); expected one word a line, in UTF-8") from None


def text(draft: Draft, *, joined: bool = False) -> bytes:
    """The text as it lies, with what is corrected, in the encoding it came in; in UTF-8 where that lacks a letter.

    Where nothing is corrected these are the bytes received. `joined` gives the reading text instead.
    """
    witness = draft.witness
    reads = view(draft, Level.CRITICAL, joined=True).text + "\n" if joined else draft.reading(
        Span(0, len(witness.text)), Level.CRITICAL)
    if reads is None:
        raise Broken("an edit reaches over the end of the text")
    try:
        return reads.encode(witness.encoding)
    except UnicodeEncodeError:
        return reads.encode("utf-8")


def write_log(draft: Draft, path: Path) -> None:
    """Write the rows of `corrections.jsonl`, and then those of `queries.jsonl`."""
    rows = [*log.corrections(draft), *log.queries(draft)]
    write_aside(path, "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode())


def summary(draft: Draft, kept: Path | None) -> str:
    """What was done, in a line."""
    applied = sum(draft.standing[i].in_force for i, _ in draft.corrections)
    waiting = len(draft.corrections) - applied + len(draft.queries)
    return (f"corrected {applied} places; {waiting} proposals and doubts left as they stand"
            + (f"; each is in {kept}" if kept else "; --log FILE says of each what and why"))
