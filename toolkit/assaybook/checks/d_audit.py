"""Area D: where logs go, how configurations are recorded, and who changed functions."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.audit import FunctionChange, LogForwarding
from ..tables.compute import Workload
from ..tables.monitoring import TrailArchive
from ..tables.posture import RecordedScope, Recorder
from ..tables.scope import Region
from ..watched import Watched

EVERYWHERE = "global"
# That callers from the internet reach a function makes neither its logs nor its changes worse.
OPEN_DOOR = frozenset({"internet"})


@check("critical-logs-stay-in-account", over=Workload)
def critical_logs_stay_in_account(workload: Workload, evidence: Watched) -> Verdict:
    """The logs of a critical function are carried to another account, where whoever takes over its own cannot delete them."""
    if not workload.critical:
        return na(f"{workload.name} is not tagged critical")
    account = workload.subject.account
    logs = evidence.one(LogForwarding, workload.key)
    if not logs.exists:
        return na(f"the log group {logs.group} does not exist yet")
    away = [each for each in logs.whole if _account(each) != account]
    if away:
        return ok(f"{logs.group} sends its events to account {_account(away[0])}")
    if logs.whole:
        return review(
            f"{logs.group} sends its events to {logs.whole[0]} in the same account; whether they leave it from there is not known"
        )
    if logs.partly:
        return review(f"{logs.group} sends only events that match a pattern to {logs.partly[0]}")
    return fail(
        f"the log of {workload.name} lies in {logs.group} of account {account} only, whose administrators can delete it",
        used=OPEN_DOOR,
    )


def _account(arn: str) -> str:
    return (arn.split(":") + [""] * 5)[4]


@check("trail-without-own-key", over=TrailArchive)
def trail_without_own_key(archive: TrailArchive, evidence: Watched) -> Verdict:
    """The records of a trail are encrypted with a key whose policy says who may read them."""
    if archive.key_id:
        return ok(f"the trail {archive.trail} encrypts its records with {archive.key_id.rpartition('/')[2]}")
    return fail(
        f"the trail {archive.trail} encrypts its records with a key of S3's, so that whoever may read {archive.bucket} may read them",
        severity=Severity.MEDIUM,
    )


@check("configuration-not-recorded", over=RecordedScope)
def configuration_not_recorded(wanted: RecordedScope, evidence: Watched) -> Verdict:
    """A recorder keeps the history of functions and APIs in each region, and that of identities in one, and delivers it."""
    account, region = wanted.account, wanted.region
    everywhere = region == EVERYWHERE
    scope = {"account": account} if everywhere else {"account": account, "region": region}
    where = f"account {account}" if everywhere else f"{region} of account {account}"
    good = evidence.any(Recorder, lambda each: not _wrong(each, wanted), **scope)
    if good is not None:
        return ok(f"the recorder {good.name} records {_listed(wanted.types)} in {where}")
    recorders = evidence.all(Recorder, None, **scope)
    if everywhere:
        # Identities can be recorded in any region, so that their own must have been looked into.
        evidence.one(Region, f"{account}/{wanted.home}")
    said = "; ".join(f"{each.name} in {each.subject.region} {_wrong(each, wanted)}" for each in recorders)
    return fail(
        f"how {_listed(wanted.types)} of {where} were configured is not recorded: {said or 'there is no recorder'}"
    )


def _wrong(recorder: Recorder, wanted: RecordedScope) -> str:
    """What keeps a recorder from recording what is wanted, empty if nothing does."""
    if not recorder.recording:
        return "is not recording"
    missing = [each for each in wanted.types if not _records(recorder, each)]
    return f"does not record {_listed(missing)}" if missing else recorder.problem


def _records(recorder: Recorder, type_: str) -> bool:
    if recorder.choice == "named":
        return type_ in recorder.types
    if recorder.choice == "all_but":
        return type_ not in recorder.types
    return recorder.identities or not type_.startswith("AWS::IAM::")


def _listed(types: tuple[str, ...] | list[str]) -> str:
    return ", ".join(each.removeprefix("AWS::") for each in types)


@check("function-changed-by-person", over=FunctionChange)
def function_changed_by_person(change: FunctionChange, evidence: Watched) -> Verdict:
    """Functions of production are changed by the pipeline, and by nobody in the console."""
    times = "once" if change.times == 1 else f"{change.times} times"
    what = f"the {change.what} of {change.workload} was changed {times} by {change.who}, last on {change.last}"
    if change.production is False:
        return na(f"{what}; it is tagged as not production")
    if change.console:
        return fail(f"{what}, in the console, past the pipeline and its approvals", used=OPEN_DOOR)
    if change.person:
        return review(
            f"{what}, not in the console; whether a ticket and an approval stand behind it is for a person to find"
        )
    return ok(f"{what}, and not in the console")
