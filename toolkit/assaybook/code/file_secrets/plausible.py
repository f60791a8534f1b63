"""Whether a literal that is called like a secret is one: names of secrets, messages, types, references and keys of maps look alike at first sight."""

from __future__ import annotations

import base64
import re

from ..secrets import entropy, is_placeholder, is_secret_name

LEAST_ENTROPY = 3.0
_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What people write where a kind, a type, a place or a state of a secret is meant, not a secret.
_WORDS_SAID = """string str text number int integer boolean bool object array any null none undefined true false yes no on off required optional hidden visible
    bearer basic digest oauth oauth2 jwt hmac aws sigv4 header query cookie body path form formdata input output plain plaintext secure securestring
    password passwd pwd passphrase secret secrets token tokens apikey key keys credential credentials username user users email login auth authorization
    default custom generated random auto automatic manual enabled disabled active inactive valid invalid expired missing empty unknown error ok success
    refresh access id idtoken accesstoken refreshtoken csrf xsrf session sessiontoken client server public private symmetric asymmetric rsa aes sha256 sha512
    md5 hs256 rs256 es256 base64 hex utf8 utf-8 ascii binary file env environment vault ssm secretsmanager parameterstore keyvault kms lambda requestid
    type name value label description placeholder title field column attribute current previous new old confirm confirmation reset change forgot
    pass passed fail failed skip skipped warn warning
    readonly read write admin:read admin:write post get put delete patch"""
_WORDS = frozenset(_WORDS_SAID.split())
_REFERENCE = re.compile(
    r"\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|<[A-Za-z][^<>]*>|%\(?\w*\)?[sdr]|\{\w*(?:[!:.\[][^{}]*)?\}|#\{[^}]*\}|(?<![\w$@])\$[A-Za-z_]\w*|!(?:Ref|Sub|GetAtt)\b"
)
_SYNTAX = re.compile(
    r"^(?:arn:|/|\./|\.\./|~/|\$\.|\$|@|#|https?://|s3://|ssm:|file:|env:|projects/|alias/|process\.env|os\.|self\.|this\.|event\.|context\.|config\.|var\.|local\.|data\.|module\.|"
    r"secrets\.|vars\.|github\.|steps\.|env\.|params\.|inputs\.|aws_|Fn::|Ref:|AWS::)|::"
)
_FILE = re.compile(
    r"^[\w./-]+\.(?:json|ya?ml|txt|pem|key|crt|cer|env|ini|cfg|conf|toml|py|js|ts|html?|css|png|jpe?g|svg|md|xml|properties|jks|p12|pub|tf|sh|csv|lock)$",
    re.IGNORECASE,
)
_CONSTANT = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
_DOTTED = re.compile(r"^[A-Za-z_][\w-]*(?:[./][A-Za-z_][\w-]*)+$")
_TITLE = re.compile(r"^[A-Z][a-z]+$")
_WORDY = re.compile(r"^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$")
_PASSWORD = re.compile(r"(?:^|[_\W\d])(?:password|passwd|passphrase|passcode|pass|pwd|pw)\d*$", re.IGNORECASE)
# Names under which even a plain word is what signs or opens something.
_KEYS_IN_USE = re.compile(
    r"(?:jwt|session|cookie|hmac|sign(?:ing)?|encrypt(?:ion)?|app|flask|django|master|shared|hash|auth|webhook|client|crypto|cipher|hardcoded)_?(?:secret|key|token|salt)(?:_key)?$|^secret_?key$",
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"[!$%^&*+=?@#~]")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[T ].*)?$")
# What was encrypted before it was written: by KMS, SOPS, sealed secrets, Spring Cloud, Jasypt.
_SEALED = re.compile(r"^(?:AQ[EI]CAH[A-Za-z0-9+/]{40}|Ag[A-D][A-Za-z0-9+/]{100}|ENC[\[(]|enc:|\{cipher\})")
_PATTERN = re.compile(r"^\^.*\$$|\(\?[=!:<]|\[[a-zA-Z]-[a-zA-Z]")
# The account key of a store of Azure is so many bytes; where it stands it is called `key` only.
_ACCOUNT_KEY = re.compile(r"^[A-Za-z0-9+/]{86}==$")
_UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"example|placeholder|dummy|sample|changeme|change[-_ ]me|replace[-_ ]|your[-_ ]|my[-_](?:api|secret|token|access|key|password)\b|todo|fixme|redacted|insert|xxx|\*\*\*|\.\.\.|"
    r"^(?:test(?:ing)?|foo|bar|baz|abc|fake|mock|stub|asdf|qwerty)[-_]?(?:key|token|secret|password|pass|api|api[-_]?key|123)?$|^0+$|^1234567890|^(?:123)+4*$",
    re.IGNORECASE,
)
SURE, LIKELY, NOT = "sure", "likely", ""


def judged(value: str, name: str, how: str) -> tuple[str, str]:
    """How plausible a literal is as a secret (`sure`, `likely`, or empty), and which kind: password, secret or signing-key.

    `likely` is what only a person can tell. `how` is that of a Literal; where code itself uses the value as a password or key, the name does not matter.
    """
    used = how in ("login", "signed", "command")
    if "::" in name:
        return NOT, ""
    words = "_".join(_HUMPS.sub("_", name).split("."))
    if words.lower().endswith("key") and _ACCOUNT_KEY.match(value):
        return SURE, "secret"
    if words in ("auth", "_auth") and _is_login(value):
        return SURE, "password"
    if not used and not is_secret_name(words.rpartition(".")[2] or words):
        return NOT, ""
    kind = "signing-key" if how == "signed" else "password" if used or _PASSWORD.search(words) else "secret"
    text = value.strip()
    if _impossible(text, words) or (how != "signed" and any(each.isspace() for each in text)):
        return NOT, ""
    if _EXAMPLE.search(text) or is_placeholder(text):
        return NOT, ""
    random = is_random(text)
    if random:
        return SURE, kind
    if kind == "password" or used or _KEYS_IN_USE.search(words):
        return _weak(text, how), kind
    # A plain word under `secret` or `token` names one more often than it is one.
    return (LIKELY if any(each.isdigit() for each in text) and len(text) >= 8 else NOT), kind


def _impossible(text: str, name: str) -> bool:
    plain = _SEPARATORS.sub("", text).lower()
    if len(text) < 4 or not plain or plain in _WORDS or text.lower() in _WORDS:
        return True
    if plain == _SEPARATORS.sub("", name).lower() or text.lower() in name.lower().split("_"):
        return True
    left = _REFERENCE.sub("", text)
    if left != text and len(_SEPARATORS.sub("", left)) < 6:
        return True
    if _SYNTAX.search(text) or _FILE.match(text) or _CONSTANT.match(text) or _DATE.match(text) or _UUID.match(text):
        return True
    if _SEALED.match(text) or _PATTERN.search(text):
        return True
    if (text[-1] in ":=,;([{" and not is_random(text)) or text[0] in "([{<,;:":
        return True
    return bool(_DOTTED.match(text)) and not is_random(text)


def _is_login(value: str) -> bool:
    """Whether a text is a user and a password in base64, as a registry's `auth` holds them."""
    try:
        plain = base64.b64decode(value, validate=True).decode("ascii")
    except ValueError:
        return False
    user, colon, password = plain.partition(":")
    return bool(user and colon and len(password) >= 4 and plain.isprintable())


def is_random(text: str) -> bool:
    """Whether a text looks as if a machine had drawn it: letters and digits without words."""
    if len(text) < 12 or any(each.isspace() for each in text):
        return False
    digits = sum(each.isdigit() for each in text)
    letters = sum(each.isalpha() for each in text)
    if not digits or not letters:
        return False
    # Words with a number behind them (`orders-service-v2`) are names.
    parts = [each for each in re.split(r"[-_./:]", text) if each]
    if len(parts) > 1 and all(re.fullmatch(r"[A-Za-z]*\d{0,4}", each) for each in parts):
        return False
    return entropy(text) >= LEAST_ENTROPY


def _weak(text: str, how: str) -> str:
    """A password that a person made up: any word will do, but a name of the secret, or a word for people to read, will not."""
    if _TITLE.match(text) and how == "assigned":
        return NOT
    if re.search(
        r"(?:^|[-_./])(?:secret|password|passwd|token|key|credential)s?(?:[-_./]|$)", text, re.IGNORECASE
    ) and _WORDY.match(text):
        return LIKELY if how in ("signed", "login") else NOT
    if _WORDY.match(text) and re.search(r"[-_. ]", text):
        return LIKELY
    return SURE
