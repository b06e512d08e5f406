"""The letters of a line as markup: every correction in its place, the hyphen at the end, what editors said of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Literal, NamedTuple

import regex

from pipeline.draft import WHITE, Draft, Line
from pipeline.emit.markup import NOTHING, Said, element, ncname, text
from pipeline.emit.source import Lines
from pipeline.emit.tei.answers import Answers, Piece, Sigla, copy_number
from pipeline.lines import HYPHENS
from pipeline.log import Row
from pipeline.model import Edit, Evidence, Fault, Level, Mark, Span
from pipeline.variants import SHOWN

Profile = Literal["app", "choice"]
LAST_LETTER = regex.compile(rf"[^{WHITE}](?=[{WHITE}]*\Z)")
SEGMENTS = ("crux", "stet")
Made = Callable[[str | None], str]


class Stretch(NamedTuple):
    """Letters of the witness that stand as they are, or the edit that takes their place; or a place with both within.

    Such a place is one where another copy reads otherwise.
    """

    span: Span
    edit: Edit | None = None
    entry: int = -1
    within: tuple["Stretch", ...] = ()


class Hyphen(NamedTuple):
    """The hyphen that ends a line: whether it goes (weak) or stays (strong), and the row of the join."""

    force: str
    row: Row | None


class Letters:
    """Lines as markup, in one profile."""

    def __init__(self, draft: Draft, answers: Answers, source: Lines, sigla: Sigla, profile: Profile) -> None:
        self.draft, self.answers, self.source, self.profile = draft, answers, source, profile
        self.siglum, self.print, self.edition = sigla
        self.remarks: defaultdict[Line, list[tuple[int, str]]] = defaultdict(list)
        self.segments: defaultdict[Line, list[tuple[Span, Mark]]] = defaultdict(list)
        self.general: list[str] = []  # doubts and remarks about no line that is shown
        self._place_what_was_said()

    def line(self, line: Line, hyphen: Hyphen | None = None) -> str:
        """The letters of a line."""
        segments, remarks = self.segments.get(line, []), sorted(self.remarks.get(line, []))
        stretches = self._with_places(line)
        if not segments and not remarks:
            return self._told(stretches, hyphen)
        cuts = sorted({at for span, _ in segments for at in span} | {at for at, _ in remarks})
        pieces = list(_cut(stretches, cuts))
        shown = self._each(pieces, hyphen)
        parts: list[tuple[Mark | None, str]] = []
        for k, (piece, markup) in enumerate(zip(pieces, shown, strict=True)):
            mark = next((mark for span, mark in segments if _meet(span, piece.span)), None)
            parts.append((mark, markup))
            while remarks and (remarks[0][0] <= piece.span.end or k + 1 == len(pieces)):
                parts.append((None, remarks.pop(0)[1]))
        return "".join(self._segment(mark, [markup for _, markup in group])
                       for mark, group in groupby(parts, key=lambda part: part[0]))

    # --- stretches -----------------------------------------------------------------------------------------------

    def _stretches(self, span: Span, level: Level) -> list[Stretch]:
        found, at = [], span.start
        for edit, i in self.draft.edits_in(span, level):
            if at < edit.span.start:
                found.append(Stretch(Span(at, edit.span.start)))
            found.append(Stretch(edit.span, edit, i))
            at = edit.span.end
        if at < span.end:
            found.append(Stretch(Span(at, span.end)))
        return found

    def _with_places(self, line: Line) -> list[Stretch]:
        """The stretches of a line, those together that are a place where copies differ."""
        stretches = self._stretches(line.span, Level.REGULAR)
        places = self.answers.places.get(line, []) if self.profile == "app" else []
        if not places:
            return stretches
        pieces = list(_cut(stretches, sorted({at for place in places for at in place})))
        held = groupby(pieces, key=lambda piece: next((place for place in places if _meet(place, piece.span)), None))
        return [one for place, group in held
                for one in ([Stretch(place, within=tuple(group))] if place else group)]

    def _told(self, stretches: Sequence[Stretch], hyphen: Hyphen | None) -> str:
        return "".join(self._each(stretches, hyphen))

    def _each(self, stretches: Sequence[Stretch], hyphen: Hyphen | None) -> list[str]:
        """The stretches as markup; the hyphen is in the last that has letters in the critical text."""
        last = len(stretches) - 1
        while hyphen and last >= 0 and not LAST_LETTER.search(self._critical(stretches[last])):
            last -= 1
        return [self._stretch(stretch, hyphen if k == last else None) for k, stretch in enumerate(stretches)]

    def _critical(self, stretch: Stretch) -> str:
        return self.draft.reading(stretch.span, Level.CRITICAL) or ""

    def _stretch(self, stretch: Stretch, hyphen: Hyphen | None) -> str:
        if stretch.within:
            return self._copied(stretch, hyphen)
        if stretch.edit is None:
            return self._hyphened(self._quoted(stretch.span), hyphen)
        piece = self.answers.pieces[stretch.entry, stretch.span]
        if self.answers.correction(stretch.entry).fault is Fault.SPELLING:
            return self._spelling(stretch.edit, stretch.entry, piece, hyphen)
        form = self._app if self.profile == "app" else self._choice
        return form(stretch.edit, stretch.entry, piece, hyphen)

    def _quoted(self, span: Span) -> str:
        return self.draft.witness.text[span.start : span.end]

    def _hyphened(self, letters: str, hyphen: Hyphen | None) -> str:
        """Letters, the last of them as the hyphen it is."""
        match = LAST_LETTER.search(letters) if hyphen else None
        if match is None or hyphen is None:
            return text(letters)
        row = hyphen.row
        pc = element("pc", text(match[0]), self._joined(row) if row else NOTHING, force=hyphen.force)
        return text(letters[: match.start()]) + pc + text(letters[match.end() :])

    def _joined(self, row: Row) -> Said:
        return {"xml_id": ncname(row["id"]), "ana": self.answers.ana(row),
                "resp": self.answers.resp(row), "cert": row["certainty"],
                "change": self.answers.change(row["decision"])}

    # --- corrections ---------------------------------------------------------------------------------------------

    def _identity(self, i: int, piece: Piece) -> Said:
        row = self.answers.of[i]
        return {"xml_id": piece.name, "ana": self.answers.ana(row), "prev": piece.prev, "next": piece.next,
                "change": self.answers.change(row["decision"])}

    def _credit(self, i: int) -> Said:
        row = self.answers.of[i]
        return {"resp": self.answers.resp(row), "cert": row["certainty"]}

    def _spelling(self, edit: Edit, i: int, piece: Piece, hyphen: Hyphen | None) -> str:
        orig = element("orig", self._told(self._stretches(edit.span, Level.CRITICAL), hyphen))
        also = hyphen._replace(row=None) if hyphen and edit.new[-1:] in HYPHENS else None
        reg = element("reg", self._hyphened(edit.new, also), self._credit(i))
        return element("choice", orig + reg, self._identity(i, piece)) + self._evidence(i, piece)

    def _copied(self, place: Stretch, hyphen: Hyphen | None) -> str:
        """A place in which copies differ: the readings of the others in the `app` of its correction, or one of its own.

        Where more than one correction was made there, or none, the `lem` holds what stands with all that is said of it.
        """
        readings = "".join(self._copy(row) for row in self.answers.copies[place.span])
        first = place.within[0]
        if len(place.within) == 1 and first.edit and self.answers.correction(first.entry).fault is not Fault.SPELLING:
            piece = self.answers.pieces[first.entry, first.span]
            return self._app(first.edit, first.entry, piece, hyphen, readings)
        lem = element("lem", self._told(place.within, hyphen), wit=f"#{self.edition} #{self.print} #{self.siglum}")
        return element("app", lem + readings)

    def _copy(self, row: Row) -> str:
        """What another copy reads, and the lines where it stands."""
        copy = row["copy"]
        lines = dict.fromkeys(self.source.pointer(start) for start, _ in copy["spans"])
        return element("rdg", text(copy["reading"]), wit=f"#{self.siglum}.{copy_number(row)}",
                       xml_id=ncname(row["id"]), ana=self.answers.ana(row), corresp=" ".join(lines))

    def _app(self, edit: Edit, i: int, piece: Piece, hyphen: Hyphen | None, copies: str = "") -> str:
        """One `app` for all levels: a reading of the print that was restored first is marked within its `rdg`."""
        received, lemma = text(edit.old), self._hyphened(edit.new, hyphen)
        if self.answers.correction(i).fault is Fault.RECOGNITION:
            lem = element("lem", lemma, self._credit(i), wit=f"#{self.edition} #{self.print}")
            rdg = element("rdg", received, wit=f"#{self.siglum}")
            return element("app", lem + rdg + copies + self._evidence(i, piece), self._identity(i, piece))
        lem = element("lem", lemma, self._credit(i), wit=f"#{self.edition}")
        below = self._stretches(edit.span, Level.DIPLOMATIC)
        if all(stretch.edit is None for stretch in below):
            rdgs = element("rdg", received, wit=f"#{self.print} #{self.siglum}")
        else:
            printed, read = zip(*(self._restored(stretch) for stretch in below), strict=True)
            rdgs = (element("rdg", "".join(printed), wit=f"#{self.print}")
                    + element("rdg", "".join(read), wit=f"#{self.siglum}"))
        notes = "".join(self._evidence(one.entry, self.answers.pieces[one.entry, one.span])
                        for one in below if one.edit)
        return element("app", lem + rdgs + copies + self._evidence(i, piece) + notes, self._identity(i, piece))

    def _restored(self, stretch: Stretch) -> tuple[str, str]:
        """A stretch of the print under an emendation: as the print has it, and as the witness has."""
        if stretch.edit is None:
            same = text(self._quoted(stretch.span))
            return same, same
        piece = self.answers.pieces[stretch.entry, stretch.span]
        given = {**self._identity(stretch.entry, piece), **self._credit(stretch.entry)}
        return (element("seg", text(stretch.edit.new), given, type="restored"),
                element("seg", text(stretch.edit.old), type="received", corresp=f"#{piece.name}"))

    def _choice(self, edit: Edit, i: int, piece: Piece, hyphen: Hyphen | None) -> str:
        """What the level below has as `sic`, with a `choice` of its own where that was restored first."""
        if self.answers.correction(i).fault is Fault.RECOGNITION:
            sic = text(edit.old)
        else:
            sic = self._told(self._stretches(edit.span, Level.DIPLOMATIC), None)
        corr = element("corr", self._hyphened(edit.new, hyphen), self._credit(i))
        return element("choice", element("sic", sic) + corr, self._identity(i, piece)) + self._evidence(i, piece)

    def _evidence(self, i: int, piece: Piece) -> str:
        """Why a correction was made, told once for all its pieces."""
        reasons = self.answers.correction(i).evidence
        if not piece.first or not reasons:
            return ""
        return element("note", text("; ".join(map(_reason, reasons))), type="evidence", target=f"#{piece.name}")

    # --- what was said of a place --------------------------------------------------------------------------------

    def _segment(self, mark: Mark | None, parts: Iterable[str]) -> str:
        if mark is None:
            return "".join(parts)
        return element("seg", "".join(parts), type=mark.kind, resp=self.answers.by_mark(mark),
                       change=self.answers.change(mark.decision))

    def _place_what_was_said(self) -> None:
        for row in self.answers.queries:
            self._remark([Span(*span) for span in row["spans"]], partial(self._query, row))
        for mark in self.draft.marked("remark"):
            if mark.value:
                self._remark(mark.spans, partial(self._mark, mark))
        for mark in self.draft.marked(*SEGMENTS):
            for span in mark.spans:
                if (line := self._line_of(span)) and span.start < span.end:
                    self.segments[line].append((span, mark))

    def _remark(self, spans: Iterable[Span], made: Made) -> None:
        """A note at the end of the first place it is about; at the head of the text where that is not shown."""
        for span in spans:
            if line := self._line_of(span):
                self.remarks[line].append((min(span.end, line.span.end), made(None)))
                return
        where = next((self.source.pointer(span.start) for span in spans if span.start >= 0), None)
        self.general.append(made(where))

    def _line_of(self, span: Span) -> Line | None:
        line = self.draft.line_at(span) or self.draft.line_at(Span(span.start, span.start + 1))
        return line if line and line.flow in SHOWN else None

    def _query(self, row: Row, where: str | None) -> str:
        items = "".join(element("item", text(one["reading"]), cert=one["certainty"]) for one in row["candidates"])
        listed = element("list", items, type="candidates") if items else ""
        rules = [row["rule"]] if row["rule"] else []
        return element("note", text(row["says"]) + listed, xml_id=ncname(row["id"]), type="query",
                       subtype="answered" if row["decision"] else None, corresp=where, resp=self.answers.by(rules),
                       ana=self.answers.rule(row["rule"] or ""), change=self.answers.change(row["decision"]))

    def _mark(self, mark: Mark, where: str | None) -> str:
        return element("note", text(str(mark.value)), type="remark", corresp=where, resp=self.answers.by_mark(mark),
                       change=self.answers.change(mark.decision))


def _cut(stretches: Iterable[Stretch], cuts: list[int]) -> Iterator[Stretch]:
    """The stretches, those of unedited letters cut at places of the witness."""
    for stretch in stretches:
        at = stretch.span.start
        for cut in cuts if stretch.edit is None and not stretch.within else ():
            if at < cut < stretch.span.end:
                yield Stretch(Span(at, cut))
                at = cut
        yield stretch._replace(span=Span(at, stretch.span.end))


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _reason(evidence: Evidence) -> str:
    """One reason as a phrase.

    >>> _reason(Evidence("lexicon", "a known word", 3.0)), _reason(Evidence("rule", "m was read as rn"))
    ('a known word (lexicon, 3 nats)', 'm was read as rn (rule)')
    """
    weight = f", {round(evidence.weight, 3):g} nats" if evidence.weight else ""
    return f"{evidence.says} ({evidence.kind}{weight})"
