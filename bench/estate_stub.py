"""What stands around the functions of the stub: roles, log groups, tags, queues and tables in a number that grows with them, as an ordinary account has it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from stub import ACCOUNT, Account, name_of

ROLES_A_PAGE, GROUPS_A_PAGE, TAGS_A_PAGE, MAPPINGS_A_PAGE = 1000, 50, 100, 100
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{rest}"


def rights(number: int) -> dict[str, Any]:
    """Each role reads a table, each tenth all of them, each hundredth may do everything."""
    table = "*" if number % 10 == 0 else arn("dynamodb", f"table/orders-{number // 10:04d}")
    allowed = ["*"] if number % 100 == 0 else ["dynamodb:GetItem", "dynamodb:PutItem", "sqs:SendMessage"]
    logs = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": table}, logs]}


class Estate(Account):
    """The account with one role for each function, and stores and triggers for some."""

    def beyond(self, target: str, operation: str, body: bytes) -> tuple[int, bytes, str, str] | None:
        """What is answered beyond the control plane of Lambda; None for what that answers."""
        if b"Action=GetAccountAuthorizationDetails" in body:
            marker = re.search(rb"Marker=(\d+)", body)
            return self._counted("iam", self._roles(int(marker[1]) if marker else 0), "text/xml")
        if target.startswith("/2015-03-31/event-source-mappings"):
            start = int(parse_qs(urlsplit(target).query).get("Marker", ["0"])[0])
            return self._counted("mappings", json.dumps(self._mappings(start)).encode())
        make = ANSWERS.get(operation.rpartition(".")[2])
        if make is None:
            return None
        return self._counted(operation, json.dumps(make(self, json.loads(body or b"{}"))).encode())

    def _counted(self, name: str, body: bytes, kind: str = "application/json") -> tuple[int, bytes, str, str]:
        self.answered[name] += 1
        return 200, body, "", kind

    def _roles(self, start: int) -> bytes:
        end = min(start + ROLES_A_PAGE, self.functions)
        members = "".join(
            f"<member><RoleName>{name_of(number)}</RoleName><RoleId>AROA{number:012d}</RoleId><Path>/</Path>"
            f"<Arn>arn:aws:iam::{ACCOUNT}:role/{name_of(number)}</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>"
            f"<AssumeRolePolicyDocument>{quote(json.dumps(TRUST))}</AssumeRolePolicyDocument><AttachedManagedPolicies/>"
            f"<RolePolicyList><member><PolicyName>own</PolicyName><PolicyDocument>{quote(json.dumps(rights(number)))}</PolicyDocument>"
            "</member></RolePolicyList></member>"
            for number in range(start, end)
        )
        more = (
            f"<IsTruncated>true</IsTruncated><Marker>{end}</Marker>"
            if end < self.functions
            else "<IsTruncated>false</IsTruncated>"
        )
        return (
            "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult>"
            f"<UserDetailList/><GroupDetailList/><Policies/><RoleDetailList>{members}</RoleDetailList>{more}"
            "</GetAccountAuthorizationDetailsResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetAccountAuthorizationDetailsResponse>"
        ).encode()

    def _mappings(self, start: int) -> dict[str, Any]:
        numbers = range(0, self.functions, 8)
        made = [
            {
                "UUID": f"00000000-0000-4000-9000-{number:012d}",
                "FunctionArn": arn("lambda", f"function:{name_of(number)}"),
                "EventSourceArn": arn("sqs", f"queue-{number}"),
                "BatchSize": 10,
                "State": "Enabled",
            }
            for number in numbers[start : start + MAPPINGS_A_PAGE]
        ]
        end = start + MAPPINGS_A_PAGE
        return {"EventSourceMappings": made, "NextMarker": str(end) if end < len(numbers) else None}

    def groups(self, given: dict[str, Any]) -> dict[str, Any]:
        """A log group for each function."""
        start = int(given.get("nextToken", 0))
        end = min(start + GROUPS_A_PAGE, self.functions)
        made = [
            {
                "logGroupName": f"/aws/lambda/{name_of(number)}",
                "arn": arn("logs", f"log-group:/aws/lambda/{name_of(number)}:*"),
                "logGroupClass": "STANDARD",
                "storedBytes": 1024,
                **({"retentionInDays": 365} if number % 2 else {}),
            }
            for number in range(start, end)
        ]
        return {"logGroups": made, **({"nextToken": str(end)} if end < self.functions else {})}

    def tags(self, given: dict[str, Any]) -> dict[str, Any]:
        """Tags of the functions: one in twenty is critical, one in five handles sensitive data."""
        start = int(given.get("PaginationToken") or 0)
        end = min(start + TAGS_A_PAGE, self.functions)
        made = [
            {
                "ResourceARN": arn("lambda", f"function:{name_of(number)}"),
                "Tags": [
                    {"Key": "environment", "Value": "production" if number % 3 else "test"},
                    {"Key": "data-classification", "Value": "internal" if number % 5 else "pii"},
                    {"Key": "criticality", "Value": "low" if number % 20 else "high"},
                ],
            }
            for number in range(start, end)
        ]
        return {"ResourceTagMappingList": made, "PaginationToken": str(end) if end < self.functions else ""}

    def queues(self, given: dict[str, Any]) -> dict[str, Any]:
        """A queue for each eighth function."""
        start = int(given.get("NextToken", 0))
        numbers = range(0, self.functions, 8)
        urls = [
            f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/queue-{number}" for number in numbers[start : start + 1000]
        ]
        return {"QueueUrls": urls, **({"NextToken": str(start + 1000)} if start + 1000 < len(numbers) else {})}

    def queue(self, given: dict[str, Any]) -> dict[str, Any]:
        """The attributes of a queue, encrypted by the service."""
        name = str(given["QueueUrl"]).rpartition("/")[2]
        return {"Attributes": {"QueueArn": arn("sqs", name), "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30"}}

    def tables(self, given: dict[str, Any]) -> dict[str, Any]:
        """A table for each tenth function."""
        names = [f"orders-{number:04d}" for number in range(-(-self.functions // 10))]
        start = names.index(given["ExclusiveStartTableName"]) + 1 if "ExclusiveStartTableName" in given else 0
        some = names[start : start + 100]
        return {"TableNames": some, **({"LastEvaluatedTableName": some[-1]} if start + 100 < len(names) else {})}

    def table(self, given: dict[str, Any]) -> dict[str, Any]:
        """A table with the keys of the service."""
        name = given["TableName"]
        return {
            "Table": {
                "TableName": name,
                "TableArn": arn("dynamodb", f"table/{name}"),
                "TableStatus": "ACTIVE",
                "DeletionProtectionEnabled": True,
            }
        }


ANSWERS: dict[str, Callable[[Estate, dict[str, Any]], dict[str, Any]]] = {
    "DescribeLogGroups": Estate.groups,
    "GetResources": Estate.tags,
    "ListQueues": Estate.queues,
    "GetQueueAttributes": Estate.queue,
    "ListTables": Estate.tables,
    "DescribeTable": Estate.table,
}
