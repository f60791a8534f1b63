"""How code checks tokens: signatures that are not verified, claims that are not looked at, authorizers that let everybody in.

Sources: PyJWT, "API Reference" (options of decode); python-jose, "JWT"; jsonwebtoken README (decode does not verify); RFC 8725 (JSON Web Token Best Current Practices).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..arguments import argument, options
from ..naming import View
from ..scopes import Scope, within
from .authorizers import authorizer_facts, is_authorizer
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
_VERIFIES = set_of(
    "jsonwebtoken.verify jose.jwtVerify jose.jws.verify jose.compactVerify aws-jwt-verify.CognitoJwtVerifier.create() google.oauth2.id_token.verify_oauth2_token google.oauth2.id_token.verify_token "
    "google.oauth2.id_token.verify_firebase_token firebase_admin.auth.verify_id_token jwks-rsa jwk-to-pem express-jwt express-oauth2-jwt-bearer aws-jwt-verify"
)
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
_CREDENTIAL = re.compile(r"(?i)token|jwt|jws|auth|bearer")
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


def tokens(view: View) -> Iterator[Fact]:
    """Every fact about the checking of tokens."""
    verifying = _verifying(view)
    verifies = bool(verifying)
    authorizers = {id(top): is_authorizer(view, top) for top in view.tops.values()}
    for scope in view.scopes:
        authorizer = authorizers[id(scope.top)]
        for call in scope.calls():
            name = view.named(call.function, scope)
            if name in _DECODES or (name.endswith("jwt.decode") and scope.module.language == ir.PYTHON):
                yield from _decoded(view, call, scope, name, verifies, authorizer)
            elif name in _UNVERIFIED and scope.top not in verifying:
                yield _fact(
                    "not-verified",
                    name,
                    call,
                    scope,
                    f"{name} reads a token without verifying its signature, {_elsewhere(verifies)}",
                    certain=not verifies,
                )
            elif name == "jsonwebtoken.verify":
                yield from _verified(view, call, scope, name)
            elif (
                name == "jwt-simple.decode"
                and len(call.arguments) > 2
                and view.value(call.arguments[2].value, scope) is True
            ):
                yield _fact("not-verified", name, call, scope, f"{name} is told not to verify the signature")
            elif _by_hand(view, call, scope) and scope.top not in verifying:
                yield _fact(
                    "not-verified",
                    name,
                    call,
                    scope,
                    f"the claims of a token are decoded without verifying its signature, {_elsewhere(verifies)}",
                    certain=authorizer and not verifies,
                )
    for top in view.tops.values():
        if authorizers[id(top)]:
            yield from authorizer_facts(view, top)


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


def _verifying(view: View) -> tuple[Scope, ...]:
    """The modules in which a token's signature is verified; all of them where a library does it that is set up once."""
    if view.imports(*_VERIFYING_PACKAGES):
        return tuple(view.tops.values())
    return tuple(scope.top for scope in view.scopes if _verifies(view, scope))


def _verifies(view: View, scope: Scope) -> bool:
    for call in scope.calls():
        name = view.named(call.function, scope)
        if name in _VERIFIES or name.endswith(
            (".get_signing_key_from_jwt", "PyJWKClient", "jwk.construct", ".verify_oauth2_token")
        ):
            return True
        if name in _DECODES and not _off(view, call, scope):
            return True
    return False


def _elsewhere(verifies: bool) -> str:
    if verifies:
        return "and whether another place of the package has done so before is not known"
    return "and nothing in the package verifies one"


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
    if name.rpartition(".")[2] in ("from", "decode") and not (name.startswith("Buffer") or "base64" in name):
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
        and bool(_CREDENTIAL.search(ir.dotted(found.function.of)))
    )


def _mentions(scope: Scope, *names: str) -> bool:
    for each in scope.top.nest():
        for node in each.nodes:
            if isinstance(node, ir.Constant) and node.value in names:
                return True
            if isinstance(node, ir.Member) and node.name in names:
                return True
    return False
