"""The stages: functions from a draft and the desk to new entries; none can return a text, so none can lose one."""

from collections.abc import Callable, Iterable
from typing import Protocol, cast

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.model import Entry


class Stage(Protocol):
    """A function that says what must have run before it, and which entries it may add."""

    __name__: str
    needs: tuple[str, ...]
    adds: frozenset[str]

    def __call__(self, draft: Draft, desk: Desk, /) -> Iterable[Entry]: ...


def stage(*, needs: str = "", adds: str) -> Callable[[Callable[[Draft, Desk], Iterable[Entry]]], Stage]:
    """Make a stage of a function. `adds` names the kinds of marks, and `correction`, `query` or `verdict`."""

    def named(says: Callable[[Draft, Desk], Iterable[Entry]]) -> Stage:
        made = cast(Stage, says)  # it stays a function, so that the page in its docstring runs as a test
        made.needs, made.adds = _listed(needs), frozenset(_listed(adds))
        return made

    return named


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.replace(",", " ").split() if name)
