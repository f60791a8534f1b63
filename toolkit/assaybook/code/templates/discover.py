"""Finds the templates among the files of a source tree, by what is in them, and reads each."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from .cdk import assemblies, cdk_sources
from .cloudformation import Stack
from .forest import Forest
from .loading import LARGEST, Unreadable, load
from .located import Block, block, place
from .naming import Place, name_of_stack, stack_account
from .resources import Problem, Template
from .sam_settings import Settings, settings
from .serverless import is_service, read_service
from .terraform.deployment import terraform_templates

Content = Callable[[], bytes]
DEFAULT_REGION = "us-east-1"
# Folders that hold what others wrote, or what tools made of the templates beside them.
PASSED_BY = frozenset(
    {
        ".aws-sam",
        ".git",
        ".serverless",
        ".terraform",
        ".tox",
        ".venv",
        "__pycache__",
        "bower_components",
        "node_modules",
        "site-packages",
        "venv",
    }
)
_ENDINGS = (".yaml", ".yml", ".json", ".template", ".cfn", ".cform")
_NEVER = frozenset({"package-lock.json", "npm-shrinkwrap.json", "package.json", "tsconfig.json", "composer.lock"})
_PACKAGED = re.compile(r"(?:packaged|packaged-template|template-packaged|packaged_template|output)\.(?:ya?ml|json)$")
_LIKELY = re.compile(
    rb"AWSTemplateFormatVersion|\bAWS::[A-Za-z0-9]+::|AWS::Serverless-2016-10-31|AWS::LanguageExtensions"
)
_SURELY = re.compile(rb"""^\s*["']?(?:AWSTemplateFormatVersion|Resources)["']?\s*:""", re.MULTILINE)
_KINDS = ("AWS::", "Custom::", "Alexa::", "Fn::")
_TOO_DEEP = "could not be read: its parts refer to each other too deeply"
_GENERIC = frozenset({"template", "main", "sam", "stack", "cloudformation", "cfn", "index"})


def read_templates(files: Mapping[str, Content]) -> tuple[Template, ...]:
    """The templates of a source tree, in the order of their paths.

    `files` maps paths (posix, relative) to what reads them. A template that cannot be read is one without resources and with a problem; no content of a file
    raises. What is no template is left out, and so are templates that another one takes in.
    """
    forest = Forest({path: content for path, content in sorted(files.items()) if is_own(path)})
    found: list[Template] = [*assemblies(files), *cdk_sources(forest, files)]
    services = [read_service(forest, path) for path in forest.paths if is_service(forest, path)]
    found += [each for each in services if isinstance(each, Template)]
    forest.roots, broken = _roots(forest)
    # Services first become stacks as well, so that what one exports is known to all.
    forest.roots += [each for each in services if isinstance(each, Stack)]
    found += [*broken, *map(template_of, forest.roots)]
    found += terraform_templates(files, tuple(forest.paths))
    return tuple(sorted(found, key=lambda each: (each.path, each.format)))


def is_own(path: str) -> bool:
    """Whether a file can hold a template of the project itself."""
    return not PASSED_BY.intersection(path.split("/")[:-1]) and "/cdk.out/" not in f"/{path}"


def _roots(forest: Forest) -> tuple[list[Stack], list[Template]]:
    """The stacks that no other one makes, and templates that only say why they could not be read."""
    broken: list[Template] = []
    stacks: list[Stack] = []
    for path in forest.paths:
        raw = _raw(forest, path, broken) if _is_candidate(forest, path) else None
        if raw is None:
            continue
        try:
            stack = _root(forest, path, raw)
            stack.kind = format_of(path, stack.written)
            stacks.append(stack)
        except RecursionError:
            broken.append(_empty(path, Problem(path, _TOO_DEEP)))
    taken = {inner.path for each in stacks for inner in list(each.stacks())[1:]}
    return [each for each in stacks if each.path not in taken], broken


def _is_candidate(forest: Forest, path: str) -> bool:
    name = posixpath.basename(path)
    if not name.lower().endswith(_ENDINGS) or name in _NEVER or path in forest.taken:
        return False
    if _PACKAGED.match(name):
        folder = posixpath.dirname(path)
        return not any(posixpath.join(folder, each) in forest.files for each in ("template.yaml", "template.yml"))
    return True


def _raw(forest: Forest, path: str, broken: list[Template]) -> Block | None:
    content = forest.content(path)
    if not _LIKELY.search(content[:LARGEST]):
        return None
    try:
        value = load(content, path).value
    except Unreadable as error:
        if _SURELY.search(content):
            broken.append(
                _empty(path, Problem(place(path, error.line), f"could not be read as a template: {error.why}"))
            )
        return None
    return value if isinstance(value, Block) and is_template(value) else None


def is_template(value: Block) -> bool:
    """Whether a document is a template of CloudFormation or SAM."""
    resources = value.get("Resources")
    if not isinstance(resources, Block):
        return "AWSTemplateFormatVersion" in value and "Resources" in value
    if any(key.startswith("Fn::") for key in resources):
        return True
    types = [each.get("Type") for each in resources.values() if isinstance(each, Block)]
    return any(isinstance(each, str) and each.startswith(_KINDS) for each in types)


def _root(forest: Forest, path: str, raw: Block) -> Stack:
    said = settings(forest, path)
    stack = Stack(
        forest,
        path,
        raw,
        Place(said.stack or name_of_stack(_own_name(path)), stack_account(path), said.region or DEFAULT_REGION),
        region_known=bool(said.region),
        given=_overrides(said, raw),
    )
    remarks = forest.remarks(path)
    stack.problems[:0] = [Problem(place(path, line), why) for line, why in remarks]
    return stack


def _overrides(said: Settings, raw: Block) -> Callable[[str], Any]:
    from .values import NOTHING

    declared = block(raw.get("Parameters"))

    def given(name: str) -> Any:
        secret = str(block(declared.get(name)).get("NoEcho")).lower() == "true"
        return NOTHING if secret else said.overrides.get(name, NOTHING)

    return given


def _own_name(path: str) -> str:
    stem = posixpath.basename(path).split(".")[0]
    folder = posixpath.basename(posixpath.dirname(path))
    return folder or "stack" if stem.lower() in _GENERIC else stem


def format_of(path: str, raw: Block) -> str:
    """What a template is written in."""
    transform = raw.get("Transform")
    transforms = transform if isinstance(transform, list) else [transform]
    if any(isinstance(each, str) and each.startswith("AWS::Serverless") for each in transforms):
        return "sam"
    resources = [each for each in block(raw.get("Resources")).values() if isinstance(each, Block)]
    if any(str(each.get("Type")).startswith("AWS::Serverless::") for each in resources):
        return "sam"
    synthesised = path.endswith(".template.json") or any(
        "aws:cdk:path" in block(each.get("Metadata")) for each in resources
    )
    return "cdk" if synthesised else "cloudformation"


def template_of(root: Stack) -> Template:
    """A stack and all that are nested in it, as one template."""
    try:
        return _whole(root)
    except RecursionError:
        return _empty(root.path, Problem(root.path, _TOO_DEEP), root.kind)


def _whole(root: Stack) -> Template:
    stacks = list(root.stacks())
    made = [(each, tuple(each.resources())) for each in stacks]
    codes = [each.code(resources) for each, resources in made]
    problems = [problem for each in stacks for problem in each.problems]
    return Template(
        root.path,
        root.kind,
        root.place.account,
        root.place.region,
        tuple(resource for _, resources in made for resource in resources),
        tuple(dict.fromkeys(problems)),
        {identity: lies for code, _ in codes for identity, lies in code.items()},
        {identity: text for _, inline in codes for identity, text in inline.items()},
    )


def _empty(path: str, problem: Problem, kind: str = "cloudformation") -> Template:
    return Template(path, kind, stack_account(path), DEFAULT_REGION, (), (problem,))
