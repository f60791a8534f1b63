"""What a SAM template takes from files beside it: hidden from the translator, which wants all of it uploaded, and put back afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .located import located, plain
from .values import text_of

if TYPE_CHECKING:
    from .cloudformation import Stack

_BUCKET = "code-beside-the-template"
# The property of each type that names a file or folder of code.
_CODE = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::WebFunction": "CodeUri",
    "AWS::Serverless::MicrovmImage": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}
_DEFINITIONS = {
    "AWS::Serverless::Api": "DefinitionBody",
    "AWS::Serverless::HttpApi": "DefinitionBody",
    "AWS::Serverless::WebSocketApi": "DefinitionBody",
    "AWS::Serverless::StateMachine": "Definition",
}


class Local:
    """The local paths of one template, by the number that stands for each while it is translated."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._paths: list[Any] = []
        self.problems: list[tuple[str, str]] = []

    def hide(self, template: dict[str, Any]) -> None:
        """Replace local code by an address that the translator takes, and read definitions into the template."""
        shared = template.get("Globals")
        function = shared.get("Function") if isinstance(shared, dict) else None
        self._name_alias(function)
        if isinstance(function, dict) and "CodeUri" in function:
            function["CodeUri"] = self._hidden(function["CodeUri"])
        for logical, resource in template["Resources"].items():
            kind = str(resource.get("Type"))
            self._name_alias(resource.get("Properties"))
            properties = resource.setdefault("Properties", {}) if kind in _CODE or kind in _DEFINITIONS else {}
            if kind in _CODE:
                self._hide_code(resource, properties, _CODE[kind], function if isinstance(function, dict) else {})
            elif kind in _DEFINITIONS:
                self._read_definition(logical, properties, _DEFINITIONS[kind])
            elif kind == "AWS::Serverless::GraphQLApi":
                self._hide_graph(resource.get("Properties", {}))

    def _name_alias(self, said: Any) -> None:
        """The translator takes no alias whose name hangs on something that it does not know."""
        alias = said.get("AutoPublishAlias") if isinstance(said, dict) else None
        if isinstance(alias, dict):
            known = self._stack.resolver.resolve(located(alias, self._stack.path, 0))
            text = re.sub(r"[^A-Za-z0-9-_]", "", text_of(known))
            said["AutoPublishAlias"] = text if re.search(r"[^0-9]", text) else "live"

    def _hide_code(self, resource: dict[str, Any], said: dict[str, Any], name: str, shared: dict[str, Any]) -> None:
        image = said.get("PackageType", shared.get("PackageType")) == "Image" or "ImageUri" in said
        if image:
            said.setdefault("ImageUri", shared.get("ImageUri") or self._hidden(""))
            said.pop(name, None)
        elif name in said:
            said[name] = self._hidden(said[name])
        elif "InlineCode" not in said and name not in shared:
            said[name] = self._hidden("")

    def _hide_graph(self, said: Any) -> None:
        if not isinstance(said, dict):
            return
        schema = said.get("SchemaUri")
        if isinstance(schema, str) and not schema.startswith("s3://"):
            said["SchemaUri"] = self._hidden(schema)
        for section in ("Functions", "Resolvers"):
            for each in _within(said.get(section)):
                if isinstance(each.get("CodeUri"), str):
                    each["CodeUri"] = self._hidden(each["CodeUri"])

    def _hidden(self, said: Any) -> Any:
        if isinstance(said, str) and said.startswith("s3://"):
            return said
        if isinstance(said, dict) and "Bucket" in said:
            return said
        self._paths.append(said)
        return f"s3://{_BUCKET}/{len(self._paths) - 1}"

    def _read_definition(self, logical: str, said: dict[str, Any], name: str) -> None:
        uri = said.get("DefinitionUri")
        included = self._included(said.get(name))
        if included is not None:
            said[name] = included
        elif name == "DefinitionBody" and _is_include(said.get(name)):
            said.pop(name)
            self.problems.append(
                (logical, f"the definition of {logical} is included from a place that is not in the source tree")
            )
        elif uri is not None and name not in said:
            fragment = self._fragment(uri)
            if fragment is not None:
                del said["DefinitionUri"]
                said[name] = fragment
            else:
                said["DefinitionUri"] = self._hidden(uri)

    def _included(self, said: Any) -> Any:
        """The fragment that a definition includes, if that is all that it is."""
        if not _is_include(said):
            return None
        parameters = said["Fn::Transform"].get("Parameters")
        return self._fragment(parameters.get("Location")) if isinstance(parameters, dict) else None

    def _fragment(self, said: Any) -> Any:
        found = self._stack.included(self._text(said))
        return plain(found) if found is not None else None

    def _text(self, said: Any) -> str:
        resolved = self._stack.resolver.resolve(located(said, self._stack.path, 0))
        return str(text_of(resolved)) if isinstance(resolved, str) else ""

    def restore(self, made: dict[str, Any]) -> None:
        """Put the local paths back where the translator left their addresses."""
        for resource in made["Resources"].values():
            properties = resource.get("Properties") if isinstance(resource, dict) else None
            if not isinstance(properties, dict):
                continue
            for name in ("Code", "Content", "DefinitionS3Location", "BodyS3Location", "CodeS3Location", "CodeArtifact"):
                number = _number(properties.get(name))
                if number is not None and number < len(self._paths):
                    properties[name] = self._text(self._paths[number])


def _is_include(said: Any) -> bool:
    transform = said.get("Fn::Transform") if isinstance(said, dict) and len(said) == 1 else None
    return isinstance(transform, dict) and transform.get("Name") == "AWS::Include"


def _within(said: Any) -> list[dict[str, Any]]:
    """The mappings in a section of a GraphQL API, at whichever of its two levels they stand."""
    found: list[dict[str, Any]] = []
    for each in said.values() if isinstance(said, dict) else ():
        if isinstance(each, dict):
            found += [each] if "CodeUri" in each else [item for item in each.values() if isinstance(item, dict)]
    return found


def _number(said: Any) -> int | None:
    """The number that stands for a local path, in any of the forms in which the translator writes an address."""
    text = said
    if isinstance(said, dict):
        image = said.get("ImageUri", said.get("Uri"))
        bucket, key = said.get("S3Bucket", said.get("Bucket")), said.get("S3Key", said.get("Key"))
        text = image if isinstance(image, str) else f"s3://{bucket}/{key}"
    start = f"s3://{_BUCKET}/"
    rest = text.removeprefix(start) if isinstance(text, str) and text.startswith(start) else ""
    return int(rest) if rest.isdecimal() else None
