"""Area D: whether somebody is told: of alarms, security events, findings and cost."""

from __future__ import annotations

from functools import partial

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.truth import Truth
from ..tables.alerting import SECURITY_EVENTS, AlarmTarget, CostAlarm, EventWatch, SecurityEvent
from ..tables.monitoring import Alarm, AlarmMetric, Trail
from ..tables.posture import FindingRouting, ThreatFinding
from ..tables.scope import Account
from ..watched import Watched
from .known_event import Event
from .security_events import finding, looks_for, notices, passes_on, records
from .trail_events import records_management

# Kinds of events whose late discovery costs less than that of the others.
LESS_GRAVE = ("bucket-policy-change", "recorder-stop")
# Metrics that rise with the bill. Source: AWS Lambda Developer Guide, "Types of metrics"; AWS Billing User Guide, "Creating a billing alarm".
COST_SIGNALS = (
    "AWS/Lambda Invocations *",
    "AWS/Lambda ConcurrentExecutions *",
    "AWS/Lambda ClaimedAccountConcurrency *",
    "AWS/Billing EstimatedCharges ",
)


@check("alarm-reaches-nobody", over=Alarm)
def alarm_reaches_nobody(alarm: Alarm, evidence: Watched) -> Verdict:
    """An alarm leads to somebody: an action that is on, and a topic to which somebody confirmed a subscription."""
    account, region, key = alarm.subject.account, alarm.subject.region, alarm.subject.native
    if not alarm.acts:
        return _silent(alarm, evidence)
    scope = {"account": account, "region": region, "alarm": key}
    reached = evidence.any(AlarmTarget, lambda each: each.kind == "other" or each.confirmed > 0, **scope)
    if reached is not None:
        return ok(f"the alarm {alarm.name} tells {_short(reached.target)}{_subscribed(reached)}")
    targets = evidence.all(AlarmTarget, None, **scope)
    topics = [each for each in targets if each.kind == "topic"]
    if not topics:
        return na(f"the alarm {alarm.name} changes capacity or a machine and is not meant for people")
    said = " and ".join(f"{_short(each.target)} {_unheard(each)}" for each in topics)
    return fail(f"the alarm {alarm.name} reaches nobody: {said}")


def _silent(alarm: Alarm, evidence: Watched) -> Verdict:
    account, region = alarm.subject.account, alarm.subject.region
    for name in alarm.part_of:
        if evidence.any(Alarm, lambda each: each.acts, name=name, account=account, region=region) is not None:
            return na(f"the alarm {alarm.name} is told of through the composite alarm {name}")
    state = {"state": {"value": "ALARM"}, "alarmName": alarm.name}
    event = finding("aws.cloudwatch", "CloudWatch Alarm State Change", account, region, state)
    rule = evidence.any(EventWatch, lambda each: passes_on(each, event) is Truth.TRUE, account=account, region=region)
    if rule is not None:
        return ok(f"the rule {rule.name} passes on that the alarm {alarm.name} goes off")
    why = "has no action" if alarm.enabled else "has its actions switched off"
    return fail(f"the alarm {alarm.name} {why}, so that nobody learns when it goes off")


def _short(arn: str) -> str:
    """What an alarm or a rule tells, in words."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return arn
    kinds = {
        "sns": "the topic",
        "lambda": "the function",
        "sqs": "the queue",
        "ssm-incidents": "the incident manager's",
    }
    return f"{kinds.get(parts[2], parts[2])} {parts[5].removeprefix('function:')}"


def _subscribed(target: AlarmTarget) -> str:
    return (
        f" with {target.confirmed} confirmed subscription{'s' if target.confirmed > 1 else ''}"
        if target.kind == "topic"
        else ""
    )


def _unheard(target: AlarmTarget) -> str:
    if not target.exists:
        return "does not exist any more"
    if target.pending:
        number = "one subscription" if target.pending == 1 else f"{target.pending} subscriptions"
        return f"has {number} that nobody confirmed"
    return "has no subscription"


@check("security-event-not-alerted", over=SecurityEvent)
def security_event_not_alerted(event: SecurityEvent, evidence: Watched) -> Verdict:
    """Each kind of security event is noticed by a rule that tells somebody, by a filter over the trail's log with an alarm, or by a declared SIEM."""
    what = f"{SECURITY_EVENTS[event.event]} in {event.region}"
    siem = evidence.parameter("declared_siem")
    if siem:
        return ok(f"{what} are watched by {siem}, as the configuration declares")
    noticed = {
        str(each["eventName"]): _noticed(each, evidence) for each in records(event.event, event.account, event.region)
    }
    missed = [name for name, (_, answer) in noticed.items() if answer is Truth.FALSE]
    if missed:
        said = f"{what} of account {event.account} raise no alert: nothing notices {', '.join(missed)}"
        said += _idle(event, missed[0], evidence)
        return fail(said, severity=Severity.MEDIUM if event.event in LESS_GRAVE else None)
    watches = [watch for watch, _ in noticed.values() if watch is not None]
    if any(each.kind == "rule" for each in watches) and not _trail_is_logging(event, evidence):
        return fail(
            f"rules look for {what}, but no trail that records management events is logging there, so that no such event reaches them"
        )
    perhaps = next((watch for watch, answer in noticed.values() if watch and answer is Truth.UNKNOWN), None)
    if perhaps is not None:
        return review(
            f"whether the {perhaps.kind} {perhaps.name} notices all {what} hangs on members that its pattern narrows"
        )
    first = watches[0]
    return ok(f"{what} are noticed by the {first.kind} {first.name}, which tells {_short(first.told[0])}")


def _idle(event: SecurityEvent, name: str, evidence: Watched) -> str:
    """A watch for an event that nothing notices, and why it notices nothing, to end the sentence with; empty if there is none."""
    record = next(each for each in records(event.event, event.account, event.region) if each["eventName"] == name)
    idle = evidence.any(
        EventWatch,
        lambda each: looks_for(each, record) is Truth.TRUE,
        account=event.account,
        region=event.region,
    )
    if idle is None:
        return ""
    return (
        f"; the {idle.kind} {idle.name} looks for {name}, but {'tells nobody' if idle.enabled else 'is switched off'}"
    )


def _noticed(record: Event, evidence: Watched) -> tuple[EventWatch | None, Truth]:
    """What notices an event, and whether it does so for certain."""
    account, region = record["recipientAccountId"], record["awsRegion"]
    for answer in (Truth.TRUE, Truth.UNKNOWN):
        watch = evidence.any(EventWatch, partial(_notices_as, record, answer), account=account, region=region)
        if watch is not None:
            return watch, answer
    return None, Truth.FALSE


def _notices_as(record: Event, answer: Truth, watch: EventWatch) -> bool:
    return notices(watch, record) is answer


def _trail_is_logging(event: SecurityEvent, evidence: Watched) -> bool:
    def brings_them(each: Trail) -> bool:
        return each.logging and records_management(each.selectors) is not Truth.FALSE

    return evidence.any(Trail, brings_them, account=event.account, region=event.region) is not None


@check("findings-not-routed", over=FindingRouting)
def findings_not_routed(routing: FindingRouting, evidence: Watched) -> Verdict:
    """What threat detection finds reaches a rule that tells somebody, a SIEM, or an administrator who has such a rule."""
    where = f"{routing.region} of account {routing.subject.account}"
    if not routing.threat_detection:
        return na(f"GuardDuty is off in {where}")
    siem = evidence.parameter("declared_siem")
    if siem:
        return ok(f"findings of {where} are taken up by {siem}, as the configuration declares")
    rule = route(routing, Truth.TRUE, evidence)
    if rule is not None:
        return ok(f"the rule {rule.name} passes findings of {where} on to {_short(rule.told[0])}")
    unseen = [each for each in routing.administrators if each not in routing.accounts]
    if unseen:
        # Whether the administrator has a rule cannot be known without its account.
        evidence.one(FindingRouting, f"aws/{unseen[0]}/{routing.region}")
    perhaps = route(routing, Truth.UNKNOWN, evidence)
    if perhaps is not None:
        return review(f"the rule {perhaps.name} passes some findings of {where} on: its pattern narrows them")
    if routing.published:
        return review(f"findings of {where} are exported to a bucket; whether somebody reads them there is not known")
    return fail(f"findings of GuardDuty in {where} reach nobody: no rule carries them, and they are not exported")


def route(routing: FindingRouting, answer: Truth, evidence: Watched) -> EventWatch | None:
    """A rule that carries findings of threat detection to somebody, in the own account or an administrator's, straight or through the hub."""
    detail: Event = {"severity": 8.0, "accountId": routing.subject.account, "service": {"archived": False}}
    for account in routing.accounts:
        straight = finding("aws.guardduty", "GuardDuty Finding", account, routing.region, detail)
        rule = _carrying(straight, answer, evidence)
        if rule is not None:
            return rule
    for account in routing.accounts if routing.hub else ():
        gathered = finding("aws.securityhub", "Security Hub Findings - Imported", account, routing.region, {})
        rule = _carrying(gathered, answer, evidence)
        if rule is not None:
            return rule
    return None


def _carrying(event: Event, answer: Truth, evidence: Watched) -> EventWatch | None:
    account, region = event["account"], event["region"]
    return evidence.any(EventWatch, lambda each: passes_on(each, event) is answer, account=account, region=region)


@check("threat-finding-open", over=ThreatFinding)
def threat_finding_open(found: ThreatFinding, evidence: Watched) -> Verdict:
    """A grave finding of threat detection is decided, and then archived, within the time that its severity allows."""
    if found.sample:
        return na(f"{found.type} in {found.region} is a sample finding")
    word = "critical" if found.severity >= 9 else "high"
    allowed, open_for = evidence.parameter("finding_triage_days")[word], (evidence.as_of - found.since).days
    what = f"the {word} finding {found.type} in {found.region}"
    if open_for > allowed:
        return fail(f"{what} is open for {open_for} days, and {allowed} are allowed: nobody decided on it")
    return ok(f"{what} is open for {open_for} of the {allowed} days that are allowed for a decision")


@check("no-cost-alarm", over=Account)
def no_cost_alarm(account: Account, evidence: Watched) -> Verdict:
    """A budget, a cost anomaly monitor or an alarm on invocations tells somebody when the bill runs away."""
    own, payer = account.account, account.management_account
    told = evidence.any(CostAlarm, lambda each: each.told, account=own)
    if told is not None:
        return ok(f"the {told.kind} {told.name} tells somebody of the cost of account {own}")
    alarm = evidence.any(AlarmMetric, lambda each: each.watches.startswith(COST_SIGNALS), account_watched=own)
    if alarm is not None:
        return ok(f"the alarm {alarm.alarm} watches {alarm.watches.rpartition(' ')[0]} of account {own}")
    if payer and payer != own:
        # The bill of an organisation is its payer's, who may watch it for all accounts.
        evidence.one(Account, payer)
        theirs = evidence.any(CostAlarm, lambda each: each.told, account=payer)
        if theirs is not None:
            return ok(
                f"the {theirs.kind} {theirs.name} of the payer {payer} tells somebody of the cost of account {own}"
            )
    silent = evidence.any(CostAlarm, account=own)
    said = (
        f"the {silent.kind} {silent.name} tells nobody"
        if silent
        else "there is no budget, cost monitor or alarm on invocations"
    )
    return fail(f"nobody is told when the bill of account {own} runs away: {said}")
