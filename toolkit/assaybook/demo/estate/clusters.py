"""A cluster that gives roles to its pods; the emulator knows clusters, and not what they give."""

from __future__ import annotations

import hashlib

from ..emulator.account import Answer
from ..emulator.exchange import Exchange, Refusal
from .names import ACCOUNT, US, role_arn

CLUSTER = "northwind-batch"
# Namespace, service account, role.
GIVEN = (
    ("shipping", "label-printer", "label-pods"),
    ("reporting", "nightly", "batch-pods"),
    ("shipping", "tracking", "batch-pods"),
)
PODS = {"Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}


def clusters(asked: Exchange) -> Answer:
    """The clusters of a region."""
    return {"clusters": [CLUSTER] if asked.region == US else []}


def associations(asked: Exchange) -> Answer:
    """What a cluster gives, without the roles."""
    hidden = ("roleArn", "createdAt", "modifiedAt", "disableSessionTags")
    listed = [{name: each[name] for name in each if name not in hidden} for each in map(_association, GIVEN)]
    return {"associations": listed}


def association(asked: Exchange) -> Answer:
    """One thing that a cluster gives, with the role."""
    for each in map(_association, GIVEN):
        if each["associationId"] == asked.params["associationId"]:
            return {"association": each}
    return Refusal("ResourceNotFoundException", "The association does not exist", 404)


def _association(given: tuple[str, str, str]) -> dict[str, object]:
    namespace, account, role = given
    number = f"a-{hashlib.sha256('/'.join(given).encode()).hexdigest()[:17]}"
    return {
        "clusterName": CLUSTER,
        "namespace": namespace,
        "serviceAccount": account,
        "roleArn": role_arn(role),
        "associationArn": f"arn:aws:eks:{US}:{ACCOUNT}:podidentityassociation/{CLUSTER}/{number}",
        "associationId": number,
        "createdAt": "2026-02-03T09:00:00+00:00",
        "modifiedAt": "2026-02-03T09:00:00+00:00",
        "disableSessionTags": False,
    }
