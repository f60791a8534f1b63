"""What a description of an API in OpenAPI, with the extensions of API Gateway, makes when it is deployed.

Sources: Amazon API Gateway Developer Guide, "OpenAPI extensions for API Gateway"; OpenAPI Specification, "Security Requirement Object".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .answers import entries, members, untold, word

EXTENSION = "x-amazon-apigateway-"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
ANY = "x-amazon-apigateway-any-method"
JSON = "application/json"
NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of a path: who has to say who they are, and what it runs."""

    path: str
    method: str
    record: Mapping[str, Any]
    kind: Any  # NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT; or what leaves it open
    authorizer: str = ""
    key: bool = False
    scopes: tuple[str, ...] = ()

    @property
    def integration(self) -> Any:
        """What it runs, as the extension says it."""
        return self.record.get(f"{EXTENSION}integration", {})


@dataclass(frozen=True)
class Description:
    """A description that was read."""

    document: Mapping[str, Any] = field(repr=False)

    def extension(self, name: str, default: Any = None) -> Any:
        """The value of an extension at the top."""
        return self.document.get(f"{EXTENSION}{name}", default)

    @property
    def schemes(self) -> Mapping[str, Mapping[str, Any]]:
        """Its ways to tell who calls, by name."""
        newer = members(self.document.get("components")).get("securitySchemes")
        found = {**members(self.document.get("securityDefinitions")), **members(newer)}
        return {name: members(each) for name, each in found.items()}

    @property
    def schemas(self) -> Mapping[str, Any]:
        """Its models, by name."""
        return {
            **members(self.document.get("definitions")),
            **members(members(self.document.get("components")).get("schemas")),
        }

    def authorizers(self) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
        """Name, authorizer and scheme of each way that asks an authorizer."""
        for name, scheme in self.schemes.items():
            found = scheme.get(f"{EXTENSION}authorizer")
            if isinstance(found, Mapping):
                yield name, found, scheme

    def operations(self) -> Iterator[Operation]:
        """Its methods, in their order."""
        for path, item in members(self.document.get("paths")).items():
            for method, record in members(item).items():
                if method.lower() in METHODS or method == ANY:
                    yield self._operation(str(path), "ANY" if method == ANY else method.upper(), members(record))

    def _operation(self, path: str, method: str, record: Mapping[str, Any]) -> Operation:
        auth = members(record.get(f"{EXTENSION}auth")).get("type")
        if isinstance(auth, str) and auth.upper() in (NONE, "AWS_IAM"):
            required = entries(record.get("security"))
            return Operation(
                path,
                method,
                record,
                auth.upper(),
                key=any(self._is_key(name) for each in required for name in members(each)),
            )
        kind, authorizer, key = NONE, "", False
        scopes: tuple[str, ...] = ()
        for each in entries(record.get("security", self.document.get("security"))):
            if untold(each):
                return Operation(path, method, record, each)
            for name, asked in members(each).items():
                found = self._kind(str(name))
                if untold(found):
                    return Operation(path, method, record, found)
                if found == "key":
                    key = True
                elif found:
                    kind, authorizer, scopes = found, str(name), tuple(word(one) for one in entries(asked))
        return Operation(path, method, record, kind, authorizer, key, scopes)

    def _is_key(self, name: str) -> bool:
        return bool(self._kind(name) == "key")

    def _kind(self, name: str) -> Any:
        """What API Gateway makes of a scheme; empty for one that it knows nothing of, which lets everybody through."""
        scheme = self.schemes.get(name)
        if scheme is None:
            components = members(self.document.get("components"))
            return next((each for each in (components, components.get("securitySchemes")) if untold(each)), "")
        authorizer, said = (
            members(scheme.get(f"{EXTENSION}authorizer")),
            str(scheme.get(f"{EXTENSION}authtype", "")).lower(),
        )
        kind = str(authorizer.get("type", "")).lower()
        opened = (scheme, scheme.get(f"{EXTENSION}authtype"), authorizer, authorizer.get("type"))
        if any(map(untold, opened)):
            return next(filter(untold, opened))
        if said == "awssigv4":
            return "AWS_IAM"
        if kind == "jwt":
            return "JWT"
        if kind == "cognito_user_pools" or said == "cognito_user_pools":
            return "COGNITO_USER_POOLS"
        if kind in ("token", "request"):
            return "CUSTOM"
        if scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key":
            return "key"
        return ""

    def validators(self) -> Mapping[str, Mapping[str, Any]]:
        """Its request validators by name."""
        return {str(name): members(each) for name, each in members(self.extension("request-validators")).items()}

    def parameters(self, path: str, operation: Operation) -> dict[str, bool]:
        """The parameters of a method as API Gateway declares them, with whether each is required."""
        places = {"path": "path", "query": "querystring", "header": "header"}
        shared = members(members(self.document.get("paths")).get(path)).get("parameters")
        found = {}
        for each in (*entries(shared), *entries(operation.record.get("parameters"))):
            place = places.get(str(members(each).get("in")))
            if place:
                found[f"method.request.{place}.{each.get('name')}"] = each.get("required") is True
        return found

    def models(self, operation: Operation) -> dict[str, str]:
        """The models that the body of a method is checked against, by content type."""
        found = {}
        for each in entries(operation.record.get("parameters")):
            if members(each).get("in") == "body":
                found[JSON] = _named(each.get("schema"))
        for kind, each in members(members(operation.record.get("requestBody")).get("content")).items():
            found[str(kind)] = _named(members(each).get("schema"))
        return {kind: name for kind, name in found.items() if name}


def _named(schema: Any) -> str:
    """The model that a schema names; one that stands there itself becomes a model of its own."""
    reference = members(schema).get("$ref")
    if isinstance(reference, str):
        return reference.rpartition("/")[2]
    return INLINE if members(schema) else ""


# The name of a model that stands within a method and has rules of its own.
INLINE = "inline"


def described(body: Any) -> Description | None:
    """The description in a property; None where the template does not hold it."""
    if not isinstance(body, Mapping) or untold(body) or not body:
        return None
    paths = body.get("paths")
    return None if untold(paths) or any(map(untold, members(paths).values())) else Description(body)
