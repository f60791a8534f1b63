"""What Amazon RDS would answer about the databases of a stack, those of DocumentDB and Neptune among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....capture import UNRESOLVED
from ..resources import Resource
from .answers import (
    Answers,
    Record,
    Stack,
    entries,
    members,
    number,
    place_of,
    plain,
    switch,
    tag_list,
    untold,
    word,
)

INSTANCES = ("AWS::RDS::DBInstance", "AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance")
CLUSTERS = ("AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster")
INSTANCE_PARAMETERS = ("AWS::RDS::DBParameterGroup", "AWS::Neptune::DBParameterGroup")
CLUSTER_PARAMETERS = (
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::DocDB::DBClusterParameterGroup",
    "AWS::Neptune::DBClusterParameterGroup",
)
PROXY = "AWS::RDS::DBProxy"
ANSWERED = (
    "rds:DescribeDBInstances",
    "rds:DescribeDBClusters",
    "rds:DescribeDBParameters",
    "rds:DescribeDBClusterParameters",
    "rds:DescribeDBProxies",
)
NOT_FROM_TEMPLATES: Mapping[str, str] = dict.fromkeys(
    (
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBSnapshotAttributes",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBClusterSnapshotAttributes",
    ),
    "snapshots are made while a database is in use",
)
# The parameters by which engines refuse connections without TLS, which are all that the plan keeps.
TLS_PARAMETERS = ("rds.force_ssl", "require_secure_transport", "tls")
ENGINES = {"AWS::DocDB": "docdb", "AWS::Neptune": "neptune"}
# Days that automatic backups are kept where nothing is said. Source: AWS CloudFormation Template Reference, "AWS::RDS::DBInstance" and "AWS::RDS::DBCluster".
BACKUP_DAYS = 1
# What a copy takes over from its original.
FROM_ORIGINAL = (
    "SnapshotIdentifier",
    "DBSnapshotIdentifier",
    "DBClusterSnapshotIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceAutomatedBackupsArn",
    "SourceDbiResourceId",
    "RestoreToTime",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every database and proxy."""
    for kind, types, groups in (
        ("Instance", INSTANCES, INSTANCE_PARAMETERS),
        ("Cluster", CLUSTERS, CLUSTER_PARAMETERS),
    ):
        for database in stack.of(*types):
            _database(stack, answers, database, kind)
        for group in stack.of(*groups):
            _parameters(answers, group, kind)
    for proxy in stack.of(PROXY):
        arn = proxy.arn if ":db-proxy:" in proxy.arn else stack.arn("rds", f"db-proxy:{proxy.name}")
        answers.place(arn, proxy.where, proxy.conditional)
        # Source: AWS CloudFormation Template Reference, "AWS::RDS::DBProxy" (RequireTLS).
        about = {
            "DBProxyName": proxy.name,
            "DBProxyArn": arn,
            "EngineFamily": plain(proxy.properties.get("EngineFamily", "")),
            "RequireTLS": switch(proxy.properties.get("RequireTLS"), False),
        }
        answers.listed("rds:DescribeDBProxies", about, where=proxy.where)


def given(said: Mapping[str, Any], *names: str) -> Record:
    """The properties that are set and need no other form."""
    return {name: plain(said[name]) for name in names if said.get(name) is not None}


def _engine(database: Resource) -> Any:
    fixed = ENGINES.get(database.type.rpartition("::")[0])
    return fixed or plain(database.properties.get("Engine", ""))


def _unsaid(what: str, why: str, where: str) -> dict[str, str]:
    return {UNRESOLVED: what, "why": why, "where": where}


def _encrypted(database: Resource) -> Any:
    """Whether the storage is encrypted: as the original of a copy, always for new clusters of Aurora, else only where it is said.

    Source: Amazon Aurora User Guide, "Encrypting Amazon Aurora resources".
    """
    said = database.properties
    if said.get("StorageEncrypted") is not None:
        return switch(said["StorageEncrypted"])
    if said.get("KmsKeyId") not in (None, ""):
        return True
    if any(said.get(name) not in (None, "") for name in FROM_ORIGINAL):
        return _unsaid("StorageEncrypted", "a copy is encrypted as its original is", database.where)
    engine = _engine(database)
    if untold(engine):
        return engine
    return str(engine).startswith("aurora")


def _database(stack: Stack, answers: Answers, database: Resource, kind: str) -> None:
    said, engine = database.properties, _engine(database)
    member, word_of = f"DB{kind}Identifier", "db" if kind == "Instance" else "cluster"
    arn = stack.arn("rds", f"{word_of}:{database.name}")
    answers.place(arn, database.where, database.conditional)
    cluster = kind == "Instance" and said.get("DBClusterIdentifier") is not None
    record: dict[str, Any] = {
        member: database.name,
        f"DB{kind}Arn": arn,
        "Engine": engine,
        "StorageEncrypted": _encrypted(database),
        "DeletionProtection": switch(said.get("DeletionProtection"), False),
        "BackupRetentionPeriod": number(said.get("BackupRetentionPeriod"), BACKUP_DAYS),
        "TagList": plain(said["Tags"]) if untold(said.get("Tags")) else tag_list(said.get("Tags")),
        **given(said, "KmsKeyId"),
    }
    if cluster:
        record["DBClusterIdentifier"] = word(said["DBClusterIdentifier"])
    source = said.get("SourceDBInstanceIdentifier", said.get("SourceDBClusterIdentifier"))
    if source is not None and kind == "Instance":
        record["ReadReplicaSourceDBInstanceIdentifier"] = word(source)
    if said.get("ReplicationSourceIdentifier") is not None:
        record["ReplicationSourceIdentifier"] = word(said["ReplicationSourceIdentifier"])
    if kind == "Instance":
        record["PubliclyAccessible"] = _public(stack, database)
        group = said.get("DBParameterGroupName")
        name = f"default.{engine}" if group is None else _group_name(stack, group, *INSTANCE_PARAMETERS)
        record["DBParameterGroups"] = [{"DBParameterGroupName": name}]
        answers.listed("rds:DescribeDBInstances", record, where=database.where)
    else:
        if said.get("PubliclyAccessible") is not None:
            record["PubliclyAccessible"] = switch(said["PubliclyAccessible"])
        group = said.get("DBClusterParameterGroupName")
        name = f"default.{engine}" if group is None else _group_name(stack, group, *CLUSTER_PARAMETERS)
        record["DBClusterParameterGroup"] = name
        answers.listed("rds:DescribeDBClusters", record, where=database.where)


def _group_name(stack: Stack, value: Any, *types: str) -> str:
    found = stack.named(value, *types)
    return found.name if found else word(value)


def _public(stack: Stack, database: Resource) -> Any:
    """Whether an instance has an address in the internet; where nothing is said, the network decides. Source: Amazon RDS API Reference, "CreateDBInstance" (PubliclyAccessible)."""
    said = database.properties.get("PubliclyAccessible")
    if said is not None:
        return switch(said)
    why = "PubliclyAccessible is not set, so that the network decides"
    group = stack.named(
        database.properties.get("DBSubnetGroupName"), "AWS::RDS::DBSubnetGroup", "AWS::DocDB::DBSubnetGroup"
    )
    subnets = [] if group is None else entries(group.properties.get("SubnetIds"))
    named = [stack.named(each, "AWS::EC2::Subnet") for each in subnets]
    networks = [None if each is None else stack.named(each.properties.get("VpcId"), "AWS::EC2::VPC") for each in named]
    if networks and all(each is not None for each in networks):
        attached = [
            stack.named(each.properties.get("VpcId"), "AWS::EC2::VPC")
            for each in stack.of("AWS::EC2::VPCGatewayAttachment")
            if each.properties.get("InternetGatewayId") is not None
        ]
        if not any(each is None or each in networks for each in attached):
            return False
    # Instances of DocumentDB and Neptune never have one. Source: Amazon DocumentDB Developer Guide, "Amazon DocumentDB: how it works".
    return False if not database.type.startswith("AWS::RDS") else _unsaid("PubliclyAccessible", why, database.where)


def _parameters(answers: Answers, group: Resource, kind: str) -> None:
    """Of the parameters of a group, those that decide on plaintext, as the plan keeps them."""
    said, call = group.properties.get("Parameters"), f"rds:DescribeDB{'Cluster' if kind == 'Cluster' else ''}Parameters"
    member = "DBParameterGroupName" if kind == "Instance" else "DBClusterParameterGroupName"
    asked: dict[str, Any] = {member: group.name}
    if untold(said):
        answers.untold(call, "Parameters is not resolved", group.where, **asked)
        return
    chosen = {name: members(said)[name] for name in TLS_PARAMETERS if name in members(said)}
    records = [
        {
            "ParameterName": name,
            "ParameterValue": plain(value) if untold(value) else word(value),
            "Source": "user",
        }
        for name, value in chosen.items()
    ]
    answers.listed(call, *records, where=place_of(group, "Parameters"), **asked)
