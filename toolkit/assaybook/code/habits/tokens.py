"""How code checks tokens: signatures that are not verified, claims that are not looked at, authorizers that let everybody in.

Sources: PyJWT, "API Reference" (options of decode); python-jose, "JWT"; jsonwebtoken README (decode does not verify); RFC 8725 (JSON Web Token Best Current Practices).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..arguments import argument, options
from ..naming import Unset, View
from ..scopes import Scope, key_of, within
from .answers import root
from .fact import TOKENS, Fact
from .lists import set_of

_DECODES = frozenset(
    {
        "jwt.decode",
        "jwt.api_jwt.decode",
        "jose.jwt.decode",
        "jwt.PyJWT().decode",
        "jwt.decode_complete",
        "authlib.jose.jwt.decode",
    }
)
_VERIFIES = set_of("jsonwebtoken.verify jose.jwtVerify jose.jws.verify jose.compactVerify aws-jwt-verify.CognitoJwtVerifier.create() google.oauth2.id_token.verify_oauth2_token google.oauth2.id_token.verify_token "
    "google.oauth2.id_token.verify_firebase_token firebase_admin.auth.verify_id_token jwks-rsa jwk-to-pem express-jwt express-oauth2-jwt-bearer aws-jwt-verify")
_VERIFYING_PACKAGES = (
    "aws-jwt-verify",
    "jwks-rsa",
    "jwk-to-pem",
    "express-jwt",
    "express-oauth2-jwt-bearer",
    "google-auth-library",
    "firebase-admin",
    "jwks_client",
    "cognitojwt",
)
_UNVERIFIED = frozenset(
    {
        "jsonwebtoken.decode",
        "jwt-decode",
        "jwt-decode.jwtDecode",
        "jwt_decode",
        "jose.decodeJwt",
        "jose.jwt.get_unverified_claims",
        "jwt.get_unverified_claims",
        "jose.jws.get_unverified_claims",
    }
)
_TOKEN = re.compile(r"token|authorization|api_?key|secret|bearer|password|credential", re.IGNORECASE)


def tokens(view: View) -> Iterator[Fact]:
    """Every fact about the checking of tokens."""
    verifies = _verifies(view)
    authorizers = {id(top): _is_authorizer(view, top) for top in view.tops.values()}
    for scope in view.scopes:
        authorizer = authorizers[id(scope.top)]
        for call in scope.calls():
            name = view.named(call.function, scope)
            if name in _DECODES or (name.endswith("jwt.decode") and scope.module.language == ir.PYTHON):
                yield from _decoded(view, call, scope, name, verifies, authorizer)
            elif name in _UNVERIFIED and not verifies:
                yield _fact(
                    "not-verified",
                    name,
                    call,
                    scope,
                    f"{name} reads a token without verifying its signature, and nothing in the package verifies one",
                )
            elif name == "jsonwebtoken.verify":
                yield from _verified(view, call, scope, name)
            elif (
                name == "jwt-simple.decode"
                and len(call.arguments) > 2
                and view.value(call.arguments[2].value, scope) is True
            ):
                yield _fact("not-verified", name, call, scope, f"{name} is told not to verify the signature")
            elif _by_hand(view, call, scope) and not verifies:
                yield _fact(
                    "not-verified",
                    name,
                    call,
                    scope,
                    "the claims of a token are decoded without verifying its signature, and nothing in the package verifies one",
                    certain=authorizer,
                )
    for top in view.tops.values():
        if authorizers[id(top)]:
            yield from _authorizer(view, top)


def _fact(
    kind: str,
    name: str,
    node: ir.Expression | ir.Statement,
    scope: Scope,
    said: str,
    *,
    certain: bool = True,
    hidden: bool = False,
) -> Fact:
    return Fact(TOKENS, kind, name, node.place, scope, said, certain, hidden=hidden)


def _verifies(view: View) -> bool:
    """Whether anything in the package verifies a token's signature."""
    if view.imports(*_VERIFYING_PACKAGES):
        return True
    for scope in view.scopes:
        for call in scope.calls():
            name = view.named(call.function, scope)
            if name in _VERIFIES or name.endswith(
                (".get_signing_key_from_jwt", "PyJWKClient", "jwk.construct", ".verify_oauth2_token")
            ):
                return True
            if name in _DECODES and not _off(view, call, scope):
                return True
    return False


def _off(view: View, call: ir.Call, scope: Scope) -> bool:
    given = options(view, call, scope)
    told = [
        view.value(*given[key]) for key in ("verify", "options.verify_signature", "verify_signature") if key in given
    ]
    return any(each is False for each in told)


def _decoded(view: View, call: ir.Call, scope: Scope, name: str, verifies: bool, authorizer: bool) -> Iterator[Fact]:
    given = options(view, call, scope)
    if _off(view, call, scope):
        elsewhere = " here; another place of the package verifies one" if verifies else ""
        yield _fact(
            "not-verified",
            name,
            call,
            scope,
            f"{name} is told not to verify the signature{elsewhere}",
            certain=not verifies,
            hidden=True,
        )
        return
    algorithms = argument(call, "algorithms", 2)
    if algorithms is not None and _has_none(view, algorithms, scope):
        yield _fact(
            "algorithm-none",
            name,
            call,
            scope,
            f"{name} accepts tokens that nobody signed (algorithm none)",
            hidden=True,
        )
    for key, what in (
        ("verify_exp", "expired tokens"),
        ("verify_aud", "tokens for another audience"),
        ("verify_iss", "tokens of another issuer"),
    ):
        found = given.get(f"options.{key}") or given.get(key)
        if found is not None and view.value(*found) is False:
            yield _fact(
                "claim-not-checked",
                name,
                call,
                scope,
                f"{name} accepts {what} ({key} is off)",
                certain=key == "verify_exp",
                hidden=True,
            )
    if (
        authorizer
        and "audience" not in given
        and "issuer" not in given
        and not call_spreads(call)
        and not _mentions(scope, "aud", "iss", "client_id", "azp")
    ):
        yield _fact(
            "audience-not-checked",
            name,
            call,
            scope,
            f"{name} is given neither audience nor issuer, and nothing here compares them",
            certain=False,
            hidden=True,
        )


def call_spreads(call: ir.Call) -> bool:
    """Whether a call is given what the text does not show."""
    return any(each.spread for each in call.arguments)


def _has_none(view: View, expression: ir.Expression, scope: Scope) -> bool:
    value, where = view.once(expression, scope)
    parts = value.items if isinstance(value, ir.Sequence) else (value,)
    return any(str(view.value(each, where)).lower() == "none" and view.value(each, where) is not None for each in parts)


def _verified(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    given = options(view, call, scope)
    if "ignoreExpiration" in given and view.value(*given["ignoreExpiration"]) is True:
        yield _fact(
            "claim-not-checked", name, call, scope, f"{name} accepts expired tokens (ignoreExpiration)", hidden=True
        )
    if "algorithms" in given and _has_none(view, *given["algorithms"]):
        yield _fact(
            "algorithm-none",
            name,
            call,
            scope,
            f"{name} accepts tokens that nobody signed (algorithm none)",
            hidden=True,
        )
    if len(call.arguments) > 1:
        key = view.value(call.arguments[1].value, scope)
        if key is None or key == "":
            yield _fact("not-verified", name, call, scope, f"{name} is given no key", hidden=True)


def _by_hand(view: View, call: ir.Call, scope: Scope) -> bool:
    """`json.loads(base64.b64decode(token.split(".")[1]))` and the like."""
    name = view.named(call.function, scope)
    if name.rpartition(".")[2] not in ("b64decode", "urlsafe_b64decode", "atob", "from", "decode"):
        return False
    if name.rpartition(".")[2] in ("from", "decode") and not name.startswith(("Buffer", "base64")):
        return False
    for each in call.arguments[:1]:
        waiting = [each.value]
        for _ in range(4):
            part = waiting.pop()
            for node in within(part):
                if (
                    isinstance(node, ir.Item)
                    and node.key is not None
                    and view.value(node.key, scope) == 1
                    and _is_split(view, node.of, scope)
                ):
                    return True
            found, _ = view.once(part, scope)
            if found is part:
                break
            waiting.append(found)
    return False


def _is_split(view: View, expression: ir.Expression, scope: Scope) -> bool:
    found, where = view.once(expression, scope)
    if not isinstance(found, ir.Call) or not isinstance(found.function, ir.Member) or found.function.name != "split":
        return False
    return (
        bool(found.arguments)
        and view.value(found.arguments[0].value, where) == "."
        and "token"
        in (
            ir.dotted(found.function.of) + "token"
            if "jwt" in ir.dotted(found.function.of).lower()
            else ir.dotted(found.function.of)
        ).lower()
    )


def _is_authorizer(view: View, top: Scope) -> bool:
    """Whether a module makes the answers of an authorizer: a policy document for an API, or `isAuthorized`."""
    for scope in top.nest():
        for node in scope.nodes:
            if isinstance(node, ir.Record):
                keys = {key_of(entry.key) for entry in node.entries if entry.key is not None}
                if keys & {"policyDocument", "isAuthorized"}:
                    return True
            elif isinstance(node, ir.Assign):
                for target in node.targets:
                    key = (
                        view.value(target.key, scope)
                        if isinstance(target, ir.Item) and target.key
                        else getattr(target, "name", "")
                    )
                    if key in ("policyDocument", "isAuthorized"):
                        return True
    return False


def _authorizer(view: View, top: Scope) -> Iterator[Fact]:
    constants = {
        each.value
        for scope in top.nest()
        for node in scope.nodes
        for each in (node,)
        if isinstance(each, ir.Constant) and isinstance(each.value, str)
    }
    raises = any(isinstance(node, ir.Raise) for scope in top.nest() for node in scope.nodes)
    decides = raises or "Deny" in constants or "deny" in constants or "Unauthorized" in constants
    for scope in top.nest():
        for node in scope.nodes:
            if isinstance(node, ir.Record):
                yield from _granted(view, node, scope, decides)
            elif isinstance(node, ir.Binary) and node.operator in ("==", "===", "!=", "!=="):
                yield from _compared(view, node, scope)


def _granted(view: View, record: ir.Record, scope: Scope, decides: bool) -> Iterator[Fact]:
    entries = {key_of(entry.key): entry.value for entry in record.entries if entry.key is not None}
    if (
        "isAuthorized" in entries
        and view.value(entries["isAuthorized"], scope) is True
        and not decides
        and not _conditions(scope)
    ):
        yield _fact(
            "allows-everyone",
            "isAuthorized",
            record,
            scope,
            "the authorizer answers isAuthorized true without any condition",
        )
    effect = entries.get("Effect")
    if effect is None or "Action" not in entries or "execute-api" not in str(view.leading(entries["Action"], scope)):
        return
    if view.value(effect, scope) == "Allow" and not decides and not any(_conditions(each) for each in scope.top.nest()):
        yield _fact(
            "allows-everyone", "policyDocument", record, scope, "the authorizer allows every call without any condition"
        )
    if "Resource" in entries and view.value(entries["Resource"], scope) == "*":
        yield _fact(
            "allows-every-route",
            "policyDocument",
            record,
            scope,
            "the authorizer's policy allows all routes at once (Resource *), whatever the caller asked for",
            certain=False,
        )


def _conditions(scope: Scope) -> bool:
    return any(isinstance(node, ir.If | ir.Choice) for node in scope.nodes)


def _compared(view: View, compared: ir.Binary, scope: Scope) -> Iterator[Fact]:
    left, right = compared.left, compared.right
    for one, other in ((left, right), (right, left)):
        said = _last(one)
        value = view.value(other, scope)
        # What the request holds, against a text of the code.
        if not _TOKEN.search(said) or not isinstance(view.value(one, scope), Unset):
            continue
        if (
            isinstance(value, str)
            and len(value) >= 4
            and value.lower()
            not in ("bearer", "token", "basic", "undefined", "null", "none", "request", "refresh", "access")
        ):
            yield _fact(
                "fixed-token",
                "==",
                compared,
                scope,
                f"the authorizer compares {said} with a text that is written into the code",
                hidden=True,
            )
            return
        name = view.named(other, scope)
        if isinstance(value, Unset) and name.startswith(("os.environ", "os.getenv", "process.env")):
            yield _fact(
                "compare-not-constant-time",
                "==",
                compared,
                scope,
                f"the authorizer compares {said} with ==, whose time tells how much of it is right",
                certain=False,
            )
            return


def _last(expression: ir.Expression) -> str:
    if isinstance(expression, ir.Member):
        return expression.name
    if isinstance(expression, ir.Item) and isinstance(expression.key, ir.Constant):
        return str(expression.key.value)
    return root(expression) if isinstance(expression, ir.Name | ir.Call) else ""


def _mentions(scope: Scope, *names: str) -> bool:
    for each in scope.top.nest():
        for node in each.nodes:
            if isinstance(node, ir.Constant) and node.value in names:
                return True
            if isinstance(node, ir.Member) and node.name in names:
                return True
    return False
