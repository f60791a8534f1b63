"""Area A: secrets lie in a vault, turn over, are used, and each environment has its own."""

from __future__ import annotations

from datetime import datetime

from ..check import check
from ..code.secrets import is_secret_name
from ..model import Verdict, fail, na, ok
from ..tables.orchestration import StateMachine
from ..tables.secrets import EnvironmentKey, Parameter, Secret, SecretUse
from ..watched import Watched

MOST_NAMED = 3


@check("secret-not-rotated", over=Secret)
def secret_not_rotated(secret: Secret, evidence: Watched) -> Verdict:
    """A secret is rotated by itself, and was within the set time."""
    if secret.owner:
        return na(f"{secret.owner} keeps the secret {secret.name} for itself and changes it")
    if secret.replica_of:
        return na(f"the secret {secret.name} is a copy of the one in {secret.replica_of}, which is rotated there")
    longest = evidence.parameter("secret_rotation_max_days")
    age = _days(secret.created, evidence)
    if age is not None and age <= longest:
        return na(f"the secret {secret.name} is {age} days old, no older than the {longest} days between rotations")
    if not secret.rotates:
        return fail(f"rotation of the secret {secret.name} is off{_by_hand(secret, evidence)}")
    last = _days(secret.rotated, evidence)
    if last is None:
        return fail(f"rotation of the secret {secret.name} is on, but it was never rotated")
    if last > longest:
        return fail(
            f"the secret {secret.name} was last rotated {_ago(last)}, more than {longest}, though rotation is on"
        )
    return ok(f"the secret {secret.name} was rotated {_ago(last)}, within {longest}")


def _days(moment: datetime | None, evidence: Watched) -> int | None:
    return None if moment is None else (evidence.as_of - moment).days


def _ago(days: int) -> str:
    return "1 day ago" if days == 1 else f"{days} days ago"


def _by_hand(secret: Secret, evidence: Watched) -> str:
    changed = _days(secret.changed, evidence)
    if changed is None:
        return ", so that whoever learnt it once can use it for ever"
    return f" and its value was last changed {_ago(changed)}, so that whoever learnt it can use it on"


@check("secret-unused", over=Secret)
def secret_unused(secret: Secret, evidence: Watched) -> Verdict:
    """A secret that is kept is read."""
    if secret.owner:
        return na(f"{secret.owner} keeps the secret {secret.name} for itself and removes it with what it is for")
    if secret.replica_of:
        return na(f"the secret {secret.name} is a copy of the one in {secret.replica_of}, which counts")
    longest = evidence.parameter("unused_days")
    idle, age = _days(secret.accessed, evidence), _days(secret.created, evidence)
    if idle is not None and idle <= longest:
        return ok(f"the secret {secret.name} was read {_ago(idle)}, within {longest}")
    if idle is None and age is not None and age <= longest:
        return na(f"the secret {secret.name} was made {_ago(age)} and not read yet")
    when = "was never read" if idle is None else f"was last read {_ago(idle)}"
    return fail(f"the secret {secret.name} {when}, so it serves nobody and can still be stolen; remove it")


@check("secret-kept-as-plain-parameter", over=Parameter)
def secret_kept_as_plain_parameter(parameter: Parameter, evidence: Watched) -> Verdict:
    """A parameter whose name says that it is a secret is encrypted."""
    last = parameter.name.rstrip("/").rpartition("/")[2]
    if not is_secret_name(last):
        return na(f"the name of the parameter {parameter.name} does not say that it is a secret")
    if parameter.plain:
        return fail(
            f"the parameter {parameter.name} is of type {parameter.type}, so that the secret its name speaks of lies in plain text "
            "for everyone who may read parameters"
        )
    return ok(f"the parameter {parameter.name} is encrypted ({parameter.type})")


@check("secret-shared-across-environments", over=SecretUse)
def secret_shared_across_environments(use: SecretUse, evidence: Watched) -> Verdict:
    """No secret can be read by workloads of production and of other environments alike."""
    inside, outside = use.production_roles, use.other_roles
    if inside and outside:
        return fail(
            f"the secret {use.name} can be read from production ({_some(inside)}) and from outside it ({_some(outside)}), "
            "so that the weaker environment guards the stronger one"
        )
    if not inside and not outside:
        return na(f"no role of a workload whose environment is tagged can read the secret {use.name}")
    return ok(f"only roles {'of production' if inside else 'outside production'} can read the secret {use.name}")


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


@check("sensitive-environment-without-own-key", over=EnvironmentKey)
def sensitive_environment_without_own_key(environment: EnvironmentKey, evidence: Watched) -> Verdict:
    """A sensitive function encrypts its environment variables with a key of its own."""
    if not environment.sensitive:
        return na(f"{environment.name} is not tagged sensitive, so the key that AWS owns is enough")
    if not environment.variables:
        return na(f"{environment.name} has no environment variables")
    if environment.key_id:
        return ok(f"the environment variables of {environment.name} are encrypted with {environment.key_id}")
    count = (
        "one environment variable" if environment.variables == 1 else f"{environment.variables} environment variables"
    )
    return fail(
        f"{environment.name} is tagged sensitive and has {count} under a key that AWS owns, which nobody here can withdraw or watch",
        # That the function is sensitive is why the control asks, and so no reason to count the failure twice.
        used=frozenset({"sensitive"}),
    )


@check("plaintext-secret-in-state-machine", over=StateMachine)
def plaintext_secret_in_state_machine(machine: StateMachine, evidence: Watched) -> Verdict:
    """No definition of a state machine holds a secret in plain text."""
    if not machine.secrets:
        return ok(f"the definition of the state machine {machine.name} holds nothing that looks like a secret")
    kinds = ", ".join(each.replace("-", " ") for each in machine.secrets)
    return fail(
        f"the definition of the state machine {machine.name} holds a secret in plain text ({kinds}); everyone who may describe it reads it"
    )
