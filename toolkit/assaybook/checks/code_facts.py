"""What checks over facts of code have in common: how a fact is told."""

from __future__ import annotations

from ..model import Verdict, na, ok
from ..tables.code import CodeFact


def told(fact: CodeFact, why: str) -> str:
    """A fact with its place, and why it matters."""
    place = f"{fact.where}: " if fact.where else ""
    return f"{place}{fact.said}{why}"


def nothing(fact: CodeFact, what: str) -> str:
    """That a package was read whole, and what is not in it."""
    files = "the one file" if fact.read == 1 else f"the {fact.read} files"
    return f"{files} of {package_of(fact)} that hold its own code show {what}"


def package_of(fact: CodeFact) -> str:
    """A package by its folder; one that is the whole tree has none."""
    return "the package" if fact.package in ("", ".") else fact.package


def free_of(fact: CodeFact, what: str) -> Verdict:
    """That a package was read whole and what is not in it is well; where there was no code to read, that nothing is told."""
    if fact.read == 0:
        return na(f"{package_of(fact)} holds no code of its own in a language that is read")
    return ok(nothing(fact, what))
