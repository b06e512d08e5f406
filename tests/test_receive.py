"""Receiving plain text: the bytes come back, the encoding is found or taken, and what is no text is refused."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import Refused
from pipeline.receive import ENCODINGS, decode, receive

SINGLE_BYTE = ("cp1252", "mac_roman", "latin-1")
UNICODE = ("utf-8", "utf-16-le", "utf-16-be")
STEADY = settings(derandomize=True, deadline=None, max_examples=100)

SAMPLES = {
    "English": "The gardener’s wife didn’t answer; she’d gone to the well—and stayed there.\n"
               "“Good morning,” said the miller, “the wheel hasn’t turned since Tuesday.”\n"
               "A rent of £40 was paid in 1832–34; the naïve clerk noted it twice…\n",
    "French": "L’été dernier, la rivière était si basse que les enfants la traversaient à pied.\n"
              "« Où êtes-vous ? » demanda le garçon, déjà fâché d’avoir attendu.\n"
              "Noël approchait ; maïs, châtaignes et pâtés s’entassaient près du fourneau.\n",
    "German": "Über die Brücke fährt früh am Morgen der Müller mit süßem Brot.\n"
              "„Schöne Äpfel“, rief die Bäuerin, „und große Nüsse!“\n"
              "Straße und Fluß lagen öde – kein Mensch weit und breit.\n",
    "Italian": "La città è più bella di notte, perché nessuno c’è più per le strade.\n"
               "«Dov’è la libertà?» chiese il frate, e andò giù per la collina.\n",
    "Spanish": "El niño había comido más pan que su hermano el día de San Martín.\n"
               "¿Dónde está la canción que compuso el señor de Aragón?\n"
               "Según los médicos, el país vivió un otoño cálido; así lo creyó también Ramón…\n",
}
TYPEWRITTEN = (("’", "'"), ("“", '"'), ("”", '"'), ("„", '"'), ("—", "--"), ("–", "-"), ("…", "..."))
SHORT = {
    "an apostrophe": "The miller didn’t answer the dog’s bark.",
    "dashes between words": "He left the house—without a word—and went home.",
    "French elision and accents": "C’est l’été à l’école.",
    "an umlaut after a capital": "Herr König und Frau Müller",
    "an Italian lone vowel": "La neve è bianca e l’erba è verde",
    "a Spanish question": "¿Qué pasó con el niño?",
    "degrees": "Water froze at 0 °C and the oven stood at 450 °F.",
}


def said(raw: bytes, encoding: str | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        decode(raw, encoding, place="book.txt")
    message = str(refusal.value)
    assert message.startswith("book.txt ") or message.startswith("the encoding ")
    assert "\n" not in message
    return message


def letters(codec: str) -> st.SearchStrategy[str]:
    """Texts of any letters the encoding has; no controls but the usual ones, and no reversed byte-order mark."""
    ordinary = st.characters(codec=codec, exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe")
    return st.text(ordinary | st.sampled_from("\t\n\r\f\v"), min_size=1)


# What is given


@pytest.mark.parametrize("codec", ENCODINGS)
def test_a_given_encoding_gives_the_text_and_the_bytes_back(codec: str) -> None:
    @STEADY
    @given(letters(codec))
    def gives_back(text: str) -> None:
        raw = text.encode(codec)
        assert decode(raw, codec) == (text, codec)

    gives_back()


@pytest.mark.parametrize("codec", UNICODE)
def test_a_byte_order_mark_stays_letter_0(codec: str) -> None:
    @STEADY
    @given(letters(codec))
    def stays(text: str) -> None:
        marked = "\ufeff" + text
        assert decode(marked.encode(codec)) == (marked, codec)
        assert decode(marked.encode(codec), codec) == (marked, codec)

    stays()


@pytest.mark.parametrize(("spelling", "codec"), [
    ("UTF8", "utf-8"), ("utf-8-sig", "utf-8"), ("UTF-16LE", "utf-16-le"), ("utf_16_be", "utf-16-be"),
    ("windows-1252", "cp1252"), ("Macintosh", "mac_roman"), ("MacRoman", "mac_roman"), ("ISO-8859-1", "latin-1"),
    ("latin1", "latin-1"), ("utf-16", "utf-16-le"),
])
def test_an_encoding_is_known_by_its_common_names(spelling: str, codec: str) -> None:
    assert decode("Tee für zwei".encode(codec), spelling) == ("Tee für zwei", codec)


def test_utf_16_takes_the_order_its_mark_says() -> None:
    assert decode(b"\xfe\xff\x00a", "utf-16") == ("\ufeffa", "utf-16-be")
    assert decode(b"\xff\xfea\x00", "utf-16") == ("\ufeffa", "utf-16-le")


def test_utf_16_without_a_visible_order_is_asked_for() -> None:
    assert "give --encoding utf-16-le or utf-16-be" in said("春眠不覚暁".encode("utf-16-le"), "utf-16")
    assert decode("春眠不覚暁".encode("utf-16-le"), "UTF-16LE")[0] == "春眠不覚暁"


def test_a_given_order_against_the_mark_is_refused() -> None:
    assert "begins with the byte-order mark of utf-16-le, not of utf-16-be" in said(b"\xff\xfea\x00", "utf-16-be")


def test_an_unknown_encoding_is_refused_with_the_known_names() -> None:
    message = said(b"abc", "ebcdic")
    assert "'ebcdic'" in message
    assert all(name in message for name in (*ENCODINGS, "utf-16"))


def test_a_given_encoding_is_obeyed_where_another_would_be_found() -> None:
    assert decode("café".encode(), "cp1252") == ("cafÃ©", "cp1252")


# What is found


@pytest.mark.parametrize("codec", ENCODINGS)
@pytest.mark.parametrize("language", SAMPLES)
def test_a_page_in_any_language_is_read_rightly(language: str, codec: str) -> None:
    if codec == "latin-1":  # it has no curly quotes, dashes, œ or …
        page = SAMPLES[language]
        for curly, plain in TYPEWRITTEN:
            page = page.replace(curly, plain)
    else:
        page = SAMPLES[language]
    text, found = decode(page.encode(codec))
    assert (text, found) == (page, codec)


@pytest.mark.parametrize("codec", ("cp1252", "mac_roman"))
@pytest.mark.parametrize("what", SHORT)
def test_one_short_line_is_read_rightly(what: str, codec: str) -> None:
    assert decode(SHORT[what].encode(codec))[0] == SHORT[what]


@pytest.mark.parametrize("line_end", ("\n", "\r\n", "\r"))
@pytest.mark.parametrize("codec", ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"))
def test_line_ends_and_trailing_blanks_stay_as_they_are(line_end: str, codec: str) -> None:
    page = f"  déjà vu  {line_end}\fl’été \t{line_end}{line_end}"
    assert decode(page.encode(codec)) == (page, codec)


def test_plain_ascii_is_utf_8() -> None:
    assert decode(b"nothing but plain letters") == ("nothing but plain letters", "utf-8")


def test_utf_16_without_a_mark_is_found_in_other_alphabets_too() -> None:
    for page in ("Une journée d’été.\n", "Это было давно, в другой стране.\n", "Ἐν ἀρχῇ ἦν ὁ λόγος, φησίν.\n"):
        for codec in ("utf-16-le", "utf-16-be"):
            assert decode(page.encode(codec)) == (page, codec)


def test_nel_ends_lines_in_latin_1_and_is_an_ellipsis_in_windows_1252() -> None:
    assert decode(b"one\x85two\x85three\x85") == ("one\x85two\x85three\x85", "latin-1")
    assert decode(b"Wait\x85 and see\x85\nThen go\x85\n") == ("Wait… and see…\nThen go…\n", "cp1252")


def test_french_elisions_of_mac_roman_are_not_armenian() -> None:
    assert decode("un coup d’État".encode("mac_roman")) == ("un coup d’État", "mac_roman")


def test_one_stray_gap_of_windows_1252_in_latin_1_is_read_as_latin_1() -> None:
    assert decode(b"Le caf\xe9 \xe9tait ferm\xe9 \x81\n") == ("Le café était fermé \x81\n", "latin-1")


@STEADY
@given(st.binary())
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"\xef\xbb\xbf")
@example(b"\0")
@example(b"\x81")
@example(b"\xd5\x8e")
def test_any_bytes_are_refused_or_come_back(raw: bytes) -> None:
    for encoding in (None, "utf-16", *ENCODINGS):
        try:
            witness = receive("-", encoding=encoding, stdin=io.BytesIO(raw))
        except Refused as refusal:
            assert str(refusal).startswith("standard input ")
        else:
            assert witness.bytes == raw
            assert witness.encoding in ENCODINGS


@STEADY
@given(st.text(st.sampled_from("aeinst ,.\n’“”—–éèàüöñóß"), min_size=1), st.sampled_from(("cp1252", "mac_roman")))
def test_any_single_byte_letters_are_refused_or_come_back(text: str, codec: str) -> None:
    raw = text.encode(codec)
    try:
        read, found = decode(raw)
    except Refused:
        return
    assert read.encode(found) == raw


# What is refused


@pytest.mark.parametrize(("raw", "encoding", "offset"), [
    (b"caf\xc3\xa9 and \xff", "utf-8", 10),
    (b"\xef\xbb\xbfcaf\xe9 noir", None, 6),
    ("déjà là, été ".encode() + b"\x93 encore", None, 18),
    (b"\xff\xfea\x00b", None, 4),
    (b"a\x00b\x00c\x00d", None, 6),
    (b"\xff\xfea\x00\x00\xd8b\x00", None, 4),
    (b"\xfe\xff\x00a\xdc\x00\x00b", None, 4),
    (b"a\x00\x00\xdc", "utf-16-le", 2),
    (b"abc\x8d", "cp1252", 3),
    (b"The \x93well\x94 \x81 dog\x92s", None, 11),
])
def test_bytes_that_cannot_be_decoded_are_named_by_their_offset(raw: bytes, encoding: str | None, offset: int) -> None:
    assert f"byte 0x{raw[offset]:02X} at offset {offset} " in said(raw, encoding).replace(",", " ")


def test_damaged_utf_8_does_not_fall_to_windows_1252() -> None:
    page = SAMPLES["French"].encode()
    message = said(page[:100] + b"\xe9" + page[100:])
    assert "UTF-8 but for byte 0xE9 at offset 100" in message
    assert "give --encoding" in message


def test_an_empty_text_is_refused() -> None:
    assert "is empty" in said(b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        assert "byte-order mark and nothing else" in said(mark)


@pytest.mark.parametrize(("raw", "told"), [
    (b"%PDF-1.4\n%\xe2\xe3", "a PDF; extract its text layer first, e.g. with pdftotext"),
    (b"PK\x03\x04\x14\x00", "a ZIP archive"),
    (b"\x89PNG\r\n\x1a\n\x00", "a PNG image"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
    (b"II*\x00\x08\x00", "a TIFF image"),
    (b"MM\x00*\x00\x08", "a TIFF image"),
    (b"AT&TFORM\x00\x00", "a DjVu file"),
    (b"\x1f\x8b\x08\x00", "a gzip archive"),
    (b"{\\rtf1\\ansi", "a rich-text file"),
    ("\ufeffa".encode("utf-32-le"), "UTF-32"),
    (b'<?xml version="1.0"?><alto/>', "an XML or HTML file"),
    ("\ufeff<?xml version='1.0'?>".encode("utf-16-le"), "an XML or HTML file"),
    (b"<!DOCTYPE html>\n<html>", "an XML or HTML file"),
])
def test_a_file_of_another_kind_is_told_as_what_it_is(raw: bytes, told: str) -> None:
    assert told in said(raw)


def test_a_pdf_is_refused_under_a_given_encoding_too() -> None:
    assert "pdftotext" in said(b"%PDF-1.4\n", "latin-1")


def test_a_binary_file_is_refused() -> None:
    assert "zero byte at offset 3" in said(b"abc\x00def")
    assert "a binary file" in said(struct.pack("<8i", *range(8)))
    assert "a binary file (5 control characters in 10)" in said(b"\x01a\x02b\x03c\x04d\x05e")


def test_a_few_control_characters_are_still_text() -> None:
    page = "the specifi\x02\ncation of a well-made wheel\f" * 3
    assert decode(page.encode()) == (page, "utf-8")


def test_another_script_or_encoding_is_not_guessed_at() -> None:
    assert "more bytes above 0x7F than plain letters" in said("Это было давно, в другой стране".encode("koi8-r"))
    assert "save it as UTF-8, or give --encoding" in said("für die schöne Müllerin, natürlich".encode("cp850"))


# Where it comes from


def test_a_file_is_received_with_its_name_and_siglum(tmp_path: Path) -> None:
    path = tmp_path / "scan one.txt"
    path.write_bytes(b"caf\x8e\r\n")
    witness = receive(path, siglum="S2")
    assert (witness.siglum, witness.name, witness.encoding, witness.text) == (
        "S2", "scan one.txt", "mac_roman", "café\r\n")
    assert witness.bytes == path.read_bytes()
    assert receive(str(path), encoding="cp1252").text == "cafŽ\r\n"


def test_a_dash_reads_standard_input() -> None:
    witness = receive("-", stdin=io.BytesIO("l’été".encode()))
    assert (witness.name, witness.text, witness.siglum) == ("standard input", "l’été", "S1")
    assert receive(Path("-"), stdin=io.BytesIO(b"abc")).text == "abc"


def test_standard_input_is_the_process_own_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a line\r\n")))
    assert receive("-").text == "a line\r\n"
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(Refused, match="standard input is closed"):
        receive("-")


def test_a_missing_file_a_folder_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a")
    for source, told in (
        (tmp_path / "none.txt", "none.txt does not exist"),
        (tmp_path, "is a folder"),
        ("", "is a folder"),
        (tmp_path / "file" / "none.txt", "cannot be read (Not a directory)"),
        (tmp_path / ("n" * 5000), "cannot be read"),
        ("a\0b", "a\\x00b cannot be read"),
    ):
        with pytest.raises(Refused) as refusal:
            receive(source)
        assert told in str(refusal.value)
        assert "\n" not in str(refusal.value)


def test_a_file_without_read_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.txt"
    path.write_bytes(b"abc")

    def denied(*_: Any, **__: Any) -> None:  # root may read anything, so the refusal of the system is played
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(Refused, match=r"locked\.txt cannot be read: permission to read it is missing"):
        receive(path)


def test_a_refusal_names_the_file_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bad\nname.txt"
    path.write_bytes(b"\xef\xbb\xbf\xff")
    with pytest.raises(Refused) as refusal:
        receive(path)
    assert "bad\\nname.txt is not valid utf-8: byte 0xFF at offset 3" in str(refusal.value)
    assert [p.name for p in tmp_path.iterdir()] == ["bad\nname.txt"]
