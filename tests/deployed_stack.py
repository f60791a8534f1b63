"""Templates as if they had been deployed: from text to captures, rows and findings, for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from assaybook.capture import Captures, numbered
from assaybook.catalogue import Catalogue, load_catalogue
from assaybook.check import put
from assaybook.checks import ALL
from assaybook.code.templates.discover import read_templates
from assaybook.code.templates.resources import Resource, Template
from assaybook.collect.redact import Redactor
from assaybook.collect.stacks import stack_captures
from assaybook.config import load_config
from assaybook.evidence import Evidence, Hole, Row
from assaybook.model import Finding
from assaybook.shape import shape

AT = "2026-11-24T09:00:00+00:00"
WHEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
ACCOUNT, REGION = "012345678901", "eu-west-1"
SOURCE = "a template does not tell this"


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load_catalogue()


@cache
def parameters() -> Mapping[str, Any]:
    """Thresholds as they are shipped."""
    return {**catalogue().effective(), **load_config(None).declared()}


def template(text: str) -> Template:
    """The one stack of a template's text."""
    (found,) = read_templates({"template.yaml": text.encode})
    return found


def resources(*declared: Resource) -> Template:
    """A stack of resources made by hand."""
    return Template("template.yaml", "cloudformation", ACCOUNT, REGION, declared)


def made(type: str, id: str = "Thing", *, name: str = "", arn: str = "", **properties: Any) -> Resource:
    """One resource, at a line of its own."""
    return Resource(
        type, id, name or id, arn or f"arn:aws:made:{REGION}:{ACCOUNT}:{name or id}", properties, "template.yaml:3"
    )


def rows(stack: Template) -> tuple[Row | Hole, ...]:
    """All rows and holes of a stack."""
    found = Captures(numbered(stack_captures([stack], AT, Redactor(b"k" * 32))), lambda call, target: SOURCE)
    return tuple(shape(found, parameters()))


def of(stack: Template, table: type[Row]) -> dict[str, Any]:
    """The rows of a table by name."""
    return {each.subject.name: each for each in rows(stack) if isinstance(each, table)}


def findings(stack: Template, *checks: str) -> tuple[Finding, ...]:
    """What some checks, or all, find."""
    evidence = Evidence(rows(stack), WHEN)
    found: list[Finding] = []
    for id in checks or sorted(ALL):
        found += put(ALL[id], evidence, parameters(), catalogue().home(id).severity)
    return tuple(found)


def outcomes(stack: Template, check: str) -> dict[str, str]:
    """Outcome of a check by the name of what it is about."""
    return {each.subject.name: each.outcome.value for each in findings(stack, check)}


def one(stack: Template, check: str, name: str) -> Finding:
    """The finding of a check about one thing."""
    (found,) = [each for each in findings(stack, check) if each.subject.name == name]
    return found
