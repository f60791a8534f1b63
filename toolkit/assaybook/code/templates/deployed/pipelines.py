"""What CodePipeline, CodeBuild, ECR and EKS would answer about the pipelines, builds, image repositories and clusters of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....capture import NOT_TOLD
from ..resources import Resource
from .answers import Answers, Record, Stack, entries, members, number, place_of, plain, switch, untold, word
from .attached import called, own_policy

PIPELINE, PROJECT = "AWS::CodePipeline::Pipeline", "AWS::CodeBuild::Project"
REPOSITORY, CLUSTER = "AWS::ECR::Repository", "AWS::EKS::Cluster"
ASSOCIATION = "AWS::EKS::PodIdentityAssociation"
ANSWERED = (
    "codepipeline:ListPipelines",
    "codepipeline:GetPipeline",
    "codebuild:ListProjects",
    "codebuild:BatchGetProjects",
    "ecr:DescribeRepositories",
    "ecr:GetRepositoryPolicy",
    "eks:ListClusters",
    "eks:ListPodIdentityAssociations",
    "eks:DescribePodIdentityAssociation",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every pipeline, build project, image repository and cluster."""
    for pipeline in stack.of(PIPELINE):
        _pipeline(stack, answers, pipeline)
    for project in stack.of(PROJECT):
        answers.listed("codebuild:ListProjects", project.name, where=project.where)
        _project(stack, answers, project)
    for repository in stack.of(REPOSITORY):
        _repository(stack, answers, repository)
    _clusters(stack, answers)


def _pipeline(stack: Stack, answers: Answers, pipeline: Resource) -> None:
    """Without the configuration of actions, which the plan drops."""
    name, said = pipeline.name, pipeline.properties
    answers.place(stack.arn("codepipeline", name), pipeline.where, pipeline.conditional)
    answers.listed("codepipeline:ListPipelines", {"name": name}, where=pipeline.where)
    stages = said.get("Stages")
    if untold(stages):
        answers.untold("codepipeline:GetPipeline", "Stages is not resolved", pipeline.where, name=name)
        return
    made = [
        plain(stage)
        if untold(stage)
        else {
            "name": word(members(stage).get("Name")),
            "actions": [_action(each) for each in entries(members(stage).get("Actions"))],
        }
        for stage in entries(stages)
    ]
    where = place_of(pipeline, "Stages")
    answers.told("codepipeline:GetPipeline", {"pipeline": {"name": name, "stages": made}}, where, name=name)


def _action(action: Any) -> Any:
    if untold(action):
        return plain(action)
    kind = members(members(action).get("ActionTypeId"))
    return {
        "name": word(members(action).get("Name")),
        "runOrder": number(members(action).get("RunOrder"), 1),
        "actionTypeId": {"category": plain(kind.get("Category")), "provider": plain(kind.get("Provider"))},
    }


def _project(stack: Stack, answers: Answers, project: Resource) -> None:
    said = project.properties
    arn = stack.arn("codebuild", f"project/{project.name}")
    answers.place(arn, project.where, project.conditional)
    environment, source = members(said.get("Environment")), members(said.get("Source"))
    record: dict[str, Any] = {
        "name": project.name,
        "arn": arn,
        "source": {"type": plain(source.get("Type")), "location": word(source.get("Location"))},
        "environment": {"environmentVariables": _variables(environment.get("EnvironmentVariables"))},
    }
    for place, each in enumerate(entries(environment.get("EnvironmentVariables"))):
        name, path = word(members(each).get("Name")), f"Environment.EnvironmentVariables.{place}"
        answers.place(
            f"{arn}/{name}", place_of(project, f"{path}.Value", path, "Environment.EnvironmentVariables", "Environment")
        )
    webhook = _webhook(said.get("Triggers"))
    if webhook is not None:
        record["webhook"] = webhook
    # What is asked in batches is answered for each by itself.
    answers.listed("codebuild:BatchGetProjects", record, where=project.where, names=[project.name])


def _variables(value: Any) -> Any:
    """Values that the template does not tell are no values of a secret; they are left out."""
    return [
        {
            "name": plain(members(each).get("Name")),
            "value": word(members(each).get("Value")),
            "type": plain(members(each).get("Type", "PLAINTEXT")),
        }
        for each in entries(value)
        if not untold(each) and not untold(members(each).get("Value"))
    ]


def _webhook(triggers: Any) -> Any:
    said = members(triggers)
    on = switch(said.get("Webhook"), False)
    if untold(triggers) or on is False:
        return plain(triggers) if untold(triggers) else None
    groups = said.get("FilterGroups")
    made: dict[str, Any] = {"url": "https://codebuild.amazonaws.com/webhooks"} if on is True else {"url": on}
    if _is_open(groups):
        # What starts builds is whatever the filters let through together, so that one that is not known leaves all of it open.
        made["filterGroups"] = {NOT_TOLD: "which events start the build: FilterGroups is not resolved"}
    else:
        made["filterGroups"] = [[_filter(members(each)) for each in entries(group)] for group in entries(groups)]
    approval = members(said.get("PullRequestBuildPolicy"))
    if approval:
        made["pullRequestBuildPolicy"] = {"requiresCommentApproval": plain(approval.get("RequiresCommentApproval"))}
    return made


def _is_open(value: Any) -> bool:
    """Whether anything in a value is not resolved."""
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return untold(value) or any(map(_is_open, inside))


def _filter(said: Mapping[str, Any]) -> Record:
    return {
        "type": plain(said.get("Type")),
        "pattern": plain(said.get("Pattern")),
        "excludeMatchedPattern": switch(said.get("ExcludeMatchedPattern"), False),
    }


def _repository(stack: Stack, answers: Answers, repository: Resource) -> None:
    name = repository.name
    arn = stack.arn("ecr", f"repository/{name}")
    answers.place(arn, repository.where, repository.conditional)
    answers.listed("ecr:DescribeRepositories", {"repositoryName": name, "repositoryArn": arn}, where=repository.where)
    own_policy(
        answers, "ecr:GetRepositoryPolicy", "policyText", repository, "RepositoryPolicyText", repositoryName=name
    )


def _clusters(stack: Stack, answers: Answers) -> None:
    """Clusters, and which roles they give to which pods. A cluster of another stack is one that an association names."""
    held: dict[str, list[Resource]] = {called(each, "Name"): [] for each in stack.of(CLUSTER)}
    for each in stack.of(ASSOCIATION):
        cluster = stack.named(each.properties.get("ClusterName"), CLUSTER)
        held.setdefault(called(cluster, "Name") if cluster else word(each.properties.get("ClusterName")), []).append(
            each
        )
    for name, associations in held.items():
        answers.listed("eks:ListClusters", name)
        records = []
        for each in associations:
            arn = stack.arn("eks", f"podidentityassociation/{name}/{each.id}")
            answers.place(arn, each.where, each.conditional)
            records.append({"clusterName": name, "associationId": each.id, "associationArn": arn})
            detail = {
                "clusterName": name,
                "namespace": word(each.properties.get("Namespace")),
                "serviceAccount": word(each.properties.get("ServiceAccount")),
                "roleArn": word(each.properties.get("RoleArn")),
            }
            asked = {"clusterName": name, "associationId": each.id}
            answers.told("eks:DescribePodIdentityAssociation", {"association": detail}, each.where, **asked)
        answers.listed("eks:ListPodIdentityAssociations", *records, clusterName=name)
