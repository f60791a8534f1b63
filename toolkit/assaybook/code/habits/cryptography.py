"""Cryptography that is broken or misused: weak algorithms, fixed keys, salts and initial values, predictable random numbers, too few rounds.

Sources: NIST SP 800-131A rev. 2 (algorithms and key lengths); NIST SP 800-132 and OWASP Password Storage Cheat Sheet (rounds); Python, "random" and MDN, "Math.random" (neither is for security).
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from ..arguments import argument, options
from ..naming import UNSET, Unset, View
from ..scopes import Scope, key_of
from .algorithms import (
    DOUBTFUL_ROUNDS,
    ECB,
    IVS,
    KEYED,
    LEAST_BCRYPT,
    LEAST_ROUNDS,
    LEAST_RSA,
    MUST_BE_SECRET,
    RANDOM,
    SALTED,
    WEAK_CIPHERS,
    WEAK_HASHES,
)
from .fact import CRYPTOGRAPHY, Fact
from .words import purpose, said_around, said_of_result, words


def cryptography(view: View) -> Iterator[Fact]:
    """Every fact about cryptography."""
    for scope in view.scopes:
        for node in scope.nodes:
            if isinstance(node, ir.Call):
                name = _library(view.named(node.function, scope))
                yield from _hash(view, node, scope, name)
                yield from _cipher(view, node, scope, name)
                yield from _key(view, node, scope, name)
                yield from _initial(view, node, scope, name)
                yield from _rounds(view, node, scope, name)
                yield from _random(view, node, scope, name)
            elif isinstance(node, ir.Member):
                yield from _mode(view, node, scope)
            elif isinstance(node, ir.Assign):
                yield from _secret_key(view, node, scope)


def _library(name: str) -> str:
    """Names of one library that is imported in several ways, alike."""
    return name.replace("crypto.default.", "crypto.").replace("default.", "")


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
    return Fact(CRYPTOGRAPHY, kind, name, node.place, scope, said, certain, hidden=hidden)


def _hash(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    weak = WEAK_HASHES.get(name, "")
    if name in ("hashlib.new", "crypto.createHash", "crypto.hash"):
        algorithm = view.value(argument(call, "name", 0) or ir.Opaque(), scope)
        weak = {
            "md5": "MD5",
            "sha1": "SHA-1",
            "sha-1": "SHA-1",
            "rsa-md5": "MD5",
            "rsa-sha1": "SHA-1",
            "md4": "MD4",
        }.get(str(algorithm).lower(), "")
    named = options(view, call, scope)
    if not weak or ("usedforsecurity" in named and view.value(*named["usedforsecurity"]) is False):
        return
    # An HMAC does not rest on collisions; services sign with HMAC-SHA-1 to this day.
    if any(
        isinstance(each, ir.Call) and "hmac" in view.named(each.function, scope).lower() for each in scope.around(call)
    ):
        return
    names = [*said_around(call, scope), *_updates(view, call, scope)]
    security, harmless = purpose(iter(names))
    if not security:
        called, spared = purpose(_callers(view, scope))
        security, harmless = called, spared or (harmless and not called)
    if harmless and not security:
        return
    certain = security and not harmless
    what = "for what its names call a secret or a proof" if certain else "for a purpose that its names do not tell"
    yield _fact("weak-hash", name, call, scope, f"{weak} is used {what}", certain=certain)


def _updates(view: View, call: ir.Call, scope: Scope) -> Iterator[str]:
    """What is put into a hash later: `h.update(password)`, `createHash("md5").update(password)`."""
    for each in scope.calls():
        if (
            isinstance(each.function, ir.Member)
            and each.function.name == "update"
            and view.once(each.function.of, scope)[0] is call
        ):
            yield from said_around(each, scope)


def _callers(view: View, scope: Scope) -> Iterator[str]:
    """What a function that only hashes is called with and for: `user.password = sha1(body.password)`."""
    if scope.function is None or "<" in scope.function.name:
        return
    for each in view.scopes:
        for call in each.calls():
            if ir.dotted(call.function).rpartition(".")[2] == scope.function.name:
                yield from said_around(call, each)


def _cipher(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    if name in WEAK_CIPHERS:
        yield _fact("weak-cipher", name, call, scope, f"{name} is {WEAK_CIPHERS[name]}", hidden=True)
    elif name in ("crypto.createCipheriv", "crypto.createDecipheriv"):
        algorithm = str(view.value(call.arguments[0].value, scope) if call.arguments else "").lower()
        weak = algorithm.startswith(("des", "rc4", "rc2", "bf", "blowfish", "cast", "idea")) or "-ecb" in algorithm
        if weak:
            yield _fact("weak-cipher", name, call, scope, f"{name} is called with {algorithm}", hidden=True)
    elif name.endswith("generateKeyPairSync") or name.endswith("crypto.generateKeyPair"):
        bits = options(view, call, scope).get("modulusLength")
        yield from _short_key(view, call, scope, name, bits)
    elif name.endswith(("rsa.generate_private_key", "PublicKey.RSA.generate", "rsa.newkeys")):
        at = argument(call, "key_size", 1 if name.endswith("private_key") else 0) or argument(call, "bits", 0)
        yield from _short_key(view, call, scope, name, (at, scope) if at is not None else None)
    elif name in ("jwt.encode", "jsonwebtoken.sign", "jose.jwt.encode"):
        given = options(view, call, scope).get("algorithm")
        if given and str(view.value(*given)).lower() == "none":
            yield _fact(
                "unsigned-token",
                name,
                call,
                scope,
                f"{name} makes a token that nobody signs (algorithm none)",
                hidden=True,
            )


def _short_key(
    view: View, call: ir.Call, scope: Scope, name: str, bits: tuple[ir.Expression, Scope] | None
) -> Iterator[Fact]:
    value = view.value(*bits) if bits else UNSET
    if isinstance(value, int) and 0 < value < LEAST_RSA:
        yield _fact("short-key", name, call, scope, f"{name} makes an RSA key of {value} bits")


def _mode(view: View, member: ir.Member, scope: Scope) -> Iterator[Fact]:
    name = view.named(member, scope)
    if name in ECB or member.name == "MODE_ECB":
        yield _fact(
            "weak-cipher",
            name,
            member,
            scope,
            f"{ir.dotted(member) or member.name} encrypts equal blocks alike",
            hidden=True,
        )


def _key(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    if name not in KEYED:
        return
    at, keyword = KEYED[name]
    given = argument(call, keyword, at if at >= 0 else None) if keyword else argument(call, "", at)
    if given is None and at < 0:
        found = options(view, call, scope).get(keyword)
        given = found[0] if found else None
    if given is None:
        return
    value, certain = _constant(view, given, scope)
    if (
        not isinstance(value, str)
        or not value
        or value.startswith(("-----BEGIN PUBLIC", "-----BEGIN CERT", "arn:", "http"))
    ):
        return
    if name.endswith(("decode", "verify", "decrypt")) and not certain:
        return
    if name in ("jwt.decode",) and "verify_signature" in options(view, call, scope):
        return
    said = f"the key of {name} is written into the code"
    if not certain:
        said = f"the key of {name} falls back to one that is written into the code"
    yield _fact("fixed-key", name, call, scope, said, certain=certain, hidden=True)


def _constant(view: View, given: ir.Expression, scope: Scope) -> tuple[object, bool]:
    """A constant, and whether it is always used; False for one that is used where nothing else is set."""
    value = view.value(given, scope)
    if not isinstance(value, Unset):
        return value, True
    found, where = view.once(given, scope)
    if isinstance(found, ir.Choice):
        return view.value(found.no, where), False
    if (
        isinstance(found, ir.Call)
        and view.named(found.function, where) in ("os.environ.get", "os.getenv")
        and len(found.arguments) > 1
    ):
        return view.value(found.arguments[1].value, where), False
    return UNSET, False


def _initial(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    if name not in IVS:
        return
    at, keywords = IVS[name]
    given = next((found for each in keywords if (found := argument(call, each))), None) or argument(call, "", at)
    if given is None:
        return
    value = view.value(given, scope)
    found, where = view.once(given, scope)
    zeros = isinstance(found, ir.Call) and view.named(found.function, where) in ("Buffer.alloc", "bytes", "bytearray")
    repeated = isinstance(found, ir.Binary) and found.operator == "*" and isinstance(found.left, ir.Constant)
    algorithm = str(view.value(call.arguments[0].value, scope)).lower() if call.arguments else ""
    if "ecb" in algorithm or (isinstance(value, str) and not value):
        return
    if (
        isinstance(value, str)
        or (
            zeros and isinstance(view.value(found.arguments[0].value, where), int | str)
            if isinstance(found, ir.Call) and found.arguments
            else False
        )
        or repeated
    ):
        yield _fact(
            "fixed-initial-value", name, call, scope, f"the initial value of {name} is the same each time", hidden=True
        )


def _rounds(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    if name in SALTED:
        at, keyword, rounds_at, rounds = SALTED[name]
        salt = argument(call, keyword or "", at if at >= 0 else None)
        if salt is not None and isinstance(view.value(salt, scope), str):
            yield _fact("fixed-salt", name, call, scope, f"the salt of {name} is the same for everybody", hidden=True)
        given = (
            argument(call, rounds or "", rounds_at if rounds_at and rounds_at >= 0 else None)
            if rounds_at is not None
            else None
        )
        number = view.value(given, scope) if given is not None else UNSET
        if isinstance(number, int) and 0 < number < DOUBTFUL_ROUNDS:
            yield _fact("few-rounds", name, call, scope, f"{name} runs {number} rounds", certain=number < LEAST_ROUNDS)
    elif name in (
        "bcrypt.gensalt",
        "bcrypt.hash",
        "bcrypt.hashSync",
        "bcryptjs.hash",
        "bcryptjs.hashSync",
        "bcrypt.genSalt",
        "bcrypt.genSaltSync",
        "bcryptjs.genSalt",
        "bcryptjs.genSaltSync",
    ):
        given = argument(call, "rounds", 1 if ".hash" in name else 0)
        number = view.value(given, scope) if given is not None else UNSET
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number < LEAST_BCRYPT:
            yield _fact("few-rounds", name, call, scope, f"{name} runs with a cost of {number}")


def _random(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    module, _, last = name.rpartition(".")
    known = (module in ("random", "numpy.random") and last in RANDOM) or name == "Math.random"
    if not known:
        return
    said = list(said_of_result(call, scope))
    security, harmless = purpose(iter(said))
    strong = {word for each in said for word in words(each)} & MUST_BE_SECRET
    if security and strong and not harmless:
        yield _fact(
            "predictable-random",
            name,
            call,
            scope,
            f"{name}() makes what its names call a {sorted(strong)[0]}; its numbers can be foreseen",
        )


def _secret_key(view: View, assign: ir.Assign, scope: Scope) -> Iterator[Fact]:
    """The key with which a web framework signs its sessions (`app.secret_key = "..."`)."""
    for target in assign.targets:
        named = target.name if isinstance(target, ir.Member) else ""
        if isinstance(target, ir.Item) and ir.dotted(target.of).endswith("config"):
            named = key_of(target.key) if target.key is not None else ""
        if named.lower() in ("secret_key", "jwt_secret_key") and assign.value is not None:
            value, certain = _constant(view, assign.value, scope)
            if isinstance(value, str) and value:
                said = (
                    "the key that signs sessions is written into the code"
                    if certain
                    else "the key that signs sessions falls back to one in the code"
                )
                yield _fact("fixed-key", "secret_key", assign, scope, said, certain=certain, hidden=True)
