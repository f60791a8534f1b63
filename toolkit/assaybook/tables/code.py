"""Rows about code that was read: packages, and one row for each fact in them. A row without a kind says that all was read and no such fact is there."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class CodePackage(Row):
    """Files that are deployed together, and how much of them was read.

    `kind` is zip, layer, image or folder; `files` counts all, `parsed` the own source files that were read, `vendored` those of others. `unread` has what was not read, with
    the reason, in words; `languages` those that were read, `others` those that are not. `workloads` are keys of the Workloads that start in it.
    """

    name: str
    kind: str
    sha256: str
    files: int
    parsed: int
    vendored: int
    unread: tuple[str, ...]
    languages: tuple[str, ...]
    others: tuple[str, ...]
    workloads: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CodeFact(Row):
    """One fact of a package's code.

    `workload` is the key of the Workload that may run it, empty if none is known or several are (then the subject is the package). `said` is the part of a sentence that tells
    the fact; `certain` says that nothing more is needed to believe it. `code` is the line, secrets masked; `read` counts the files of the package that were read.
    `tests` and what is vendored give no facts.
    """

    package: str
    workload: str
    kind: str
    callee: str
    said: str
    certain: bool
    function: str
    code: str
    read: int


@dataclass(frozen=True, kw_only=True)
class UnprotectedCall(CodeFact):
    """An outbound call without verification, over an old version of TLS or in the clear. `kind` is verification-off, old-protocol, plaintext or plain-http."""


@dataclass(frozen=True, kw_only=True)
class CryptographicUse(CodeFact):
    """Cryptography that is broken or misused: weak-hash, weak-cipher, fixed-key, fixed-initial-value, fixed-salt, few-rounds, short-key, predictable-random, unsigned-token."""


@dataclass(frozen=True, kw_only=True)
class Leftover(CodeFact):
    """What an invocation leaves for the next: a module-variable or a temporary-file."""


@dataclass(frozen=True, kw_only=True)
class ErrorAnswer(CodeFact):
    """What of an error reaches a caller: its stack, its message, the environment; or a switch to debug."""


@dataclass(frozen=True, kw_only=True)
class TokenCheck(CodeFact):
    """How a token is checked: not-verified, algorithm-none, claim-not-checked, audience-not-checked; of authorizers allows-everyone, allows-every-route, fixed-token."""


@dataclass(frozen=True, kw_only=True)
class ObjectAccess(CodeFact):
    """A handler that takes an object's id from the path and reads nothing about its caller."""


@dataclass(frozen=True, kw_only=True)
class StaticKey(CodeFact):
    """A client that is built with a key of its own: static-key or key-from-environment."""


@dataclass(frozen=True, kw_only=True)
class PassedCredential(CodeFact):
    """Credentials that are logged or answered, and presigned URLs with the `seconds` that they live, None where that is decided at run time."""

    seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class LoggerUse(CodeFact):
    """With what a handler logs: whether structured, whether with an id of the request, and how many plain lines."""

    structured: bool = False
    tied: bool = False
    lines: int = 0


@dataclass(frozen=True, kw_only=True)
class SecretRead(CodeFact):
    """A read of a secret from a manager, or a driver that is given one out of the environment; `reads` counts the package's reads from managers."""

    variable: str = ""
    reads: int = 0


@dataclass(frozen=True, kw_only=True)
class ExternalCall(CodeFact):
    """A call over HTTP. `host` is empty where the address is decided at run time; `timeout` is None where the text does not tell; `by_default` that the library has one.

    `retries` and `schema` say that the package uses a library for that, `used` that the answer's content is used, `dangerous` names what runs or rebuilds it.
    """

    host: str = ""
    timeout: bool | None = None
    by_default: bool = False
    retries: bool = False
    schema: bool = False
    used: bool = False
    dangerous: str = ""


@dataclass(frozen=True, kw_only=True)
class Webhook(CodeFact):
    """A handler that receives webhooks: verified, compared or not-verified; `fresh` says that it looks at a time stamp or an id of delivery."""

    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class CodedUse(Row):
    """Which services of the provider the code of a workload calls (`services`, by the prefix that policies use), and why that list may not be whole (`open`, empty if it is).

    `actions` are the calls themselves (`s3:PutObject`), with nothing after the colon where a client is made but what it calls is not known.
    """

    workload: str
    role: str
    package: str
    services: tuple[str, ...]
    open: tuple[str, ...]
    actions: tuple[str, ...] = ()
