"""Folders of Terraform files as templates: what they deploy, in CloudFormation's terms."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..forms_data import IDS, NAMED
from ..located import Block, over
from ..naming import Place, name_of_stack, stack_account
from ..resources import Problem, Resource, Template, Unresolved
from ..values import NOTHING, finished, places
from .code_of import code_of
from .conversion import Draft, converted
from .encodings import comes_to_much, settled
from .joining import in_order, joined_drafts
from .kinds import UNREAD
from .made import Made
from .module import Module, Run
from .shaping import shaped
from .sources import Sources, roots
from .working_out import Exhausted

REGION = "us-east-1"
_GENERIC = ("terraform", "tf", "infra", "infrastructure", "iac", "")
_MOST_RESOURCES = 5_000


def terraform_templates(contents: Mapping[str, Callable[[], bytes]], paths: tuple[str, ...]) -> list[Template]:
    """The templates of all folders that are deployed by themselves and have to do with AWS."""
    sources = Sources(contents, paths)
    found = [_read(sources, folder) for folder in (roots(sources) if sources.folders else ())]
    return [each for each in found if each is not None]


def _read(sources: Sources, folder: str) -> Template | None:
    files = sources.folders[folder]
    path = next((each for each in files if posixpath.basename(each) == "main.tf"), files[0])
    run = Run()
    place = Place(_name(folder), stack_account(path), REGION)
    try:
        return _template(sources, folder, path, place, run)
    except (RecursionError, Exhausted):
        problem = Problem(path, "could not be read: its parts refer to each other too deeply")
        return Template(path, "terraform", place.account, place.region, (), (problem,))


def _name(folder: str) -> str:
    parts = [each for each in folder.split("/") if each.lower() not in _GENERIC]
    return name_of_stack(parts[-1] if parts else "terraform")


def _template(sources: Sources, folder: str, path: str, place: Place, run: Run) -> Template | None:
    given = _given(sources, folder)
    root = Module(sources, folder, place, run, given=given)
    region = _region(root)
    if region != place.region:
        run = Run()
        place = Place(place.stack, place.account, region)
        root = Module(sources, folder, place, run, given=given)
    run.tags = _tags(root)
    problems: list[Problem] = []
    drafts: list[Draft] = []
    modules = list(root.all())
    for module in modules:
        drafts += _drafts(module, problems)
    kept = in_order(joined_drafts(drafts))
    resources = []
    unread: set[str] = set()
    for draft in kept:
        made = _resource(draft, problems)
        resources.append(made)
        if made.type.startswith(UNREAD) and made.type not in unread:
            unread.add(made.type)
            kind = made.type.removeprefix(UNREAD)
            problems.append(Problem(made.where, f"resources of the type {kind} are not read"))
    problems = [*dict.fromkeys((*run.problems, *problems))]
    if not resources and not (problems and _is_aws(sources, folder)):
        return None
    lies, inline = code_of(drafts, {each.id for each in resources}, modules)
    return Template(path, "terraform", place.account, place.region, tuple(resources), tuple(problems), lies, inline)


def _given(sources: Sources, folder: str) -> Callable[[str], Any]:
    """What the files beside a module give to its variables."""
    said: dict[str, Any] = {}
    empty = Module(sources, folder, Place("", "", REGION), Run())
    for parsed in sources.given(folder):
        worker = empty.worker(parsed.body.file)
        for name, (value, _) in parsed.body.attributes.items():
            said[name] = worker.value(value)
    return lambda name: said.get(name, NOTHING)


def _region(root: Module) -> str:
    for each in root.providers:
        if each.labels[:1] == ("aws",) and "alias" not in each.attributes and "region" in each.attributes:
            found = root.worker(each.file).value(each.attributes["region"][0])
            if isinstance(found, str) and not isinstance(found, Unresolved) and "${" not in found and found:
                return str(found)[:40]
    return REGION


def _tags(root: Module) -> Block:
    """The tags that the provider gives to everything."""
    for each in root.providers:
        if each.labels[:1] == ("aws",) and "alias" not in each.attributes:
            for inner in each.of("default_tags"):
                if "tags" in inner.attributes:
                    found = settled(root.worker(each.file).value(inner.attributes["tags"][0]))
                    if isinstance(found, Block) and not comes_to_much(found):
                        return found
    return Block()


def _is_aws(sources: Sources, folder: str) -> bool:
    """Whether a folder of which nothing was read has to do with AWS."""
    return any("aws" in (sources.text(path) or "") for path in sources.folders[folder])


def _drafts(module: Module, problems: list[Problem]) -> Iterator[Draft]:
    count = 0
    for (kind, _), written in module.managed.items():
        if not kind.startswith("aws_"):
            continue
        for made in module.copies(written):
            count += 1
            if count > _MOST_RESOURCES:
                problems.append(Problem(made.where, f"more than {_MOST_RESOURCES} resources are in one module"))
                return
            yield _draft(made)


def _draft(made: Made) -> Draft:
    draft = converted(made)
    tags = made.module.run.tags
    if tags and made.kind is not None and (made.kind.type in NAMED or made.kind.type in IDS):
        name = made.kind.name("tags")
        own = draft.properties.get(name, Block())
        if isinstance(own, Block):
            draft.properties.put(name, over(tags, own), draft.properties.lines.get(name, draft.properties.line))
    return shaped(draft)


def _resource(draft: Draft, problems: list[Problem]) -> Resource:
    made = draft.made
    properties = settled(draft.properties)
    if comes_to_much(properties):
        problems.append(Problem(made.where, f"{draft.id} comes to more than any real resource"))
        properties = draft.properties.like()
    own = made.kind is not None and draft.type == made.kind.type
    named = made.named()
    return Resource(
        draft.type,
        draft.id,
        str(named.name()) if own else draft.id,
        str(named.arn()) if own else "",
        finished(properties),
        draft.properties.where() if not own and draft.properties.line else made.where,
        {},
        {**places(properties), "": draft.properties.where() if not own and draft.properties.line else made.where},
        draft.conditional,
        str(named.ref()) if own else "",
    )
