"""The truth about the sample edition is true: it quotes its witnesses, and repairs them to what was printed."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parent.parent / "edition" / "sample"
SIGLA = ("S1", "S2")
MARKS = "*†‡§"  # of notes; the essay has none of them otherwise


def witness(siglum: str) -> str:
    return (SAMPLE / "witness" / f"{siglum}.txt").read_bytes().decode()


def truth(name: str) -> str:
    return (SAMPLE / "truth" / name).read_bytes().decode()


def pages() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(truth("pages.json"))
    return found


def key(siglum: str, fault: str) -> list[dict[str, Any]]:
    entries = [json.loads(line) for line in truth("key.jsonl").splitlines()]
    return [entry for entry in entries if entry["witness"] == siglum and entry["fault"] == fault]


def printed(page: dict[str, Any]) -> list[str]:
    """The lines of a page, head to foot."""
    return [*page["header"], *page["text_lines"], *page["footnote_lines"], *page["footer"]]


def repaired(siglum: str, page: dict[str, Any]) -> str:
    """A page of the witness with the key applied."""
    text = witness(siglum)
    [[start, end]] = page["spans"][siglum]
    for entry in sorted(key(siglum, "recognition"), key=lambda entry: entry["span"], reverse=True):
        if entry["page"] == page["n"]:
            a, b = entry["span"]
            assert start <= a <= b <= end
            text = text[:a] + entry["print"] + text[b:]
            end += len(entry["print"]) - (b - a)
    return text[start:end]


def blocks(lines: list[str], hyphens: list[str | None], numbers: list[int], keep: set[int]) -> list[str]:
    """Printed lines joined to blocks; those of the blocks in `keep` (verse) keep their lines."""
    joined: dict[int, str] = {}
    for line, hyphen, number in zip(lines, hyphens, numbers, strict=True):
        end = {"soft": "", "hard": "", None: "\n" if number in keep else " "}[hyphen]
        joined[number] = joined.get(number, "") + (line[:-1] if hyphen == "soft" else line) + end
    return [joined[number].strip() for number in sorted(joined)]


@pytest.mark.parametrize("siglum", SIGLA)
@pytest.mark.parametrize("fault", ["recognition", "printing"])
def test_every_entry_quotes_its_witness_within_its_page(siglum: str, fault: str) -> None:
    text, spans = witness(siglum), {page["n"]: page["spans"][siglum] for page in pages()}
    assert key(siglum, fault)
    for entry in key(siglum, fault):
        start, end = entry["span"]
        assert text[start:end] == entry["stands"]
        assert any(a <= start <= end <= b for a, b in spans[entry["page"]])


@pytest.mark.parametrize("siglum", SIGLA)
def test_damaged_places_never_overlap(siglum: str) -> None:
    spans = sorted(entry["span"] for entry in key(siglum, "recognition"))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_nothing_is_keyed_that_is_not_damaged() -> None:
    for siglum in SIGLA:
        assert all(entry["stands"] != entry["print"] for entry in key(siglum, "recognition"))
        assert all(entry["print"] != entry["meant"] for entry in key(siglum, "printing"))


@pytest.mark.parametrize("siglum", SIGLA)
def test_pages_and_the_white_between_are_the_whole_witness(siglum: str) -> None:
    at, text = 0, witness(siglum)
    for start, end in sorted(span for page in pages() for span in page["spans"][siglum]):
        assert not text[at:start].strip()
        assert text[start:end].strip() == text[start:end]
        at = end
    assert not text[at:].strip()


def test_the_key_turns_each_page_of_the_text_layer_into_its_printed_lines() -> None:
    for page in pages():
        assert [" ".join(line.split()) for line in repaired("S1", page).split("\n")] == printed(page)


def test_the_key_turns_each_page_of_the_scan_into_its_printed_words() -> None:
    for page in pages():
        assert repaired("S2", page).split() == " ".join(printed(page)).split()


def test_the_sheets_are_those_of_a_stitched_booklet() -> None:
    found = pages()
    assert [page["n"] for page in found] == list(range(1, 17))
    for siglum in SIGLA:
        as_scanned = [page["n"] for page in sorted(found, key=lambda page: page["spans"][siglum])]
        assert as_scanned == [16, 1, 2, 15, 14, 3, 4, 13, 12, 5, 6, 11, 10, 7, 8, 9]


def test_the_printed_pages_read_as_the_reading_text_but_for_the_misprints() -> None:
    found = pages()
    kinds = json.loads(truth("reading_kinds.json"))
    reading = truth("reading.txt").removesuffix("\n").split("\n\n")
    lines, hyphens, numbers = (
        [part for page in found for part in page[name]] for name in ("text_lines", "hyphen", "block")
    )
    verse = {number for number, kind in enumerate(kinds) if kind == "v"}
    unmarked = [line.translate(dict.fromkeys(map(ord, MARKS))) for line in lines]
    read = blocks(unmarked, hyphens, numbers, keep=verse)
    assert len(read) == len(reading) == len(kinds)
    differ = [(a, b) for a, b in zip(read, reading, strict=True) if a != b]
    misprints = key("S1", "printing")
    assert len(differ) == len(misprints) == 4
    for (have, want), misprint in zip(differ, misprints, strict=True):
        assert have.replace(f" {misprint['print']} ", f" {misprint['meant']} ", 1) == want or (
            have.replace(misprint["print"], misprint["meant"], 1) == want
        )


def test_the_notes_read_as_printed() -> None:
    found = pages()
    names = ("footnote_lines", "footnote_hyphen", "footnote")
    lines, hyphens, numbers = ([part for page in found for part in page[name]] for name in names)
    read = [note.lstrip(MARKS).strip() for note in blocks(lines, hyphens, numbers, keep=set())]
    assert read == truth("notes.txt").removesuffix("\n").split("\n\n")


def test_both_witnesses_have_the_misprints_of_the_print() -> None:
    meant = [[entry["meant"] for entry in key(siglum, "printing")] for siglum in SIGLA]
    assert meant[0] == meant[1] == ["received", "separate", "from", "the"]
