"""Applications of the AWS CDK: the stacks of an assembly that was synthesised, or a note where there is none.

Source: AWS CDK documentation, "Cloud assembly schema".
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from .cloudformation import Stack
from .forest import Forest
from .located import Block, block, place
from .naming import Place, name_of_stack, stack_account
from .resources import Problem, Template
from .values import text_of

Content = Callable[[], bytes]
DEFAULT_REGION = "us-east-1"
OUT = "cdk.out"
_STACK = "aws:cloudformation:stack"
_TEMPLATE = ".template.json"
_ENVIRONMENT = re.compile(r"aws://[^/]+/([a-z]{2}(?:-[a-z]+)+-\d)$")


def assemblies(files: Mapping[str, Content]) -> list[Template]:
    """The stacks of all assemblies in a source tree."""
    roots = sorted({f"{path.partition(f'{OUT}/')[0]}{OUT}" for path in files if f"/{OUT}/" in f"/{path}"})
    return [template for root in roots for template in _assembly(files, root)]


def _assembly(files: Mapping[str, Content], root: str) -> Iterator[Template]:
    from .discover import template_of

    forest = Forest({path: content for path, content in sorted(files.items()) if path.startswith(f"{root}/")})
    stacks: list[Stack] = []
    for path in forest.paths:
        if posixpath.basename(path) == "manifest.json":
            stacks += _of_manifest(forest, path)
    known = {each.path for stack in stacks for each in stack.stacks()}
    for path in forest.paths:
        if path.endswith(_TEMPLATE) and not path.endswith(f".nested{_TEMPLATE}") and path not in known:
            stack = _stack(forest, path, "", "")
            stacks += [stack] if stack is not None else []
    forest.roots = sorted(stacks, key=lambda each: each.path)
    if not forest.roots:
        yield _note(root, "the assembly holds no stack that can be read")
    for stack in forest.roots:
        yield template_of(stack)


def _of_manifest(forest: Forest, path: str) -> Iterator[Stack]:
    folder = posixpath.dirname(path)
    artifacts = block(block(forest.fragment(path)).get("artifacts"))
    for name in sorted(artifacts):
        said = block(artifacts[name])
        if said.get("type") != _STACK:
            continue
        properties = block(said.get("properties"))
        file = forest.files.place(text_of(properties.get("templateFile")), folder)
        region = _ENVIRONMENT.match(text_of(said.get("environment")))
        called = text_of(properties.get("stackName")) or name
        stack = _stack(forest, file, called, region.group(1) if region else "") if file else None
        if stack is not None:
            yield stack


def _stack(forest: Forest, path: str, name: str, region: str) -> Stack | None:
    raw = forest.fragment(path)
    if raw is None or not isinstance(raw.get("Resources"), Block):
        return None
    called = name_of_stack(name or posixpath.basename(path).removesuffix(_TEMPLATE))
    at = Place(called, stack_account(path), region or DEFAULT_REGION)
    stack = Stack(forest, path, raw, at, region_known=bool(region))
    stack.problems[:0] = [Problem(place(path, line), why) for line, why in forest.remarks(path)]
    stack.kind = "cdk"
    stack.originals = _assets(forest, path, stack)
    return stack


def _assets(forest: Forest, path: str, stack: Stack) -> dict[str, str]:
    """The folders of code that only the list of assets names, not the template."""
    listed = block(block(forest.fragment(path.removesuffix(_TEMPLATE) + ".assets.json")).get("files"))
    found: dict[str, str] = {}
    for logical, said in stack.declared.items():
        code = block(block(block(said).get("Properties")).get("Code"))
        asset = block(listed.get(text_of(code.get("S3Key")).split(".")[0]))
        source = text_of(block(asset.get("source")).get("path"))
        if source:
            found[logical] = source
    return found


def cdk_sources(forest: Forest, files: Mapping[str, Content]) -> list[Template]:
    """A note for each application of which there is no assembly."""
    found = []
    for path in forest.paths:
        if posixpath.basename(path) != "cdk.json":
            continue
        folder = posixpath.dirname(path)
        out = posixpath.join(folder, OUT) + "/"
        if not any(each.startswith(out) for each in files):
            found.append(
                _note(
                    path,
                    "what this CDK application makes is only known once `cdk synth` was run; its resources are not assessed",
                )
            )
    return found


def _note(path: str, why: str) -> Template:
    return Template(path, "cdk", stack_account(path), DEFAULT_REGION, (), (Problem(path, why),))
