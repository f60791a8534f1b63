"""Area B: sensitive stores have keys of their own, and keys in use work."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.data import Key, Store
from ..tables.secrets import EnvironmentKey, Secret
from ..watched import Watched
from .data_classes import class_of, is_sensitive

GOING = ("PendingDeletion", "PendingReplicaDeletion")
USABLE = ("Enabled",)
# That a store is sensitive is why the control asks, and so no reason to count a failure twice.
SENSITIVE = frozenset({"sensitive"})
OF_AWS = "alias/aws/"


@check("sensitive-store-without-own-key", over=Store)
def sensitive_store_without_own_key(store: Store, evidence: Watched) -> Verdict:
    """A store of class sensitive is encrypted with a customer-managed key that is enabled."""
    what = f"the {store.kind} {store.name}"
    data_class = class_of(store.tags, store.name, store.subject, evidence)
    if not data_class and store.kind == "log group":
        return na(f"{what} has no class of its own; what may be in logs is the question of B2-03")
    if not data_class:
        return review(f"{what} has no class, so nobody can say whether it needs a key of its own")
    if not is_sensitive(data_class, evidence):
        return na(f"{what} is of class {data_class}, which is not sensitive")
    named = store.key_id
    if not named:
        return fail(
            f"{what} is of class {data_class} and encrypted with {store.encryption or 'nothing'}, not with a key of our own",
            used=SENSITIVE,
        )
    if OF_AWS in named:
        return fail(
            f"{what} is of class {data_class} and uses {named.rpartition(':')[2]}, a key that AWS manages",
            used=SENSITIVE,
        )
    partition, region, owner, last = _parts(named, store)
    if (owner, region) != (store.subject.account, store.subject.region):
        return review(
            f"{what} uses a key in {owner}/{region}, which is not where it lies itself; its state was not looked at"
        )
    if last.startswith("alias/"):
        key = evidence.any(Key, aliases=last.removeprefix("alias/"), account=owner, region=region)
    else:
        key = evidence.any(Key, key=f"arn:{partition}:kms:{region}:{owner}:key/{last}", account=owner, region=region)
    if key is None:
        return fail(
            f"{what} is of class {data_class} and names the key {last}, which does not exist any more", used=SENSITIVE
        )
    if key.managed_by != "customer":
        return fail(f"{what} is of class {data_class} and uses {key.name}, a key that AWS manages", used=SENSITIVE)
    if key.state not in USABLE:
        return fail(
            f"{what} is of class {data_class} and its key {key.name} is in the state {key.state}", used=SENSITIVE
        )
    return ok(f"{what} is encrypted with {key.name}, a customer-managed key that is enabled")


def _parts(named: str, store: Store) -> tuple[str, str, str, str]:
    """Partition, region and account of a key as a store names it (an ARN, an id or an alias), and its id or alias."""
    if named.startswith("arn:"):
        _, partition, _, region, account, last = named.split(":", 5)
        return partition, region, account, last.removeprefix("key/")
    return store.key.split(":")[1], store.subject.region, store.subject.account, named


@check("key-unusable-while-used", over=Key)
def key_unusable_while_used(key: Key, evidence: Watched) -> Verdict:
    """A key that encrypts something is enabled and does not wait for its deletion."""
    if key.managed_by != "customer":
        return na(f"AWS manages the key {key.name}")
    if key.state in USABLE:
        return ok(f"the key {key.name} is enabled")
    if not key.used_by:
        _nobody_else_names(key, evidence)
        return ok(f"the key {key.name} is in the state {key.state}, and nothing that was collected names it")
    users = key.used_by[0] if len(key.used_by) == 1 else f"{key.used_by[0]} and {len(key.used_by) - 1} more"
    lost = (
        "when it is deleted, what it encrypts is lost for good"
        if key.state in GOING
        else "what it encrypts cannot be read"
    )
    return fail(f"the key {key.name} of {users} is in the state {key.state}; {lost}", severity=Severity.HIGH)


def _nobody_else_names(key: Key, evidence: Watched) -> None:
    """Raises EvidenceGap where something that might name the key could not be read."""
    account, region = key.subject.account, key.subject.region
    evidence.any(Store, lambda each: each.key_id == key.key, account=account, region=region)
    evidence.any(Secret, lambda each: each.key_id == key.key, account=account, region=region)
    evidence.any(EnvironmentKey, lambda each: each.key_id == key.key, account=account, region=region)
