"""corrigenda: from damaged text of scanned print to a critical edition that can be trusted.

>>> import pipeline
>>> repaired = pipeline.repair("We fi nd it on the fi rst page.")
>>> repaired.text
'We find it on the first page.'
>>> [(row["source"], row["corr"], row["rules"]) for row in repaired.corrections][:1]
[('fi nd', 'find', ['ligatures.split-after'])]
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pipeline.run import Result

__version__ = "0.1.0"


class Repaired(NamedTuple):
    """A text repaired: its reading text, and the rows of `corrections.jsonl` and `queries.jsonl`."""

    text: str
    corrections: list[dict[str, Any]]
    queries: list[dict[str, Any]]


def edition(source: Path | str, out: Path | str | None = None, *, with_decisions: bool = True) -> "Result":
    """Make the edition of a plain text file, or of an edition's folder, and write it to `out`.

    Returns the draft, the rows of the log, and where the files are. Raises `pipeline.errors.Refused`, with a sentence
    for a person, where the source, a rule or a decision cannot be used; then nothing is written.
    """
    from pipeline import run

    return run.edition(source, Path(out) if out is not None else None, with_decisions=with_decisions)


def repair(text: str, *, names: frozenset[str] = frozenset(), language: str = "en") -> Repaired:
    """Repair a text in memory: its pages ordered, its lines run on, its misreadings corrected, each with its entry.

    `names` are words to be taken as right. Nothing is read but our rules and language evidence, nothing is written.
    Of a `language` other than English there is only a list of words (`pip install 'corrigenda[languages]'`).
    """
    from pipeline import log, run
    from pipeline.desk import Desk
    from pipeline.language import language as spoken_in
    from pipeline.model import Level, Witness
    from pipeline.rulebook import rulebook
    from pipeline.view import view

    spoken = spoken_in(language)
    book = rulebook().read_in(spoken.code, spoken.words_only)
    draft, _ = run.drafted(Witness("S1", "text", "utf-8", text), Desk(spoken, book, names))
    return Repaired(view(draft, Level.CRITICAL, joined=True).text, log.corrections(draft), log.queries(draft))
