"""Roles that clusters of EKS give to pods, to rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...capture import ABSENT, Capture, Captures
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.clusters import PodIdentity
from ..records import Record, hole, listing, part, place, shaped, text
from .resources import NAME, names, offered, sources


def shape_clusters(captures: Captures) -> Iterator[Row | Hole]:
    """PodIdentity rows. A hole is about the whole region: which role an association gives is what it does not tell."""
    for capture in offered(captures.expect("eks:ListClusters", "aws")):
        clusters = names(capture, "clusters")
        yield from clusters.holes(PodIdentity)
        for cluster in clusters.records:
            about = captures.about("eks:ListPodIdentityAssociations", capture.target, clusterName=cluster[NAME])
            found = listing(about)
            yield from found.holes(PodIdentity)
            for record in found.records:
                yield from _association(captures, about, record)


def _association(captures: Captures, capture: Capture, record: Record) -> Iterator[Row | Hole]:
    asked = {"clusterName": record.get("clusterName"), "associationId": record.get("associationId")}
    detail = captures.about("eks:DescribePodIdentityAssociation", capture.target, **asked)
    if detail.state == ABSENT:
        return
    gap = detail.gap()
    if gap is not None:
        yield hole(PodIdentity, gap, place(capture.target))
    else:
        yield from shaped(detail, PodIdentity, partial(_made, capture, detail, record))


def _made(capture: Capture, detail: Capture, record: Record) -> PodIdentity:
    association, target = part(detail.answer, "association"), capture.target
    arn = text(record, "associationArn")
    cluster, namespace = text(association, "clusterName"), text(association, "namespace")
    account = text(association, "serviceAccount")
    return PodIdentity(
        key=arn,
        subject=Subject("aws", target.account, target.region, "pod-identity", arn, f"{cluster}/{namespace}/{account}"),
        sources=sources(capture, detail),
        cluster=cluster,
        namespace=namespace,
        service_account=account,
        role=text(association, "roleArn"),
    )
