"""Layers of the emulated account; those of other accounts are theirs to show."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from ..packages import packed
from .account import Answer, Fill
from .exchange import Exchange, Refusal
from .functions import fixed_id, principal_of


class LayerService:
    """The layers of one account, in all regions."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._layers: dict[str, dict[str, Any]] = {}
        self._policies: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def fills(self) -> dict[tuple[str, str], Fill]:
        """What answers each operation."""
        made = (
            self.PublishLayerVersion,
            self.AddLayerVersionPermission,
            self.GetLayerVersionByArn,
            self.ListLayers,
            self.GetLayerVersionPolicy,
        )
        return {("lambda", each.__name__): each for each in made}

    def PublishLayerVersion(self, asked: Exchange) -> Answer:
        """Publish the next version of an own layer."""
        name = asked.params["LayerName"]
        layer = f"arn:aws:lambda:{asked.region}:{self._account}:layer:{name}"
        number = 1 + sum(each["LayerArn"] == layer for each in self._layers.values())
        code = packed(name, "layer")
        made = {
            "LayerArn": layer,
            "LayerVersionArn": f"{layer}:{number}",
            "Description": asked.params.get("Description", ""),
            "CreatedDate": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
            "Version": number,
            "CompatibleRuntimes": asked.params.get("CompatibleRuntimes", []),
            "Content": {"CodeSha256": code.sha256, "CodeSize": code.size, "Location": code.address},
        }
        self._layers[made["LayerVersionArn"]] = made
        return made

    def AddLayerVersionPermission(self, asked: Exchange) -> Answer:
        """Open a layer version to others."""
        given = asked.params
        arn = f"arn:aws:lambda:{asked.region}:{self._account}:layer:{given['LayerName']}:{given['VersionNumber']}"
        statement = {
            "Sid": given["StatementId"],
            "Effect": "Allow",
            "Principal": principal_of(given["Principal"]),
            "Action": given["Action"],
            "Resource": arn,
        }
        if "OrganizationId" in given:
            statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": given["OrganizationId"]}}
        self._policies[arn].append(statement)
        return {"Statement": json.dumps(statement)}

    def ListLayers(self, asked: Exchange) -> Answer:
        """The own layers of a region, each with its newest version."""
        newest: dict[str, dict[str, Any]] = {}
        for each in self._layers.values():
            if each["LayerArn"].split(":")[3] == asked.region:
                newest[each["LayerArn"]] = {
                    name: each[name]
                    for name in ("LayerVersionArn", "Version", "Description", "CreatedDate", "CompatibleRuntimes")
                }
        return {
            "Layers": [
                {"LayerName": arn.rpartition(":")[2], "LayerArn": arn, "LatestMatchingVersion": newest[arn]}
                for arn in sorted(newest)
            ]
        }

    def GetLayerVersionByArn(self, asked: Exchange) -> Answer:
        """An own layer version; those of others are theirs to show."""
        arn = asked.params["Arn"]
        if arn in self._layers:
            return self._layers[arn]
        if arn.split(":")[4] != self._account:
            said = f"User is not authorized to perform: lambda:GetLayerVersion on resource: {arn} because no resource-based policy allows it"
            return Refusal("AccessDeniedException", said, 403)
        return Refusal("ResourceNotFoundException", "The resource you requested does not exist.", 404)

    def GetLayerVersionPolicy(self, asked: Exchange) -> Answer:
        """Who may use a layer version besides this account."""
        arn = f"{asked.params['LayerName']}:{asked.params['VersionNumber']}"
        statements = self._policies.get(arn)
        if not statements:
            return Refusal("ResourceNotFoundException", "No policy is associated with the given resource.", 404)
        policy = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
        return {"Policy": json.dumps(policy, separators=(",", ":")), "RevisionId": fixed_id(arn, "policy")}
