"""From resources that SAM's transform made back to the lines that made them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .located import Block, Series, block, grafted
from .values import text_of

_POLICY = re.compile(r"RolePolicy(\d+)$")
_API_EVENTS = {"ServerlessRestApi": "Api", "ServerlessHttpApi": "HttpApi"}
_SECTIONS = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
}
_ROLE = ("Policies", "AssumeRolePolicyDocument", "PermissionsBoundary", "RolePath", "Connectors")


def with_lines(made: Mapping[str, Any], raw: Block) -> Block:
    """The translated template with the lines of the one that it was made from."""
    whole = Block(raw.file, raw.line)
    for key, value in made.items():
        if key == "Resources":
            whole.take(raw, key, _Lines(raw).resources(value))
        else:
            whole.put(
                key,
                grafted(value, [raw.get(key)], raw.file, raw.lines.get(key, raw.line)),
                raw.lines.get(key, raw.line),
            )
    return whole


class _Lines:
    """Finds the source of each resource: the resource of the template, and within it the event, by how SAM names what it makes."""

    def __init__(self, raw: Block) -> None:
        self.raw = raw
        self.declared = block(raw.get("Resources"))
        self.shared = block(raw.get("Globals"))
        self.longest_first = sorted(self.declared, key=lambda name: (-len(name), name))
        self.routes = self._routes()

    def resources(self, made: Any) -> Block:
        found = Block(self.raw.file, self.raw.lines.get("Resources", self.raw.line))
        # The transform mixes its resources; here they stand in the order of the lines that made them.
        origins = {name: self._origin(name) for name in made}
        for name in sorted(made, key=lambda each: (origins[each][1], each)):
            resource, (original, line) = made[name], origins[name]
            found.put(name, self._resource(name, resource, original, line), line)
        return found

    def _origin(self, name: str) -> tuple[Block, int]:
        """The resource that something was made of, and the line of what in it made it."""
        if name in self.declared:
            return block(self.declared[name]), self.declared.lines.get(name, 0)
        for implicit, kind in _API_EVENTS.items():
            if name.startswith(implicit):
                return Block(), self._first_event(kind)
        for each in self.longest_first:
            if name.startswith(each):
                resource = block(self.declared[each])
                return resource, self._within(resource, name.removeprefix(each)) or self.declared.lines.get(each, 0)
        return Block(), self.raw.lines.get("Resources", self.raw.line)

    def _within(self, resource: Block, rest: str) -> int:
        properties = block(resource.get("Properties"))
        events = block(properties.get("Events"))
        named = [each for each in events if rest.startswith(each)]
        if named:
            return events.lines.get(max(named, key=len), 0)
        if rest == "Role":
            return next((properties.lines[each] for each in _ROLE if each in properties), 0)
        if rest.startswith("Url"):
            return properties.lines.get("FunctionUrlConfig", 0)
        return 0

    def _events(self) -> list[tuple[Block, str, Block, int]]:
        found = []
        for name in self.declared:
            events = block(block(block(self.declared[name]).get("Properties")).get("Events"))
            for event, said in events.items():
                found.append((events, event, block(said), events.lines.get(event, 0)))
        return found

    def _first_event(self, kind: str) -> int:
        lines = [line for _, _, said, line in self._events() if said.get("Type") == kind]
        return lines[0] if lines else self.raw.lines.get("Resources", self.raw.line)

    def _routes(self) -> Mapping[tuple[str, str], int]:
        routes: dict[tuple[str, str], int] = {}
        for _, _, said, line in self._events():
            properties = block(said.get("Properties"))
            if said.get("Type") in ("Api", "HttpApi"):
                path, method = text_of(properties.get("Path")) or "$default", text_of(properties.get("Method")) or "any"
                method = (
                    "x-amazon-apigateway-any-method"
                    if method.lower() in ("any", "x-amazon-apigateway-any-method")
                    else method.lower()
                )
                routes.setdefault((path, method), line)
        return routes

    def _resource(self, name: str, resource: Any, original: Block, line: int) -> Block:
        made = Block(self.raw.file, line)
        said = block(original.get("Properties"))
        kind = text_of(original.get("Type"))
        shared = block(self.shared.get(_SECTIONS.get(kind, "")))
        for key, value in resource.items():
            if key == "Properties":
                inner = grafted(value, [_renamed(said), _renamed(shared)], self.raw.file, line)
                if resource.get("Type") == "AWS::IAM::Role" and name not in self.declared:
                    _policies(inner, said)
                self._body(inner)
                made.put(key, inner, original.lines.get(key, line) if name in self.declared else line)
            else:
                made.put(key, grafted(value, [original.get(key)], self.raw.file, line), original.lines.get(key, line))
        return made

    def _body(self, properties: Any) -> None:
        """Say of each method of an API which event made it."""
        paths = block(block(block(properties).get("Body")).get("paths"))
        for path, methods in paths.items():
            for method in block(methods):
                line = self.routes.get((path, method))
                if line and methods.file == self.raw.file:
                    methods.lines[method] = line
                    paths.lines[path] = (
                        min(paths.lines.get(path, line), line)
                        if paths.lines.get(path) in self.routes.values()
                        else line
                    )
                    _move(methods[method], line)


def _move(value: Any, line: int) -> None:
    """Let all of a value stand in one line."""
    if isinstance(value, Block):
        value.line = line
        for key, item in value.items():
            value.lines[key] = line
            _move(item, line)
    elif isinstance(value, Series):
        value.line = line
        value.lines[:] = [line] * len(value)
        for item in value:
            _move(item, line)


def _renamed(said: Block) -> Block:
    """Properties of SAM under the names that they have in CloudFormation too."""
    made = said.like()
    for key, value in said.items():
        made.take(said, key, value)
    for name, new in (
        ("CodeUri", "Code"),
        ("InlineCode", "Code"),
        ("ImageUri", "Code"),
        ("ContentUri", "Content"),
        ("DefinitionBody", "Body"),
        ("DefinitionUri", "Body"),
        ("Definition", "DefinitionString"),
        ("DeadLetterQueue", "DeadLetterConfig"),
        ("Tracing", "TracingConfig"),
        ("Role", "RoleArn"),
        ("Policies", "ManagedPolicyArns"),
        ("AccessLogSetting", "AccessLogSettings"),
    ):
        if name in said and new not in made:
            made.put(new, said[name] if new in ("Body", "DefinitionString") else None, said.lines.get(name, said.line))
    return made


def _policies(made: Any, said: Block) -> None:
    """Say of each policy of a made role which item of `Policies` it is."""
    items = said.get("Policies")
    policies = block(made).get("Policies")
    if not isinstance(policies, Series):
        return
    for index, policy in enumerate(policies):
        number = _POLICY.search(text_of(block(policy).get("PolicyName")))
        if number is None or not isinstance(items, Series) or int(number.group(1)) >= len(items):
            continue
        item = items[int(number.group(1))]
        line = items.lines[int(number.group(1))]
        policies.lines[index] = line
        policies[index] = grafted(policy, [_as_policy(item, line)], items.file, line)


def _as_policy(item: Any, line: int) -> Block:
    made = Block(item.file if isinstance(item, Block) else "", line)
    made.put("PolicyDocument", item, line)
    return made
