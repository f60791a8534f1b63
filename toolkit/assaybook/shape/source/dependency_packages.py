"""What the shapers of dependencies start from: the packages whose dependencies were read, and those that were not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...capture import ABSENT, NOT_ASKED, NOT_COLLECTED, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ..records import place

CALL = "code:Dependencies"
# The lists that an answer always has.
LISTS = ("components", "manifests", "workloads")
# What may go wrong in a record that does not have the members that the extractor writes.
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class CodePackage:
    """A package whose dependencies were read. `scope` is empty where the place of a file already tells its package apart (one source tree holds each file once)."""

    name: str
    subject: Subject
    workload: str
    scope: str
    capture: Capture
    components: tuple[Mapping[str, Any], ...]

    def members(self, name: str) -> Iterator[Mapping[str, Any]]:
        """The objects of a list of the answer."""
        listed = self.capture.answer.get(name)
        return (each for each in (listed if isinstance(listed, list) else []) if isinstance(each, Mapping))

    def about(self, key: str, where: str = "") -> dict[str, Any]:
        """What all rows of the package have in common."""
        return {
            "key": f"{self.scope}|{key}" if self.scope else key,
            "subject": self.subject,
            "sources": (self.capture.ref,),
            "workload": self.workload,
            "package": self.name,
            "where": where,
        }


def gap_of(capture: Capture) -> Gap | None:
    """Why the dependencies of a package are not known: nobody could read them, or what was written down of them is not what the extractor writes."""
    gap = capture.gap()
    if gap is not None or capture.state == ABSENT:
        return gap
    odd = [name for name in LISTS if not isinstance(capture.answer.get(name), list)]
    return capture.unexpected(f"{odd[0]} is no list") if odd else None


def undeclared(captures: Captures, package: CodePackage) -> Gap | None:
    """Why the dependencies of a package are not known although it has some: it imports packages of others, and nothing in its tree lists any of that ecosystem."""
    listed = captures.once("ecosystems with lists", lambda: _listed(captures))
    names = []
    for each in package.members("imports"):
        place = str(package.capture.target) if not package.scope else package.name
        if (place, str(each.get("ecosystem"))) not in listed:
            names.append(str(each.get("name")))
    if not names:
        return None
    some = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return Gap(CALL, "unsupported", f"it imports {some}, and nothing that was read says in which version")


def _listed(captures: Captures) -> frozenset[tuple[str, str]]:
    """The ecosystems of which something is listed, for each tree and each package that stands alone."""
    found = set()
    for package in packages(captures):
        place = str(package.capture.target) if not package.scope else package.name
        for each in (*package.members("manifests"), *package.components):
            found.add((place, str(each.get("ecosystem"))))
    return frozenset(found)


def subject_of(capture: Capture, name: str) -> Subject:
    """The package as the subject of findings."""
    target = capture.target
    short = name.rpartition(":function:")[2] or name.rpartition(":layer:")[2] or name
    return Subject(target.provider, target.account, target.region, "code", name, short or "the whole tree")


def packages(captures: Captures) -> tuple[CodePackage, ...]:
    """The packages whose dependencies were read, by name."""
    return captures.once("packages with dependencies", lambda: tuple(_packages(captures)))


def _packages(captures: Captures) -> Iterator[CodePackage]:
    read = [each for each in captures.of(CALL) if gap_of(each) is None]
    for capture in sorted(read, key=lambda each: (str(each.target), str(each.params.get("package", "")))):
        name = str(capture.params.get("package", ""))
        listed = capture.answer.get("workloads")
        workloads = [str(each) for each in (listed if isinstance(listed, list) else [])]
        found = capture.answer.get("components")
        components = tuple(each for each in (found if isinstance(found, list) else []) if isinstance(each, Mapping))
        scope = "" if capture.answer.get("kind") == "folder" else name
        yield CodePackage(
            name,
            subject_of(capture, name),
            workloads[0] if len(workloads) == 1 else "",
            scope,
            capture,
            components,
        )


def missing(captures: Captures, *tables: type[Row]) -> Iterator[Hole]:
    """Holes for packages that could not be read, and for functions of which no package was read at all."""
    read = captures.of(CALL)
    for capture in read:
        gap = gap_of(capture)
        if gap is not None:
            subject = subject_of(capture, str(capture.params.get("package", "")))
            yield from (Hole(table, gap, subject) for table in tables)
    if read:
        return
    for capture in captures.of("lambda:ListFunctions"):
        listed = capture.answer.get("Functions")
        if not capture.outside and (capture.gap() is not None or listed):
            unread = captures.unmade(CALL, capture.target)
            gap = unread.gap() or Gap(CALL, NOT_ASKED, NOT_COLLECTED)
            yield from (Hole(table, gap, place(capture.target)) for table in tables)
