"""Finding secrets in text and in named values.

Pure and quick, as every text of every answer passes it: one cheap expression decides whether any format can match at all.
Values are never sent anywhere to see whether they work.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from .secret_formats import FORMATS, HINTS

LONGEST_NAME = 200
LEAST_ENTROPY = 3.2
_WORDS = (
    "password|passwd|passphrase|passcode|pwd|secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|auth_?key|"
    "account_?key|shared_?key|master_?key|session_?key|client_?key|hmac_?key|credentials?|connection_?string|conn_?str|dsn|webhook"
)
# `pass` and `pw` only as last words of their own: other words end so, or begin so, that have nothing to do with passwords.
_NAME = re.compile(
    rf"(?:^|[_\W\d])(?:{_WORDS})(?:$|[_\W\d])|(?:{_WORDS})s?$|(?:^|[_\W\d])(?:pass|pw)\d*$", re.IGNORECASE
)
# A key that everybody may see, as the provider's documentation tells to put it into web pages.
_PUBLIC_NAME = re.compile(r"(?:^|_)(?:(?:public|publishable)_(?:api_|client_|access_)?|site_)key$", re.IGNORECASE)
_POINTS_ELSEWHERE = re.compile(
    r"(?:^|_)(?:name|names|arn|arns|id|ids|url|uri|urls|endpoint|host|path|file|filename|prefix|suffix|table|bucket|queue|topic|parameter|param|"
    r"alias|version|type|kind|mode|length|size|ttl|expiry|expires|expiration|timeout|seconds|minutes|hours|days|enabled|disabled|required|"
    r"header|field|label|hash|sha|sha1|sha256|sha512|digest|checksum|fingerprint|thumbprint|etag|algo|issuer|audience|region|algorithm|limit|count|max|min|policy|rotation|ref|reference|status|date|used|at)$",
    re.IGNORECASE,
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.\s]+")
_PLACEHOLDER = re.compile(
    r"^(?:change[-_ ]?me|replace[-_ ]?(?:me|this)?|todo|tbd|fixme|none|null|nil|undefined|n/?a|dummy|example|sample|placeholder|"
    r"your[-_ ].*|my[-_ ](?:secret|password|token|key)|insert[-_ ].*|x{3,}|\*{3,}|\.{3,}|-+|_+|<[^<>]*>|\[[^\[\]]*\])$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^(?:\{\{resolve:.*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%|!(?:Ref|Sub|GetAtt|ImportValue)\b.*|var\.[\w.]+|data\.[\w.\[\]]+|"
    r"local\.[\w.]+|process\.env\.\w+|os\.environ.*|arn:aws[\w-]*:.*|/aws/reference/.*|(?:ssm|secretsmanager|vault|sm)://.*|@Microsoft\.KeyVault\(.*\)|"
    r"projects/[^/]+/secrets/.*|rds!(?:db|cluster)-[0-9a-f-]{36}.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\w*:\S+")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/@?#]+(?:/[^\s?#@]*)?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_BOOLEAN = re.compile(r"true|false|yes|no|on|off|enabled|disabled", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DIGEST = re.compile(
    r"(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|sha(?:1|256|384|512)[-:][A-Za-z0-9+/=]+)", re.IGNORECASE
)
_PATH = re.compile(r"(?:\.{0,2}/)[\w./@-]*|[\w-]+(?:/[\w.-]+)+")
# What KMS encrypted begins with the header of its format: whoever reads it needs the key. Source: AWS KMS Developer Guide, "Symmetric ciphertext".
_ENCRYPTED = re.compile(r"AQ[EI]CAH[A-Za-z0-9+/]{80,}={0,2}")
# The address of an error tracker holds a public key and no password. Source: Sentry documentation, "Data Source Name".
_PUBLIC_ADDRESS = re.compile(r"https://[0-9a-f]{32}@[\w.-]+/\d+")
_WEAK = re.compile(r"(?:password|passwd|passphrase|passcode|pass|pwd|pw|secret|pin)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Detected:
    """A secret in a text: its kind and where it stands. `placeholder` marks documentation keys and the like."""

    kind: str
    start: int
    end: int
    placeholder: bool = False


@lru_cache(maxsize=8192)
def detect(text: str, name: str = "", *, named: bool = False) -> tuple[Detected, ...]:
    """The secrets in a text, in their order and not overlapping.

    `name` is what the value is called. `named` says that a person chose that name (a variable, a tag), so that a literal under a secret's name is
    taken for one however weak it is; otherwise only a value that looks random is.
    """
    if not text:
        return ()
    found = list(_formats(text)) if HINTS.search(text) else []
    whole = _under_name(text, name, named) if name and not found else ""
    if whole:
        return (Detected(whole, 0, len(text)),)
    return _apart(found)


def formatted(text: str, *, but: frozenset[str] = frozenset()) -> tuple[Detected, ...]:
    """The secrets in a text that one of the formats tells, leaving out the kinds in `but`; in their order and not overlapping."""
    if not text or not HINTS.search(text):
        return ()
    return _apart([each for each in _formats(text) if each.kind not in but])


def is_secret_name(name: str) -> bool:
    """Whether a name says that its value is a secret, and not merely where one lies (`DB_SECRET_ARN`)."""
    words = "_".join(part for part in _HUMPS.split(name[:LONGEST_NAME]) if part)
    return bool(_NAME.search(words)) and not (_POINTS_ELSEWHERE.search(words) or _PUBLIC_NAME.search(words))


def is_placeholder(text: str) -> bool:
    """Whether a value only holds the place of one (`changeme`)."""
    return bool(_PLACEHOLDER.match(text.strip()))


def is_harmless(text: str) -> bool:
    """Whether a value can be shown as it is: a number, a switch, an ARN, or a URL without user or query, and no secret inside."""
    if detect(text):
        return False
    return any(form.fullmatch(text) for form in (_NUMBER, _BOOLEAN, _ARN, _URL))


def entropy(text: str) -> float:
    """Shannon entropy in bits for each character."""
    counts, total = Counter(text), len(text)
    return -sum(count / total * math.log2(count / total) for count in counts.values()) if total else 0.0


def _formats(text: str) -> list[Detected]:
    found: list[Detected] = []
    for each in FORMATS:
        for match in each.pattern.finditer(text):
            start, end = match.span(each.group)
            value = text[start:end]
            if end > start and not (each.literal and _spared(value)):
                found.append(Detected(each.kind, start, end, "EXAMPLE" in value or is_placeholder(value)))
    return found


def _spared(value: str) -> bool:
    """Whether a value after `password=` is no secret: a reference, a placeholder, a switch."""
    return bool(
        _REFERENCE.match(value)
        or is_placeholder(value)
        or _BOOLEAN.fullmatch(value)
        or _UUID.fullmatch(value)
        or len(value) < 4
    )


def _under_name(text: str, name: str, named: bool) -> str:
    """The kind of secret that a value is because of its name; empty if it is none."""
    if not is_secret_name(name):
        return ""
    value = text.strip()
    if _REFERENCE.match(value) or is_placeholder(value) or _BOOLEAN.fullmatch(value) or _UUID.fullmatch(value):
        return ""
    if _URL.fullmatch(value) or _ENCRYPTED.fullmatch(value) or _PUBLIC_ADDRESS.fullmatch(value):
        return ""
    # Keys are often made as so many random digits, so that under a name of a person's own choice only what says that it is a digest is one.
    if _DIGEST.fullmatch(value) and (not named or "-" in value or ":" in value):
        return ""
    if _NUMBER.fullmatch(value):
        return "password" if named and _WEAK.search(name) and len(value) >= 4 else ""
    random = len(value) >= 12 and entropy(value) >= LEAST_ENTROPY and any(each.isdigit() for each in value)
    if named and len(value) >= 4 and not (_PATH.fullmatch(value) and not random):
        return "password" if _WEAK.search(name) else "secret"
    return "secret" if random and not _PATH.fullmatch(value) and " " not in value else ""


def _apart(found: list[Detected]) -> tuple[Detected, ...]:
    """Without overlaps: the earlier and then the longer one stays."""
    kept: list[Detected] = []
    for each in sorted(found, key=lambda one: (one.start, one.start - one.end, one.kind)):
        if kept and each.start < kept[-1].end:
            if each.end > kept[-1].end:
                last = kept[-1]
                kept[-1] = Detected(last.kind, last.start, each.end, last.placeholder and each.placeholder)
        else:
            kept.append(each)
    return tuple(kept)
