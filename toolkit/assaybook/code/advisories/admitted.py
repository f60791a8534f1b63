"""Which versions a declared range admits, as intervals; only forms whose meaning is certain are read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..dependencies.components import CARGO, NPM, PYPI

_NUMBERS = re.compile(r"^[v=]?\s*(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[\w.-]+)?$")


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` (included; empty for the first ever) to `high` (empty for no end), which is included if `closed`."""

    low: str = ""
    high: str = ""
    closed: bool = False


def admitted(ecosystem: str, asked: str) -> tuple[Interval, ...]:
    """The intervals, all of which a resolver may choose from; empty where the form is not read."""
    said = asked.strip()
    if said in ("", "*", "latest", "x", "X"):
        return (Interval(),)
    if ecosystem == PYPI:
        found = _python(said)
        return (found,) if found else ()
    if ecosystem in (NPM, CARGO):
        parts = [_node(each.strip(), bare="^" if ecosystem == CARGO else "") for each in said.split("||")]
        return tuple(each for each in parts if each) if all(parts) else ()
    return ()


def _node(said: str, bare: str) -> Interval | None:
    hyphen = re.fullmatch(r"(\S+)\s+-\s+(\S+)", said)
    if hyphen:
        return _joined([f">={hyphen[1]}", f"<={hyphen[2]}"])
    if said.startswith(("^", "~")) or (_NUMBERS.match(said) and " " not in said):
        mark, number = (said[0], said[1:].lstrip(">= ")) if said[0] in "^~" else (bare, said)
        return _caret_or_tilde(mark, number)
    clauses = re.findall(r"[<>]=?\s*[\w.+-]+", said)
    if clauses and re.sub(r"\s+|,", "", "".join(clauses)) == re.sub(r"\s+|,", "", said):
        return _joined([re.sub(r"\s+", "", each) for each in clauses])
    return None


def _caret_or_tilde(mark: str, said: str) -> Interval | None:
    found = _NUMBERS.match(said.strip())
    if found is None:
        return None
    given = [int(each) for each in found.groups()[:3] if each is not None and each.isdigit()]
    if found[2] in ("x", "X", "*"):
        given = given[:1]
    low = ".".join(str(each) for each in (*given, 0, 0, 0)[:3]) + (found[4] or "")
    if mark == "" and len(given) == 3:
        return Interval(low, low, closed=True)
    if mark == "^":
        # The first number that is not 0 stays; 0.0 and 0 stay as far as they are given.
        place = next((index for index, each in enumerate(given) if each), len(given) - 1)
    else:
        place = min(len(given) - 1, 1) if mark == "~" else len(given) - 1
    high = [*given[:place], given[place] + 1, 0, 0, 0][:3]
    return Interval(low, ".".join(map(str, high)))


def _joined(clauses: list[str]) -> Interval | None:
    """All clauses together; what they exclude only makes the interval smaller, so leaving an exclusion out errs on the side of not knowing."""
    low, high, closed = "", "", False
    for each in clauses:
        found = re.fullmatch(r"(<=|>=|<|>)([\w.+!-]+)", each)
        if found is None or (found[1][0] == "<" and high) or (found[1][0] == ">" and low):
            return None
        if found[1][0] == ">":
            low = found[2]
        else:
            high, closed = found[2], found[1] == "<="
    return Interval(low, high, closed)


def _python(said: str) -> Interval | None:
    clauses: list[str] = []
    for each in (part.strip() for part in said.split(",")):
        caret = re.fullmatch(r"\^(\d[\w.]*)|~(\d[\w.]*)", each)
        if caret:
            # Poetry's, which are those of npm.
            return _caret_or_tilde(each[0], each[1:]) if "," not in said else None
        compatible = re.fullmatch(r"~=\s*(\d+(?:\.\d+)+)", each)
        prefix = re.fullmatch(r"(?:==\s*)?(\d+(?:\.\d+)*)\.\*", each)
        if compatible or prefix:
            numbers = [int(part) for part in (compatible or prefix)[1].split(".")]  # type: ignore[index]
            kept = numbers[:-1] if compatible else numbers
            clauses += [f">={'.'.join(map(str, numbers))}", f"<{'.'.join(map(str, [*kept[:-1], kept[-1] + 1]))}"]
        elif re.fullmatch(r"(<=|>=|<|>)\s*[\w.+!-]+", each):
            clauses.append(re.sub(r"\s+", "", each))
        elif not each.startswith("!="):
            return None
    return _joined(clauses) if clauses else None
