"""CloudFormation templates: stacks, what they refer to among each other, and the resources that they make."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from .assembled import assembled
from .code_places import INLINE, ROOT, Files, inline_code, inline_file, said_path
from .completed import completed
from .conditions import Conditions
from .intrinsics import Resolver
from .located import Block, Series, block
from .naming import Named, Place
from .parameters import declared_value
from .resources import Problem, Resource
from .values import NOTHING, finished, is_known, places, text_of, unresolved

# How far references may lead from one resource to the next; a longer way is no real template's.
_FARTHEST = 30
_NESTED = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
_ATTRIBUTES = (
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "UpdatePolicy",
    "UpdateReplacePolicy",
)
_CODE = (
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Serverless::Function",
    "AWS::Serverless::LayerVersion",
)


class Tree(Protocol):
    """What stacks ask of the source tree that they stand in."""

    files: Files

    def text(self, path: str) -> str:
        """The text of a file, empty if it is none."""

    def fragment(self, path: str) -> Block | None:
        """The mapping that a file of the tree holds, or None."""

    def exported(self, name: str, asking: Stack, where: str) -> Any:
        """What a stack of the tree exports under a name."""

    def prepare(self, stack: Stack) -> Block:
        """A template with its transforms applied."""


class Stack:
    """One template as it would be deployed; the scope in which its functions are resolved."""

    def __init__(
        self,
        tree: Tree,
        path: str,
        raw: Block,
        place: Place,
        *,
        region_known: bool = False,
        given: Callable[[str], Any] = lambda name: NOTHING,
        prefix: str = "",
        around: tuple[str, ...] = (),
    ) -> None:
        self.tree = tree
        self.path = path
        self.raw = self.written = raw
        self.place = place
        self.region = place.region
        self.region_known = region_known
        self.prefix = prefix
        self.around = (*around, path)
        self.problems: list[Problem] = []
        self.resolver = Resolver(self)
        self.originals: dict[str, str] = {}
        self.kind = "cloudformation"
        self._given = given
        self._known: dict[object, Any] = {}
        self._busy: set[object] = set()
        self._conditions = Conditions(block(raw.get("Conditions")), self.resolver, region_known=region_known)
        self.raw, problems = assembled(raw, self.resolver)
        self.problems.extend(problems)
        self.raw = tree.prepare(self)
        self._conditions = Conditions(block(self.raw.get("Conditions")), self.resolver, region_known=region_known)

    @property
    def folder(self) -> str:
        """The folder of the template."""
        return posixpath.dirname(self.path)

    @property
    def declared(self) -> Block:
        """The resources as the template has them."""
        return block(self.raw.get("Resources"))

    def _once(self, key: object, make: Callable[[], Any], name: str, where: str) -> Any:
        """What `make` gives, made once; what hangs on itself, or on too much, is not known."""
        if key in self._known:
            return self._known[key]
        if key in self._busy or len(self._busy) > _FARTHEST:
            return unresolved(name, f"{name} hangs on itself", where)
        self._busy.add(key)
        try:
            found = make()
        finally:
            self._busy.discard(key)
        self._known[key] = found
        return found

    def reference(self, name: str, where: str) -> Any:
        """What `Ref` gives."""
        pseudo = self._pseudo(name)
        if pseudo is not None:
            return pseudo
        parameters = block(self.raw.get("Parameters"))
        if name in parameters:
            place = parameters.where(name)
            return self._once(
                ("parameter", name),
                lambda: declared_value(name, parameters[name], self._given(name), place),
                name,
                where,
            )
        if isinstance(self.declared.get(name), Block):
            return self._once(("ref", name), self.named(name).ref, name, where)
        return unresolved(name, f"the template has no parameter or resource {name}", where)

    def _pseudo(self, name: str) -> Any:
        place = self.place
        said: Mapping[str, Any] = {
            "AWS::AccountId": place.account,
            "AWS::Region": place.region,
            "AWS::Partition": place.partition,
            "AWS::StackName": place.stack,
            "AWS::URLSuffix": "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com",
            "AWS::NoValue": NOTHING,
            "AWS::NotificationARNs": Series(self.path),
            "AWS::StackId": f"arn:{place.partition}:cloudformation:{place.region}:{place.account}:stack/{place.stack}/0",
        }
        return said.get(name)

    def attribute(self, logical: str, name: str, where: str) -> Any:
        """What `Fn::GetAtt` gives."""
        resource = self.declared.get(logical)
        if not isinstance(resource, Block):
            return unresolved(f"{logical}.{name}", f"the template has no resource {logical}", where)
        if name.startswith("Outputs."):
            child = self.child(logical)
            if child is not None:
                return child.output(name.removeprefix("Outputs."), where)
        key = ("attribute", logical, name)
        return self._once(key, lambda: self.named(logical).attribute(name, where), f"{logical}.{name}", where)

    def named(self, logical: str) -> Named:
        """How a resource is called."""
        resource = block(self.declared.get(logical))
        properties = block(resource.get("Properties"))

        def prop(name: str) -> Any:
            if name not in properties:
                return ""
            found = self._once(
                ("property", logical, name),
                lambda: self.resolver.resolve(properties[name]),
                f"{logical}.{name}",
                properties.where(name),
            )
            return "" if found is NOTHING or found is None else found

        return Named(text_of(resource.get("Type")), logical, self.place, prop)

    def condition(self, name: str) -> bool | None:
        """Whether a condition holds."""
        return self._conditions.holds(name)

    def mapping(self, name: str) -> Block:
        """A mapping of the template."""
        return block(block(self.raw.get("Mappings")).get(name))

    def imported(self, name: str, where: str) -> Any:
        """What another stack of the tree exports."""
        key = ("import", name)
        return self._once(key, lambda: self.tree.exported(name, self, where), f"ImportValue {name}", where)

    def included(self, location: str) -> Any:
        """A fragment of a template in the tree."""
        path = self.tree.files.place(location, self.folder)
        return self.tree.fragment(path) if path and path not in self.around else None

    def output(self, name: str, where: str) -> Any:
        """The value of an output."""
        said = block(block(self.raw.get("Outputs")).get(name))
        if "Value" not in said:
            return unresolved(f"{self.prefix}Outputs.{name}", f"the template {self.path} has no output {name}", where)
        key = ("output", name)
        return self._once(key, lambda: self.resolver.resolve(said["Value"]), f"Outputs.{name}", where)

    def exports(self) -> Iterator[tuple[str, str]]:
        """The names under which outputs are exported, and the outputs."""
        for output, said in block(self.raw.get("Outputs")).items():
            export = block(block(said).get("Export"))
            name = self.resolver.resolve(export.get("Name"))
            if isinstance(name, str) and is_known(name):
                yield str(name), output

    def child(self, logical: str) -> Stack | None:
        """The nested stack that a resource makes, if its template is in the tree."""
        key = ("child", logical)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._make_child(logical)
        found = self._known[key]
        return found if isinstance(found, Stack) else None

    def _make_child(self, logical: str) -> Stack | None:
        resource = block(self.declared.get(logical))
        if resource.get("Type") not in _NESTED:
            return None
        properties = block(resource.get("Properties"))
        said = self.resolver.resolve(properties.get("TemplateURL", properties.get("Location")))
        about = block(resource.get("Metadata"))
        if about.get("aws:asset:property") == "TemplateURL":
            said = about.get("aws:asset:path")
        path = self.tree.files.uploaded(text_of(said), self.folder) if isinstance(said, str) else ""
        raw = self.tree.fragment(path) if path and path not in self.around else None
        if raw is None:
            return None
        parameters = block(properties.get("Parameters"))

        def given(name: str) -> Any:
            return self.resolver.resolve(parameters[name]) if name in parameters else NOTHING

        place = Place(f"{self.place.stack}-{logical}", self.place.account, self.place.region)
        return Stack(
            self.tree,
            path,
            raw,
            place,
            region_known=self.region_known,
            given=given,
            prefix=f"{self.prefix}{logical}/",
            around=self.around,
        )

    def stacks(self) -> Iterator[Stack]:
        """The stack itself and all that are nested in it."""
        yield self
        for logical in self.declared:
            child = self.child(logical)
            if child is not None:
                yield from child.stacks()

    def resources(self) -> Iterator[Resource]:
        """The resources that the stack makes, without those whose condition does not hold."""
        for logical, said in self.declared.items():
            where = self.declared.where(logical)
            if not isinstance(said, Block) or not isinstance(said.get("Type"), str):
                self.problems.append(Problem(where, f"the resource {logical} has no type"))
                continue
            if said["Type"].endswith("::MODULE"):
                self.problems.append(
                    Problem(
                        where, f"the module {said['Type']} of {logical} makes resources that are not in the template"
                    )
                )
            condition = said.get("Condition")
            holds = self.condition(condition) if isinstance(condition, str) else True
            if holds is False:
                continue
            yield self._resource(logical, said, where, "" if holds else str(condition))

    def _resource(self, logical: str, said: Block, where: str, conditional: str) -> Resource:
        properties = self.resolver.resolve(said.get("Properties"))
        if not isinstance(properties, Block):
            if properties is not None:
                self.problems.append(Problem(where, f"the properties of {logical} are no mapping"))
            properties = Block(said.file, said.line)
        named = self.named(logical)
        kind = str(said["Type"])
        properties = completed(kind, properties, self.tree.files, self.folder, self.tree.text)
        if kind in _NESTED and self.child(logical) is None:
            self.problems.append(
                Problem(where, f"the template of the nested stack {logical} is not in the source tree")
            )
        return Resource(
            kind,
            f"{self.prefix}{logical}",
            str(named.name()),
            str(named.arn()),
            finished(properties),
            where,
            {each: finished(self.resolver.resolve(said[each])) for each in _ATTRIBUTES if each in said},
            {"": where, **places(properties)},
            conditional,
            str(named.ref()),
        )

    def code(self, made: tuple[Resource, ...]) -> tuple[dict[str, str], dict[str, str]]:
        """Where the code of this stack's functions and layers lies, and the code that stands in the template."""
        lies: dict[str, str] = {}
        inline: dict[str, str] = {}
        known = {each.id: each for each in made}
        for logical, said in self.declared.items():
            identity = f"{self.prefix}{logical}"
            found = known.get(identity)
            if found is None or found.type not in _CODE:
                continue
            properties = self.resolver.resolve(block(said).get("Properties"))
            text = inline_code(properties)
            if text is not None:
                lies[identity] = f"{INLINE}{identity}"
                inline[f"{INLINE}{identity}/{inline_file(found.properties.get('Runtime'))}"] = text
            else:
                path = self.originals.get(logical) or said_path(properties, block(said).get("Metadata"))
                lies[identity] = self.tree.files.place(path, self.folder, ROOT)
        return lies, inline
