"""Checks TEI against our own small schema, `tei.rng`: exactly what we write, checked at every run."""

from functools import cache
from pathlib import Path

from lxml import etree

from pipeline.emit.tei_reading import parsed
from pipeline.errors import Refused

SCHEMA = Path(__file__).with_name("tei.rng")


def violations(xml: bytes) -> list[str]:
    """Where a document is not as we write TEI, with line and reason; nothing where it is.

    >>> violations(b"<TEI/>")[0].startswith("line 1: ")
    True
    """
    try:
        document = parsed(xml)
    except Refused as why:
        return [str(why)]
    schema = _schema()
    if schema.validate(document):
        return []
    return list(dict.fromkeys(f"line {one.line}: {one.message}" for one in schema.error_log))


@cache
def _schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMA))
