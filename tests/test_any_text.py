"""Whatever text comes in, an edition comes out that proves itself, and the bytes come back."""

import random
from pathlib import Path

import pytest

from pipeline.draft import Draft
from pipeline.emit.metadata import Metadata
from pipeline.emit.tei_reading import witness_bytes
from pipeline.model import Witness
from pipeline.run import drafted
from pipeline.verify import verify
from pipeline.writing import replacing, run_json, source_name, written
from tests.edition import TEXT
from tests.smallest import desk

SHARED = Path(__file__).parents[2] / "shared" / "data" / "booklets" / "dev"
BOOKLETS = sorted(SHARED.glob("*/witness*.txt"))
SHARES, EACH = 8, 250  # 2,000 texts
ENCODINGS = ("utf-8", "utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "latin-1")
WORDS = (*TEXT.split(), "fi rst", "1class", "It1s", "—", "…", "“", "”", "‘", "’", "e\u0301", "\u0301", "𝔞𝔟", "\ufffd",
         "\ufffe", "\u00ad", "\u202e", "\x00", "\x1c", "ﬁn", "¬", "&", "<p>", "]]>", "--", "12", "II", "1848", "Þrst")
BREAKS = ("\n", "\n", "\n", "\n", "\r\n", "\r", "\f", "\n\f", "\n\n", "\n\n\n\n", "-\n", " \n", "\n   ", "\u2028", "\v")


def drawn(draw: random.Random) -> str:
    """A text of any kind: words and breaks strewn about, or our own page with letters changed, lost and moved."""
    if draw.random() < 0.5:
        parts = [draw.choice(WORDS) + draw.choice((" ", " ", " ", "  ", "", "\t", "\u00a0", draw.choice(BREAKS)))
                 for _ in range(draw.randrange(60))]
        return draw.choice(("", "", "", "\ufeff")) + "".join(parts)
    lines = TEXT.split("\n")
    start = draw.randrange(len(lines))
    lines = lines[start : start + draw.randrange(1, 14)]
    if draw.random() < 0.3:
        draw.shuffle(lines)
    text = draw.choice(("\n", "\n", "\r\n", "\r", "\f")).join(lines)
    for _ in range(draw.randrange(8)):
        k = draw.randrange(len(text) + 1)
        text = text[:k] + draw.choice((*WORDS, *BREAKS, "")) + text[k + draw.randrange(3) :]
    return text


def witness_of(text: str, draw: random.Random) -> Witness:
    encoding = draw.choice(ENCODINGS)
    raw = text.encode(encoding, errors="ignore")
    return Witness("S1", "drawn.txt", encoding, raw.decode(encoding))


def edition_of(witness: Witness, out: Path) -> Draft:
    """The edition of a witness, written and proved."""
    here = desk()
    draft, _ = drafted(witness, here)
    files, rows = written(draft, Metadata(title="drawn"))
    files["run.json"] = run_json(draft, Metadata(title="drawn"), here, rows, files)
    with replacing(out, files) as aside:
        assert verify(aside, again=False) == ()
    assert witness_bytes(files[source_name(witness.siglum)]) == witness.bytes
    return draft


@pytest.mark.parametrize("share", range(SHARES))
def test_any_text_becomes_an_edition_that_proves_itself(tmp_path: Path, share: int) -> None:
    for k in range(EACH):
        draw = random.Random(f"{share} {k}")
        witness = witness_of(drawn(draw), draw)
        try:
            edition_of(witness, tmp_path / "out")
        except Exception as why:
            raise AssertionError(f"text {share} {k}, {witness.encoding}: {witness.text!r}") from why


@pytest.mark.skipif(not BOOKLETS, reason="the booklets of ../shared/data are not at hand")
@pytest.mark.parametrize("path", BOOKLETS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_booklet_becomes_an_edition_that_proves_itself(tmp_path: Path, path: Path) -> None:
    raw = path.read_bytes()
    edition_of(Witness("S1", path.name, "utf-8", raw.decode("utf-8")), tmp_path / "out")
    assert verify(tmp_path / "out") == ()
