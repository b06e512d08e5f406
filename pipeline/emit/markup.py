"""XML letter by letter: text made safe, letters XML forbids as `g`, names made fit for an `xml:id`."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

import regex

Said = Mapping[str, str | int | float | None]  # attributes that several elements have in common
NOTHING: Said = {}
NAMESPACE = "http://www.tei-c.org/ns/1.0"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Char of XML 1.0 is everything but these: controls, halves of surrogates, and two noncharacters.
FORBIDDEN = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
ESCAPES_IN_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;",
                                  "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})
# Narrower than XML, so that every name means the same to every reader; `_` begins an escape, so it is one itself.
NOT_IN_A_NAME = regex.compile(r"[^A-Za-z0-9.-]")
TAKEN = regex.compile(r"P|ED|faults|categories|rules|source|(?:note|pb|page|L)\d[\d.]*")  # names of other elements
LANGUAGE_TAG = regex.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
NO_BEGINNING = regex.compile(r"[^A-Za-z_]")


def text(letters: str) -> str:
    r"""Letters as XML text; those XML forbids as `g`, which the header declares.

    >>> text("a<b\r\x0c")
    'a&lt;b&#13;<g ref="#char.000C"/>'
    """
    safe = letters.translate(ESCAPES)
    return FORBIDDEN.sub(_glyph, safe) if FORBIDDEN.search(safe) else safe


def plain(letters: str) -> str:
    """Letters where no `g` may stand: what XML forbids is shown as U+FFFD."""
    return FORBIDDEN.sub("\ufffd", letters).translate(ESCAPES)


def attributes(said: Said = NOTHING, **given: str | int | float | None) -> str:
    """Attributes, those of its own first, without those that say nothing; `_` in a name is a colon, at its end nothing.

    >>> attributes(xml_id="a", n=1, break_="", cert=None)
    ' xml:id="a" n="1"'
    """
    return "".join(
        f' {name.rstrip("_").replace("_", ":")}="{_value(value) if isinstance(value, str) else f"{value:.15g}"}"'
        for name, value in (*given.items(), *said.items()) if value is not None and value != ""
    )


def element(name: str, content: str = "", said: Said = NOTHING, **given: str | int | float | None) -> str:
    """An element with its content, which is XML already.

    >>> element("lem", text("a&b"), wit="#ED")
    '<lem wit="#ED">a&amp;b</lem>'
    """
    start = f"<{name}{attributes(said, **given)}"
    return f"{start}>{content}</{name}>" if content else start + "/>"


def ncname(name: str) -> str:
    """A name fit for an `xml:id`, from which `named` gets the name back.

    >>> ncname("S1.0-3.recognition"), ncname("2 a")
    ('S1.0-3.recognition', '_x32__x20_a')
    """
    safe = NOT_IN_A_NAME.sub(_escape, name)
    return NO_BEGINNING.sub(_escape, safe[:1]) + safe[1:]


def witness_name(siglum: str) -> str:
    """The name of a witness in the TEI: its siglum, unless something else bears that name.

    >>> witness_name("S1"), witness_name("P")
    ('S1', 'wit.P')
    """
    name = ncname(siglum)
    return f"wit.{name}" if TAKEN.fullmatch(name) else name


def pointers(names: Iterable[str]) -> str:
    """Pointers to elements of this file.

    >>> pointers(["ag.words", "ed.main"])
    '#ag.words #ed.main'
    """
    return " ".join(f"#{ncname(name)}" for name in names)


def language_tag(language: str) -> str:
    """The language as XML and TEI know it; what is no tag is undetermined.

    >>> language_tag("en-GB"), language_tag("Old Norse")
    ('en-GB', 'und')
    """
    return language if LANGUAGE_TAG.fullmatch(language) else "und"


def source_file(siglum: str) -> str:
    """The file a witness is written to, as a pointer names it."""
    return quote(f"source-{siglum}.xml")


def char_declaration(letters: str) -> str:
    """A `charDecl` for every letter of a text that XML forbids; empty where there is none."""
    found = sorted({ord(letter) for letter in FORBIDDEN.findall(letters)})
    chars = "".join(f'  <char xml:id="char.{code:04X}"><mapping type="codepoint">U+{code:04X}</mapping></char>\n'
                    for code in found)
    return f" <charDecl>\n{chars} </charDecl>\n" if chars else ""


def glyphs(markup: str) -> str:
    """The letters that stand as `g` in what `text` has written.

    >>> glyphs(text("a\x0c<b"))
    '\\x0c'
    """
    return "".join(chr(int(after.partition('"')[0], 16)) for after in markup.split('<g ref="#char.')[1:])


def _glyph(match: regex.Match[str]) -> str:
    return f'<g ref="#char.{ord(match[0]):04X}"/>'


def _value(value: str) -> str:
    return FORBIDDEN.sub("\ufffd", value).translate(ESCAPES_IN_VALUE)


def _escape(match: regex.Match[str]) -> str:
    return f"_x{ord(match[0]):X}_"
