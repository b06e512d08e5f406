"""Receive plain text: read the bytes once, find or take their encoding, and lose nothing on the way."""

import codecs
import re
import sys
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import Broken, Refused
from pipeline.model import Witness

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "latin-1")

ALSO_CALLED = {
    "utf-8": ("utf-8", "utf8", "utf-8-sig"),
    "utf-16": ("utf-16", "utf16"),
    "utf-16-le": ("utf-16-le", "utf-16le", "utf16le"),
    "utf-16-be": ("utf-16-be", "utf-16be", "utf16be"),
    "cp1252": ("cp1252", "windows-1252", "windows1252", "1252"),
    "mac_roman": ("mac-roman", "macroman", "macintosh", "x-mac-roman"),
    "latin-1": ("latin-1", "latin1", "iso-8859-1", "iso8859-1"),
}

NOT_PLAIN_TEXT = (
    (b"%PDF-", "a PDF; extract its text layer first, e.g. with pdftotext"),
    (b"AT&TFORM", "a DjVu file; extract its text layer first, e.g. with djvutxt"),
    (b"PK\x03\x04", "a ZIP archive or a word processor's file; unpack it, or save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "a word processor's file; save it as plain text first"),
    (b"{\\rtf", "a rich-text file; save it as plain text first"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it first"),
    (b"\x89PNG", "a PNG image; recognise its text first"),
    (b"\xff\xd8\xff", "a JPEG image; recognise its text first"),
    (b"GIF8", "a GIF image; recognise its text first"),
    (b"II*\x00", "a TIFF image; recognise its text first"),
    (b"MM\x00*", "a TIFF image; recognise its text first"),
    (b"\xff\xfe\x00\x00", "text in UTF-32; save it as UTF-8 first"),
    (b"\x00\x00\xfe\xff", "text in UTF-32; save it as UTF-8 first"),
)
MARKUP = re.compile(r"\ufeff?\s*<(?:\?xml|!doctype html|html)\b", re.IGNORECASE)
CONTROL_LETTER = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")  # tab, the line ends, VT and form feed belong to text
TRUE_UTF8 = re.compile(rb"[\xc2-\xc5][\x80-\xbf]|(?:[\xcc-\xd1][\x80-\xbf]){2,}|[\xe0-\xef][\x80-\xbf]{2}")
MAC_QUOTE_AND_ACCENT = re.compile(rb"[\xd2\xd4\xd5][\x80-\x9f](?=[A-Za-z])")  # d’été; as UTF-8, Armenian in Latin words
HIGH_BYTE = re.compile(rb"[\x80-\xff]")
ASCII_LETTER = re.compile(rb"[A-Za-z]")
NO_CP1252_BYTE = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
C1_BYTE = re.compile(rb"[\x80-\x9f]")
LINE_FEED_OR_RETURN = re.compile(rb"[\n\r]")
BLANK_BESIDE_NEL = re.compile(rb"[ \t]\x85|\x85[ \t]")
LETTERS_AT_END = re.compile(r"[^\W\d_]{0,12}\Z")
LETTERS_AT_START = re.compile(r"[^\W\d_]{0,12}")
TWO_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-Þ]{2}")
DEGREES = re.compile(r"[CF]\b")
VOWEL = re.compile(r"[aeiouyàâäáéèêëîïíôöóùûüú]", re.IGNORECASE)
AFTER_APOSTROPHE = re.compile(r"(?:s|t|d|m|ll|re|ve)\Z")
ELIDED = re.compile(r"(?:[cdjlmnst]|qu|(?:jus|lors|puis)qu|gl|un|[dns]?ell|all|dall|quest|sant|O)\Z", re.IGNORECASE)

MOST_CONTROLS = 20  # one letter in twenty; a text layer may have one at each broken line, random bytes have one in nine
ENOUGH_EVIDENCE = 20_000  # high bytes looked at: more would take longer and say the same
ANOTHER_SCRIPT = 20  # high bytes that outnumber the plain letters; in a Latin script they never do
NO_CHANCE = 3  # high bytes that no reading makes sense of


def receive(source: Path | str, *, siglum: str = "S1", encoding: str | None = None,
            stdin: BinaryIO | None = None) -> Witness:
    """Read a file (`-` reads standard input) as a witness whose text encodes back to the very bytes received."""
    name = "standard input" if str(source) == "-" else _printable(Path(source).name or str(source))
    place = name if str(source) == "-" else _printable(str(source))
    raw = _bytes_of(source, place, stdin)
    text, found = decode(raw, encoding, place=place)
    if text.encode(found) != raw:
        raise Broken(f"{place}: the text read as {found} does not encode back to its {len(raw)} bytes")
    return Witness(siglum=siglum, name=name, encoding=found, text=text)


def _bytes_of(source: Path | str, place: str, stdin: BinaryIO | None) -> bytes:
    try:
        if str(source) != "-":
            with Path(source).open("rb") as file:
                return file.read()
        stream = stdin or (sys.stdin.buffer if sys.stdin else None)
        if stream is None:
            raise Refused("standard input is closed: pipe a plain text into it, or name a file")
        return stream.read()
    except FileNotFoundError:
        raise Refused(f"{place} does not exist: name a plain text file, or - for standard input") from None
    except IsADirectoryError:
        raise Refused(f"{place} is a folder: name the plain text file in it") from None
    except PermissionError:
        raise Refused(f"{place} cannot be read: permission to read it is missing; grant it, or name a copy") from None
    except (OSError, ValueError) as reason:  # ValueError: a NUL in the file name, or a closed stream
        told = reason.strerror if isinstance(reason, OSError) and reason.strerror else reason
        raise Refused(f"{place} cannot be read ({told}): name a plain text file, or - for standard input") from None


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def decode(raw: bytes, encoding: str | None = None, *, place: str = "the text") -> tuple[str, str]:
    r"""The text of the bytes, a byte-order mark included, and the encoding that gives the bytes back.

    >>> decode(b"d\x8ej\x88 vu")
    ('déjà vu', 'mac_roman')
    >>> decode(b"caf\xe9", "ISO-8859-1")
    ('café', 'latin-1')
    """
    named = None if encoding is None else _known(encoding)
    if not raw:
        raise Refused(f"{place} is empty: plain text was expected")
    for magic, told in NOT_PLAIN_TEXT:
        if raw.startswith(magic):
            raise Refused(f"{place} is {told}")
    codec = _found(raw, place) if named is None else _settled(raw, named, place)
    text = _strictly(raw, codec, place, given=named is not None)
    if text == "\ufeff":
        raise Refused(f"{place} holds a byte-order mark and nothing else: plain text was expected")
    if MARKUP.match(text):
        raise Refused(f"{place} is an XML or HTML file: plain text was expected; give the text without markup")
    controls = sum(1 for _ in CONTROL_LETTER.finditer(text))
    if controls * MOST_CONTROLS > len(text):
        raise Refused(f"{place} is a binary file ({controls} control characters in {len(text)}): "
                      "plain text was expected")
    return text, codec


def _known(encoding: str) -> str:
    wanted = encoding.lower().replace("_", "-").replace(" ", "-")
    for name, spellings in ALSO_CALLED.items():
        if wanted in spellings:
            return name
    raise Refused(f"the encoding {_printable(encoding)!r} is not known here: give one of {', '.join(ALSO_CALLED)}")


def _settled(raw: bytes, named: str, place: str) -> str:
    marked = _order_by_mark(raw)
    if named == "utf-16":
        codec = marked or _order_by_zero_bytes(raw)
        if codec is None:
            raise Refused(f"{place} does not show its byte order: give --encoding utf-16-le or utf-16-be")
        return codec
    if named.startswith("utf-16") and marked not in (None, named):
        raise Refused(f"{place} begins with the byte-order mark of {marked}, not of {named}: give --encoding {marked}")
    return named


def _strictly(raw: bytes, codec: str, place: str, *, given: bool) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as refusal:
        at, reason = refusal.start, refusal.reason
        cure = "give the encoding it is in, or none to have it found" if given else "mend it, or give --encoding"
        raise Refused(f"{place} is not valid {codec}: byte 0x{raw[at]:02X} at offset {at} "
                      f"cannot be decoded ({reason}); {cure}") from None


def _found(raw: bytes, place: str) -> str:
    """Find the encoding: a mark, then zero bytes, then strict UTF-8, then what the high bytes read like."""
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8"
    order = _order_by_mark(raw)
    if order is None and b"\0" in raw:
        order = _order_by_zero_bytes(raw)
        if order is None:
            raise Refused(f"{place} is a binary file (a zero byte at offset {raw.index(0)}): plain text was expected; "
                          "if it is text, give --encoding")
    if order is not None:
        return order
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as refusal:
        return _damaged_or_single_byte(raw, refusal.start, place)
    return "utf-8" if raw.isascii() or not MAC_QUOTE_AND_ACCENT.sub(b"", raw).isascii() else "mac_roman"


def _order_by_mark(raw: bytes) -> str | None:
    if raw.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    return "utf-16-be" if raw.startswith(codecs.BOM_UTF16_BE) else None


def _order_by_zero_bytes(raw: bytes) -> str | None:
    """The order in which nearly all letters lie below U+3000 and most zero bytes are high ones (ἀ has a low one)."""
    even, odd = raw[0::2], raw[1::2]
    for codec, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        far = len(high.translate(None, bytes(range(0x30))))
        if high.count(0) > low.count(0) and far * 20 <= len(high):
            return codec
    return None


def _damaged_or_single_byte(raw: bytes, bad: int, place: str) -> str:
    """Not UTF-8: refuse what is UTF-8 with bad bytes in it, else choose among the three single-byte encodings."""
    rest = TRUE_UTF8.sub(b"", raw)
    letters = sum(1 for _ in TRUE_UTF8.finditer(raw))
    others = sum(1 for _ in HIGH_BYTE.finditer(rest))
    if letters >= others:
        raise Refused(f"{place} is UTF-8 but for byte 0x{raw[bad]:02X} at offset {bad} (good sequences: {letters}, "
                      f"bad bytes: {others}): mend it, or give --encoding")
    return _single_byte(raw, place)


def _single_byte(raw: bytes, place: str) -> str:
    first = HIGH_BYTE.search(raw)
    at = first.start() if first else 0
    seen = sum(1 for _ in HIGH_BYTE.finditer(raw))
    if seen >= ANOTHER_SCRIPT and seen > sum(1 for _ in ASCII_LETTER.finditer(raw)):
        raise Refused(f"{place} is a binary file or in an encoding not known here (byte 0x{raw[at]:02X} at offset "
                      f"{at}; more bytes above 0x7F than plain letters): save it as UTF-8, or give --encoding")
    if _ends_lines_with_nel(raw):
        return "latin-1"
    # Undefined bytes stand as C1 controls in this reading, so that they count against it and shift nothing.
    windows = NO_CP1252_BYTE.sub(b"\x1a", raw).decode("cp1252").replace("\x1a", "\x81")
    places = [found.start() for found in islice(HIGH_BYTE.finditer(raw), ENOUGH_EVIDENCE)]
    mac = raw.decode("mac_roman")
    for_windows = sum(plausible(windows, i) for i in places)
    for_mac = sum(plausible(mac, i) for i in places)
    if len(places) >= NO_CHANCE and max(for_windows, for_mac) <= -len(places):
        raise Refused(f"{place} is not in utf-8, utf-16, cp1252, mac_roman or latin-1, as far as can be seen "
                      f"(byte 0x{raw[at]:02X} at offset {at}): save it as UTF-8, or give --encoding")
    return "mac_roman" if for_mac > for_windows else _windows_or_latin(raw)


def _windows_or_latin(raw: bytes) -> str:
    """The two differ only in 0x80 to 0x9F, where Latin-1 has control characters and Windows-1252 five gaps."""
    return "cp1252" if C1_BYTE.search(NO_CP1252_BYTE.sub(b"", raw)) else "latin-1"


def _ends_lines_with_nel(raw: bytes) -> bool:
    """Whether 0x85 is the line end of Latin-1 (NEL): there is no other, and it never stands beside a blank."""
    only_nel = {byte[0] for byte in C1_BYTE.findall(raw)} == {0x85}
    return (only_nel and raw.count(b"\x85") > 2
            and not LINE_FEED_OR_RETURN.search(raw) and not BLANK_BESIDE_NEL.search(raw))


# The other letters count half: å, ø, ž are rarer in the languages we read; ë í ì î ï ñ ó of Mac Roman are the quotes
# and dashes of Windows-1252, and Ò Ó Ô Õ Ñ the other way about.
FREQUENT = frozenset("àâäæçéèêöôùûüœßáúòÀÂÄÆÇÉÈÊÖÜŒ")
INITIAL_NEVER = frozenset("ëìïßÿ")
ALONE = frozenset("àèÀÈ")
OPENING, CLOSING = frozenset("“‘„‚"), frozenset("”’")
BEFORE_OPENING = frozenset(" \t\n\r\f\v\xa0([{-–—'\"«»‹›“‘„‚’")


def plausible(text: str, i: int) -> int:
    """How well the letter at `i`, one above U+007F, fits where it stands: from -3 (hardly) to 3 (surely).

    >>> plausible("don’t", 3), plausible("donÕt", 3)
    (2, -3)
    """
    letter, before, after = text[i], text[i - 1] if i else " ", text[i + 1] if i + 1 < len(text) else " "
    if letter in "ﬁﬂ":
        return (2 if letter == "ﬁ" else 1) if after.islower() else -1
    if letter.isalpha() and letter not in "ªºıƒπΩ":
        return _letter_fits(text, i, before, after)
    if letter in OPENING or letter in CLOSING:
        return _quote_fits(text, i, before, after)
    if letter in "–—":
        return _dash_fits(text, i, before, after)
    return _sign_fits(text, i, before, after)


def _letter_fits(text: str, i: int, before: str, after: str) -> int:
    letter = text[i]
    if letter.isupper() and before.islower():
        return -3
    if before.isdigit() or after.isdigit():
        return -2
    if not before.isalpha() and not after.isalpha():
        clear = before.isspace() or before in "’'-"
        return 1 if letter in ALONE and clear else -2
    if letter.islower() and (after.isupper() or TWO_CAPITALS.fullmatch(text[max(0, i - 2):i])):
        return -2
    if letter.isupper() and after.isupper() and text[i + 2:i + 3].islower():
        return -2
    if not before.isalpha() and (letter in INITIAL_NEVER or before in ".,;:!?"):
        return -2
    return _letter_worth(letter, before, after)


def _letter_worth(letter: str, before: str, after: str) -> int:
    if letter == "œ":  # Mac Roman's ú
        return 2 if after == "u" else 1
    if letter == "ú" and "u" in (before, after):
        return 0
    if letter == "ó" and (after in "aeiouy" or before in "aeouy"):  # the em dash of Windows-1252
        return -1
    if letter == "ñ" and before.isalpha() and not VOWEL.match(before):  # the en dash of Windows-1252
        return -2
    return 2 if letter in FREQUENT else 1


def _quote_fits(text: str, i: int, before: str, after: str) -> int:
    letter = text[i]
    opens = before in BEFORE_OPENING and not after.isspace()
    closes = not before.isspace() and not after.isalpha()
    if letter == "’" and after.isalpha():
        return _apostrophe_fits(text, i, before)
    if letter in "„‚":
        return 2 if opens else -2
    if letter in OPENING:  # “ and ‘ close a German quotation
        return 2 if opens else 1 if closes else -2
    if letter == "’":
        return 1 if closes or after.isdigit() else -1
    return 2 if closes else -1


def _apostrophe_fits(text: str, i: int, before: str) -> int:
    if not before.isalpha() or text[i + 1].isupper():
        return 2
    left, right = _letters_before(text, i), _letters_after(text, i)
    return 2 if AFTER_APOSTROPHE.match(right) or ELIDED.match(left) else 0


def _dash_fits(text: str, i: int, before: str, after: str) -> int:
    """A dash stands between words, and a word has a vowel; between small letters it is the longer one."""
    if before.isdigit() and after.isdigit():
        return 2
    if not (before.isalpha() and after.isalpha()):
        return 1
    if text[i] == "–" and before.islower() and after.islower():
        return -1
    return 1 if VOWEL.search(_letters_before(text, i)) and VOWEL.search(_letters_after(text, i)) else -2


def _letters_before(text: str, i: int) -> str:
    found = LETTERS_AT_END.search(text[max(0, i - 12):i])
    return found.group() if found else ""


def _letters_after(text: str, i: int) -> str:
    found = LETTERS_AT_START.match(text, i + 1)
    return found.group() if found else ""


def _sign_fits(text: str, i: int, before: str, after: str) -> int:
    letter = text[i]
    inside = before.isalpha() and after.isalpha()
    if letter in "¿¡":
        return 3 if after.isalpha() and not before.isalnum() and not DEGREES.match(text, i + 1) else -2
    if letter == "°" and DEGREES.match(text, i + 1):
        return 2
    if letter in "«»‹›":
        return -2 if inside else 1 if letter in "«»" else 0
    if letter == "\xa0":
        return 0 if inside else 1
    if letter == "\xad":
        return 1 if before.isalpha() else 0
    if letter == "…":
        return 0 if after.isalpha() else 1
    if letter in "£€¢¥":
        return -2 if inside else 1 if after.isdigit() or before.isdigit() else 0
    if letter in "°²³¹ªº½¼¾":
        return -2 if inside else 1 if before.isdigit() else 0
    if letter in "§©®™¶•·†‡¬×":
        return -2 if inside else 0
    return -3 if inside or letter < "\xa0" else -1
