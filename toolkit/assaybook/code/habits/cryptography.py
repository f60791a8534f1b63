"""Cryptography that is broken or misused: weak algorithms, fixed keys, salts and initial values, predictable random numbers, too few rounds.

Sources: NIST SP 800-131A rev. 2 (algorithms and key lengths); NIST SP 800-132 and OWASP Password Storage Cheat Sheet (rounds); Python, "random" and MDN, "Math.random" (neither is for security).
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from ..arguments import argument, options
from ..naming import UNSET, Unset, View
from ..scopes import Scope, key_of
from .fact import CRYPTOGRAPHY, Fact
from .lists import set_of
from .words import purpose, said_around, said_of_result, words

_WEAK_HASHES = {
    "hashlib.md5": "MD5",
    "hashlib.sha1": "SHA-1",
    "Crypto.Hash.MD5.new": "MD5",
    "Crypto.Hash.SHA1.new": "SHA-1",
    "Crypto.Hash.SHA.new": "SHA-1",
    "Cryptodome.Hash.MD5.new": "MD5",
    "Cryptodome.Hash.SHA1.new": "SHA-1",
    "md5": "MD5",
    "sha1": "SHA-1",
    "blueimp-md5": "MD5",
    "js-md5": "MD5",
    "js-sha1": "SHA-1",
    "crypto-js.MD5": "MD5",
    "crypto-js.SHA1": "SHA-1",
    "crypto-js/md5": "MD5",
    "crypto-js/sha1": "SHA-1",
    "cryptography.hazmat.primitives.hashes.MD5": "MD5",
    "cryptography.hazmat.primitives.hashes.SHA1": "SHA-1",
}
_WEAK_CIPHERS = {
    **{f"{lib}.Cipher.{one}.new": said for lib in ("Crypto", "Cryptodome") for one, said in (
        ("DES", "DES"), ("DES3", "triple DES"), ("ARC4", "RC4"), ("ARC2", "RC2"), ("Blowfish", "Blowfish"), ("CAST", "CAST-128"), ("XOR", "XOR"))},
    **{f"cryptography.hazmat.{where}.algorithms.{one}": said for where in ("primitives.ciphers", "decrepit.ciphers") for one, said in (
        ("TripleDES", "triple DES"), ("ARC4", "RC4"), ("Blowfish", "Blowfish"), ("IDEA", "IDEA"), ("CAST5", "CAST-128"), ("SEED", "SEED"))},
    "pyDes.des": "DES",
    "pyDes.triple_des": "triple DES",
    "crypto-js.DES.encrypt": "DES",
    "crypto-js.TripleDES.encrypt": "triple DES",
    "crypto-js.RC4.encrypt": "RC4",
    "crypto-js.Rabbit.encrypt": "Rabbit",
    "crypto.createCipher": "a cipher whose key and initial value come from the password alone",
    "crypto.createDecipher": "a cipher whose key and initial value come from the password alone",
}  # fmt: skip
_ECB = frozenset({"crypto-js.mode.ECB", "cryptography.hazmat.primitives.ciphers.modes.ECB"})
# The call, where its key is, how the argument is called. Sources: the documentation of PyCryptodome, cryptography, PyJWT, python-jose, Node.js crypto, jsonwebtoken, jose and CryptoJS.
_KEYED: dict[str, tuple[int, str]] = {
    "cryptography.fernet.Fernet": (0, "key"),
    "hmac.new": (0, "key"),
    "hmac.digest": (0, "key"),
    "jwt.encode": (1, "key"),
    "jwt.decode": (1, "key"),
    "jose.jwt.encode": (1, "key"),
    "jose.jwt.decode": (1, "key"),
    "jsonwebtoken.sign": (1, ""),
    "jsonwebtoken.verify": (1, ""),
    "jwt-simple.encode": (1, ""),
    "jwt-simple.decode": (1, ""),
    "crypto.createHmac": (1, ""),
    "crypto.createCipheriv": (1, ""),
    "crypto.createDecipheriv": (1, ""),
    "crypto.createCipher": (1, ""),
    "crypto.createDecipher": (1, ""),
    "crypto-js.AES.encrypt": (1, ""),
    "crypto-js.AES.decrypt": (1, ""),
    "crypto-js.HmacSHA256": (1, ""),
    "crypto-js.HmacSHA512": (1, ""),
    "crypto-js.HmacSHA1": (1, ""),
    "itsdangerous.URLSafeTimedSerializer": (0, "secret_key"),
    "itsdangerous.URLSafeSerializer": (0, "secret_key"),
    "itsdangerous.Signer": (0, "secret_key"),
    "express-session": (-1, "secret"),
    "cookie-session": (-1, "secret"),
    **{
        f"{lib}.Cipher.{one}.new": (0, "key")
        for lib in ("Crypto", "Cryptodome")
        for one in ("AES", "DES", "DES3", "ARC4", "Blowfish", "ChaCha20")
    },
    "cryptography.hazmat.primitives.ciphers.algorithms.AES": (0, "key"),
    "cryptography.hazmat.primitives.ciphers.algorithms.ChaCha20": (0, "key"),
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM": (0, "key"),
    "cryptography.hazmat.primitives.hmac.HMAC": (0, "key"),
}
_IVS: dict[str, tuple[int, tuple[str, ...]]] = {
    "crypto.createCipheriv": (2, ()),
    **{
        f"{lib}.Cipher.{one}.new": (2, ("iv", "IV", "nonce"))
        for lib in ("Crypto", "Cryptodome")
        for one in ("AES", "DES", "DES3", "Blowfish")
    },
    **{
        f"cryptography.hazmat.primitives.ciphers.modes.{one}": (0, ("initialization_vector", "nonce"))
        for one in ("CBC", "CTR", "GCM", "CFB", "OFB")
    },
}
_SALTED: dict[str, tuple[int, str, int | None, str]] = {
    "hashlib.pbkdf2_hmac": (2, "salt", 3, "iterations"),
    "crypto.pbkdf2": (1, "", 2, ""),
    "crypto.pbkdf2Sync": (1, "", 2, ""),
    "crypto.scrypt": (1, "", None, ""),
    "crypto.scryptSync": (1, "", None, ""),
    "hashlib.scrypt": (-1, "salt", None, ""),
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC": (-1, "salt", -1, "iterations"),
    "Crypto.Protocol.KDF.PBKDF2": (1, "salt", 3, "count"),
}
LEAST_ROUNDS, DOUBTFUL_ROUNDS, LEAST_BCRYPT, LEAST_RSA = 10_000, 100_000, 10, 2048
_RANDOM = frozenset(
    {"random", "randint", "choice", "choices", "getrandbits", "sample", "randrange", "randbytes", "uniform", "shuffle"}
)
# Words under which a predictable number is a defect, and not only a question.
_MUST_BE_SECRET = set_of("password passwd pwd passphrase token tokens secret secrets otp totp nonce salt csrf apikey session sessionid reset verification credential credentials pin passcode voucher")


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
    weak = _WEAK_HASHES.get(name, "")
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


def _cipher(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    if name in _WEAK_CIPHERS:
        yield _fact("weak-cipher", name, call, scope, f"{name} is {_WEAK_CIPHERS[name]}", hidden=True)
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
    if name in _ECB or member.name == "MODE_ECB":
        yield _fact(
            "weak-cipher",
            name,
            member,
            scope,
            f"{ir.dotted(member) or member.name} encrypts equal blocks alike",
            hidden=True,
        )


def _key(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    if name not in _KEYED:
        return
    at, keyword = _KEYED[name]
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
    if name not in _IVS:
        return
    at, keywords = _IVS[name]
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
    if name in _SALTED:
        at, keyword, rounds_at, rounds = _SALTED[name]
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
    known = (module in ("random", "numpy.random") and last in _RANDOM) or name == "Math.random"
    if not known:
        return
    said = [each for each in said_of_result(call, scope)]
    security, harmless = purpose(iter(said))
    strong = {word for each in said for word in words(each)} & _MUST_BE_SECRET
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
