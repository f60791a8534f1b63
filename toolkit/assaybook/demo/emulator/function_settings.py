"""What AWS Lambda and its neighbours answer about functions beyond their configuration: concurrency, loops, runtime updates, code signing, tags, metrics."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .account import Answer, Fill
from .exchange import Exchange
from .functions import LambdaService, fixed_id

WEEK = timedelta(days=7)
EVENTS_OF_ONE_RUN = 4
ACCOUNT_LIMITS = {
    "TotalCodeSize": 80530636800,
    "CodeSizeUnzipped": 262144000,
    "CodeSizeZipped": 52428800,
    "ConcurrentExecutions": 1000,
}


@dataclass(frozen=True)
class Habits:
    """How the functions of the estate are set and used, by name where not all are alike.

    `signed` maps a code signing configuration (its description) to what it does with untrusted code, its profiles, and its functions. `profiles` maps a signing
    profile to its state. `quiet` are functions that nobody invokes, with the number of weeks since somebody did (None: never in the window); `unheard` those that
    run and write nothing. AWS Config records functions in the regions `recorded`.
    """

    loops: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    signed: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    profiles: Mapping[str, str] = field(default_factory=dict)
    quiet: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    signed_images: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


class FunctionSettingsService:
    """Answers what is asked about each function, or about all of them together, in all regions of one account."""

    def __init__(self, account: str, functions: LambdaService, habits: Habits) -> None:
        self._account, self._functions, self._habits = account, functions, habits

    def fills(self) -> dict[tuple[str, str], Fill]:
        """What answers each operation."""
        made = {
            "lambda": (
                self.GetAccountSettings,
                self.GetFunctionConcurrency,
                self.GetFunctionRecursionConfig,
                self.GetRuntimeManagementConfig,
                self.ListCodeSigningConfigs,
                self.ListFunctionsByCodeSigningConfig,
            ),
            "config": (self.SelectResourceConfig,),
            "signer": (self.ListSigningProfiles,),
            "ecr": (self.DescribeImageSigningStatus,),
            "cloudwatch": (self.GetMetricData,),
            "resourcegroupstaggingapi": (self.GetResources,),
        }
        return {(service, each.__name__): each for service, found in made.items() for each in found}

    def GetAccountSettings(self, asked: Exchange) -> Answer:
        """The account's own count of functions."""
        count = sum(region == asked.region for region, _ in self._functions.names())
        limit = {**ACCOUNT_LIMITS, "UnreservedConcurrentExecutions": 900}
        return {"AccountLimit": limit, "AccountUsage": {"TotalCodeSize": 4_194_304 * count, "FunctionCount": count}}

    def GetFunctionConcurrency(self, asked: Exchange) -> Answer:
        """The concurrency that is reserved, if any is."""
        found: dict[str, Any] = self._functions.about(asked.region, asked.params["FunctionName"]).get("concurrency", {})
        return found

    def GetFunctionRecursionConfig(self, asked: Exchange) -> Answer:
        """Whether loops are stopped."""
        return {"RecursiveLoop": "Allow" if asked.params["FunctionName"] in self._habits.loops else "Terminate"}

    def GetRuntimeManagementConfig(self, asked: Exchange) -> Answer:
        """When the runtime is updated."""
        name = asked.params["FunctionName"]
        arn = self._functions.about(asked.region, name)["made"]["FunctionArn"]
        held = self._habits.held.get(name)
        if held is None:
            return {"UpdateRuntimeOn": "Auto", "FunctionArn": arn}
        version = f"arn:aws:lambda:{asked.region}::runtime:{hashlib.sha256(held.encode()).hexdigest()}"
        return {"UpdateRuntimeOn": "Manual", "FunctionArn": arn, "RuntimeVersionArn": version}

    def ListCodeSigningConfigs(self, asked: Exchange) -> Answer:
        """The code signing configurations of the region."""
        made = []
        for name, (action, profiles, functions) in self._habits.signed.items():
            if any((asked.region, each) in self._functions.names() for each in functions):
                made.append(
                    {
                        "CodeSigningConfigId": self._config(asked.region, name).rpartition(":")[2],
                        "CodeSigningConfigArn": self._config(asked.region, name),
                        "Description": name,
                        "AllowedPublishers": {
                            "SigningProfileVersionArns": [self._profile(asked.region, each) for each in profiles]
                        },
                        "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": action},
                        "LastModified": "2026-02-03T09:00:00.000+0000",
                    }
                )
        return {"CodeSigningConfigs": made}

    def ListFunctionsByCodeSigningConfig(self, asked: Exchange) -> Answer:
        """The functions that a configuration binds."""
        arns = [
            self._functions.about(asked.region, each)["made"]["FunctionArn"]
            for name, (_, _, functions) in self._habits.signed.items()
            if self._config(asked.region, name) == asked.params["CodeSigningConfigArn"]
            for each in functions
            if (asked.region, each) in self._functions.names()
        ]
        return {"FunctionArns": arns}

    def ListSigningProfiles(self, asked: Exchange) -> Answer:
        """The signing profiles, cancelled and revoked ones included."""
        made = []
        for name, state in self._habits.profiles.items():
            arn = self._profile(asked.region, name)
            made.append(
                {
                    "profileName": name,
                    "profileVersion": arn.rpartition("/")[2],
                    "profileVersionArn": arn,
                    "arn": arn.rpartition("/")[0],
                    "platformId": "AWSLambda-SHA384-ECDSA",
                    "status": state,
                }
            )
        return {"profiles": made}

    def DescribeImageSigningStatus(self, asked: Exchange) -> Answer:
        """Whether the registry signed an image."""
        repository = asked.params["repositoryName"]
        signed = repository in self._habits.signed_images
        profile = self._profile(asked.region, next(iter(self._habits.profiles)))
        return {
            "registryId": self._account,
            "repositoryName": repository,
            "imageId": asked.params["imageId"],
            "signingStatuses": [{"signingProfileArn": profile, "status": "COMPLETE"}] if signed else [],
        }

    def GetMetricData(self, asked: Exchange) -> Answer:
        """Invocations and log events of each week, from what the functions' habits are."""
        start, end = (datetime.fromisoformat(asked.params[name]) for name in ("StartTime", "EndTime"))
        weeks = [start + WEEK * number for number in range((end - start) // WEEK)]
        results = []
        for query in asked.params["MetricDataQueries"]:
            thing = query["MetricStat"]["Metric"]["Dimensions"][0]["Value"]
            name, logs = thing.rpartition("/")[2], thing.startswith("/")
            values = self._values(asked.region, name, len(weeks), logs=logs)
            results.append(
                {
                    "Id": query["Id"],
                    "Label": query["Label"],
                    "Timestamps": [each.astimezone(UTC) for each, value in zip(weeks, values, strict=True) if value],
                    "Values": [value for value in values if value],
                    "StatusCode": "Complete",
                }
            )
        return {"MetricDataResults": results}

    def _values(self, region: str, name: str, weeks: int, *, logs: bool) -> list[float]:
        if name in self._habits.quiet or (logs and name in self._habits.unheard):
            return [0.0] * weeks
        digest = hashlib.sha256(f"{region} {name}".encode()).digest()
        often = 20 + digest[0] * 40
        return [float((often + digest[week]) * (EVENTS_OF_ONE_RUN if logs else 1)) for week in range(weeks)]

    def SelectResourceConfig(self, asked: Exchange) -> Answer:
        """What AWS Config counts; it records functions, and only where it is switched on."""
        count = sum(region == asked.region for region, _ in self._functions.names())
        recorded = asked.region in self._habits.recorded
        line = json.dumps({"resourceType": "AWS::Lambda::Function", "COUNT(*)": count})
        return {"Results": [line] if recorded else [], "QueryInfo": {"SelectFields": [{"Name": "resourceType"}]}}

    def GetResources(self, asked: Exchange) -> Answer:
        """The tagged things that moto knows, and the functions, which it does not."""
        answer = asked.answer_of_moto()
        for region, name in sorted(self._functions.names()):
            function = self._functions.about(region, name)
            if region == asked.region and function["tags"]:
                tags = [{"Key": key, "Value": value} for key, value in function["tags"].items()]
                answer["ResourceTagMappingList"].append({"ResourceARN": function["made"]["FunctionArn"], "Tags": tags})
        return answer

    def _config(self, region: str, name: str) -> str:
        digits = fixed_id(region, name).replace("-", "")[:17]
        return f"arn:aws:lambda:{region}:{self._account}:code-signing-config:csc-{digits}"

    def _profile(self, region: str, name: str) -> str:
        version = fixed_id(region, name, "profile").replace("-", "")[:10]
        return f"arn:aws:signer:{region}:{self._account}:/signing-profiles/{name}/{version}"
