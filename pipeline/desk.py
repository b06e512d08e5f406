"""The desk: what lies before the editor at work: rules, language evidence, names, decisions and settings."""

from dataclasses import dataclass, field

from pipeline.decisions import Decision
from pipeline.language import Language
from pipeline.model import Band
from pipeline.rulebook import Rulebook


@dataclass(frozen=True)
class Settings:
    """What an edition may set. `ceiling` lowers every band: LIKELY leaves nothing `safe`, DOUBTFUL only proposes."""

    ceiling: Band = Band.SAFE
    order_margin: float = 3.0  # nats below which the order of the pages is a query


@dataclass(frozen=True)
class Desk:
    """Everything a stage may look at besides the draft. A stage reads no file, clock or environment."""

    language: Language
    rules: Rulebook
    names: frozenset[str] = frozenset()  # the edition's own right words
    decisions: tuple[Decision, ...] = ()
    settings: Settings = field(default_factory=Settings)
