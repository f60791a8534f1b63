"""Area B: encryption of what is kept, keys, and connections without TLS."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.exposure import resource_policy
from ..policy.plaintext import Decision, refuses_plaintext
from ..policy.reach import Reach
from ..policy.truth import Truth
from ..tables.data import Key, Store
from ..watched import Watched
from .openness import openness, sentence

VIA_SERVICE = "kms:ViaService"
AMONG_US = "only its own account and services get in"
GOING = frozenset({"PendingDeletion", "PendingReplicaDeletion"})
# The actions by which data moves; a topic's policy can name no pattern for all actions.
# Source: Amazon SQS and Amazon SNS Developer Guides, "Enforce encryption of data in transit".
MOVES_DATA = {
    "bucket": ("s3:*",),
    "queue": ("sqs:SendMessage", "sqs:ReceiveMessage"),
    "topic": ("sns:Publish",),
}


@check("store-not-encrypted", over=Store)
def store_not_encrypted(store: Store, evidence: Watched) -> Verdict:
    """A store encrypts what it holds at rest."""
    if store.by_service:
        return ok(f"the {store.kind} {store.name} is encrypted at rest, as its service always does")
    if store.encryption:
        return ok(f"the {store.kind} {store.name} is encrypted at rest with {store.encryption}")
    return fail(
        f"the {store.kind} {store.name} is not encrypted at rest, so whoever gets at its medium or a copy reads what it holds"
    )


@check("key-not-rotated", over=Key)
def key_not_rotated(key: Key, evidence: Watched) -> Verdict:
    """A customer-managed key that KMS can rotate is rotated."""
    if key.managed_by != "customer":
        return na(f"AWS manages the key {key.name} and rotates it itself")
    if key.state in GOING:
        return na(f"the key {key.name} waits for its deletion")
    if key.state == "Disabled":
        return na(f"the key {key.name} is disabled, so nothing can be encrypted with it")
    if not key.rotatable:
        return na(
            f"KMS cannot rotate the key {key.name} by itself ({key.spec}, material from {key.origin}); a record of manual rotation answers for it"
        )
    if key.rotation:
        return ok(f"KMS rotates the key {key.name}")
    used = f", though it encrypts {_some(key.used_by)}" if key.used_by else ""
    return fail(f"rotation of the key {key.name} is off{used}, so that one key protects ever more data")


@check("key-policy-open-to-anyone", over=Key)
def key_policy_open_to_anyone(key: Key, evidence: Watched) -> Verdict:
    """No statement of a key's policy allows everyone without a condition that keeps strangers out."""
    if key.managed_by != "customer":
        return na(f"AWS manages the key {key.name} and its policy")
    if key.state in GOING:
        return na(f"the key {key.name} waits for its deletion")
    found = openness(key.policy, key.subject, evidence)
    if found.public:
        used = f"; it encrypts {_some(key.used_by)}" if key.used_by else ""
        said = f"the policy of the key {key.name}: {sentence(found.public[0])}{used}"
        # Who has to go through a service cannot hand it whatever ciphertext there is.
        through = all(any(VIA_SERVICE in line for line in each.conditions) for each in found.public)
        return fail(said, severity=None if through else Severity.HIGH)
    if found.undecided:
        return review(f"the policy of the key {key.name}: {sentence(found.undecided[0])}")
    if found.limited:
        return ok(f"the policy of the key {key.name} lets in nobody without a condition: {sentence(found.limited[0])}")
    return ok(f"no statement in the policy of the key {key.name} lets everyone in")


@check("store-accepts-plaintext", over=Store)
def store_accepts_plaintext(store: Store, evidence: Watched) -> Verdict:
    """A store refuses connections that do not use TLS."""
    if store.transport == "unasked":
        return na(
            f"{store.name} is a {store.kind}; the control speaks of buckets, queues, topics, databases and Redis caches"
        )
    if store.transport == "policy":
        return _by_policy(store)
    if store.transport == "refuses":
        return ok(f"the {store.kind} {store.name} refuses plaintext: {store.transport_setting}")
    if store.transport == "undecided":
        return review(
            f"whether the {store.kind} {store.name} refuses plaintext cannot be read: {store.transport_setting}"
        )
    return fail(f"the {store.kind} {store.name} accepts connections without TLS: {store.transport_setting}")


def _by_policy(store: Store) -> Verdict:
    if not store.policy:
        said = f"the {store.kind} {store.name} has no policy, so nothing refuses requests without TLS"
        if store.kind == "bucket" and store.closed:
            return fail(f"{said}; Block Public Access keeps strangers out", severity=Severity.LOW)
        return fail(f"{said}; {AMONG_US}", severity=Severity.LOW) if store.kind == "queue" else fail(said)
    decision = _decision(store)
    because = decision.because.rstrip(".")
    if decision.refused is Truth.TRUE:
        return ok(f"the {store.kind} {store.name}: {because[:1].lower()}{because[1:]}")
    if decision.refused is Truth.UNKNOWN:
        return review(f"the {store.kind} {store.name}: {because[:1].lower()}{because[1:]}")
    said = f"the {store.kind} {store.name}: {because[:1].lower()}{because[1:]}"
    if store.kind != "bucket" and _among_us(store):
        return fail(f"{said}; {AMONG_US}", severity=Severity.LOW)
    return fail(said)


def _among_us(store: Store) -> bool:
    """Whether the policy lets in nobody but principals of the own account and services, which always use TLS."""
    exposures = resource_policy(store.policy, own_account=store.subject.account)
    return all(each.reach in (Reach.NOBODY, Reach.OWN_ACCOUNT, Reach.SERVICE) for each in exposures)


def _decision(store: Store) -> Decision:
    where = (store.key, f"{store.key}/*") if store.kind == "bucket" else (store.key,)
    return refuses_plaintext(store.policy, MOVES_DATA[store.kind], where)


def _some(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
