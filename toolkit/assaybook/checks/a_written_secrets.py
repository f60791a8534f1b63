"""Area A: secrets that are written into code, configuration and templates."""

from __future__ import annotations

from ..capture import NOT_ASKED, NOT_COLLECTED
from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.compute import EnvironmentVariable
from ..tables.secrets import WrittenSecret
from ..watched import Watched

SHOWN_PARAMETER, SHOWN_OUTPUT, KEY_STORE = "shown-parameter", "shown-output", "key-store"
ACCESS_KEYS = frozenset({"aws-access-key-id"})


@check("secret-written-into-code", over=WrittenSecret)
def secret_written_into_code(secret: WrittenSecret, evidence: Watched) -> Verdict:
    """No file of a package, and no template, holds a secret in plain text or shows one to everyone."""
    if secret.kind == "none":
        return ok(
            f"none of the {secret.searched} files of {secret.package} that were searched holds anything that looks like a secret"
        )
    place = f"line {secret.line} of {secret.path}" if secret.line else secret.path
    if secret.kind == SHOWN_PARAMETER:
        return fail(
            f"the parameter {secret.name} of {secret.path} is not marked NoEcho, so everyone who may describe the stack reads the secret that it takes",
            severity=Severity.LOW,
        )
    if secret.kind == SHOWN_OUTPUT:
        return fail(
            f"an output hands out {secret.name} ({place}), so everyone who may describe the stack reads a secret"
        )
    if secret.kind == KEY_STORE:
        return review(
            f"{secret.path} is a store of keys; whether it holds private ones and what opens it has to be looked up"
        )
    same, gap = evidence.seen(EnvironmentVariable, fingerprint=secret.fingerprint) if secret.fingerprint else ((), None)
    # A folder of code without a template has no environment that could have been asked for.
    if not same and gap is not None and gap.gap.reason != NOT_COLLECTED and gap.gap.state != NOT_ASKED:
        raise gap
    if same:
        return na(f"the value in {place} is that of an environment variable, which is judged there")
    what = _what(secret)
    if not secret.certain:
        return review(f"{place} holds what may be {what}; a person has to tell whether it opens anything")
    return fail(f"{place} holds {what} in plain text: everyone who reads the code, the package or its history has it")


def _what(secret: WrittenSecret) -> str:
    kind = secret.kind.replace("-", " ").replace("aws", "AWS").replace("jwt", "JSON web token")
    article = "an" if kind[0].lower() in "aeiou" else "a"
    return f"{article} {kind} ({secret.name})" if secret.name else f"{article} {kind}"


@check("access-key-written-into-code", over=WrittenSecret)
def access_key_written_into_code(secret: WrittenSecret, evidence: Watched) -> Verdict:
    """Code holds no long-lived access key of the cloud."""
    if secret.kind not in ACCESS_KEYS:
        return na("no access key of a user")
    place = f"line {secret.line} of {secret.path}"
    if not secret.certain:
        return review(f"{place} holds what may be an access key; a person has to tell")
    return fail(
        f"{place} holds the id of a long-lived access key: code that runs in the cloud has a role, and this key works from anywhere until somebody deletes it"
    )
