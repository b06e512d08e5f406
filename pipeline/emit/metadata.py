"""What is known of a work and its edition besides the text: the TEI header and the reading edition are made from it."""

from dataclasses import dataclass
from typing import Literal, get_args

Availability = Literal["free", "restricted", "unknown"]
AVAILABILITIES: tuple[Availability, ...] = get_args(Availability)


@dataclass(frozen=True)
class Metadata:
    """The work, its print, and who answers for the edition; empty where nothing was said.

    `date` is that of the work or its print, as people write it; `bibliography` describes the print in full. `editors`
    are pairs of an id and a name. `evidence` says what was wanting in the evidence of the language, and what therefore
    was not done.
    """

    title: str = "Untitled"
    author: str = ""
    translator: str = ""
    date: str = ""
    language: str = "en"
    publisher: str = ""
    edition: str = ""
    rights: str = "The rights have not been stated yet."
    licence_target: str = ""
    status: str = "unknown"
    bibliography: str = ""
    editors: tuple[tuple[str, str], ...] = ()
    evidence: str = ""

    @property
    def availability(self) -> Availability:
        """The status as TEI knows it.

        >>> Metadata(status="in copyright").availability
        'unknown'
        """
        return next((one for one in AVAILABILITIES if one == self.status), "unknown")
