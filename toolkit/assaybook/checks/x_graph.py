"""The challenges of event injection and of many functions, on the estate as a graph: who starts what, and what that puts at stake."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.gains import Gain
from ..policy.truth import Truth
from ..tables.code import CodedUse
from ..tables.compute import Workload
from ..tables.graph import (
    INTERNET_ANONYMOUS,
    INTERNET_AUTHENTICATED,
    ORGANISATION,
    OTHER_ACCOUNT,
    OWN_ACCOUNT,
    AttackPath,
    BlastRadius,
    Loop,
    Trigger,
)
from ..tables.identity import Role
from ..tables.scope import Account
from ..watched import Watched
from .code_paths import flow_into
from .escalating import bounded_deploy_role, said_ways, ways_to_rights
from .flow_words import told

WHO = {
    INTERNET_ANONYMOUS: "anyone on the internet",
    INTERNET_AUTHENTICATED: "callers who identify themselves",
    OTHER_ACCOUNT: "another account",
    ORGANISATION: "any account of the organisation",
    OWN_ACCOUNT: "the own account",
    "unknown": "callers who are not known",
}
READ_THE_CODE = "whether the code lets what they send through has to be read"


@check("trigger-edge-unmarked", over=Trigger)
def trigger_edge_unmarked(trigger: Trigger, evidence: Watched) -> Verdict:
    """Each source of events is the own account's, or a person has said whether it is trusted."""
    edge = f"{trigger.source_name} {'start' if trigger.source_name.startswith('accounts ') else 'starts'} {trigger.subject}"
    if not trigger.active:
        return na(f"{trigger.source_name} is switched off")
    if trigger.declared:
        return ok(f"{edge} and is declared as trusted ({trigger.declared})")
    if trigger.trust == OWN_ACCOUNT:
        return ok(f"{edge} for {WHO[OWN_ACCOUNT]} only: {trigger.because}")
    # Whom an account trusts is for those who run it: of a template, the controls of its ways in say what is open.
    if trigger.where and not evidence.one(Account, trigger.subject.account).whole:
        return na(f"{edge}, of which a part only is seen")
    return review(
        f"{edge} for {WHO[trigger.trust]}: {trigger.because}; a person has to mark it as trusted or not",
        used=frozenset({"internet"}),
    )


@check("attack-path", over=AttackPath)
def attack_path(path: AttackPath, evidence: Watched) -> Verdict:
    """Nobody who is not trusted reaches rights or data that matter through the code of a workload."""
    name = str(path.subject)
    if path.kind == "none":
        return na(f"nothing starts {name}")
    power, possible = path.power, f"{path.power_if} if conditions hold" if path.power_if else ""
    if not power:
        won, perhaps = _won(path, evidence)
        power, possible = won, possible or perhaps
    if not power and not possible and not path.sensitive:
        return ok(
            f"whoever starts {name}, its role {path.role} gives no way to more rights and reaches no sensitive store"
        )
    if path.trust == OWN_ACCOUNT:
        return na(
            f"{_entries(path)} {_start(path)} {name} for the own account or for senders that are declared as trusted"
        )
    anyone = path.trust == INTERNET_ANONYMOUS
    chain = (
        f"{_entries(path)} {_start(path)} {name} for {WHO[path.trust]} ({path.because}), under role {path.role}, which "
    )
    stake = power or possible or _data(path)
    code = flow_into(path, evidence)
    if code.flow is not None and code.flow.certain:
        return fail(f"{chain}{stake}; and the code lets through what they send: {told(code.flow)}")
    if power and anyone and path.direct:
        return fail(f"{chain}{power}: one flaw in how the code reads the event hands over the account")
    if code.flow is not None:
        return review(
            f"{chain}{stake}; whether the code lets through what they send, a person has to tell: {told(code.flow)} ({code.flow.why})"
        )
    if code.read:
        return ok(
            f"{chain}{stake}; its code was read, and nothing of an event is known to reach a place where it gives these rights away"
        )
    if power or possible or anyone or path.by_wildcard:
        return review(f"{chain}{stake}; {READ_THE_CODE}")
    return ok(f"{chain}reaches of what is sensitive only what it names: {_data(path)}")


def _won(path: AttackPath, evidence: Watched) -> tuple[str, str]:
    """How the role can become an administrator through what it may do to others, and how it may win other rights; empty if it cannot."""
    role = evidence.one(Role, evidence.one(Workload, path.workload).role)
    if bounded_deploy_role(role, evidence):
        return "", ""
    found = ways_to_rights(role, evidence)
    surely = [each for each in found if each.certain is Truth.TRUE and each.gains is Gain.ADMINISTRATOR]
    if surely:
        return f"can win rights: {said_ways(surely)}", ""
    return "", f"may win rights: {said_ways(found)}" if found else ""


def _entries(path: AttackPath) -> str:
    more = path.entry_count - len(path.entries)
    return _listed(path.entries) + (f" and {more} more" if more > 0 else "")


def _start(path: AttackPath) -> str:
    many = path.entry_count > 1 or any(each.startswith("accounts ") for each in path.entries)
    return "start" if many else "starts"


def _data(path: AttackPath) -> str:
    more = path.sensitive - len(path.sensitive_named)
    return _listed(path.sensitive_named) + (
        f" and reaches {more} more sensitive store{'s' if more > 1 else ''}" if more > 0 else ""
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


@check("blast-radius", over=BlastRadius)
def blast_radius(radius: BlastRadius, evidence: Watched) -> Verdict:
    """It is known what each workload puts at stake."""
    started = f"{radius.subject}, started by {WHO[radius.exposure]} at the least trusted, runs under role {radius.role}"
    if radius.power:
        return ok(f"{started}, which {radius.power}: everything in the account is at stake")
    if not radius.stores:
        return ok(f"{started}, which reaches none of the stores that were found")
    if radius.stores == 1:
        reached = "1 sensitive store" if radius.sensitive else "1 store that is not sensitive"
    else:
        reached = f"{radius.stores} stores, {radius.sensitive or 'none'} of them sensitive"
    return ok(f"{started}, which reaches {reached}: {_listed(radius.stores_said)}")


# Calls that put an object into a bucket, under the names of the API and of the libraries around it.
_PUTS = re.compile(
    r"^s3:(putobject|copyobject|copy|upload\w*|createmultipartupload|completemultipartupload)$", re.IGNORECASE
)


def _by_right(loop: Loop, evidence: Watched) -> Verdict:
    """The verdict on a function whose role may write what starts it: certain where the code, if it was read, makes a call that does."""
    said = f"{loop.subject} is started by {_listed(loop.proven)}"
    read, _ = evidence.seen(CodedUse, workload=loop.workload)
    writes = [one for each in read for one in each.actions if _PUTS.match(one)]
    if writes or not (read or loop.where):
        return fail(f"{said}: everything that it puts there starts it again")
    seen = "no call in its code is known to write objects" if read else "its code was not read"
    return review(f"{said}: what it puts there would start it again; {seen}, so a person has to see what it writes")


@check("trigger-cycle", over=Loop)
def trigger_cycle(loop: Loop, evidence: Watched) -> Verdict:
    """Nothing that a workload writes starts it again, neither directly nor by way of others."""
    name = str(loop.subject)
    if loop.proven:
        return _by_right(loop, evidence)
    if loop.around and loop.around_proven and not loop.told_at:
        return fail(f"{name} starts itself by way of others, with everything that they put there: {loop.around}")
    if loop.possible:
        return review(
            f"{name} may start itself through {_listed(loop.possible)}; whether the code writes what starts it has to be read"
        )
    if loop.around and not loop.told_at:
        return review(
            f"{name} may start itself by way of others: {loop.around}; whether their code writes what starts the next has to be read"
        )
    if loop.told_at:
        return na(f"{name} is one of the functions of the loop that is reported at {loop.told_at}")
    if not loop.starters:
        return ok(f"no store, topic, queue or stream starts {name}")
    return ok(f"the role of {name} can write to nothing that starts it ({_listed(loop.starters)})")
