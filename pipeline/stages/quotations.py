"""Asks about quotation marks without a partner in their paragraph, where the document otherwise sets them in pairs."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import regex

from pipeline.decisions import Decision
from pipeline.model import Evidence, Query
from pipeline.view import View

PARAGRAPH = regex.compile(r"[^\n]+(?:\n[^\n]+)*")
FEWEST, MOST_ODD = 6, 0.05  # marks that open, to show how quotations are set; the share of them that may be odd
GOES_ON = regex.compile(r"[‘(\[ ]*“")  # a paragraph that goes on with a quotation opens it again
LEADS_ON = regex.compile(r"[—–:,;-]\s*$")  # verse follows, or a page is lost
NESTED = regex.compile(r"[‘’]\s*$")
RULE = "repair.quotation"


class Odd(NamedTuple):
    """A quotation mark without a partner: where it stands, what is wrong with it, and where its paragraph stands."""

    at: int
    says: str
    start: int
    end: int


def quotations(shown: View, decisions: Iterable[Decision] = ()) -> Iterator[Query]:
    """A question for each double quotation mark that its paragraph does not pair, where no editor has been at work."""
    opens = shown.text.count("“")
    found = list(odd(shown.text))
    if opens < FEWEST or len(found) > max(MOST_ODD * opens, 1):
        return
    decided = [span for decision in decisions for span in decision.spans]
    for at, says, start, end in found:
        here = shown.places(start, end)
        if not any(a.start <= b.end and b.start <= a.end for a in here for b in decided):
            evidence = Evidence("mark", f"of {opens} quotations here all but {len(found)} are closed")
            yield Query(shown.places(at, at + 1), says, (), RULE, (evidence,))


def odd(text: str) -> Iterator[Odd]:
    r"""The marks without partners.

    >>> for one in odd("He went.” “So, “ he said.\n\n“And he\n\n“went on.” “He left.\n\nAll."):
    ...     print(one.says)
    ” closes a quotation that nothing opens
    “ opens a quotation within another
    “ opens a quotation that its paragraph does not close
    """
    paragraphs = [(match.start(), match[0]) for match in PARAGRAPH.finditer(text)]
    for (start, here), (_, then) in zip(paragraphs, [*paragraphs[1:], (0, "")], strict=True):
        opened, twice = -1, False
        for k, letter in enumerate(here):
            if letter not in "“”":
                continue
            nested = NESTED.search(here, endpos=k) is not None
            if letter == "“" and opened >= 0 and not nested:
                twice = True
                yield Odd(start + k, "“ opens a quotation within another", start, start + len(here))
            elif letter == "”" and opened < 0 and not nested:
                yield Odd(start + k, "” closes a quotation that nothing opens", start, start + len(here))
            opened = k if letter == "“" else -1
        if opened >= 0 and not twice and then and not GOES_ON.match(then) and not LEADS_ON.search(here):
            says = "“ opens a quotation that its paragraph does not close"
            yield Odd(start + opened, says, start, start + len(here))
