"""The stages: functions from a draft and the desk to new entries; none can return a text, so none can lose one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.model import Entry


@dataclass(frozen=True)
class Stage:
    """A named stage: what must have run before it, and which entries it may add."""

    name: str
    needs: tuple[str, ...]
    adds: frozenset[str]
    says: Callable[[Draft, Desk], Iterable[Entry]]

    def __call__(self, draft: Draft, desk: Desk) -> Iterable[Entry]:
        return self.says(draft, desk)


def stage(*, needs: str = "", adds: str) -> Callable[[Callable[[Draft, Desk], Iterable[Entry]]], Stage]:
    """Make a stage of a function. `adds` names the kinds of marks, and `correction`, `query` or `verdict`."""

    def named(says: Callable[[Draft, Desk], Iterable[Entry]]) -> Stage:
        return Stage(says.__name__, _listed(needs), frozenset(_listed(adds)), says)

    return named


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.replace(",", " ").split() if name)
