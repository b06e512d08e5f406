"""The smallest page on which something happens: what a stage, or the whole line, makes of a few typed lines."""

from collections.abc import Iterable
from functools import lru_cache

from pipeline.decisions import Decision
from pipeline.desk import Desk, Settings
from pipeline.draft import Draft
from pipeline.language import language
from pipeline.model import Level, Witness
from pipeline.rulebook import Rulebook, rulebook
from pipeline.stages import Stage
from pipeline.view import view


@lru_cache(1)
def _rules() -> Rulebook:
    return rulebook()


def desk(known: str = "", decisions: Iterable[Decision] = (), rules: Rulebook | None = None,
         settings: Settings | None = None) -> Desk:
    """A desk with our rules and English, on which some words more are known."""
    return Desk(language("en"), rules or _rules(), frozenset(known.split()), tuple(decisions), settings or Settings())


def draft_after(stage: Stage, text: str, known: str = "", decisions: Iterable[Decision] = ()) -> Draft:
    """The draft with what one stage alone says of a text."""
    draft = Draft(Witness("S1", "typed.txt", "utf-8", text))
    return draft.add(tuple(stage(draft, desk(known, decisions))))


def after(stage: Stage, text: str, known: str = "", decisions: Iterable[Decision] = ()) -> str:
    """How a text reads after one stage alone."""
    return view(draft_after(stage, text, known, decisions), Level.CRITICAL, joined=True).text
