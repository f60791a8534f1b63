"""Services of the Serverless Framework as the CloudFormation that it makes of them.

The bucket that the framework keeps its uploads in is left out: no service decides how that one is made.
Source: Serverless Framework documentation, "Serverless.yml Reference" and "AWS - Resources".
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from .cloudformation import Stack
from .literals import Literals
from .located import Block, Series, block, located, over, place
from .naming import Place, name_of_stack, stack_account
from .resources import Problem, Template, Unresolved
from .serverless_functions import add_functions, add_layers
from .serverless_machines import add_machines
from .serverless_parts import At, Service, at_key, items, merged
from .serverless_variables import Variables
from .values import is_known, text_of

if TYPE_CHECKING:
    from .forest import Forest

DEFAULT_REGION = "us-east-1"
# In the one program that describes a service, and in none that only works with the framework.
_IN_PROGRAM = re.compile(rb"\bprovider\s*:\s*\{[^{}]*\bname\s*:", re.DOTALL)
_PROGRAMS = ("serverless.ts", "serverless.js", "serverless.cjs", "serverless.mjs")
_PSEUDO = "serverless-pseudo-parameters"
_NAME = re.compile(r"serverless[\w.-]*\.(?:ya?ml|json)$")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_SECTIONS = ("Resources", "Outputs", "Conditions", "Mappings", "Parameters", "Transform")


def is_service(forest: Forest, path: str) -> bool:
    """Whether a file describes a service."""
    name = posixpath.basename(path)
    if name in _PROGRAMS:
        return posixpath.splitext(path)[0] + ".yml" not in forest.files and bool(
            _IN_PROGRAM.search(forest.content(path))
        )
    if not name.endswith((".yml", ".yaml", ".json")):
        return False
    if not _NAME.match(name) and (b"provider" not in forest.content(path) or b"functions" not in forest.content(path)):
        return False
    raw = forest.fragment(path)
    if raw is None:
        return bool(_NAME.match(name)) and b"provider" in forest.content(path)
    return "service" in raw and "provider" in raw and not isinstance(raw.get("services"), Block)


def read_service(forest: Forest, path: str) -> Stack | Template:
    """The stack that a service becomes, or a template that only says why it could not be read."""
    if path.endswith(_PROGRAMS):
        raw = Literals(forest).exported(path)
        if not isinstance(raw, Block) or "provider" not in raw:
            return _empty(
                path, Problem(path, "the service is a program, of which only `serverless package` tells what it makes")
            )
    else:
        raw = forest.fragment(path)
        if raw is None:
            return _empty(path, Problem(path, "could not be read as YAML"))
    try:
        return _read(forest, path, raw)
    except RecursionError:
        return _empty(path, Problem(path, "could not be read: its parts refer to each other too deeply"))


def _read(forest: Forest, path: str, raw: Block) -> Stack | Template:
    variables = Variables(forest, path, raw)
    provider = raw.get("provider")
    _settle(variables)
    said = _with_pseudo_parameters(variables.resolve(raw))
    kind = (
        text_of(said.get("provider"))
        if not isinstance(said.get("provider"), Block)
        else text_of(said["provider"].get("name"))
    )
    if kind != "aws":
        where = raw.where("provider")
        return _empty(
            path,
            Problem(
                where, f"the service is for {kind or 'a provider that it does not say'}; only services for aws are read"
            ),
        )
    if not isinstance(provider, Block | str):
        said.put("provider", Block(path, raw.lines.get("provider", 0)))
    service = _service(path, said, variables)
    for remark, why in forest.remarks(path):
        service.problems.append(Problem(place(path, remark), why))
    add_functions(service)
    add_layers(service)
    add_machines(service)
    return _stack(forest, service, _whole(service), bool(_constant(variables.region)))


def _with_pseudo_parameters(said: Block) -> Block:
    """The service with `#{AWS::Region}` and the like as functions, if it uses the plugin that makes them so."""
    listed = said.get("plugins")
    modules = listed.get("modules") if isinstance(listed, Block) else listed
    used = any(text_of(each) == _PSEUDO for each, _ in items(modules))
    return block(_substituted(said)) if used else said


def _substituted(value: Any) -> Any:
    if isinstance(value, Block):
        made = value.like()
        for key, item in value.items():
            plainly = key == "Fn::Sub" and isinstance(item, str)
            made.take(value, key, item.replace("#{", "${") if plainly else _substituted(item))
        return made
    if isinstance(value, Series):
        series = value.like()
        for item, line in zip(value, value.lines, strict=True):
            series.add(_substituted(item), line)
        return series
    if isinstance(value, str) and "#{" in value:
        return located({"Fn::Sub": value.replace("#{", "${")}, "", 0)
    return value


def _settle(variables: Variables) -> None:
    """Find the stage and region first: nearly everything else hangs on them."""
    raw = variables.raw.get("provider")
    # A provider in a file of its own is resolved twice; what hangs on the stage only counts the second time.
    said = block(variables.resolve(raw) if isinstance(raw, str) else raw)
    for name in ("stage", "region"):
        found = variables.resolve(said.get(name))
        if name == "region":
            variables.region = _constant(found)
        elif isinstance(found, str) and is_known(found) and found:
            variables.stage = found


def _constant(region: Any) -> str:
    return region if isinstance(region, str) and _REGION.fullmatch(region) else ""


def _service(path: str, said: Block, variables: Variables) -> Service:
    name = said.get("service")
    text = name.get("name") if isinstance(name, Block) else name
    plugins = said.get("plugins")
    listed = plugins.get("modules") if isinstance(plugins, Block) else plugins
    return Service(
        path,
        text_of(text) or "service",
        variables.stage,
        variables.region or DEFAULT_REGION,
        said,
        Block(path, said.line),
        plugins=frozenset(text_of(each) for each, _ in items(listed)),
    )


def _whole(service: Service) -> Block:
    """The template: what the framework makes, and what `resources` adds or overrides."""
    own = service.said.get("resources")
    if isinstance(own, Unresolved):
        service.problems.append(Problem(own.where, f"the resources of the service are not read: {own.why}"))
    for each, line in items(own):
        if isinstance(each, Unresolved):
            service.problems.append(Problem(each.where, f"resources of the service are not read: {each.why}"))
        elif isinstance(each, Block) and not any(section in each for section in (*_SECTIONS, "extensions")) and each:
            service.problem(At(each.file, line), "an item of `resources` has no section Resources")
    parts = merged(own, service.path)
    whole = Block(service.path, service.said.line)
    for section in _SECTIONS[1:]:
        if section in parts:
            whole.take(parts, section, parts[section])
    added = block(parts.get("Resources"))
    for name, each in block(parts.get("extensions")).items():
        added = over(added, _extension(name, each, at_key(block(parts["extensions"]), name)))
    whole.put("Resources", over(service.resources, added), parts.lines.get("Resources", service.said.line))
    return whole


def _extension(name: str, each: Any, at: At) -> Block:
    made = Block(at.file, at.line)
    made.put(name, each, at.line)
    return made


def _stack(forest: Forest, service: Service, raw: Block, region_known: bool) -> Stack:
    called = text_of(service.provider.get("stackName")) or name_of_stack(service.prefix)
    at = Place(called, stack_account(service.path), service.region)
    stack = Stack(forest, service.path, raw, at, region_known=region_known)
    stack.kind = "serverless"
    stack.originals = dict(service.code)
    stack.problems[:0] = service.problems
    return stack


def _empty(path: str, problem: Problem) -> Template:
    return Template(path, "serverless", stack_account(path), DEFAULT_REGION, (), (problem,))
