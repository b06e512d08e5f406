"""What the language evidence promises: right words are known, junk is not, a phrase is likelier than its misreading."""

import lzma
import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Refused
from pipeline.language import EDGE, Language, folded, language
from pipeline.language.build import main
from pipeline.language.evidence import evidence
from pipeline.language.tables import OTHER
from pipeline.language.tokens import tokens

ENGLISH = language("en")
SHIPPED = Path(__file__).parents[1] / "pipeline" / "language" / "en"

KNOWN = {
    "older and British": "connexion shew colour labour gaol waggon mediæval encyclopædia whilst valorisation to-day",
    "American and modern": "color labor jail ideology strategic subsumption medieval Keynesian globalization",
    "short words": "a A I O an as at be by do go he if in is it me my no of on or so to up us we ye am oh",
    "clitics": "'tis ’tis Tis tis ’twas o'clock don't couldn’t ma'am we'll John's peasants’ masters'",
    "names": "London Marx Hegel McDonald O'Brien d’Alembert LONDON Marx's",
    "compounds": "self-valorisation co-operation coöperation re-elected ever-increasing Anglo-Saxon near-by",
    "abbreviations": "Mr Mrs Dr St vol pp etc viz cf Prof Thos Col e.g i.e U.S NASA",
    "numbers": "XIV MDCCCXLVIII xiv vii iv 1st 2nd 3rd 19th 1840s",
    "of verse": "scorn’d ador'd inhabiteth dreamest",
    "derived": "proletarianised counter-revolutionary counterdemonstration intertextual unanxious",
    "accents": "naïve café cafe rôle role fiancée",
}
NOT_KNOWN = {
    "misreadings": "tbe aud tlie liis tliat wliich thc ihe tne tlic tbat wbich oC tHe exarnple relati9ns It1s 1class",
    "pieces of ligatures": "fi fl rst nd th ti ve ff ffi ing tion ment speci cally",
    "strokes": "iii ii ill1 llll li cl rn vv",
    "welded": "ofthe inthe tothe overwhich ofit selfvalorisation",
    "hyphens no one prints": "under-stand how-ever our-selves",
    "names without a capital": "london marx",
    "marks and figures": "1848 - . , & §",
}


@pytest.mark.parametrize("words", KNOWN.values(), ids=KNOWN)
def test_right_words_are_known(words: str) -> None:
    assert [word for word in words.split() if not ENGLISH.known(word)] == []


@pytest.mark.parametrize("words", NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_what_is_no_word_is_not_known(words: str) -> None:
    assert [word for word in words.split() if ENGLISH.known(word)] == []


def test_nothing_is_not_a_word() -> None:
    assert not ENGLISH.known("")


def test_a_word_has_one_frequency_in_every_case() -> None:
    assert ENGLISH.frequency("the") == ENGLISH.frequency("THE") > 30_000
    assert ENGLISH.frequency("qzxv") == 0.0
    assert ENGLISH.frequency("power") > ENGLISH.frequency("connexion") > 0


def test_old_and_modern_stand_side_by_side() -> None:
    """A word of one period is no rarer for the other's never having it."""
    assert ENGLISH.frequency("strategic") > 5
    assert ENGLISH.frequency("connexion") > 5


def test_names_have_capitals_and_other_words_have_not() -> None:
    assert ENGLISH.capitalised("London") > 0.95
    assert ENGLISH.capitalised("power") < 0.1
    assert ENGLISH.capitalised("qzxv") == 0.0


READINGS = [  # before, right, misread, after
    (("the", "productive"), "power", "Dower", ("of", "labour")),
    (("the", "working"), "class", "doss", ("and", "the")),
    (("at", "the"), "same", "sane", ("time", "")),
    (("and", "so"), "on", "oil", ("",)),
    (("said", "that"), "he", "be", ("had", "been")),
    (("",), "The", "Tlie", ("only", "way")),
    (("a", "great"), "deal", "deaf", ("of", "money")),
    (("for", "the"), "first", "fust", ("time", "in")),
]


@pytest.mark.parametrize(("before", "right", "misread", "after"), READINGS, ids=[row[1] for row in READINGS])
def test_a_phrase_is_likelier_than_its_misreading(
    before: tuple[str, ...], right: str, misread: str, after: tuple[str, ...]
) -> None:
    assert ENGLISH.surprise(right, before, after) < ENGLISH.surprise(misread, before, after)


def cost(reading: str, before: tuple[str, ...], after: tuple[str, ...]) -> float:
    """The surprise of a reading of any number of words and of what follows."""
    line = [*before, *reading.split(), *after]
    return sum(ENGLISH.surprise(line[k], line[:k]) for k in range(len(before), len(line)))


@pytest.mark.parametrize(("before", "right", "wrong", "after"), [
    (("in", "the"), "first", "fi rst", ("place", "")),
    (("was", "specifi"), "cally", "c ally", ("",)),
    (("part", "of"), "it is", "itis", ("not", "")),
    (("a", "member"), "of the", "ofthe", ("party", "")),
    (("he", "could"), "not only", "notonly", ("see", "it")),
    (("there", "was"), "nothing", "no thing", ("to", "do")),
])  # fmt: skip
def test_readings_of_different_numbers_of_words_compare(
    before: tuple[str, ...], right: str, wrong: str, after: tuple[str, ...]
) -> None:
    assert cost(right, before, after) < cost(wrong, before, after)


def test_what_follows_counts_as_it_would_be_asked_for_itself() -> None:
    asked = ENGLISH.surprise("power", ["the", "productive"], ["of", "labour"])
    assert asked == pytest.approx(cost("power", ("the", "productive"), ("of", "labour")))


@pytest.mark.parametrize("before", [(), ("the",), ("of", "the"), ("", "It"), ("",), ("qzxv",), ("the", "qzxv")])
def test_the_chances_of_all_words_add_up_to_one(before: tuple[str, ...]) -> None:
    """So that what a reading gains is never an accident of how chances are spread. Bytes round by 1 in 30."""
    context = ENGLISH._context(before)
    whole = sum(math.exp(-ENGLISH._after(context, rank)) for rank in range(len(ENGLISH._tables.one)))
    assert whole == pytest.approx(1, abs=0.03)


def test_an_edge_is_where_sentences_begin_and_end() -> None:
    assert ENGLISH.surprise("The", (EDGE,)) < ENGLISH.surprise("The", ("the",))
    assert ENGLISH.surprise(EDGE, ("of", "the")) > ENGLISH.surprise(EDGE, ("of", "it"))
    assert ENGLISH.surprise("the", ("power", EDGE)) == ENGLISH.surprise("the", ("labour", EDGE))
    assert ENGLISH.surprise("it", ("of",), (EDGE, "The")) == ENGLISH.surprise("it", ("of",), (EDGE,))


def test_a_number_is_a_number_and_a_misread_word_is_none() -> None:
    assert ENGLISH.surprise("1848", ("in",)) == ENGLISH.surprise("1917", ("in",))
    assert ENGLISH.surprise("1class", ("the", "working")) > ENGLISH.surprise("class", ("the", "working")) + 10


@pytest.mark.parametrize("phrase", ["per cent", "working class", "great deal", "United States", "he had"])
def test_words_of_a_phrase_belong_together(phrase: str) -> None:
    left, right = phrase.split()
    assert ENGLISH.pair(left, right) > 0


def test_a_pair_not_seen_says_nothing() -> None:
    assert ENGLISH.pair("qzxv", "the") == ENGLISH.pair("the", "qzxv") == ENGLISH.pair("ideology", "waggon") == 0.0


def test_garbage_is_shaped_like_no_word_and_a_strange_name_like_one() -> None:
    names, garbage = ("Tronti", "Bolingbrooke", "Panzieri"), ("tbqlie", "xkcwq", "1l!ss")
    assert max(map(ENGLISH.shape, names)) < min(map(ENGLISH.shape, garbage))


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    again = evidence("en", SHIPPED)
    asked = [("power", ("productive",)), ("Dower", ()), ("the", ("of", "the"))]
    assert [again.surprise(*one) for one in reversed(asked)] == [ENGLISH.surprise(*one) for one in asked][::-1]


def test_a_language_goes_by_its_main_code_and_an_unknown_one_is_refused() -> None:
    assert language("en-GB").code == "en"
    with pytest.raises(Refused, match=r"“xx”.*: en"):
        language("xx")


@pytest.mark.parametrize(("text", "words"), [
    ("Mr. Smith came. He sat.", "|Mr|Smith|came||He|sat|"),
    ("’Twas so, ‘tis said", "|’Twas|so|tis|said|"),
    ("the 19th of 1,250", "|the|19th|of|1,250|"),
    ("end\n\nBegin", "|end||Begin|"),
    ("J. S. Mill’s to-day", "|J|S|Mill’s|to-day|"),
])  # fmt: skip
def test_a_text_is_cut_into_words_and_edges(text: str, words: str) -> None:
    assert list(tokens(text)) == words.split("|")


# --- making it ----------------------------------------------------------------------------------------------------

OLD = (
    "The connexion of labour is shewn here. " * 4 + "A zyxomene came once.\n\n"
    + "Peter saw the mill. " * 3 + "The mill of labour. " * 2
)
MODERN = "The ideology of labour is strategic. " * 5 + "Only twice plumbago.\n\nOnly twice plumbago."
Make = Callable[..., int]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A small corpus of four works, and the command that makes evidence of it."""
    for period, text in (("old", OLD), ("modern", MODERN)):
        (tmp_path / period).mkdir()
        (tmp_path / period / "one.txt").write_text(text, encoding="utf-8")
        (tmp_path / period / "two.txt.xz").write_bytes(lzma.compress(f"And {text}".encode()))
    (tmp_path / "old" / "SOURCES.tsv").write_text("file\ttitle\tlicence\none.txt\tOf Labour\tpublic domain\n")
    (tmp_path / "words").write_text("connexion\nlabour\nPeter\nmill\nunseenword\n", encoding="utf-8")
    (tmp_path / "notice").write_text("Use it freely, with this notice.\n", encoding="utf-8")

    def run(*options: str, out: str = "out") -> int:
        return main([f"old={tmp_path / 'old'}", f"modern={tmp_path / 'modern'}", "--words", str(tmp_path / "words"),
                     "--terms", str(tmp_path / "notice"), "--out", str(tmp_path / out), *options])

    return run


def everything(made: Language) -> list[str]:
    return list(made._words)


def test_evidence_is_made_from_folders_of_texts(make: Make, tmp_path: Path) -> None:
    assert make() == 0
    made = evidence("en", tmp_path / "out")
    assert made.known("connexion") and made.known("unseenword") and made.known("Peter") and not made.known("peter")
    assert made.surprise("labour", ("connexion", "of")) < made.surprise("mill", ("connexion", "of"))
    assert made.pair("saw", "the") > 0
    assert (tmp_path / "out" / "SCOWL.txt").read_text() == "Use it freely, with this notice.\n"


def test_nothing_rarer_than_three_is_kept(make: Make, tmp_path: Path) -> None:
    make("--hold-out", "2")
    made = evidence("en", tmp_path / "out")
    assert "ideology" in everything(made)
    assert not {"zyxomene", "plumbago", "once"} & set(everything(made))
    assert all(made._rank(word) == OTHER for word in ("zyxomene", "plumbago", "once"))
    # Each word of a phrase that was seen twice is common; the phrase is gone.
    the, mill, of = map(made._rank, ("the", "mill", "of"))
    assert OTHER not in (the, mill, of)
    assert made._pair(the, mill) >= 0 and made._pair(mill, of) == -1
    assert made.pair("mill", "of") == 0.0


def test_the_same_works_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    make(out="one")
    make(out="other")
    one, other = tmp_path / "one", tmp_path / "other"
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in other.iterdir()}
    assert evidence("en", one).checksum == evidence("en", other).checksum


def test_every_work_is_named_with_its_terms(make: Make, tmp_path: Path) -> None:
    make("--hold-out", "2")
    rows = [row.split("\t")[:4] for row in (tmp_path / "out/SOURCES.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    assert rows == [["old", "yes", "one.txt", "Of Labour"], ["old", "no", "two.txt.xz", ""],
                    ["modern", "yes", "one.txt", ""], ["modern", "no", "two.txt.xz", ""]]
    told = (tmp_path / "out/PROVENANCE.md").read_text(encoding="utf-8")
    assert "two.txt.xz" in told and re.search(r"`words.marisa` \| \d+ \| `[0-9a-f]{64}`", told)


@pytest.mark.parametrize("wrong", ["older=there", "old=nowhere"])
def test_a_corpus_that_is_not_there_is_named(make: Make, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(wrong) == 1
    assert "old=DIR modern=DIR" in (told := capsys.readouterr().err) and wrong.partition("=")[2] in told
    assert "Traceback" not in told


def test_a_word_list_that_is_not_there_is_asked_for(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("--words", "nowhere") == 1
    assert "wbritish-large" in capsys.readouterr().err


def test_a_text_that_is_not_utf8_is_named(make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old" / "three.txt").write_bytes(b"caf\xe9")
    assert make() == 1
    assert "three.txt" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_evidence_that_is_not_whole_says_so(make: Make, tmp_path: Path) -> None:
    make()
    (tmp_path / "out" / "pair.bin").unlink()
    with pytest.raises(Refused, match="make language"):
        evidence("en", tmp_path / "out")


# --- the files that ship ------------------------------------------------------------------------------------------


def test_the_shipped_files_are_those_told_of() -> None:
    told = (SHIPPED / "PROVENANCE.md").read_text(encoding="utf-8")
    for path in [*SHIPPED.glob("*.bin"), *SHIPPED.glob("*.marisa")]:
        assert f"| `{path.name}` | {path.stat().st_size} |" in told
    assert "Kevin Atkinson" in (SHIPPED / "SCOWL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 20_000_000


def test_folded_is_how_words_are_counted() -> None:
    assert [folded(word) for word in ("THE", "Don’t", "1,848", "pp.234")] == ["the", "don't", "#", "pp.234"]
