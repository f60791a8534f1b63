"""What a practice, a control or a check is, in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .catalogue import Catalogue, Control, load_catalogue
from .checks import ALL
from .remedy import SHOWN, remedy_of


def explained(name: str) -> str:
    """The explanation of a practice, control or check. Raises CatalogueError for a name that there is not."""
    catalogue = load_catalogue()
    if name in ALL:
        return "\n".join(_check(catalogue, name))
    if "-" not in name and any(each.id == name for each in catalogue.practices):
        practice = catalogue.practice(name)
        lines = [f"{practice.id} {practice.title}", "", *_wrapped(practice.objective), ""]
        return "\n".join([*lines, *(f"  {each.id}  {each.title}" for each in practice.controls)])
    return "\n".join(_control(catalogue, catalogue.control(name)))


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, 96, initial_indent=indent, subsequent_indent=indent)


def _control(catalogue: Catalogue, control: Control) -> Iterator[str]:
    yield f"{control.id} {control.title}"
    yield f"{control.kind}, {', '.join(control.methods)}, severity {control.severity.value}"
    if control.severity_rule:
        yield from _wrapped(control.severity_rule)
    for title, text in (
        ("Objective", control.objective),
        ("Why", control.why),
        ("Population", control.population_text),
        ("Procedure", control.procedure),
        ("Passes when", control.passes),
        ("Not applicable", control.not_applicable),
        ("Question", control.question or ""),
        ("No check yet", control.pending or ""),
    ):
        if text:
            yield from ("", title, *_wrapped(text, "  "))
    yield from ("", "Guards", *(line for guard in control.guards for line in _wrapped(f"- {guard}", "  ")))
    yield from (
        "",
        "Remedy",
        *(line for name, text in control.remedy.items() for line in _wrapped(f"{name}: {text}", "  ")),
    )
    for name in control.parameters:
        parameter = catalogue.parameters[name]
        yield f"  {name} = {parameter.default} ({parameter.meaning})"
    yield from ("", "Checks", *(f"  {each}: {ALL[each].summary}" for each in control.checks))


def _check(catalogue: Catalogue, name: str) -> Iterator[str]:
    check = ALL[name]
    home = catalogue.home(name)
    yield f"{name} (version {check.version}), over {check.over.__name__}"
    yield from _wrapped(check.summary)
    yield f"home: {home.id} {home.title}, severity {home.severity.value}"
    for each in catalogue.citing(name):
        yield f"also bears on {each.id} {each.title}"
    yield from _remedy(name)


def _remedy(name: str) -> Iterator[str]:
    """The templates with their placeholders, as they are written."""
    remedy = remedy_of(name)
    if remedy is None:
        return
    if remedy.note:
        yield from ("", *_wrapped(remedy.note))
    for value, templates in remedy.variants.items():
        for tool, template in templates.items():
            where = f" where {remedy.by.replace('_', ' ')} is {value}" if value else ""
            yield from ("", f"{SHOWN[tool]}{where}", *(f"  {line}" for line in template.text.splitlines()))
