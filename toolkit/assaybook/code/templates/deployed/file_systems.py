"""What EFS, OpenSearch Service and the caches would answer about the file systems, search domains and caches of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Record, Stack, members, place_of, plain, policy, switch, tag_list, untold, word
from .databases import given

FILE_SYSTEM = "AWS::EFS::FileSystem"
DOMAINS = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
ANSWERED = (
    "efs:DescribeFileSystems",
    "efs:DescribeFileSystemPolicy",
    "opensearch:ListDomainNames",
    "opensearch:DescribeDomain",
    "elasticache:DescribeReplicationGroups",
    "elasticache:DescribeServerlessCaches",
    "dax:DescribeClusters",
    "memorydb:DescribeClusters",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every file system, search domain and cache."""
    for system in stack.of(FILE_SYSTEM):
        _file_system(stack, answers, system)
    for domain in stack.of(*DOMAINS):
        _domain(stack, answers, domain)
    for type, made in _CACHES.items():
        for cache in stack.of(type):
            call, record = made(stack, cache)
            arn = word(record.get("ARN", record.get("ClusterArn")))
            answers.place(arn, cache.where, cache.conditional)
            answers.listed(call, record, where=cache.where)


def _file_system(stack: Stack, answers: Answers, system: Resource) -> None:
    """A file system is encrypted only where that is said. Source: AWS CloudFormation Template Reference, "AWS::EFS::FileSystem" (Encrypted)."""
    said, id = system.properties, system.name or system.id
    arn = stack.arn("elasticfilesystem", f"file-system/{id}")
    answers.place(arn, system.where, system.conditional)
    tags = said.get("FileSystemTags", said.get("Tags"))
    named = {each["Key"]: each["Value"] for each in tag_list(tags)}
    key = said.get("KmsKeyId")
    record = {
        "FileSystemId": id,
        "FileSystemArn": arn,
        "Name": named.get("Name", ""),
        "Encrypted": switch(said.get("Encrypted"), key not in (None, "")),
        "Tags": plain(tags) if untold(tags) else tag_list(tags),
        **given(said, "KmsKeyId"),
    }
    answers.listed("efs:DescribeFileSystems", record, where=system.where)
    declared = said.get("FileSystemPolicy")
    if declared is None:
        answers.absent("efs:DescribeFileSystemPolicy", system.where, FileSystemId=id)
    elif untold(declared):
        answers.untold(
            "efs:DescribeFileSystemPolicy", "FileSystemPolicy is not resolved", system.where, FileSystemId=id
        )
    else:
        where = place_of(system, "FileSystemPolicy")
        answers.told("efs:DescribeFileSystemPolicy", {"Policy": policy(declared)}, where, FileSystemId=id)


def _part(said: Mapping[str, Any], name: str, *switches: str, also: tuple[str, ...] = ()) -> Any:
    """Options of a domain, in which a switch that is not set is off."""
    value = said.get(name)
    if untold(value):
        return plain(value)
    return {**{each: switch(members(value).get(each), False) for each in switches}, **given(members(value), *also)}


def _domain(stack: Stack, answers: Answers, domain: Resource) -> None:
    said, name = domain.properties, domain.name or domain.id
    arn = stack.arn("es", f"domain/{name}")
    answers.place(arn, domain.where, domain.conditional)
    answers.listed("opensearch:ListDomainNames", {"DomainName": name}, where=domain.where)
    network, declared = said.get("VPCOptions"), said.get("AccessPolicies")
    status: dict[str, Any] = {
        "DomainName": name,
        "ARN": arn,
        "EncryptionAtRestOptions": _part(said, "EncryptionAtRestOptions", "Enabled", also=("KmsKeyId",)),
        "DomainEndpointOptions": _part(said, "DomainEndpointOptions", "EnforceHTTPS", also=("TLSSecurityPolicy",)),
        "NodeToNodeEncryptionOptions": _part(said, "NodeToNodeEncryptionOptions", "Enabled"),
    }
    if declared is not None:
        status["AccessPolicies"] = plain(declared) if untold(declared) else policy(declared)
    if untold(network):
        status["VPCOptions"] = plain(network)
    elif members(network).get("SubnetIds"):
        status["VPCOptions"] = {"VPCId": "${Network}", "SubnetIds": plain(members(network)["SubnetIds"])}
    where = place_of(domain, "AccessPolicies")
    answers.told("opensearch:DescribeDomain", {"DomainStatus": status}, where, DomainName=name)


def _replication_group(stack: Stack, cache: Resource) -> tuple[str, Record]:
    """Neither encryption is on where nothing is said. Source: AWS CloudFormation Template Reference, "AWS::ElastiCache::ReplicationGroup"."""
    said = cache.properties
    return "elasticache:DescribeReplicationGroups", {
        "ReplicationGroupId": cache.name,
        "ARN": stack.arn("elasticache", f"replicationgroup:{cache.name}"),
        "AtRestEncryptionEnabled": switch(said.get("AtRestEncryptionEnabled"), False),
        "TransitEncryptionEnabled": switch(said.get("TransitEncryptionEnabled"), False),
        **given(said, "TransitEncryptionMode", "KmsKeyId"),
    }


def _serverless(stack: Stack, cache: Resource) -> tuple[str, Record]:
    return "elasticache:DescribeServerlessCaches", {
        "ServerlessCacheName": cache.name,
        "ARN": stack.arn("elasticache", f"serverlesscache:{cache.name}"),
        **given(cache.properties, "KmsKeyId"),
    }


def _accelerator(stack: Stack, cache: Resource) -> tuple[str, Record]:
    chosen = cache.properties.get("SSESpecification")
    on = plain(chosen) if untold(chosen) else switch(members(chosen).get("SSEEnabled"), False)
    status = ("ENABLED" if on else "DISABLED") if isinstance(on, bool) else on
    return "dax:DescribeClusters", {
        "ClusterName": cache.name,
        "ClusterArn": stack.arn("dax", f"cache/{cache.name}"),
        "SSEDescription": {"Status": status},
        "ClusterEndpointEncryptionType": plain(cache.properties.get("ClusterEndpointEncryptionType", "NONE")),
    }


def _in_memory(stack: Stack, cache: Resource) -> tuple[str, Record]:
    """TLS is on where nothing is said. Source: AWS CloudFormation Template Reference, "AWS::MemoryDB::Cluster" (TLSEnabled)."""
    return "memorydb:DescribeClusters", {
        "Name": cache.name,
        "ARN": stack.arn("memorydb", f"cluster/{cache.name}"),
        "TLSEnabled": switch(cache.properties.get("TLSEnabled"), True),
        **given(cache.properties, "KmsKeyId"),
    }


_CACHES = {
    "AWS::ElastiCache::ReplicationGroup": _replication_group,
    "AWS::ElastiCache::ServerlessCache": _serverless,
    "AWS::DAX::Cluster": _accelerator,
    "AWS::MemoryDB::Cluster": _in_memory,
}
