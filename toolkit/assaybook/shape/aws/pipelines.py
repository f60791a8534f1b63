"""Pipelines of CodePipeline and build projects of CodeBuild to rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...capture import ABSENT, Capture, Captures
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.pipelines import BuildTrigger, BuildVariable, Pipeline
from ..records import Record, hole, items, listing, part, place, shaped, text
from .resources import arn_of, names, sources

# Actions that put a new state of functions, or of the stack that holds them, into an account. Source: AWS CodePipeline user guide, "Action structure reference".
DEPLOYING = frozenset(
    {"CloudFormation", "CloudFormationStackSet", "CodeDeploy", "Lambda", "CodeDeployToLambda", "ServiceCatalog"}
)
# Types of variables whose value names where the value is. Source: AWS CodeBuild API reference, "EnvironmentVariable".
REFERENCES = ("PARAMETER_STORE", "SECRETS_MANAGER")
PULL_REQUESTS = "PULL_REQUEST_"


def shape_pipelines(captures: Captures) -> Iterator[Row | Hole]:
    """Pipeline, BuildVariable and BuildTrigger rows."""
    for capture in captures.expect("codepipeline:ListPipelines", "aws"):
        found = listing(capture)
        yield from found.holes(Pipeline)
        for record in found.records:
            yield from _pipeline(captures, capture, record)
    for capture in captures.expect("codebuild:ListProjects", "aws"):
        yield from _projects(captures, capture)


def _pipeline(captures: Captures, capture: Capture, record: Record) -> Iterator[Row | Hole]:
    target, name = capture.target, record.get("name")
    detail = captures.about("codepipeline:GetPipeline", target, name=name)
    if detail.state == ABSENT:
        return
    arn = arn_of(target, "codepipeline", str(name))
    subject = Subject("aws", target.account, target.region, "pipeline", arn, str(name))
    gap = detail.gap()
    if gap is not None:
        yield hole(Pipeline, gap, subject)
    else:
        yield from shaped(detail, Pipeline, partial(_made, capture, detail, subject), subject)


def _made(capture: Capture, detail: Capture, subject: Subject) -> Pipeline:
    stages = part(detail.answer, "pipeline")["stages"]
    # Within a stage, actions run by their order.
    actions = [
        (
            text(part(action, "actionTypeId"), "category"),
            text(part(action, "actionTypeId"), "provider"),
            text(action, "name"),
        )
        for stage in stages
        for action in sorted(items(stage, "actions"), key=lambda each: int(each.get("runOrder", 1)))
    ]
    deploying = [
        place for place, (category, provider, _) in enumerate(actions) if category == "Deploy" and provider in DEPLOYING
    ]
    before = actions[: deploying[0]] if deploying else []
    return Pipeline(
        key=subject.native,
        subject=subject,
        sources=sources(capture, detail),
        name=subject.name,
        deploys=tuple(f"{actions[place][2]} ({actions[place][1]})" for place in deploying),
        approved_before=any(category == "Approval" for category, _, _ in before),
    )


def _projects(captures: Captures, capture: Capture) -> Iterator[Row | Hole]:
    listed = names(capture, "projects")
    yield from listed.holes(BuildVariable, BuildTrigger)
    wanted = {each["name"] for each in listed.records}
    for batch in captures.of("codebuild:BatchGetProjects", capture.target):
        found = listing(batch)
        yield from found.holes(BuildVariable, BuildTrigger)
        wanted -= set(batch.params.get("names", ()))
        for record in found.records:
            if record.get("webhook"):
                yield from shaped(batch, BuildTrigger, partial(_trigger, batch, record))
            yield from _variables(batch, record)
    if wanted:
        gap = capture.unexpected(f"{len(wanted)} projects were listed and not described")
        yield from (hole(table, gap, place(capture.target)) for table in (BuildVariable, BuildTrigger))


def _subject(capture: Capture, record: Record) -> Subject:
    target = capture.target
    return Subject("aws", target.account, target.region, "build-project", text(record, "arn"), text(record, "name"))


def _variables(capture: Capture, record: Record) -> Iterator[Row | Hole]:
    environment = record.get("environment")
    variables = environment.get("environmentVariables", ()) if isinstance(environment, dict) else ()
    for variable in variables if isinstance(variables, (list, tuple)) else ():
        if isinstance(variable, dict) and variable.get("type") not in REFERENCES:
            yield from shaped(capture, BuildVariable, partial(_variable, capture, record, variable))


def _variable(capture: Capture, record: Record, variable: Record) -> BuildVariable:
    subject, name, value = _subject(capture, record), text(variable, "name"), variable["value"]
    if value["redacted"] is not True:
        raise ValueError("a value of a build environment that was not redacted")
    return BuildVariable(
        key=f"{subject.native}/{name}",
        subject=subject,
        sources=sources(capture),
        project=subject.name,
        name=name,
        secret=str(value["secret"]),
        placeholder=bool(value["placeholder"]),
        length=int(value["length"]),
        fingerprint=str(value["fingerprint"]),
        resource=str(value["resource"]),
    )


def _trigger(capture: Capture, record: Record) -> BuildTrigger:
    subject, webhook = _subject(capture, record), part(record, "webhook")
    groups = [
        [each for each in group if not each.get("excludeMatchedPattern")] for group in items(webhook, "filterGroups")
    ]
    events = [_patterns(group, "EVENT") for group in groups]
    actors = [_patterns(group, "ACTOR_ACCOUNT_ID") for group in groups]
    started = sorted({one.strip() for group in events for each in group for one in each.split(",")})
    return BuildTrigger(
        key=subject.native,
        subject=subject,
        sources=sources(capture),
        project=subject.name,
        repository=text(part(record, "source"), "location", ""),
        events=tuple(started),
        # A group without such a filter takes everybody, whatever the others say.
        actors=tuple(sorted({one for group in actors for one in group})) if groups and all(actors) else (),
        pull_requests=not groups
        or any(not group for group in events)
        or any(each.startswith(PULL_REQUESTS) for each in started),
        approval=text(part(webhook, "pullRequestBuildPolicy"), "requiresCommentApproval", "DISABLED") != "DISABLED",
    )


def _patterns(group: list[Record], kind: str) -> list[str]:
    return [text(each, "pattern") for each in group if text(each, "type") == kind]
