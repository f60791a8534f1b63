"""Roles that clusters give to pods, out of captures."""

import pytest

from assaybook.capture import Capture
from assaybook.tables.clusters import PodIdentity
from shaped_account import ACCOUNT, REGION, absent, answered, denied, having

ROLE = f"arn:aws:iam::{ACCOUNT}:role/label-pods"
ARN = f"arn:aws:eks:{REGION}:{ACCOUNT}:podidentityassociation/batch/a-1"
WHO = {"clusterName": "batch", "associationId": "a-1"}
NAMES = {"clusterName": "batch", "namespace": "shipping", "serviceAccount": "labels"}
LISTED, DETAIL = "eks:ListPodIdentityAssociations", "eks:DescribePodIdentityAssociation"


def asked(**change: Capture) -> list[Capture]:
    """What an account says that has one cluster with one association."""
    told = {
        "clusters": answered("eks:ListClusters", clusters=["batch"]),
        "listed": answered(
            LISTED,
            params={"clusterName": "batch"},
            associations=[{**NAMES, "associationArn": ARN, "associationId": "a-1"}],
        ),
        "detail": answered(DETAIL, params=WHO, association={**NAMES, "roleArn": ROLE}),
    }
    return [{**told, **change}[name] for name in told]


def test_an_association_with_its_role() -> None:
    row = having(*asked()).one(PodIdentity)
    assert (row.key, row.cluster, row.namespace, row.service_account, row.role) == (
        ARN,
        "batch",
        "shipping",
        "labels",
        ROLE,
    )
    assert str(row.subject.name) == "batch/shipping/labels"


@pytest.mark.parametrize(
    "change",
    [
        {"clusters": answered("eks:ListClusters", clusters=[])},
        {"listed": absent(LISTED, clusterName="batch")},
        {"detail": absent(DETAIL, **WHO)},
    ],
)
def test_what_is_gone_is_no_row_and_no_hole(change: dict[str, Capture]) -> None:
    found = having(*asked(**change))
    assert not found.rows(PodIdentity) and not found.holes(PodIdentity)


@pytest.mark.parametrize(
    "change",
    [
        {"clusters": denied(answered("eks:ListClusters"))},
        {"clusters": answered("eks:ListClusters", clusters="batch")},
        {"clusters": answered("eks:ListClusters", clusters=[{"name": "batch"}])},
        {"listed": denied(answered(LISTED, params={"clusterName": "batch"}))},
        {"listed": answered(LISTED, params={"clusterName": "batch"}, associations=None)},
        {"detail": denied(answered(DETAIL, params=WHO))},
        {"detail": answered(DETAIL, params=WHO, association={**NAMES, "roleArn": 7})},
        {"detail": answered(DETAIL, params=WHO, association="x")},
    ],
)
def test_what_cannot_be_read_is_a_hole_of_the_region(change: dict[str, Capture]) -> None:
    found = having(*asked(**change))
    (hole,) = found.holes(PodIdentity)
    assert (hole.parent, hole.subject.region) == ("", REGION)
