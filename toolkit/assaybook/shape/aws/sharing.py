"""Who beyond the account may reach what keeps data in AWS, one row for each statement of a policy and for each list of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...policy.document import ALLOW, parse_policy
from ...tables.data import Key, Share
from ...tables.sharing import StoreGrant
from ..records import MALFORMED, Record, hole, items, listing, part, place, shaped, text
from ..tags import TagWords, tag_map
from .buckets import buckets
from .copies import destinations, exports, replicas, table_of
from .resources import Tagging, Thing, arn_of, policy_of, sources

EVERYBODY = "all"


def shape_sharing(captures: Captures, tagging: Tagging, rows: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """StoreGrant rows: of the policies on `rows`, of file systems, and of what is shared with or sent to named accounts."""
    for row in rows:
        if isinstance(row, Hole) and row.table in (Share, Key):
            yield Hole(StoreGrant, row.gap, row.subject, row.parent)
        elif isinstance(row, (Share, Key)):
            kind = row.kind if isinstance(row, Share) else "key"
            yield from _statements(kind, row.name, row, row.policy)
    yield from _file_systems(captures, tagging)
    for call, detail, identifier, result in (
        ("rds:DescribeDBSnapshots", "rds:DescribeDBSnapshotAttributes", "DBSnapshot", "DBSnapshotAttributes"),
        (
            "rds:DescribeDBClusterSnapshots",
            "rds:DescribeDBClusterSnapshotAttributes",
            "DBClusterSnapshot",
            "DBClusterSnapshotAttributes",
        ),
    ):
        for capture in captures.expect(call, "aws"):
            for record in listing(capture).records:
                make = partial(_snapshot, captures, tagging, capture, record, detail, identifier, result)
                yield from shaped(capture, StoreGrant, make)
    for capture in captures.expect("ssm:ListDocuments", "aws"):
        for record in listing(capture).records:
            yield from shaped(capture, StoreGrant, partial(_document, captures, tagging, capture, record))
    yield from _exports(captures, tagging)
    yield from _replicas(captures, tagging.words)


def _statements(kind: str, name: str, row: Row, policy: Any) -> Iterator[Row | Hole]:
    if isinstance(policy, Gap):
        yield hole(StoreGrant, policy, row.subject)
        return
    for number, statement in enumerate(parse_policy(policy).statements if policy else ()):
        if statement.effect == ALLOW:
            yield StoreGrant(
                key=f"{row.key}/{number}",
                subject=row.subject,
                sources=row.sources,
                setting=row.setting,
                kind=kind,
                name=name,
                sid=statement.sid,
                statement=number,
                policy=policy,
                own_account=row.subject.account,
                shared_with=(),
            )


def _file_systems(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("efs:DescribeFileSystems", "aws"):
        found = listing(capture)
        yield from found.holes(StoreGrant)
        for record in found.records:
            try:
                arn, id = text(record, "FileSystemArn"), text(record, "FileSystemId")
                name, tags = text(record, "Name", "") or id, tag_map(record.get("Tags"))
            except MALFORMED as problem:
                yield hole(StoreGrant, capture.unexpected(f"{type(problem).__name__} {problem}"), place(capture.target))
                continue
            about = captures.about("efs:DescribeFileSystemPolicy", capture.target, FileSystemId=id)
            thing = Thing("file system", arn, name, capture.target, sources(capture, about), tags, tagging.words)
            yield from _statements("file system", name, Row(**thing.row), policy_of(about))


def _shared(thing: Thing, accounts: Any) -> StoreGrant:
    return StoreGrant(
        **{**thing.row, "key": f"{thing.arn}/accounts"},
        kind=thing.kind,
        name=thing.name,
        sid="",
        statement=0,
        policy="",
        own_account=thing.target.account,
        shared_with=accounts,
    )


def _snapshot(
    captures: Captures, tagging: Tagging, capture: Capture, record: Record, call: str, word: str, result: str
) -> StoreGrant:
    arn, name = text(record, f"{word}Arn"), text(record, f"{word}Identifier")
    about = captures.about(call, capture.target, **{f"{word}Identifier": name})
    tags = tag_map(record.get("TagList"))
    thing = Thing("database snapshot", arn, name, capture.target, sources(capture, about), tags, tagging.words)
    return _shared(thing, () if about.state == ABSENT else about.read(partial(_restorers, result)))


def _restorers(result: str, answer: Record) -> tuple[str, ...]:
    """The accounts that may restore a snapshot, without the word for all of them."""
    attributes = answer[f"{result}Result"][result]
    named = [items(each, "AttributeValues") for each in attributes if text(each, "AttributeName") == "restore"]
    return tuple(sorted({str(each) for values in named for each in values} - {EVERYBODY}))


def _document(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> StoreGrant:
    name = text(record, "Name")
    about = captures.about("ssm:DescribeDocumentPermission", capture.target, Name=name, PermissionType="Share")
    arn = arn_of(capture.target, "ssm", f"document/{name}")
    tags = tag_map(record.get("Tags"))
    thing = Thing("document", arn, name, capture.target, sources(capture, about), tags, tagging.words)
    return _shared(thing, () if about.state == ABSENT else about.read(_users))


def _users(answer: Record) -> tuple[str, ...]:
    """The accounts that may use a document, without the word for all of them."""
    return tuple(sorted({str(each) for each in answer["AccountIds"] if str(each).lower() != EVERYBODY}))


def _exports(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("dynamodb:ListExports", "aws"):
        yield from listing(capture).holes(StoreGrant)
    for found, record, detail in exports(captures):
        if detail.state == ABSENT:
            continue
        arn, target = text(record, "ExportArn"), found.capture.target
        tags = tagging.of(target, arn.partition("/export/")[0])
        name = f"{table_of(arn)}/{arn.rpartition('/')[2]}"
        thing = Thing("table export", arn, name, target, sources(detail), tags, tagging.words)
        yield _shared(thing, detail.read(partial(_receiver, target.account)))


def _receiver(own: str, answer: Record) -> tuple[str, ...]:
    """The account whose bucket an export went to, if it is another; the owner is named only then."""
    described = part(answer, "ExportDescription")
    text(described, "S3Bucket")
    owner = text(described, "S3BucketOwner", own)
    return () if owner == own else (owner,)


def _replicas(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    for _, whole in buckets(captures):
        for bucket in whole:
            yield from destinations(bucket).holes(StoreGrant, about=place(bucket.found.target, "account"))
            for thing, record in replicas(bucket, words):
                owner = text(record, "Account", thing.target.account)
                yield _shared(thing, () if owner == thing.target.account else (owner,))
