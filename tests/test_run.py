"""A run writes every file or none, the same each time, and tells a person in one sentence what it cannot use."""

import io
import json
import sys
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.errors import Broken, Refused
from pipeline.run import STAGES, checked, edition
from pipeline.verify import CONTRACT
from pipeline.writing import UNSEALED
from tests.edition import TEXT, decided, folder, made, row


def corrigenda(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """What a command prints, and its exit status."""
    before, sys.argv = sys.argv, ["corrigenda", *map(str, arguments)]
    try:
        cli.main()
        status = 0
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
        status = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
    finally:
        sys.argv = before
    told = capsys.readouterr()
    return status, told.out, told.err


def text(path: Path, said: str | bytes = TEXT) -> Path:
    path.write_bytes(said.encode("utf-8") if isinstance(said, str) else said)
    return path


# --- what is written -------------------------------------------------------------------------------------------------


def test_a_run_writes_the_files_of_the_contract(tmp_path: Path) -> None:
    out = edition(text(tmp_path / "scan.txt"), tmp_path / "out").out
    assert {path.name for path in out.iterdir()} == {*CONTRACT, "source-S1.xml", "run.json", UNSEALED}
    reading = (out / "reading.txt").read_text()
    assert "The first mender of books was a baker." in reading
    assert "leather" in reading
    assert "his neighbours believed him" in reading


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    outs = [made(tmp_path / name / "mender").out for name in ("one", "two")]
    for path in sorted(outs[0].iterdir()):
        if path.name != UNSEALED:
            assert path.read_bytes() == (outs[1] / path.name).read_bytes(), path.name


def test_decisions_are_carried_out_and_can_be_left_aside(tmp_path: Path) -> None:
    home = folder(tmp_path / "mender")
    reading = (edition(home).out / "reading.txt").read_text()
    assert "they have been forgotten" in reading
    assert "It’s an humble trade" in reading or "It's an humble trade" in reading or "It1s an humble trade" in reading
    assert "his neighbours believed" in reading
    assert "relati9ns" in reading
    without = edition(home, tmp_path / "without", with_decisions=False).out / "reading.txt"
    assert "humble" not in without.read_text()


def test_a_second_run_replaces_the_first_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    edition(text(tmp_path / "one.txt"), out)
    edition(text(tmp_path / "two.txt", "Another text altogether.\n"), out)
    assert (out / "reading.txt").read_text() == "Another text altogether.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.txt", "out", "two.txt"]


def test_what_no_run_wrote_is_not_replaced(tmp_path: Path) -> None:
    precious = tmp_path / "out" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years of work")
    with pytest.raises(Refused, match="not an edition"):
        edition(text(tmp_path / "scan.txt"), tmp_path / "out")
    assert precious.read_text() == "years of work"


def test_a_run_that_fails_leaves_the_last_one_whole(tmp_path: Path) -> None:
    home = folder(tmp_path / "mender", [])
    before = {path.name: path.read_bytes() for path in edition(home).out.iterdir()}
    (home / "decisions.jsonl").write_text(json.dumps({**row("stet", "baker"), "old": "butcher"}) + "\n")
    with pytest.raises(Refused, match="no longer fits"):
        edition(home)
    assert {path.name: path.read_bytes() for path in (home / "out").iterdir()} == before


def test_stages_are_checked_before_they_run() -> None:
    with pytest.raises(Broken, match="repair needs reflow"):
        checked([STAGES[0], STAGES[3]])


# --- the apparatus as a lock -----------------------------------------------------------------------------------------


def test_an_apparatus_that_would_change_is_shown_and_left_until_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = folder(tmp_path / "mender")
    assert corrigenda(capsys, "edition", home)[0] == 0
    lock = (home / "apparatus.tsv").read_text()
    (home / "decisions.jsonl").write_text("".join(json.dumps(one) + "\n" for one in decided()[1:]))
    status, told, why = corrigenda(capsys, "edition", home)
    assert status == 1
    assert "-" in told
    assert "--accept" in why
    assert (home / "apparatus.tsv").read_text() == lock
    assert (home / "out" / "apparatus.tsv").read_text() != lock
    assert corrigenda(capsys, "edition", home, "--accept")[0] == 0
    assert (home / "apparatus.tsv").read_text() == (home / "out" / "apparatus.tsv").read_text() != lock


def test_without_decisions_nothing_is_compared(tmp_path: Path) -> None:
    home = folder(tmp_path / "mender")
    edition(home)
    assert edition(home, tmp_path / "out", with_decisions=False).differs == ()


# --- what cannot be used ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "said", "why"), [
    ("empty.txt", b"", "empty"),
    ("scan.pdf", b"%PDF-1.7\n", "PDF"),
    ("binary.txt", bytes(range(256)) * 4, "binary"),
    ("half.txt", "déjà vu — déjà lu ".encode() + b"\xff", "offset 24"),
])
def test_a_source_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: bytes, why: str
) -> None:
    status, told, sentence = corrigenda(capsys, "edition", text(tmp_path / name, said), "--out", tmp_path / "out")
    assert (status, told) == (1, "")
    assert why in sentence
    assert sentence.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("source", ["missing.txt", "a folder"])
def test_a_source_that_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    (tmp_path / "a folder").mkdir()
    status, _, sentence = corrigenda(capsys, "edition", tmp_path / source, "--out", tmp_path / "out")
    assert status == 1
    assert source in sentence
    assert sentence.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a folder"]


def test_a_file_without_permission_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, opened = text(tmp_path / "closed.txt"), Path.open

    def refuses(path: Path, *given: object, **named: object) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")  # root may read a file that is closed to everybody else
        return opened(path, *given, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuses)
    status, _, sentence = corrigenda(capsys, "edition", closed, "--out", tmp_path / "out")
    assert status == 1
    assert "permission" in sentence


def test_a_target_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = text(tmp_path / "file")
    status, _, sentence = corrigenda(capsys, "edition", text(tmp_path / "scan.txt"), "--out", blocked / "out")
    assert status == 1
    assert "cannot be written" in sentence


def test_standard_input_is_a_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("utf-8"))))
    assert corrigenda(capsys, "edition", "-", "--out", tmp_path / "out")[0] == 0
    assert "baker" in (tmp_path / "out" / "reading.txt").read_text()


@pytest.mark.parametrize(("says", "why"), [
    ('title = "x', "cannot be read"),
    ('titel = "x"', "unknown key titel"),
    ('title = "x"\n[settings]\nceiling = "certain"', "expected safe, likely or doubtful"),
    ('title = "x"\n[[editor]]\nname = "no id"', "needs an id and a name"),
    ('title = "x"\nlanguage = "xx"', "no language evidence"),
    ('title = "x"\n[settings]\nwithout = ["no.such"]', "no rule no.such"),
    ('title = "x"\n[settings]\norder_margin = "three"', "order_margin"),
    ('title = 3', "title"),
    ('title = "x"\n[witness]\nfile = "witness/mender.txt"\nsha256 = "abc"', "sha256"),
])
def test_an_edition_file_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], says: str, why: str
) -> None:
    home = folder(tmp_path / "mender")
    (home / "edition.toml").write_text(says)
    (home / "witness" / "witness.txt").write_text(TEXT)
    status, _, sentence = corrigenda(capsys, "edition", home)
    assert status == 1
    assert why in sentence
    assert sentence.count("\n") == 1
    assert not (home / "out").exists()


def test_an_edition_without_its_witness_says_how_to_add_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = folder(tmp_path / "edition" / "mender")
    (home / "witness" / "mender.txt").unlink()
    status, _, sentence = corrigenda(capsys, "edition", home)
    assert status == 1
    assert "WITNESS=" in sentence
    status, told, _ = corrigenda(capsys, "editions", tmp_path / "edition")
    assert status == 0
    assert "WITNESS=" in told


# --- the other commands ----------------------------------------------------------------------------------------------


def test_an_edition_is_begun_and_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "edition" / "scan"
    assert corrigenda(capsys, "new", text(tmp_path / "scan.txt"), home, "--title", 'A "Scan"')[0] == 0
    assert sorted(path.name for path in home.iterdir()) == ["decisions.jsonl", "edition.toml", "names.txt", "witness"]
    assert (home / "witness" / "scan.txt").read_text() == TEXT
    assert corrigenda(capsys, "edition", home)[0] == 0
    assert 'A "Scan"' in (home / "out" / "edition.xml").read_text()
    status, _, sentence = corrigenda(capsys, "new", tmp_path / "scan.txt", home)
    assert (status, "there already" in sentence) == (1, True)


def test_verify_says_that_all_is_proved_or_what_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = edition(text(tmp_path / "scan.txt"), tmp_path / "out").out
    status, told, _ = corrigenda(capsys, "verify", out)
    assert (status, "verified" in told) == (0, True)
    (out / "reading.txt").write_text("something else\n")
    status, told, why = corrigenda(capsys, "verify", out)
    assert (status, told) == (1, "")
    assert "reading.txt" in why
    status, told, _ = corrigenda(capsys, "verify", out, "--json")
    assert status == 1
    assert {"file", "says"} == json.loads(told)[0].keys()


def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ligatures.split-after" in corrigenda(capsys, "rules")[1]
    told = corrigenda(capsys, "rules", "ligatures.split-after")[1]
    assert "corrected because" in told
    assert "sic" in told and "stet" in told
    assert json.loads(corrigenda(capsys, "rules", "ligatures.split-after", "--json")[1])[0]["examples"]
    status, _, sentence = corrigenda(capsys, "rules", "no.such")
    assert (status, "no rule or family no.such" in sentence) == (1, True)


def test_diff_shows_a_run_or_what_sets_two_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = folder(tmp_path / "mender")
    one, other = edition(home).out, edition(home, tmp_path / "without", with_decisions=False).out
    assert "humble" in corrigenda(capsys, "diff", one)[1]
    told = corrigenda(capsys, "diff", other, one)[1]
    assert next(line for line in told.splitlines() if "humble" in line).startswith("+")
    assert corrigenda(capsys, "diff", one, one)[1] == ""
    status, _, sentence = corrigenda(capsys, "diff", tmp_path)
    assert (status, "not what a run wrote" in sentence) == (1, True)


def test_the_summary_is_json_where_a_program_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = corrigenda(capsys, "edition", text(tmp_path / "scan.txt"), "--out", tmp_path / "out", "--json")[1]
    assert json.loads(told)["counts"]["pages"] >= 1


@pytest.mark.parametrize("command", ["edition", "editions", "new", "verify", "rules", "diff"])
def test_each_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    status, told, _ = corrigenda(capsys, command, "--help")
    assert status == 0
    assert f"Example: corrigenda {command}" in told


def test_wrong_usage_is_told_apart_from_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert corrigenda(capsys, "edition")[0] == 2
    assert corrigenda(capsys, "edition", "x", "--no-such")[0] == 2
