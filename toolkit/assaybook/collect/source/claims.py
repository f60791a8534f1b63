"""What templates deploy: which function or layer takes its code from where in the source tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...code.package import Entry
from ...code.templates.resources import Resource, Template

FUNCTION, LAYER = "AWS::Lambda::Function", "AWS::Lambda::LayerVersion"
INLINE = "inline:"
INLINE_PROPERTIES = ("Code.ZipFile", "InlineCode", "Code")
ROOT = "."


@dataclass(frozen=True)
class Unread:
    """A package of which nothing could be read: what would have been its name, the functions that run it, and why.

    `code` is the provider's own word for it, `permission` what would have helped.
    """

    name: str
    state: str
    reason: str
    why: str
    entries: tuple[Entry, ...] = ()
    where: str = ""
    code: str = ""
    permission: str = ""


@dataclass(frozen=True)
class Claim:
    """A folder or file that a template deploys."""

    code: str
    template: Template
    resource: Resource


def claims_of(templates: Sequence[Template]) -> Iterator[Claim]:
    """Each function and layer of the templates whose code they tell anything about."""
    for template in templates:
        for resource in template.resources:
            if resource.id in template.code and resource.type in (FUNCTION, LAYER):
                yield Claim(plain_path(template.code[resource.id]), template, resource)


def plain_path(path: str) -> str:
    """A path as the tree has it; empty where there is none."""
    if not path or path.startswith(INLINE):
        return path
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return "/".join(parts) or ROOT


def place_of(claim: Claim) -> str:
    """What tells the code of one claim from that of another."""
    if not claim.code or claim.code.startswith(INLINE):
        return f"{claim.template.path}#{claim.resource.id}"
    return claim.code


def layer_names(function: Resource) -> tuple[str, ...]:
    """The ARNs of the layers that a function uses."""
    said = function.properties.get("Layers")
    return tuple(each for each in said if isinstance(each, str)) if isinstance(said, (list, tuple)) else ()


def leads_into(inner: str, outer: str, entries: Iterable[Entry]) -> bool:
    """Whether a handler of the outer package lies in the inner folder."""
    below = inner if outer == ROOT else inner[len(outer) + 1 :]
    return any(each.handler.replace("./", "").startswith(f"{below}/") for each in entries)


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it."""
    return folder == ROOT or path == folder or path.startswith(f"{folder}/")


def inline_place(resource: Resource, text: str) -> tuple[str, int]:
    """The file in which the text of a function stands, and how many lines stand before it there."""
    said = next((resource.places[each] for each in INLINE_PROPERTIES if each in resource.places), resource.where)
    file, _, line = said.rpartition(":")
    number = int(line) if line.isdigit() else 1
    # A text of several lines is a block, which begins below its key.
    return file or said, number if "\n" in text.strip() else number - 1
