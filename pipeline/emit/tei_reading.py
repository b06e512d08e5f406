"""Reads an edition back from its TEI files alone, as anybody would who knows TEI and has only the files.

It shares no code with what writes them, so that what comes back proves what was written. Line feeds in the text are for
the eye: a line begins where `lb` says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import unquote

import regex
from lxml import etree

from pipeline.errors import Refused

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
Text = Literal["received", "diplomatic", "reading", "regular", "notes"]

WHITE = regex.compile(r"[\s\ufeff]+")
OUTER_WHITE = regex.compile(r"^[\s\ufeff]+|[\s\ufeff]+\Z")
ESCAPED = regex.compile(r"_x([0-9A-F]+)_")
ADDRESS = regex.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
POINTING = ("wit", "resp", "ana", "corresp", "facs", "next", "prev", "target", "who", "change", "ref")

ENTRIES = tuple(TEI + name for name in ("app", "choice", "seg"))
BLOCKS = frozenset(("head", "byline", "titlePart", "p", "lg", "quote", "item"))
# How strongly two lines are parted: a word goes on, a blank, a line of verse, a block.
GOES_ON, BLANK, VERSE, BLOCK = range(4)
BETWEEN = ("", " ", "\n", "\n\n")
# Which fault is corrected from which text on.
LEVELS: dict[str, int] = {"received": 0, "diplomatic": 1, "reading": 2, "notes": 2, "regular": 3}
FAULTS = {"#fault.recognition": 1, "#fault.printing": 2, "#fault.spelling": 3}
LEVEL_NAMES = ("received", "print", "edition", "edition")

Element = etree._Element


class App(NamedTuple):
    """One entry as the TEI has it: an edit, with the row of the log it belongs to."""

    id: str
    row: str  # the id of the row; the pieces of one decision share it
    fault: str
    lem: str
    readings: dict[str, str]  # what it replaced, below it: "received"; "print" too where that erred; then "edition"
    cert: float
    resp: tuple[str, ...]
    ana: tuple[str, ...]
    place: str  # the line of the source where it stands
    prev: str | None
    next: str | None
    evidence: str


def witness_bytes(source_xml: bytes) -> bytes:
    """The bytes of the witness, from its `sourceDoc` and the encoding stated."""
    root = parsed(source_xml)
    letters = _declared(root)
    lines = sorted((_number(line.get("n", "")), line) for line in root.iter(TEI + "line"))
    built: list[str] = []
    for k, (_, line) in enumerate(lines):
        built.append("".join(_spelt_out(line, letters)))
        if k + 1 < len(lines) and line.get("next") is None:
            built.append("\n")
    return "".join(built).encode(_said(root, "note", "encoding"))


def told_of_witness(source_xml: bytes) -> dict[str, str | int]:
    """What the source file says of its witness: name, encoding, checksum, number of bytes."""
    root = parsed(source_xml)
    bibl = _one(root, "bibl")
    return {
        "name": _one(bibl, "title").text or "", "encoding": _said(root, "note", "encoding"),
        "sha256": _said(root, "idno", "sha256"), "bytes": int(_one(bibl, "measure").get("quantity", "0")),
    }


def text_of(edition_xml: bytes, text: Text) -> str:
    """One text of the edition: `received` and `diplomatic` line by line, `reading`, `regular` and `notes` run on."""
    reading = _Reading(parsed(edition_xml), LEVELS[text])
    lines = reading.notes() if text == "notes" else reading.body()
    if text in ("received", "diplomatic"):
        return "\n".join(bare for line in lines if (bare := OUTER_WHITE.sub("", line.text)))
    return _run_on(lines)


def apps(edition_xml: bytes) -> Iterator[App]:
    """Every entry of the apparatus, in either profile, in the order of the text."""
    reading = _Reading(parsed(edition_xml), 0)
    before = {f"#{one.get(ID)}": prev for one in reading.root.iter(*ENTRIES) if (prev := one.get("prev"))}
    evidence = {note.get("target", ""): reading.spelt(note, 0) for note in reading.root.iter(TEI + "note")
                if note.get("type") == "evidence"}
    place = ""
    for element in reading.root.iter(TEI + "lb", TEI + "fw", *ENTRIES):
        name = _name(element)
        if name in ("lb", "fw"):
            place = element.get("corresp", "")
        elif element.get(ID) is not None and (name != "seg" or element.get("type") == "restored"):
            yield _entry(reading, element, before, evidence, place)


class Copy(NamedTuple):
    """What another copy reads at a place where copies differ, and what the witness has there as received."""

    row: str
    siglum: str
    received: str
    reading: str


def copies(edition_xml: bytes) -> Iterator[Copy]:
    """Every reading of another copy, in the order of the text."""
    reading = _Reading(parsed(edition_xml), 0)
    for rdg in reading.root.iter(TEI + "rdg"):
        if (key := rdg.get(ID)) and (app := rdg.getparent()) is not None:
            received = reading.spelt(reading.witnessed(app, reading.sigla["received"]), 0)
            yield Copy(unescaped(key), (rdg.get("wit") or "").removeprefix("#"), received, reading.spelt(rdg, 0))


def classes(edition_xml: bytes) -> dict[str, str]:
    """How each row of the log stands in the TEI: `app`, `orig`, `pc`, `lb`, `fw`, `rdg` or, of a query, `note`."""
    found: dict[str, str] = {}
    for element in _one(parsed(edition_xml), "text").iter():
        name, key = _name(element), element.get(ID)
        if key is None or element.get("prev") is not None:
            continue
        if name == "choice":
            name = "orig" if element.find(TEI + "orig") is not None else "app"
        elif name == "seg":
            name = "app"
        if name in ("app", "orig", "pc", "lb", "fw", "rdg") or element.get("type") == "query":
            found[unescaped(key)] = name
    return found


def dangling(documents: Mapping[str, bytes]) -> list[str]:
    """The pointers that lead nowhere, of all files together: no schema finds them."""
    roots = {name: parsed(content) for name, content in documents.items()}
    names = {file: {key for one in root.iter() if (key := one.get(ID)) is not None} for file, root in roots.items()}
    found: list[str] = []
    for file, root in roots.items():
        for element in root.iter(etree.Element):
            for attribute in POINTING:
                for pointer in (element.get(attribute) or "").split():
                    if not _leads_somewhere(pointer, file, names):
                        found.append(f"{file}, line {element.sourceline}: {_name(element)}/@{attribute} “{pointer}”")
    return found


def parsed(content: bytes) -> Element:
    """The root of a document, read without network, entities or document types. Raises `Refused`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as why:
        raise Refused(f"this is no XML that can be read: {why}") from None
    if bool(getattr(root.getroottree().docinfo, "doctype", "")):
        raise Refused("a document type is declared; TEI as we write it has none")
    return root


def unescaped(name: str) -> str:
    """The name that an `xml:id` was made from.

    >>> unescaped("_x32__x20_a")
    '2 a'
    """
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), name)


# --- texts ---------------------------------------------------------------------------------------------------------


@dataclass
class _Line:
    """A line: how it is parted from the one before it, its letters, and before which of them a hyphen went."""

    parted: int
    letters: list[str]
    cut: int | None = None

    @property
    def text(self) -> str:
        return "".join(self.letters)

    @property
    def run_on(self) -> str:
        """The letters with each run of white as one blank and none at the ends; the hyphen was the end of its line."""
        cut = len(self.letters) if self.cut is None else self.cut
        before, after = (WHITE.sub(" ", "".join(part)) for part in (self.letters[:cut], self.letters[cut:]))
        if self.cut is None:
            return before.strip(" ")
        return before.lstrip(" ") + after.strip(" ")


class _Reading:
    """The text of an edition at one level."""

    def __init__(self, root: Element, level: int) -> None:
        self.root, self.level = root, level
        self.letters = _declared(root)
        self.sigla = {witness.get("n", ""): f"#{witness.get(ID)}" for witness in root.iter(TEI + "witness")}
        self.lines: list[_Line] = []
        self.parted = BLOCK

    def body(self) -> list[_Line]:
        """The lines of the text."""
        self._read(_one(self.root, "text"))
        return self.lines

    def notes(self) -> list[_Line]:
        """The lines of the printed notes; the pieces of one note run on."""
        for note in _one(self.root, "text").iter(TEI + "note"):
            if note.get("type") == "printed":
                if note.get("prev") is None:
                    self.parted = BLOCK
                self._read(note)
        return self.lines

    def spelt(self, element: Element, level: int) -> str:
        """The letters of an entry or a part of one, at a level."""
        before, self.level, self.lines = self.level, level, [_Line(BLOCK, [])]
        self._read(element)
        self.level = before
        return self.lines[0].text

    def _read(self, element: Element) -> None:
        """The content of an element, but not what follows it."""
        self._letters(element.text)
        for child in element:
            self._element(child)
            self._letters(child.tail)

    def _letters(self, letters: str | None) -> None:
        if letters and self.lines:
            self.lines[-1].letters.append(letters.replace("\n", ""))

    def _element(self, element: Element) -> None:
        name = _name(element)
        if name == "lb":
            parted = max(self.parted, GOES_ON if element.get("break") == "no" else BLANK)
            self.lines.append(_Line(parted, []))
            self.parted = GOES_ON
        elif name in ("fw", "note"):
            return
        elif name == "g":
            self._letters(_glyph(element, self.letters))
        elif name == "pc":
            if element.get("force") != "weak" or self.level < LEVELS["reading"]:
                self._read(element)
            elif self.lines:
                self.lines[-1].cut = len(self.lines[-1].letters)
        elif name == "app":
            self._read(self.witnessed(element, self.sigla[LEVEL_NAMES[self.level]]))
        elif name == "choice":
            self._read(self.chosen(element))
        elif name in BLOCKS:
            self.parted = BLOCK
            self._read(element)
            self.parted = BLOCK
        elif name == "l":
            if element.get("part") not in ("M", "F"):
                self.parted = max(self.parted, VERSE)
            self._read(element)
        else:
            self._read(element)

    def witnessed(self, app: Element, siglum: str) -> Element:
        """The reading of a witness."""
        for reading in app:
            if siglum in (reading.get("wit") or "").split():
                return reading
        raise Refused(f"line {app.sourceline}: the app {app.get(ID)} has no reading of {siglum}")

    def chosen(self, choice: Element) -> Element:
        """What is read at this level: the original until its fault is corrected."""
        original, instead = choice
        return instead if FAULTS[_fault(choice)] <= self.level else original


def _run_on(lines: list[_Line]) -> str:
    """Lines run on; one without letters vanishes, but parts what it parted."""
    built: list[str] = []
    held = GOES_ON
    for line in lines:
        held = max(held, line.parted)
        if letters := line.run_on:
            built += (BETWEEN[held] if built else "", letters)
            held = GOES_ON
    return "".join(built)


# --- entries -------------------------------------------------------------------------------------------------------


def _entry(reading: _Reading, element: Element, before: dict[str, str], evidence: dict[str, str], place: str) -> App:
    key, prev = element.get(ID, ""), element.get("prev")
    first, seen = f"#{key}", set[str]()
    while first in before and first not in seen:  # a file somebody changed may lead in a circle
        seen.add(first)
        first = before[first]
    below = range(FAULTS[_fault(element)])  # the levels at which another reading stands
    if _name(element) == "app":
        lem = element[0]
        told = [reading.spelt(reading.witnessed(element, reading.sigla[LEVEL_NAMES[level]]), level) for level in below]
    elif _name(element) == "choice":
        lem = element[1]
        told = [reading.spelt(element[0], level) for level in below]
    else:
        lem, told = element, [_under(reading, element)]
    readings = dict(zip(LEVEL_NAMES, told, strict=False))
    return App(key, unescaped(first.removeprefix("#")), _fault(element).removeprefix("#fault."),
               reading.spelt(lem, 1), readings, float(lem.get("cert", "nan")), tuple((lem.get("resp") or "").split()),
               tuple((element.get("ana") or "").split()), place, prev, element.get("next"),
               evidence.get(f"#{key}", ""))


def _under(reading: _Reading, restored: Element) -> str:
    """What the witness has where the print was restored under an emendation."""
    app = next(restored.iterancestors(TEI + "app"))
    return next((reading.spelt(seg, 0) for seg in app.iter(TEI + "seg")
                 if seg.get("corresp") == f"#{restored.get(ID)}"), "")


def _fault(element: Element) -> str:
    return next((one for one in (element.get("ana") or "").split() if one in FAULTS), "")


# --- letters and pointers ------------------------------------------------------------------------------------------


def _declared(root: Element) -> dict[str, str]:
    """The letters that stand in `g`, by pointer, as the header declares them."""
    return {f"#{char.get(ID)}": chr(int(_one(char, "mapping").text.removeprefix("U+"), 16))  # type: ignore[union-attr]
            for char in root.iter(TEI + "char")}


def _glyph(g: Element, letters: dict[str, str]) -> str:
    ref = g.get("ref", "")
    if ref not in letters:
        raise Refused(f"line {g.sourceline}: the letter {ref} is not declared")
    return letters[ref]


def _spelt_out(line: Element, letters: dict[str, str]) -> Iterator[str]:
    yield line.text or ""
    for g in line:
        yield _glyph(g, letters)
        yield g.tail or ""


def _number(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))


def _name(element: Element) -> str:
    return str(element.tag).removeprefix(TEI)


def _one(element: Element, name: str) -> Element:
    found = element.find(f".//{TEI}{name}")
    if found is None:
        raise Refused(f"there is no {name} in it")
    return found


def _said(root: Element, name: str, kind: str) -> str:
    return next((one.text or "" for one in root.iter(TEI + name) if one.get("type") == kind), "")


def _leads_somewhere(pointer: str, file: str, names: Mapping[str, set[str]]) -> bool:
    if ADDRESS.match(pointer):
        return True
    document, _, key = pointer.partition("#")
    held = names.get(unquote(document) if document else file)
    return held is not None and (not key or key in held)
