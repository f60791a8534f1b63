"""Case files: one good row for each check, and what becomes of the verdict when single fields of it change.

A file `cases/<check-id>.yaml` has these keys; only `good` is required.

    parameters: {name: value}      # over the defaults of the catalogue
    others: {Table: [row, ...]}    # rows of other tables (or further rows of the same one)
    good: {row: {...}, because: a fragment of the sentence, outcome: pass}
    bad: [{case: what it shows, change: {field: value}, because: ..., outcome: fail, severity: critical}]
    near: [{case: looks bad and is not, change: {...}, because: ..., outcome: pass}]

Each bad case and near miss may also give `parameters` and `others` (which replace those of the file name by name), `setting` and `holes`
(tables that could not be read). A row is given by its fields; `subject` is its plain name and may be left out. Where a field is a text and
the file has a mapping or a list (a policy), the text is its JSON. `{gap: client:Operation}` is a value that is missing.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Union, get_args, get_origin, get_type_hints

from assaybook import tables as package
from assaybook.catalogue import Catalogue, load_catalogue
from assaybook.check import Check, put
from assaybook.checks import ALL
from assaybook.config import load_config
from assaybook.evidence import Evidence, Gap, Hole, Row, Setting
from assaybook.model import Finding, Outcome, Severity, Subject
from assaybook.strict_yaml import load_yaml

ACCOUNT, REGION = "111122223333", "us-east-1"
AS_OF = datetime(2026, 11, 16, 9, tzinfo=UTC)
FOLDER = Path(__file__).parent / "cases"
KINDS = {"good": Outcome.PASS, "bad": Outcome.FAIL, "near": Outcome.PASS}
FILE_KEYS = {"parameters", "others", *KINDS}
CASE_KEYS = {"case", "row", "change", "because", "outcome", "severity", "parameters", "others", "setting", "holes"}


@cache
def tables() -> Mapping[str, type[Row]]:
    """Every table by name."""
    modules = [import_module(f"{package.__name__}.{each.name}") for each in iter_modules(package.__path__)]
    values = [value for module in modules for value in vars(module).values()]
    rows = [each for each in values if isinstance(each, type) and issubclass(each, Row) and each is not Row]
    return {each.__name__: each for each in rows}


@dataclass(frozen=True)
class Case:
    """One row put to one check, and what the check must say of it."""

    check: Check
    kind: str
    name: str
    row: Row
    others: tuple[Row | Hole, ...]
    parameters: Mapping[str, object]
    outcome: Outcome
    because: str
    severity: Severity | None

    def __str__(self) -> str:
        return f"{self.check.id}: {self.kind}: {self.name}"

    def decided(self) -> Finding:
        """What the check says."""
        return self.put(self.row, self.others)

    def put(self, row: Row, others: tuple[Row | Hole, ...]) -> Finding:
        """What the check says of a row among others."""
        found = put(self.check, Evidence([row, *others], AS_OF), self.parameters, base(self.check.id))
        return next(each for each in found if each.row == row.key and each.subject == row.subject)


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with the package."""
    return load_catalogue()


def base(check: str) -> Severity:
    """The severity of the check's home control."""
    return Severity(catalogue().home(check).severity)


@cache
def defaults() -> Mapping[str, object]:
    """The parameters of a run without a configuration."""
    return {**catalogue().effective(), **load_config(None).declared()}


def paths() -> list[Path]:
    """All case files."""
    return sorted(FOLDER.glob("*.yaml"))


def load(path: Path) -> list[Case]:
    """The cases of a file. Raises if the file names what does not exist."""
    file = load_yaml(path.read_text(encoding="utf-8"), path.name)
    check = ALL[path.stem]
    _refuse_unknown(path, file, FILE_KEYS)
    cases: list[Case] = []
    for kind in KINDS:
        given = file.get(kind, [])
        for entry in [given] if kind == "good" else given:
            _refuse_unknown(path, entry, CASE_KEYS)
            cases.append(_case(check, kind, entry, file))
    return cases


def _refuse_unknown(path: Path, given: Mapping[str, object], known: set[str]) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise ValueError(f"{path.name}: there is no key {', '.join(unknown)}; there are {', '.join(sorted(known))}")


def _case(check: Check, kind: str, entry: Mapping[str, Any], file: Mapping[str, Any]) -> Case:
    values = {**file["good"]["row"], **entry.get("change", {})}
    setting = Setting(**entry.get("setting", file["good"].get("setting", {})))
    others = {**file.get("others", {}), **entry.get("others", {})}
    rows: list[Row | Hole] = [made(tables()[name], each) for name, found in others.items() for each in found]
    rows += [_hole(tables()[name]) for name in entry.get("holes", [])]
    severity = entry.get("severity")
    return Case(
        check=check,
        kind=kind,
        name=str(entry.get("case", "the good row")),
        row=made(check.over, values, setting),
        others=tuple(rows),
        parameters=_parameters({**file.get("parameters", {}), **entry.get("parameters", {})}),
        outcome=Outcome(entry.get("outcome", KINDS[kind])),
        because=entry.get("because", ""),
        severity=Severity(severity) if severity else None,
    )


def _parameters(given: Mapping[str, object]) -> Mapping[str, object]:
    unknown = sorted(set(given) - set(defaults()))
    if unknown:
        raise ValueError(f"there is no parameter {', '.join(unknown)}")
    return {**defaults(), **given}


def _hole(table: type[Row]) -> Hole:
    gap = Gap("lambda:ListFunctions", "denied", "AccessDeniedException", "lambda:ListFunctions", ACCOUNT, REGION)
    return Hole(table, gap, Subject("aws", ACCOUNT, REGION, "region", f"{ACCOUNT}/{REGION}", f"{ACCOUNT}/{REGION}"))


def made(table: type[Row], values: Mapping[str, Any], setting: Setting | None = None) -> Row:
    """A row of a table from what a case file says."""
    hints = get_type_hints(table)
    key = str(values.get("key") or values.get("name") or table.__name__.lower())
    name = str(values.get("subject") or values.get("name") or key)
    # A region that is no field of the table says where the row lies.
    apart = {"key", "subject", *({"region"} - set(hints))}
    given = {field: _value(hints[field], value) for field, value in values.items() if field not in apart}
    subject = Subject("aws", ACCOUNT, str(values.get("region") or REGION), table.__name__.lower(), key, name)
    return table(key=key, subject=subject, sources=(f"E-{key}",), setting=setting or Setting(), **given)


def _value(hint: Any, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"gap"}:
        return Gap(str(value["gap"]), "denied", "AccessDeniedException", str(value["gap"]), ACCOUNT, REGION)
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        hint = next(each for each in get_args(hint) if each is not type(None))
    if hint is datetime:
        return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], each) for each in value)
    if is_dataclass(hint) and isinstance(hint, type):
        known = get_type_hints(hint)
        return hint(**{name: _value(known[name], each) for name, each in value.items()})
    if hint is str and isinstance(value, (dict, list)):
        return json.dumps(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    plain = get_origin(hint) or hint
    if isinstance(plain, type) and not (isinstance(value, plain) and (plain is bool or not isinstance(value, bool))):
        raise TypeError(f"{value!r} is no {plain.__name__}")
    return value


def without(row: Row, field: str) -> Row:
    """The row with a gap in place of one field."""
    kept = {each.name: getattr(row, each.name) for each in fields(row)}
    kept[field] = Gap(
        "lambda:ListFunctions", "denied", "AccessDeniedException", "lambda:ListFunctions", ACCOUNT, REGION
    )
    return type(row)(**kept)
