"""AWS Lambda of the emulated account. Moto's own loses dead-letter queues, layers of others, URLs of aliases and more, so this answers in its place."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..packages import packed
from .account import Answer, Fill
from .exchange import Exchange, Refusal

PAGE = 50
LATEST = "$LATEST"
# Members of CreateFunction that come back as they went in, and what AWS answers where one was not given.
KEPT: Mapping[str, Any] = {
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "PackageType": "Zip",
    "Architectures": ["x86_64"],
    "EphemeralStorage": {"Size": 512},
    "TracingConfig": {"Mode": "PassThrough"},
    "SnapStart": {"ApplyOn": "None"},
}
OPTIONAL = ("Runtime", "Handler", "Environment", "DeadLetterConfig", "KMSKeyArn", "VpcConfig")


def fixed_id(*parts: object) -> str:
    """An id that depends on what it names and on nothing else."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts))))


class LambdaService:
    """The functions, aliases, URLs and mappings of one account, in all regions."""

    def __init__(self, account: str, unreadable: Mapping[str, str], networks: Mapping[str, str]) -> None:
        """`unreadable` maps functions to the key that the reader may not use: AWS answers an error in place of their variables.

        `networks` maps subnets to the network that they are part of.
        """
        self._account = account
        self._unreadable = unreadable
        self._networks = networks
        self._functions: dict[tuple[str, str], dict[str, Any]] = {}
        self._versions: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._aliases: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._policies: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        self._urls: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._invokes: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._mappings: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def fills(self) -> dict[tuple[str, str], Fill]:
        """What answers each operation."""
        made = (
            self.CreateFunction,
            self.PutFunctionConcurrency,
            self.PublishVersion,
            self.CreateAlias,
            self.AddPermission,
            self.CreateFunctionUrlConfig,
            self.PutFunctionEventInvokeConfig,
            self.CreateEventSourceMapping,
            self.ListFunctions,
            self.GetFunction,
            self.GetPolicy,
            self.ListAliases,
            self.ListFunctionUrlConfigs,
            self.ListFunctionEventInvokeConfigs,
            self.ListEventSourceMappings,
        )
        return {("lambda", each.__name__): each for each in made}

    def names(self) -> frozenset[tuple[str, str]]:
        """Region and name of each function."""
        return frozenset(self._functions)

    def about(self, region: str, name: str) -> dict[str, Any]:
        """What is kept of a function: as made, tags, reserved concurrency. Raises KeyError for one that does not exist."""
        return self._functions[region, name]

    def CreateFunction(self, asked: Exchange) -> Answer:
        """Make a function, with the package of its name and not the bytes that were given."""
        given, name = asked.params, asked.params["FunctionName"]
        arn = f"arn:aws:lambda:{asked.region}:{self._account}:function:{name}"
        image = hashlib.sha256(name.encode())
        code = None if "ImageUri" in given["Code"] else packed(name, given["Runtime"])
        made: dict[str, Any] = {
            "FunctionName": name,
            "FunctionArn": arn,
            "Role": given["Role"],
            "CodeSize": code.size if code else 18_000 + image.digest()[0] * 4096,
            "CodeSha256": code.sha256 if code else image.hexdigest()[:43] + "=",
            "Version": LATEST,
            "LastModified": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
            "RevisionId": fixed_id(arn, LATEST),
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}", **given.get("LoggingConfig", {})},
            **{member: given.get(member, otherwise) for member, otherwise in KEPT.items()},
            **{member: given[member] for member in OPTIONAL if member in given},
        }
        made["SnapStart"] = {**made["SnapStart"], "OptimizationStatus": "Off"}
        if "VpcConfig" in given:
            made["VpcConfig"] = {**given["VpcConfig"], "VpcId": self._networks[given["VpcConfig"]["SubnetIds"][0]]}
        if "Layers" in given:
            made["Layers"] = [{"Arn": layer, "CodeSize": 4_194_304} for layer in given["Layers"]]
        if "KMSKeyArn" in given and name in self._unreadable:
            said = (
                f"Lambda was unable to decrypt the environment variables: access to {self._unreadable[name]} is denied"
            )
            made["Environment"] = {"Error": {"ErrorCode": "AccessDeniedException", "Message": said}}
        self._functions[asked.region, name] = {
            "made": made,
            "tags": dict(given.get("Tags", {})),
            "image": given["Code"].get("ImageUri", ""),
            "address": code.address if code else "",
        }
        return made

    def PutFunctionConcurrency(self, asked: Exchange) -> Answer:
        """Reserve concurrency."""
        reserved = {"ReservedConcurrentExecutions": asked.params["ReservedConcurrentExecutions"]}
        self._functions[asked.region, asked.params["FunctionName"]]["concurrency"] = reserved
        return reserved

    def PublishVersion(self, asked: Exchange) -> Answer:
        """Freeze the present state as the next version."""
        key = asked.region, asked.params["FunctionName"]
        latest, number = self._functions[key]["made"], str(len(self._versions[key]) + 1)
        arn = f"{latest['FunctionArn']}:{number}"
        made = {**latest, "Version": number, "FunctionArn": arn, "RevisionId": fixed_id(arn)}
        self._versions[key].append(made)
        return made

    def CreateAlias(self, asked: Exchange) -> Answer:
        """Name a version."""
        given, key = asked.params, (asked.region, asked.params["FunctionName"])
        arn = f"{self._functions[key]['made']['FunctionArn']}:{given['Name']}"
        made = {
            "AliasArn": arn,
            "Name": given["Name"],
            "FunctionVersion": given["FunctionVersion"],
            "Description": given.get("Description", ""),
            "RevisionId": fixed_id(arn),
        }
        if "RoutingConfig" in given:
            made["RoutingConfig"] = given["RoutingConfig"]
        self._aliases[key].append(made)
        return made

    def AddPermission(self, asked: Exchange) -> Answer:
        """Add a statement, in the form in which AWS keeps it."""
        given, qualifier = asked.params, asked.params.get("Qualifier", "")
        resource = self._functions[asked.region, given["FunctionName"]]["made"]["FunctionArn"]
        statement: dict[str, Any] = {
            "Sid": given["StatementId"],
            "Effect": "Allow",
            "Principal": principal_of(given["Principal"]),
            "Action": given["Action"],
            "Resource": f"{resource}:{qualifier}" if qualifier else resource,
        }
        condition: dict[str, dict[str, str]] = {}
        if "SourceAccount" in given:
            condition.setdefault("StringEquals", {})["AWS:SourceAccount"] = given["SourceAccount"]
        if "PrincipalOrgID" in given:
            condition.setdefault("StringEquals", {})["aws:PrincipalOrgID"] = given["PrincipalOrgID"]
        if "FunctionUrlAuthType" in given:
            condition.setdefault("StringEquals", {})["lambda:FunctionUrlAuthType"] = given["FunctionUrlAuthType"]
        if "EventSourceToken" in given:
            condition.setdefault("StringEquals", {})["lambda:EventSourceToken"] = given["EventSourceToken"]
        if "SourceArn" in given:
            condition["ArnLike"] = {"AWS:SourceArn": given["SourceArn"]}
        if condition:
            statement["Condition"] = condition
        self._policies[asked.region, given["FunctionName"], qualifier].append(statement)
        return {"Statement": json.dumps(statement)}

    def CreateFunctionUrlConfig(self, asked: Exchange) -> Answer:
        """Give a function, or an alias of it, a URL."""
        given, key = asked.params, (asked.region, asked.params["FunctionName"])
        arn = self._functions[key]["made"]["FunctionArn"]
        arn = f"{arn}:{given['Qualifier']}" if "Qualifier" in given else arn
        host = hashlib.sha256(arn.encode()).hexdigest()[:32]
        made = {
            "FunctionUrl": f"https://{host}.lambda-url.{asked.region}.on.aws/",
            "FunctionArn": arn,
            "AuthType": given["AuthType"],
            "CreationTime": _stamp(),
            "LastModifiedTime": _stamp(),
            "InvokeMode": "BUFFERED",
        }
        if "Cors" in given:
            made["Cors"] = given["Cors"]
        self._urls[key].append(made)
        return {name: value for name, value in made.items() if name not in ("LastModifiedTime",)}

    def PutFunctionEventInvokeConfig(self, asked: Exchange) -> Answer:
        """Say where failed asynchronous events go."""
        given, key = asked.params, (asked.region, asked.params["FunctionName"])
        arn = f"{self._functions[key]['made']['FunctionArn']}:{given.get('Qualifier', LATEST)}"
        kept = {
            name: given[name]
            for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
            if name in given
        }
        made = {"FunctionArn": arn, "LastModified": datetime.now(UTC).timestamp(), **kept}
        self._invokes[key].append(made)
        return made

    def CreateEventSourceMapping(self, asked: Exchange) -> Answer:
        """Feed a function from a queue or a stream."""
        given = dict(asked.params)
        name = given.pop("FunctionName")
        function, _, alias = name.partition(":")
        arn = self._functions[asked.region, function]["made"]["FunctionArn"]
        made = {
            "UUID": fixed_id(arn, given["EventSourceArn"]),
            "FunctionArn": f"{arn}:{alias}" if alias else arn,
            "LastModified": datetime.now(UTC).timestamp(),
            "State": "Enabled" if given.pop("Enabled", True) else "Disabled",
            "StateTransitionReason": "USER_INITIATED",
            **given,
        }
        self._mappings[asked.region].append(made)
        return made

    def ListFunctions(self, asked: Exchange) -> Answer:
        """Functions with all versions, fifty to a page as AWS gives them."""
        found: list[dict[str, Any]] = []
        for (region, name), function in sorted(self._functions.items()):
            if region == asked.region:
                found += [_listed(each) for each in (function["made"], *self._versions[region, name])]
        start = int(asked.params.get("Marker", 0))
        answer: dict[str, Any] = {"Functions": found[start : start + PAGE]}
        if start + PAGE < len(found):
            answer["NextMarker"] = str(start + PAGE)
        return answer

    def GetFunction(self, asked: Exchange) -> Answer:
        """A function with tags, reserved concurrency and where its code lies."""
        function = self._functions[asked.region, asked.params["FunctionName"]]
        made = {**function["made"], "State": "Active", "LastUpdateStatus": "Successful"}
        code = {"RepositoryType": "S3", "Location": function["address"]}
        if function["image"]:
            digest = made["CodeSha256"].rstrip("=").ljust(64, "0")
            code = {
                "RepositoryType": "ECR",
                "ImageUri": function["image"],
                "ResolvedImageUri": _resolved(function["image"], digest),
            }
        answer: dict[str, Any] = {"Configuration": made, "Code": code}
        if function["tags"]:
            answer["Tags"] = function["tags"]
        if "concurrency" in function:
            answer["Concurrency"] = function["concurrency"]
        return answer

    def GetPolicy(self, asked: Exchange) -> Answer:
        """Who may invoke the function, or the version or alias that is named."""
        name, qualifier = asked.params["FunctionName"], asked.params.get("Qualifier", "")
        statements = self._policies.get((asked.region, name, qualifier))
        if not statements:
            return Refusal("ResourceNotFoundException", "The resource you requested does not exist.", 404)
        policy = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
        return {"Policy": json.dumps(policy, separators=(",", ":")), "RevisionId": fixed_id(name, qualifier, "policy")}

    def ListAliases(self, asked: Exchange) -> Answer:
        """The aliases of a function."""
        return {"Aliases": self._aliases[asked.region, asked.params["FunctionName"]]}

    def ListFunctionUrlConfigs(self, asked: Exchange) -> Answer:
        """The URLs of a function and of its aliases."""
        return {"FunctionUrlConfigs": self._urls[asked.region, asked.params["FunctionName"]]}

    def ListFunctionEventInvokeConfigs(self, asked: Exchange) -> Answer:
        """Where failed asynchronous events of a function and of its aliases go."""
        return {"FunctionEventInvokeConfigs": self._invokes[asked.region, asked.params["FunctionName"]]}

    def ListEventSourceMappings(self, asked: Exchange) -> Answer:
        """Queues and streams that feed functions."""
        return {"EventSourceMappings": self._mappings[asked.region]}


def _resolved(image: str, digest: str) -> str:
    return image if "@" in image else f"{image.partition(':')[0]}@sha256:{digest}"


def _listed(made: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if name not in ("State", "LastUpdateStatus")}


def principal_of(given: str) -> Any:
    """A principal in the form in which Lambda writes it into a policy."""
    if given == "*":
        return "*"
    if "." in given:
        return {"Service": given}
    return {"AWS": f"arn:aws:iam::{given}:root" if given.isdigit() else given}


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000000Z")
