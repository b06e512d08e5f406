"""What the bench promises: that its places are what it says, and that a flag counts where it should."""

import os
from pathlib import Path

import pytest

from bench.flags import Flag, squeezed, tally
from bench.ligatures import SOUND, WAYS, pages
from bench.misread import learn
from bench.peers import PEERS, Peer, as_capital, left_alone, word_by_word
from bench.repair import DATA, measure, pairs_in
from bench.typeset import MOST_MISREAD, distance
from pipeline.rulebook import rulebook


def test_a_peer_that_is_not_installed_is_known_to_be_missing() -> None:
    assert not Peer("nobody", "no_such_package_at_all", left_alone).installed
    assert PEERS[0].installed


def test_a_peer_sees_words_without_their_marks() -> None:
    assert word_by_word(lambda word: {"tbe": "the"}.get(word, word))("(tbe 12 «tbe»)") == "(the 12 «the»)"
    assert word_by_word(lambda word: word.replace("u'", "n'"))("dou’t") == "don’t"
    assert as_capital("TBE", "the") == "THE"


def test_ligature_places_are_many_and_what_is_damaged_is() -> None:
    places = [paragraph for page in pages() for paragraph in page]
    hurt = [paragraph for paragraph in places if paragraph.kind]
    assert len(hurt) >= 500
    assert {paragraph.kind for paragraph in hurt} == set(WAYS)
    assert all(paragraph.seen != paragraph.true for paragraph in hurt)
    assert all(paragraph.seen == paragraph.true for paragraph in places if not paragraph.kind)
    lines = SOUND.splitlines()
    assert len(lines) == len(set(lines))


def test_places_keep_through_runs_of_blanks() -> None:
    text = " In  the\n\nmill "
    plain, at = squeezed(text)
    assert plain == "In the mill"
    assert all(plain[at[k]] == letter for k, letter in enumerate(text) if not letter.isspace())


def test_what_pages_of_ones_own_show_is_added_to_the_tables(tmp_path: Path) -> None:
    (tmp_path / "pairs").mkdir()
    for name in ("one", "two"):
        (tmp_path / "pairs" / f"{name}.ocr.txt").write_text("The wœrld is wide, wœrld of wœrlds.", encoding="utf-8")
        (tmp_path / "pairs" / f"{name}.gt.txt").write_text("The world is wide, world of worlds.", encoding="utf-8")
    pages = pairs_in(tmp_path / "pairs")
    learn(tmp_path / "rules", pages)
    assert [page.name for page in pages] == ["one", "two"]
    ours, theirs = rulebook(), rulebook(tmp_path / "rules")
    assert ("œ", "o") in theirs.letters.keys() - ours.letters.keys()
    assert ours.letters.keys() < theirs.letters.keys()
    words = dict(theirs.by_id["words.misread-words"].pairs)
    assert (words["wœrld"], words["tbo"]) == ("world", "the")


def test_pages_past_reading_are_told_from_those_with_other_line_ends() -> None:
    assert distance("one two\nthree", "one\n\ntwo three") == 0.0
    assert distance("three one", "one two three") > MOST_MISREAD


@pytest.mark.skipif(not (DATA / "eval_correction.py").exists(), reason=f"needs {Path(os.path.relpath(DATA))}")
def test_a_flag_counts_where_its_reading_is_the_true_one() -> None:
    flagged = [Flag(3, 6, ["toe", "the"], None), Flag(7, 11, ["nice"], 0.9), Flag(12, 17, ["house"], 0.6)]
    told = tally("In tbe micc hcuse, fi ne", "In the mice house, fine", flagged, measure("eval_correction"))
    assert (told.one_word, told.offered, told.errors, told.flagged, told.flags) == (3, 2, 4, 3, 3)
    assert told.judged == ((0.9, False), (0.6, True))
    assert told.expected_error == pytest.approx(0.65)
