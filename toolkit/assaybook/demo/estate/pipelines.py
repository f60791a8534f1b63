"""Pipelines and build projects. An emulator needs a role and a bucket for each and keeps no webhook, so they are written out here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..emulator.account import Answer
from ..emulator.exchange import Exchange
from .names import US, arn, role_arn, secret

MADE = datetime(2024, 3, 11, 9, tzinfo=UTC)
SOURCE = ("Source", "CodeStarSourceConnection", "source")
BUILD = ("Build", "CodeBuild", "build")
DEPLOY = ("Deploy", "CloudFormation", "deploy-stack")
ASK = ("Approval", "Manual", "ask-the-owner")
PIPELINES: Mapping[str, tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]] = {
    "shop-release": (("Source", (SOURCE,)), ("Build", (BUILD,)), ("Approve", (ASK,)), ("Production", (DEPLOY,))),
    "catalog-release": (("Source", (SOURCE,)), ("Build", (BUILD,)), ("Production", (DEPLOY,))),
    "press-kit": (("Source", (SOURCE,)), ("Publish", (("Deploy", "S3", "publish"),))),
}


def pipelines(asked: Exchange) -> Answer:
    """The pipelines of a region."""
    listed = [
        {"name": each, "version": 3, "pipelineType": "V2", "created": MADE, "updated": MADE}
        for each in sorted(PIPELINES)
    ]
    return {"pipelines": listed if asked.region == US else []}


def pipeline(asked: Exchange) -> Answer:
    """One pipeline with its stages."""
    name = str(asked.params["name"])
    stages = [
        {
            "name": stage,
            "actions": [
                {
                    "name": action,
                    "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
                    "runOrder": place,
                    "region": US,
                }
                for place, (category, provider, action) in enumerate(actions, 1)
            ],
        }
        for stage, actions in PIPELINES[name]
    ]
    made = {"name": name, "roleArn": role_arn("deploy-pipeline"), "version": 3, "pipelineType": "V2", "stages": stages}
    return {"pipeline": made, "metadata": {"pipelineArn": arn("codepipeline", name), "created": MADE, "updated": MADE}}


def projects(asked: Exchange) -> Answer:
    """The build projects of a region."""
    return {"projects": sorted(_projects()) if asked.region == US else []}


def project_details(asked: Exchange) -> Answer:
    """Build projects with their environments and webhooks."""
    known = _projects()
    return {"projects": [known[str(each)] for each in asked.params["names"]], "projectsNotFound": []}


def _projects() -> Mapping[str, Mapping[str, Any]]:
    stage = {"name": "STAGE_NAME", "value": "production", "type": "PLAINTEXT"}
    kept = {"name": "NPM_TOKEN", "value": "build/npm-token", "type": "SECRETS_MANAGER"}
    plain = {"name": "MAIL_TOKEN", "value": secret("mail token"), "type": "PLAINTEXT"}
    return {
        "shop-build": _project("shop-build", [stage, kept], [[{"type": "EVENT", "pattern": "PUSH"}]]),
        "catalog-build": _project("catalog-build", [stage, plain], None),
        "components-build": _project(
            "components-build",
            [],
            [
                [
                    {"type": "EVENT", "pattern": "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED"},
                    {"type": "ACTOR_ACCOUNT_ID", "pattern": "518842"},
                ]
            ],
        ),
    }


def _project(name: str, variables: list[dict[str, str]], groups: list[list[dict[str, str]]] | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": name,
        "arn": arn("codebuild", f"project/{name}"),
        "source": {
            "type": "GITHUB",
            "location": f"https://github.com/northwind-demo/{name.removesuffix('-build')}.git",
        },
        "environment": {
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "privilegedMode": False,
            "environmentVariables": variables,
        },
        "serviceRole": role_arn("deploy-pipeline"),
        "created": MADE,
        "lastModified": MADE,
        "projectVisibility": "PRIVATE",
    }
    if groups is not None:
        made["webhook"] = {"url": f"https://api.github.com/repos/northwind-demo/{name}/hooks/1", "filterGroups": groups}
    return made
