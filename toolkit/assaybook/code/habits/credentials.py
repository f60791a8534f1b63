"""Credentials in the hands of code: clients that are built with long-lived keys, credentials that are logged or answered, URLs that carry rights.

Sources: boto3, "Credentials" and "generate_presigned_url" (3600 seconds by default); AWS SDK for JavaScript, "@aws-sdk/s3-request-presigner" (900 seconds); Google Cloud client libraries,
"Authenticating with service account keys"; azure-identity, "ClientSecretCredential".
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from ..arguments import argument, options
from ..naming import View
from ..scopes import Scope, key_of
from .fact import CREDENTIALS, Fact
from .lists import set_of

# The runtime's own variables hold temporary credentials of the role. Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
_OWN = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
_DUMMY = set_of(
    "test testing dummy fake foo bar x xxx local localstack mock none minio minioadmin fakemyikeyid accesskey secretkey key root anything"
)
_KEY_FILES = (
    "from_service_account_file",
    "from_service_account_json",
    "from_service_account_info",
    "from_json_keyfile_name",
    "from_json_keyfile_dict",
)


def credentials(view: View) -> Iterator[Fact]:
    """Every fact about keys with which clients are built."""
    for scope in view.scopes:
        for node in scope.nodes:
            if isinstance(node, ir.Call):
                yield from _built(view, node, scope, view.named(node.function, scope))
            elif isinstance(node, ir.Record):
                yield from _record(view, node, scope)


def _source(view: View, expression: ir.Expression, scope: Scope) -> str:
    """Where a key comes from: constant, temporary, placeholder, own, environment or elsewhere."""
    value = view.value(expression, scope)
    if isinstance(value, str):
        if value.startswith("ASIA"):
            return "temporary"
        return (
            "placeholder"
            if not value
            or value.lower() in _DUMMY
            or "example" in value.lower()
            or "your" in value.lower()
            or value.startswith("<")
            else "constant"
        )
    variable = variable_of(view, expression, scope)
    if variable:
        return "own" if variable in _OWN else "environment"
    return "elsewhere"


def variable_of(view: View, expression: ir.Expression, scope: Scope) -> str:
    """The name of the environment variable that a value is read from; empty if it is not."""
    found, where = view.once(expression, scope)
    if isinstance(found, ir.Choice):
        found = found.yes
    if isinstance(found, ir.Unary) and found.operator == "+":
        found = found.operand
    if isinstance(found, ir.Call):
        name = view.named(found.function, where)
        if name in ("os.environ.get", "os.getenv", "environ.get", "decouple.config", "env") and found.arguments:
            value = view.value(found.arguments[0].value, where)
            return value if isinstance(value, str) else "?"
        return ""
    name = view.named(found, where)
    if name.startswith("process.env."):
        return name.removeprefix("process.env.")
    return name[len("os.environ[") : -1] if name.startswith("os.environ[") else ""


def _static(
    view: View,
    name: str,
    node: ir.Expression,
    scope: Scope,
    key: tuple[ir.Expression, Scope],
    secret: tuple[ir.Expression, Scope],
    token: tuple[ir.Expression, Scope] | None,
) -> Iterator[Fact]:
    sources = {_source(view, *key), _source(view, *secret)}
    if "constant" in sources and not sources & {"temporary", "placeholder"}:
        yield Fact(
            CREDENTIALS,
            "static-key",
            name,
            node.place,
            scope,
            f"{name} is built with an access key that is written into the code",
            hidden=True,
        )
    elif sources == {"environment"} and token is None:
        variables = f"{variable_of(view, *key)} and {variable_of(view, *secret)}"
        yield Fact(
            CREDENTIALS,
            "key-from-environment",
            name,
            node.place,
            scope,
            f"{name} is built with a key of its own, from {variables}, and not with the role",
            details={"variable": variable_of(view, *key)},
            hidden=True,
        )


def _built(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    given = options(view, call, scope)
    last = name.rpartition(".")[2]
    short = name.replace("boto3.Session().", "boto3.")
    if "aws_access_key_id" in given and "aws_secret_access_key" in given:
        yield from _static(
            view,
            short,
            call,
            scope,
            given["aws_access_key_id"],
            given["aws_secret_access_key"],
            given.get("aws_session_token"),
        )
    elif last == "Credentials" and call.new and len(call.arguments) > 1 and "aws" in name.lower():
        yield from _static(
            view,
            short,
            call,
            scope,
            (call.arguments[0].value, scope),
            (call.arguments[1].value, scope),
            (call.arguments[2].value, scope) if len(call.arguments) > 2 else None,
        )
    elif last in _KEY_FILES:
        first = call.arguments[0].value if call.arguments else ir.Opaque()
        if isinstance(view.value(first, scope), str) or isinstance(view.once(first, scope)[0], ir.Record):
            yield Fact(
                CREDENTIALS,
                "static-key",
                short,
                call.place,
                scope,
                f"{last} takes the key of a service account from the package",
                hidden=True,
            )
    elif last == "ClientSecretCredential" and "azure" in name:
        secret = argument(call, "client_secret", 2)
        if secret is not None and _source(view, secret, scope) == "constant":
            yield Fact(
                CREDENTIALS,
                "static-key",
                short,
                call.place,
                scope,
                "ClientSecretCredential is built with a client secret that is written into the code",
                hidden=True,
            )


def _record(view: View, record: ir.Record, scope: Scope) -> Iterator[Fact]:
    entries = {key_of(entry.key): entry.value for entry in record.entries if entry.key is not None}
    if "accessKeyId" in entries and "secretAccessKey" in entries:
        token = entries.get("sessionToken")
        around = next(
            (view.named(each.function, scope) for each in scope.around(record) if isinstance(each, ir.Call)), "a client"
        )
        yield from _static(
            view,
            around,
            record,
            scope,
            (entries["accessKeyId"], scope),
            (entries["secretAccessKey"], scope),
            (token, scope) if token is not None else None,
        )
    if "keyFilename" in entries and isinstance(view.value(entries["keyFilename"], scope), str):
        yield Fact(
            CREDENTIALS,
            "static-key",
            "keyFilename",
            record.place,
            scope,
            "a client takes the key of a service account from the package (keyFilename)",
            hidden=True,
        )
