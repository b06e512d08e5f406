"""The rulebook: what damage looks like, as scholars write it in `rules/*.toml`, read and checked before any text is."""

import hashlib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, get_args

import regex

from pipeline.errors import Refused
from pipeline.model import Band, Fault

T = TypeVar("T", bound=str)
Kind = Literal["pattern", "confusion", "habit", "words", "mark"]
Any = Literal["other", "swapped", "lost", "added", "several", "sign"]
When = Literal[
    "small-elsewhere", "unopened", "unclosed", "spaced-dashes", "close-marks", "no-note-numbers",
    "known-beside", "strange-beside", "long-clause", "short-clause", "joined-elsewhere", "not-in-a-name",
    "loose", "bound", "phrase-elsewhere", "runs-on", "begins-anew", "in-double-quotes", "in-single-quotes",
    "much-misread",
]
FAULTS = ("recognition", "printing", "spelling")
KINDS: tuple[Kind, ...] = get_args(Kind)
CONDITIONS: tuple[When, ...] = get_args(When)
MEASURED = "certainty.tsv"  # made, not written: what certainties rest on
LETTERS = "misread-letters.tsv"  # made too: how often letters were read as others, where the truth is known
ID = regex.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
GROUP = regex.compile(r"\\(\d)(?!\d)")
CODE = regex.compile(r"[a-z]{2,3}")
SMALL_GROUP = regex.compile(r"\\l(\d)")  # in `read`: this group, its first letter small

# Which keys each kind asks for; every rule has those of ALWAYS, may have those of MAYBE, and no others.
ALWAYS = {"id", "says", "kind", "category", "examples"}
MAYBE = {"fault", "safety", "languages"}
OF_KIND: dict[str, tuple[set[str], ...]] = {
    "pattern": ({"find", "read"}, {"find", "read", "when"}),
    "mark": ({"find", "read", "when"}, {"find", "read"}),
    "confusion": ({"find", "read"}, {"pairs"}, {"any"}),
    "habit": ({"find", "read"},),
    "words": ({"table"}, {"pairs"}),
}


class Example(NamedTuple):
    """A test that lives in its rule: `corr` is what comes of `sic`; where they are alike the rule must do nothing."""

    sic: str
    corr: str
    fails: bool = False

    @property
    def stet(self) -> bool:
        return self.sic == self.corr


@dataclass(frozen=True)
class Rule:
    """One kind of damage: how it looks, what is read instead, and how far to trust it.

    `pairs` says what stands for what, inside words (confusion) or as whole words (words). `any` is one letter
    misread as any other, two swapped, one lost, one added, several read as others, or a sign for one or two letters.
    `languages` names those it is for, by their codes; all, where it names none.
    """

    family: str
    name: str
    says: str
    kind: Kind
    category: str
    examples: tuple[Example, ...]
    fault: Fault = Fault.RECOGNITION
    safety: Band = Band.LIKELY
    find: str = ""
    read: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    any: str = ""
    when: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The full id, by which logs and published editions name the rule for ever."""
        return f"{self.family}.{self.name}"

    @cached_property
    def finds(self) -> "regex.Pattern[str]":
        """The expression of a pattern or mark rule."""
        return regex.compile(self.find)

    @cached_property
    def _parts(self) -> tuple[str | int, ...] | None:
        """What is read as strings and numbers of groups, where it is no more than that."""
        parts = GROUP.split(self.read)
        if any("\\" in part for part in parts[::2]):
            return None
        return tuple(int(part) if k % 2 else part for k, part in enumerate(parts))

    @property
    def shows_itself(self) -> bool:
        """Whether what it finds cannot be right as it stands, so that a list of words is enough to judge the reading.

        Ligatures torn and named wrongly, signs and figures in a word; and what the document shows throughout.
        """
        seen = "".join(seen or " " for seen, _ in self.pairs)
        of_signs = seen != "" and not any(letter.isalpha() or letter.isspace() for letter in seen)
        return self.safety is Band.SAFE or self.kind == "habit" or of_signs or self.any == "sign"

    def reading(self, match: "regex.Match[str]") -> str:
        r"""What is read where the expression was found; `\l1` is group 1 with a small first letter."""
        if self._parts is not None:  # the quick way, for most rules
            return "".join([part if isinstance(part, str) else match[part] or "" for part in self._parts])
        template = SMALL_GROUP.sub(lambda group: _small(match[int(group[1])]).replace("\\", "\\\\"), self.read)
        return match.expand(template)


@dataclass(frozen=True)
class Rulebook:
    """The rules in the order of their files, the checksum of those files, and what was measured of such corrections.

    `weights` says how much each measure of a correction bears on its certainty (see `stages.certainty`), `letters` what
    share of some letters was read as others where much was misread (see `stages.channel`).
    """

    rules: tuple[Rule, ...]
    checksum: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    letters: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def of(self, *kinds: Kind) -> Iterator[Rule]:
        """The rules of these kinds."""
        return (rule for rule in self.rules if rule.kind in kinds)

    def read_in(self, language: str, words_only: bool) -> "Rulebook":
        """The rules that are for a language; where only its words are known, what needs context is only proposed."""
        here = (rule for rule in self.rules if not rule.languages or language in rule.languages)
        return replace(self, rules=tuple(
            rule if rule.shows_itself or not words_only else replace(rule, safety=Band.DOUBTFUL) for rule in here))

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}


def rulebook(folder: Path | None = None, *more: Path, without: Collection[str] = ()) -> Rulebook:
    """The rules of a folder (ours, unless another is named), with those of an edition, less those it switches off.

    Raises `Refused` naming file and rule where one cannot be used.
    """
    rules: list[Rule] = []
    weights: dict[str, float] = {}
    letters: dict[tuple[str, str], float] = {}
    digest = hashlib.sha256()
    for home in (folder or rules_folder(), *more):
        if not home.is_dir():
            raise Refused(f"there is no folder of rules at {home}; expected a folder of *.toml files")
        for path in sorted([*home.glob("*.toml"), *home.glob("*.tsv")]):
            raw = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + raw + b"\0")
            if path.suffix == ".toml":
                rules += _rules_of(path, raw)
            elif path.name == MEASURED:
                weights |= _weights_of(path, raw)
            elif path.name == LETTERS:
                letters |= _letters_of(path, raw)
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise Refused(f"two rules have the id {rule.id}; ids are never used twice, give the newer one another")
        seen.add(rule.id)
    if unknown := sorted(set(without) - seen):
        raise Refused(f"there is no rule {unknown[0]} to switch off; `corrigenda rules` lists those there are")
    digest.update("\0".join(sorted(without)).encode())
    return Rulebook(tuple(rule for rule in rules if rule.id not in without), digest.hexdigest(), weights, letters)


def rules_folder() -> Path:
    """Where our own rules lie: inside the package once installed, beside it in the repository."""
    home = Path(__file__).parent
    return home / "rules" if (home / "rules").is_dir() else home.parent / "rules"


def _weights_of(path: Path, raw: bytes) -> dict[str, float]:
    """The weights of a table that `python -m bench.certainty` made: a measure and its weight a line."""
    try:
        rows = [row.split("\t") for row in raw.decode("utf-8").splitlines() if row and not row.startswith("#")]
        return {measure: float(weight) for measure, weight in rows}
    except ValueError as why:
        raise Refused(f"{path}: expected a measure, a tab and its weight on each line ({why})") from None


def _letters_of(path: Path, raw: bytes) -> dict[tuple[str, str], float]:
    """The shares of a table that `python -m bench.misread` made: read, meant, how often, and of how many, a line."""
    try:
        rows = [row.split("\t") for row in raw.decode("utf-8").splitlines() if row and not row.startswith("#")]
        return {(seen, meant): int(n) / int(of) for seen, meant, n, of in rows}
    except (ValueError, ZeroDivisionError) as why:
        raise Refused(f"{path}: expected what was read, what was meant and two counts on each line ({why})") from None


def _rules_of(path: Path, raw: bytes) -> list[Rule]:
    try:
        read = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise Refused(f"{path} is not TOML in UTF-8: {why}") from None
    tables = read.get("rule")
    if set(read) != {"rule"} or not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise Refused(f"{path} holds {', '.join(read) or 'nothing'}; expected only [[rule]] tables")
    return [_rule_of(path, k, table) for k, table in enumerate(tables, 1)]


def _rule_of(path: Path, k: int, table: dict[str, object]) -> Rule:
    name = table.get("id")
    where = f"{path}, rule {name if isinstance(name, str) else f'no. {k}'}"
    if not isinstance(name, str) or not ID.fullmatch(name):
        raise Refused(f"{where}: expected an id of small letters, digits and hyphens, not {name!r}")
    if not ID.fullmatch(path.stem):
        raise Refused(f"{path}: a family is named in small letters, digits and hyphens")
    kind = _one_of(where, "kind", table.get("kind"), KINDS)
    _refuse_keys(where, kind, set(table))
    for key in ("says", "category", *(key for key in ("find", "read", "table") if key in table)):
        if not isinstance(table[key], str):
            raise Refused(f"{where}: {key} must be a string, not {table[key]!r}")
    for key in ("says", "category"):
        if not table[key]:
            raise Refused(f"{where}: {key} is empty")
    when = table.get("when", [])
    if not isinstance(when, list):
        raise Refused(f"{where}: when must be a list, of {', '.join(CONDITIONS)}")
    if "any" in table:
        _one_of(where, "any", table["any"], get_args(Any))
    languages = table.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(code, str) and CODE.fullmatch(code) for code in languages):
        raise Refused(f"{where}: languages = {languages!r}; expected a list of codes, such as [\"en\"]")
    rule = Rule(
        path.stem, name, str(table["says"]), kind, str(table["category"]), _examples(where, table["examples"]),
        Fault[_one_of(where, "fault", table.get("fault", "recognition"), FAULTS).upper()],
        Band[_one_of(where, "safety", table.get("safety", "likely"), ("safe", "likely", "doubtful")).upper()],
        str(table.get("find", "")), str(table.get("read", "")), _pairs(where, path, table), str(table.get("any", "")),
        tuple(_one_of(where, "when", word, CONDITIONS) for word in when), tuple(languages),
    )
    if kind in ("pattern", "mark"):
        _refuse_expression(where, rule)
    return rule


def _refuse_keys(where: str, kind: Kind, keys: set[str]) -> None:
    own = set().union(*OF_KIND[kind])
    if unknown := sorted(keys - ALWAYS - MAYBE - own):
        raise Refused(f"{where}: unknown key {unknown[0]}; a {kind} rule has {', '.join(sorted(ALWAYS | MAYBE | own))}")
    if missing := sorted(ALWAYS - keys):
        raise Refused(f"{where}: {missing[0]} is missing")
    if keys & own not in OF_KIND[kind]:
        choices = ", or ".join(" and ".join(sorted(choice)) for choice in OF_KIND[kind])
        here = ", ".join(sorted(keys & own)) or "none of them"
        raise Refused(f"{where}: a {kind} rule has {choices}; here is {here}")


def _refuse_expression(where: str, rule: Rule) -> None:
    try:
        found = rule.finds
        if found.fullmatch(""):
            raise Refused(f"{where}: find = {rule.find!r} also finds nothing at all; it must find at least one letter")
        for group in SMALL_GROUP.findall(rule.read):
            if int(group) > found.groups:
                raise Refused(f"{where}: read speaks of group {group}; find has {found.groups}")
        regex.compile("|".join([f"(?:{rule.find})", ""])).sub(SMALL_GROUP.sub("", rule.read), "")
    except (regex.error, IndexError) as why:
        raise Refused(f"{where}: find or read is not a regular expression: {why}") from None


def _one_of(where: str, key: str, given: object, choices: tuple[T, ...]) -> T:
    for choice in choices:
        if choice == given:
            return choice
    raise Refused(f"{where}: {key} = {given!r}; expected one of {', '.join(choices)}")


def _pairs(where: str, path: Path, table: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """What stands for what: inline, from a table beside the rules, or the one pair of find and read."""
    if table["kind"] in ("pattern", "mark"):
        return ()
    pairs: object = table.get("pairs", [])
    if "table" in table:
        beside = path.parent / str(table["table"])
        if not beside.is_file() or beside.parent != path.parent:
            raise Refused(f"{where}: there is no table {table['table']} beside the rules")
        rows = beside.read_text(encoding="utf-8").splitlines()
        pairs = [row.split("\t") for row in rows if row and not row.startswith("#")]
    elif "find" in table:
        pairs = [[table["find"], table["read"]]]
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(side, str) for side in pair) and pair[0] != pair[1]
        for pair in pairs
    ):
        raise Refused(f"{where}: expected pairs of two different strings, as seen and as meant")
    if not pairs and "any" not in table:
        raise Refused(f"{where}: there is no pair")
    return tuple((seen, meant) for seen, meant in pairs)


def _examples(where: str, given: object) -> tuple[Example, ...]:
    shape = '{ sic = "…", corr = "…" } or { stet = "…" }, with fails = true where it is known to fail'
    found: list[Example] = []
    for example in given if isinstance(given, list) else [given]:
        said: dict[str, object] = example if isinstance(example, dict) else {}
        keys, fails = set(said) - {"fails"}, said.get("fails", False)
        sic, corr = said.get("sic", said.get("stet")), said.get("corr", said.get("stet"))
        if keys not in ({"sic", "corr"}, {"stet"}) or not isinstance(fails, bool) or not (
            isinstance(sic, str) and isinstance(corr, str)
        ):
            raise Refused(f"{where}: an example is {shape}")
        if keys == {"sic", "corr"} and sic == corr:
            raise Refused(f"{where}: an example whose sic and corr are alike must be written as stet")
        found.append(Example(sic, corr, fails))
    sound = [example for example in found if not example.fails]
    if not any(example.stet for example in sound) or all(example.stet for example in sound):
        raise Refused(f"{where}: expected an example with sic and corr and one with stet, that do not fail")
    return tuple(found)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
