"""Entries go to JSON Lines and come back as they were said, whatever was said."""

import math

import pytest
from hypothesis import given

from pipeline import entries
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import Imposition, Mark, Page, Seam, Span
from tests.strategies import histories, raw_drafts


@given(histories() | raw_drafts())
def test_what_was_said_is_read_again(draft: Draft) -> None:
    assert entries.read(entries.jsonl(draft.entries)) == draft.entries


@pytest.mark.parametrize("value", [
    None, "", "soft", 0, 2, Page(), Page(3, "iv", 1, "A", "left", twin_of=2), Imposition("plain", math.inf),
    Seam(1, 2, -0.5, 3.25), Span(4, 9),
])
def test_every_kind_of_value_comes_back(value: object) -> None:
    mark = Mark("page", (Span(0, 1),), value)  # type: ignore[arg-type]
    assert entries.read(entries.jsonl([mark])) == (mark,)


@pytest.mark.parametrize("line", ["{", "[]", '{"entry": "mark"}', '{"entry": "other"}', "3",
                                  '{"entry": "mark", "kind": "page", "spans": [[1]], "certainty": 1}'])
def test_what_is_no_entry_is_refused_by_its_line(line: str) -> None:
    good = entries.jsonl([Mark("crux", (Span(0, 1),))])
    with pytest.raises(Refused, match=r"entries\.jsonl, line 2"):
        entries.read(good + line + "\n")
