"""Who answers for what: the log's rows as the markup points to them, and every name that the header must declare."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, cast

import regex

from pipeline import log
from pipeline.draft import Draft, Line
from pipeline.emit.markup import ncname, pointers
from pipeline.log import Row
from pipeline.model import Correction, Mark, Span
from pipeline.variants import SHOWN

TOOL = "ag.corrigenda"
DECISION = regex.compile(r"(?P<day>\d{4}-\d\d-\d\d)\S* (?P<who>\S+)(?: \S+){0,2}")


class Piece(NamedTuple):
    """One edit of a decision as an element of its own: its name, and those of the pieces before and after it."""

    name: str
    first: bool
    prev: str | None = None
    next: str | None = None


class Session(NamedTuple):
    """What one editor decided on one day."""

    day: str
    who: str

    @property
    def name(self) -> str:
        return f"ch.{self.day}.{self.who}"


class Sigla(NamedTuple):
    """The names of the witness, the print it is a transcription of, and the edition."""

    received: str
    print: str = "P"
    edition: str = "ED"


class Answers:
    """The rows of the log by what they are about. Whatever is pointed to is remembered, for the header to declare."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.rows = log.corrections(draft)
        self.queries = log.queries(draft)
        self.names = log.ids(draft)
        by_id = {row["id"]: row for row in self.rows}
        self.of: dict[int, Row] = {i: by_id[name] for i, name in self.names.items()}
        self.join_at: dict[int, Row] = {row["spans"][0][1]: row for row in self.rows if row["tei"] in ("pc", "lb")}
        self.furniture_at: dict[int, Row] = {row["spans"][0][0]: row for row in self.rows if row["tei"] == "fw"}
        self.copies, self.places = self._copies()
        self.pieces = dict(self._pieces())
        self.families: set[str] = set()
        self.rules: set[str] = set()
        self.editors: set[str] = set()
        self.categories: set[str] = set()
        self.faults: set[str] = set()
        self.sessions: dict[Session, set[str]] = {}

    def _pieces(self) -> Iterator[tuple[tuple[int, Span], Piece]]:
        """The edits in force that are shown, those of one decision linked in reading order."""
        ranks = {line: k for k, line in enumerate(self.draft.all_lines)}
        for i, correction in self.draft.corrections:
            if not self.draft.standing[i].in_force:
                continue
            held = sorted((ranks[line], span) for span in correction.spans
                          if (line := self.draft.line_at(span)) and line.flow in SHOWN)
            spans = [span for _, span in held]
            names = [ncname(self.names[i]) + (f".part{k}" if k else "") for k in range(len(spans))]
            for k, span in enumerate(spans):
                before, after = names[k - 1] if k else None, names[k + 1] if k + 1 < len(names) else None
                yield (i, span), Piece(names[k], k == 0, before and f"#{before}", after and f"#{after}")

    def _copies(self) -> tuple[dict[Span, list[Row]], dict[Line, list[Span]]]:
        """What other copies read, by the place; and the places of each line."""
        copies: dict[Span, list[Row]] = {}
        places: dict[Line, list[Span]] = {}
        for row in self.rows:
            if row["tei"] == "rdg":
                place = Span(*row["spans"][0])
                line = self.draft.line_at(place)
                if line and place not in copies:
                    places.setdefault(line, []).append(place)
                copies.setdefault(place, []).append(row)
        return copies, places

    def resp(self, row: Row) -> str:
        """Who answers for a row: the families of its rules and its editor; where nobody else does, the tool."""
        return self.by(row["rules"], row["resp"] or "")

    def by(self, rules: Iterable[str], editor: str = "") -> str:
        """Pointers to the families of rules and an editor."""
        families = list(dict.fromkeys(rule.split(".")[0] for rule in rules))
        self.families.update(families)
        self.rules.update(rules)
        who = [f"ag.{family}" for family in families]
        if editor:
            self.editors.add(editor)
            who.append(editor_name(editor))
        return pointers(who or [TOOL])

    def ana(self, row: Row) -> str:
        """What a row is: its fault, its category, its rules."""
        self.categories.add(row["category"])
        if row["fault"]:
            self.faults.add(row["fault"])
        fault = [f"fault.{row['fault']}"] if row["fault"] else []
        return pointers([*fault, f"cat.{row['category']}", *(f"rule.{rule}" for rule in row["rules"])])

    def rule(self, rule: str) -> str | None:
        """A pointer to one rule, where there is one."""
        return pointers([f"rule.{rule}"]) if rule else None

    def change(self, decision: str | None) -> str | None:
        """A pointer to the session a decision was made in; none where the decision is not dated."""
        match = DECISION.fullmatch(decision or "")
        if not match or not _is_a_day(match["day"]):
            return None
        session = Session(match["day"], match["who"])
        self.editors.add(session.who)
        self.sessions.setdefault(session, set()).add(decision or "")
        return pointers([session.name])

    def by_mark(self, mark: Mark) -> str | None:
        """Who said a mark; nobody is named where no editor did."""
        return self.by((), mark.resp) if mark.resp else None

    def correction(self, i: int) -> Correction:
        return cast(Correction, self.draft.entries[i])


def copy_number(row: Row) -> str:
    """Which copy a row tells of: the last part of its siglum."""
    return str(row["copy"]["siglum"]).rpartition(".")[2]


def _is_a_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def editor_name(editor: str) -> str:
    """The name of an editor's element: apart from every other name whatever the editor's id is.

    >>> editor_name("ed.main"), editor_name("S1")
    ('ed.main', 'ed.S1')
    """
    return editor if editor.startswith("ed.") else f"ed.{editor}"
