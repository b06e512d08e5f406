"""The filter and the explanation: a text in, the text corrected out, and of each change what, why and how certain."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import Refused
from pipeline.explaining import entries_at
from pipeline.filtering import repaired, text
from pipeline.run import edition
from tests.strategies import texts

DAMAGED = "We fi nd it1s an a1terr~tive to\r\npower. The fi rst page.\r\n"
MENDED = "We find it’s an alternative to\r\npower. The first page.\r\n"


def filtered(given_bytes: bytes, *options: str) -> bytes:
    found = CliRunner().invoke(app, ["repair", "-", *options], input=given_bytes)
    assert found.exit_code == 0, found.output
    return found.stdout_bytes


def test_a_text_comes_out_as_it_lies_but_for_what_is_corrected(tmp_path: Path) -> None:
    kept = tmp_path / "changes.jsonl"
    assert filtered(DAMAGED.encode(), "--log", str(kept)) == MENDED.encode()
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [row["corr"] for row in rows if row.get("status") == "applied"] == ["find", "it’s", "alternative", "first"]


def test_what_it_came_in_it_goes_out_in_if_it_can() -> None:
    assert filtered("Le café est fermé. The fi rst page.".encode("latin-1"), "--encoding", "latin-1") == (
        "Le café est fermé. The first page.".encode("latin-1"))


def test_joined_it_is_the_reading_text() -> None:
    assert filtered(DAMAGED.encode(), "--joined").decode() == (
        "We find it’s an alternative to power. The first page.\n")


def test_names_given_are_left_alone(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("rnodern\n", encoding="utf-8")
    seen = b"We live in the rnodern world.\n"
    assert filtered(seen) != seen
    assert filtered(seen, "--names", str(names)) == seen


@given(given_text=texts(), encoding=st.sampled_from(["utf-8", "utf-16-le"]))
def test_where_nothing_is_corrected_the_bytes_come_back(
    tmp_path_factory: pytest.TempPathFactory, given_text: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("filtered") / "text.txt"
    path.write_bytes(given_text.encode(encoding))
    try:
        draft = repaired(str(path), encoding=encoding)
    except Refused:  # empty, or no text
        assume(False)
    if not any(draft.standing[i].in_force for i, _ in draft.corrections):
        assert text(draft) == path.read_bytes()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explained")
    (home / "scan.txt").write_text(DAMAGED, encoding="utf-8", newline="")
    return edition(home / "scan.txt", home / "out").out


def test_an_entry_is_explained_by_its_id_and_by_its_place(run: Path) -> None:
    (row,) = entries_at(run, "S1.3")
    assert row["source"] == "fi nd"
    assert entries_at(run, row["id"]) == [row] == entries_at(run, "3-5")
    said = CliRunner().invoke(app, ["explain", row["id"], str(run)]).stdout
    for told in ("fi nd → find", "line 1 of the file", "recognition, ligature", "a ligature tore the word in two",
                 "“fi” is no known word", "safe", "applied"):
        assert told in said
    assert "\n  certain" in said


def test_what_cannot_be_explained_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no entry S1\.99999"):
        entries_at(run, "S1.99999")
    with pytest.raises(Refused, match="not what a run wrote"):
        entries_at(tmp_path, "S1.3")
