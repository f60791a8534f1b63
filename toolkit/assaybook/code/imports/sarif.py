"""Results in the Static Analysis Results Interchange Format.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0": 3.27 (result), 3.35 (suppression), 3.49 (reportingDescriptor), 3.52 (reportingDescriptorReference).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from .reported import (
    MOST_RESULTS,
    MOST_RUNS,
    RefusedImport,
    Reported,
    Results,
    number,
    part,
    parts,
    plain,
    weaknesses,
)

FORM = "SARIF 2.1.0"
LEVELS = ("none", "note", "warning", "error")
# Kinds of a result that say that nothing is wrong, or nothing at all (3.27.9); `open` and `review` say that the tool does not know.
WELL = frozenset({"pass", "notApplicable", "informational"})
_ARN = re.compile(r"\barn:aws[\w-]*:[\w-]+:[\w-]*:(?:\d{12})?:[^\s\"'<>,;]+")


def is_sarif(document: object) -> bool:
    """Whether a JSON value is a log of results."""
    return isinstance(document, Mapping) and isinstance(document.get("runs"), list)


def read_sarif(document: Mapping[str, Any]) -> tuple[Results, ...]:
    """The runs of a log. Raises RefusedImport."""
    version = document.get("version")
    if version != "2.1.0":
        raise RefusedImport(f"is SARIF {plain(version, 20) or 'of no version'}; only 2.1.0 is read")
    runs = parts(document, "runs")
    if len(runs) != len(document["runs"]):
        raise RefusedImport("has a run that is no object")
    if len(runs) > MOST_RUNS:
        raise RefusedImport(f"has {len(runs):,} runs; at most {MOST_RUNS} are read")
    return tuple(_Run(each).results() for each in runs)


class _Run:
    """One run, with its rules looked up by id and by number."""

    def __init__(self, run: Mapping[str, Any]) -> None:
        self.run = run
        self.driver = part(run, "tool", "driver")
        self.rules: list[object] = self.driver["rules"] if isinstance(self.driver.get("rules"), list) else []
        self.extensions = parts(part(run, "tool"), "extensions")
        self.by_id: dict[str, Mapping[str, Any]] = {}
        for component in (self.driver, *self.extensions):
            for rule in parts(component, "rules"):
                self.by_id.setdefault(str(rule.get("id")), rule)

    def results(self) -> Results:
        """What the run gave."""
        tool = plain(self.driver.get("name"), 80)
        if not tool:
            raise RefusedImport("has a run that does not name its tool")
        if tool == "Assaybook":
            raise RefusedImport("was written by Assaybook itself; compare with an earlier result by --baseline")
        listed = self.run.get("results")
        if listed is not None and not isinstance(listed, list):
            raise RefusedImport("has results that are no list")
        results = parts(self.run, "results")
        told = [each for each in results if not _well(each)]
        version = self.driver.get("semanticVersion") or self.driver.get("version")
        done = (each.get("executionSuccessful") is not False for each in parts(self.run, "invocations"))
        return Results(
            tool,
            plain(version, 40),
            FORM,
            tuple(self._reported(each) for each in told[:MOST_RESULTS]),
            passed=len(results) - len(told),
            # Results that are null were not computed (3.14.23).
            complete=listed is not None and all(done),
            cut=max(0, len(told) - MOST_RESULTS),
        )

    def _reported(self, result: Mapping[str, Any]) -> Reported:
        rule = self._rule(result)
        name = plain(result.get("ruleId") or part(result, "rule").get("id") or rule.get("id"), 200)
        level = result.get("level") or part(rule, "defaultConfiguration").get("level") or "warning"
        said = self._message(result, rule)
        path, line, end, logical = _place(self.run, result)
        arn = _ARN.search(logical)
        return Reported(
            name,
            str(level) if level in LEVELS else "warning",
            said,
            path,
            line,
            end,
            plain(arn[0], 500) if arn else "",
            weaknesses(_tags(rule, result, name)),
            _dismissed(result),
        )

    def _rule(self, result: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = part(result, "rule")
        index = result.get("ruleIndex", reference.get("index"))
        component = part(reference, "toolComponent").get("index")
        rules: object = self.rules
        if isinstance(component, int) and 0 <= component < len(self.extensions):
            rules = self.extensions[component].get("rules")
        if isinstance(index, int) and isinstance(rules, list) and 0 <= index < len(rules):
            found = rules[index]
            if isinstance(found, Mapping):
                return found
        name = str(result.get("ruleId") or reference.get("id"))
        # The id of a result may have parts beyond that of its rule (3.27.5).
        while name not in self.by_id and "/" in name:
            name = name.rpartition("/")[0]
        return self.by_id.get(name, {})

    def _message(self, result: Mapping[str, Any], rule: Mapping[str, Any]) -> str:
        message = part(result, "message")
        text = message.get("text") or message.get("markdown")
        if not text and isinstance(message.get("id"), str):
            text = part(rule, "messageStrings", message["id"]).get("text")
        return plain(text) or plain(part(rule, "shortDescription").get("text")) or plain(rule.get("name"))


def _well(result: Mapping[str, Any]) -> bool:
    # What is no longer there is told for comparison only (3.27.24).
    return result.get("kind") in WELL or result.get("baselineState") == "absent"


def _tags(rule: Mapping[str, Any], result: Mapping[str, Any], name: str) -> Iterator[object]:
    for holder in (rule, result):
        properties = part(holder, "properties")
        for member in ("tags", "cwe", "CWE", "cwes"):
            found = properties.get(member)
            yield from found[:50] if isinstance(found, list) else (found,)
    for relation in (*parts(rule, "relationships"), *({"target": each} for each in parts(result, "taxa"))):
        target = part(relation, "target")
        if str(part(target, "toolComponent").get("name", "")).upper() == "CWE":
            yield f"CWE-{str(target.get('id', '')).upper().removeprefix('CWE-')}"
    yield name


def _place(run: Mapping[str, Any], result: Mapping[str, Any]) -> tuple[str, int, int, str]:
    """Path, first and last line of the first location, and all names of what it lies in."""
    locations = parts(result, "locations")
    names = " ".join(
        str(each.get(member) or "")
        for location in locations[:10]
        for each in parts(location, "logicalLocations")[:10]
        for member in ("fullyQualifiedName", "name")
    )
    physical = part(locations[0], "physicalLocation") if locations else {}
    artifact, region = part(physical, "artifactLocation"), part(physical, "region")
    address = artifact.get("uri")
    index = artifact.get("index")
    known = run.get("artifacts")
    if address is None and isinstance(index, int) and isinstance(known, list) and 0 <= index < len(known):
        address = part(known[index], "location").get("uri")
    line = number(region.get("startLine"))
    return path_of(address), line, max(line, number(region.get("endLine"))), names


def path_of(address: object) -> str:
    """A path of a tool as one of ours: decoded, with /, without a scheme or `./`; a single line."""
    if not isinstance(address, str):
        return ""
    path = unquote(re.sub(r"^file:/*(?=/|[A-Za-z]:)", "", address[:2000])).replace("\\", "/")
    path = re.sub(r"^(?:\./+)+", "", path)
    return plain(path, 500)


def _dismissed(result: Mapping[str, Any]) -> str:
    """Why the result was set aside; suppressions that are under review or were rejected count for nothing (3.35.3)."""
    for each in parts(result, "suppressions"):
        if each.get("status", each.get("state", "accepted")) == "accepted":
            why = plain(each.get("justification"), 200)
            kind = "a comment in the code" if each.get("kind") == "inSource" else "a decision outside the code"
            return f"{kind}: {why}" if why else f"{kind}, without a reason"
    return ""
