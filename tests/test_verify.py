"""`verify` finds every tampering with a file of the contract, whether or not the checksums were made to fit again."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import regex

from pipeline.errors import Refused
from pipeline.verify import CONTRACT, verify
from pipeline.writing import UNSEALED, dumped, seal
from tests.edition import made

POINTER = regex.compile(r'(?:#|\b(?:L|p|app-|S1\.)?)(\d+)')
DATE = regex.compile(r"\d{4}-\d\d-\d\d|\b(?:19|20)\d\d\b")
FILES = sorted({*CONTRACT, "source-S1.xml", "run.json"})
PLACES = 3

Tampering = Callable[[str, random.Random], str | None]


def deleted(text: str, draw: random.Random) -> str | None:
    lines = text.split("\n")
    k = draw.randrange(len(lines))
    return "\n".join(lines[:k] + lines[k + 1 :])


def letter_deleted(text: str, draw: random.Random) -> str | None:
    k = draw.randrange(max(len(text), 1))
    return text[:k] + text[k + 1 :]


def inserted(text: str, draw: random.Random) -> str | None:
    lines = text.split("\n")
    lines.insert(draw.randrange(len(lines)), draw.choice(lines))
    return "\n".join(lines)


def letter_inserted(text: str, draw: random.Random) -> str | None:
    k = draw.randrange(len(text) + 1)
    return text[:k] + draw.choice("ae 1\n") + text[k:]


def swapped(text: str, draw: random.Random) -> str | None:
    lines = text.split("\n")
    if len(set(lines)) < 2:
        return None
    a, b = draw.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def letters_swapped(text: str, draw: random.Random) -> str | None:
    places = [k for k in range(len(text) - 1) if text[k] != text[k + 1]]
    k = draw.choice(places) if places else 0
    return text[:k] + text[k + 1 : k + 2] + text[k : k + 1] + text[k + 2 :] if places else None


def repointed(text: str, draw: random.Random) -> str | None:
    found = list(POINTER.finditer(text))
    if not found:
        return None
    one = draw.choice(found)
    return text[: one.start(1)] + str(int(one[1]) + draw.choice((1, 2, 10))) + text[one.end(1) :]


def redated(text: str, draw: random.Random) -> str | None:
    found = list(DATE.finditer(text))
    if not found:
        return None
    one = draw.choice(found)
    return text[: one.start()] + one[0].replace("2", "3", 1).replace("1", "4", 1) + text[one.end() :]


TAMPERINGS: tuple[Tampering, ...] = (
    deleted, letter_deleted, inserted, letter_inserted, swapped, letters_swapped, repointed, redated,
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("work") / "mender").out


@pytest.fixture
def out(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "out"))


def tampered(out: Path, name: str, tampering: Tampering) -> Iterator[tuple[str, bytes]]:
    """The file with one change, in several places."""
    whole = (out / name).read_bytes()
    for k in range(PLACES):
        changed = tampering(whole.decode("utf-8"), random.Random(f"{name} {tampering.__name__} {k}"))
        if changed is not None and changed.encode("utf-8") != whole:
            yield f"{name}, {tampering.__name__}, {k}", changed.encode("utf-8")


def reseal(out: Path, name: str) -> None:
    """Make the checksums fit again, as somebody would who means to deceive."""
    said = json.loads((out / "run.json").read_text(encoding="utf-8"))
    said["files"][name] = hashlib.sha256((out / name).read_bytes()).hexdigest()
    said["seal"] = seal(said)
    (out / "run.json").write_bytes(dumped(said))


def test_what_a_run_writes_is_proved(run: Path) -> None:
    assert verify(run) == ()
    assert {path.name for path in run.iterdir()} == {*FILES, UNSEALED}


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", FILES)
def test_a_tampering_is_found(out: Path, name: str, tampering: Tampering) -> None:
    whole = (out / name).read_bytes()
    for which, changed in tampered(out, name, tampering):
        (out / name).write_bytes(changed)
        assert verify(out, again=False), which
    (out / name).write_bytes(whole)


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", [name for name in FILES if name != "run.json"])
def test_a_tampering_is_found_though_the_checksums_fit(out: Path, name: str, tampering: Tampering) -> None:
    for which, changed in tampered(out, name, tampering):
        (out / name).write_bytes(changed)
        reseal(out, name)
        assert verify(out), which


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_gone_is_missed(out: Path, name: str) -> None:
    (out / name).unlink()
    if name == "run.json":
        with pytest.raises(Refused, match=r"no run\.json"):
            verify(out)
    else:
        assert any(finding.file == name and "missing" in finding.says for finding in verify(out))


@pytest.mark.parametrize(("one", "other"), list(zip(FILES, FILES[1:] + FILES[:1], strict=True)))
def test_two_files_that_changed_places_are_found(out: Path, one: str, other: str) -> None:
    first, second = (out / one).read_bytes(), (out / other).read_bytes()
    (out / one).write_bytes(second)
    (out / other).write_bytes(first)
    assert first == second or verify(out, again=False)


def test_timings_may_say_what_they_like(out: Path) -> None:
    (out / UNSEALED).write_text("{}")
    assert verify(out) == ()


def test_a_folder_no_run_wrote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"not what a run wrote"):
        verify(tmp_path)
