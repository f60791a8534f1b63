"""What was read of a package, and what was not: the answer of `code:Package`. Without it nobody could tell a clean package from an unread one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from .package import Program, Reading, Refused, Unparsed
from .program import OTHERS

# Further languages that code is written in and that nobody parses here.
SCRIPTS = {".sh": "shell", ".bash": "shell", ".pl": "Perl", ".lua": "Lua", ".r": "R"}
# A list says which; beyond this many the number is enough.
MOST_LISTED = 200


def package_facts(program: Program, reading: Reading) -> dict[str, Any]:
    """Files, languages, what was parsed and what was not and why, what was refused, and which entries lead to a file that is there."""
    package = program.package
    unparsed = sorted(program.unparsed, key=lambda each: (each.path, each.line, each.why))
    tests = set(program.tests)
    modules = [module for path, module in program.modules.items() if path not in package.borrowed]
    return {
        "kind": package.kind,
        "located": package.located,
        "sha256": package.sha256,
        "files": len(package.files) - len(package.borrowed),
        "borrowed": len(package.borrowed),
        "languages": dict(sorted(Counter(each.language for each in modules).items())),
        "parsed": len(modules),
        "lines": sum(len(each.lines) for each in modules),
        "tests": len([each for each in modules if each.path in tests]),
        "unparsed": [_unparsed(program, each) for each in unparsed[:MOST_LISTED]],
        "unparsed_count": len(unparsed),
        "partly": [_unparsed(program, each) for each in program.notes[:MOST_LISTED]],
        "others": dict(sorted(Counter(_others(program)).items())),
        "vendored": program.vendored,
        "refused": [_refused(program, each) for each in package.refused[:MOST_LISTED]],
        "refused_count": len(package.refused),
        "notes": list(package.notes[:MOST_LISTED]),
        "entries": [
            {
                "workload": each.workload,
                "handler": each.handler,
                "runtime": each.runtime,
                "provider": each.provider,
                "guessed": each.guessed,
            }
            for each in package.entries
        ],
    }


def _others(program: Program) -> Iterator[str]:
    """The language of each file of code that is in none of those that are parsed."""
    for path in program.package.files:
        suffix = PurePosixPath(path).suffix.lower()
        if path not in program.package.borrowed and (found := OTHERS.get(suffix) or SCRIPTS.get(suffix)):
            yield found


def _unparsed(program: Program, each: Unparsed) -> dict[str, Any]:
    return {"path": program.package.where(each.path), "line": each.line, "why": each.why}


def _refused(program: Program, each: Refused) -> dict[str, Any]:
    return {"path": program.package.where(each.path), "why": each.why}
