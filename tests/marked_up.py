"""A draft typed by hand, its TEI, and that markup in short."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from pipeline.draft import Draft
from pipeline.emit.metadata import Metadata
from pipeline.emit.source import source_xml
from pipeline.emit.tei import edition_xml
from pipeline.emit.tei.lines import Profile
from pipeline.emit.tei_reading import Text, parsed, text_of, witness_bytes
from pipeline.model import (
    Correction,
    Edit,
    Fault,
    Level,
    Mark,
    Query,
    Span,
    Witness,
)
from pipeline.view import view

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
TEXTS: dict[Text, Callable[[Draft], str]] = {
    "received": lambda draft: view(draft, Level.RECEIVED).text,
    "diplomatic": lambda draft: view(draft, Level.DIPLOMATIC).text,
    "reading": lambda draft: view(draft, Level.CRITICAL, joined=True).text,
    "regular": lambda draft: view(draft, Level.REGULAR, joined=True).text,
    "notes": lambda draft: view(draft, Level.CRITICAL, "notes", joined=True).text,
}


def forms(draft: Draft, metadata: Metadata | None = None) -> dict[str, bytes]:
    """The TEI files of a draft by name."""
    about = metadata or Metadata(title="A Pamphlet")
    return {"edition.xml": edition_xml(draft, about), "edition-choice.xml": edition_xml(draft, about, "choice"),
            f"source-{draft.witness.siglum}.xml": source_xml(draft)}


def all_comes_back(draft: Draft) -> None:
    files = forms(draft)
    *editions, source = files.values()
    assert witness_bytes(source) == draft.witness.bytes
    for edition in editions:
        for name, made in TEXTS.items():
            if name != "regular":  # what becomes of a line end is said of the critical text
                assert text_of(edition, name) == made(draft), name


KEPT = ("break", "force", "wit", "type", "part", "place")


def shape(root: etree._Element) -> str:
    """An element as one line of markup with the attributes that make its shape, without what is said of it."""
    name = str(root.tag).removeprefix(TEI)
    said = "".join(f' {key}="{value}"' for key in KEPT if (value := root.get(key)))
    inner = (root.text or "") + "".join(shape(child) + (child.tail or "") for child in root)
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


def text_in(draft: Draft, profile: Profile = "app") -> str:
    """The text as markup without its line feeds and the elements that wrap it all."""
    root = parsed(edition_xml(draft, Metadata(), profile)).find(f"{TEI}text")
    assert root is not None
    return "".join(shape(child) for child in root).replace("\n", "").removeprefix("<body>").removesuffix("</body>")


def letters(element: etree._Element) -> str:
    return (element.text or "") + "".join(letters(child) + (child.tail or "") for child in element)


def draft_of(text: str, *said: Mark | Correction | Query | tuple[str, str]) -> Draft:
    """A draft of a page; a pair says what the line that ends in these letters ends with."""
    return Draft(Witness("S1", "typed.txt", "utf-8", text)).add([
        Mark("line_end", (Span(at, at),), one[1]) if isinstance(one, tuple) and (at := text.index(one[0]) + len(one[0]))
        else one for one in said  # type: ignore[misc]
    ])


def read_as(text: str, *changes: tuple[str, str], fault: Fault = Fault.RECOGNITION, **more: Any) -> Correction:
    edits = tuple(Edit(Span(text.index(old), text.index(old) + len(old)), old, new) for old, new in changes)
    return Correction(fault, "character", ("letters.rn",), edits, **more)


def three_levels() -> Draft:
    text = "we recicve it"
    draft = draft_of(text, read_as(text, ("recicve", "recieve")))
    span = Span(3, 10)
    printed = Correction(Fault.PRINTING, "letters", (), (Edit(span, "recicve", "receive", "recieve"),), resp="ed.a")
    spelt = Correction(Fault.SPELLING, "spelling", (), (Edit(span, "recicve", "receave", "receive"),), resp="ed.a")
    return draft.add([printed]).add([spelt])


