"""A stand-in for an organisation's accounts on 127.0.0.1, in a process of its own: `python tests/organisation.py [DENIED ACCOUNT]...`

Prints its port. An assumed role's access key carries its account, and each account has its own functions. `GET /asked` gives how often which
operation was asked in which account, `GET /forget` forgets it.
"""

import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import wire

OWN, SECOND, THIRD, CLOSED = "111122223333", "444455556666", "777788889999", "999988887777"
FUNCTIONS = 4
# Equal to a table in the second account only, so that names must be known across accounts.
SHARED_TABLE = "orders-of-the-second-account"
FUNCTION = re.compile(r"/2015-03-31/functions/([^/]+)/policy$")


def noon() -> datetime:
    """A clock that stands still, and that can be pickled."""
    return datetime(2026, 11, 16, 12, tzinfo=UTC)


def identity(account: str) -> dict[str, str]:
    return {"Account": account, "Arn": f"arn:aws:iam::{account}:user/auditor", "UserId": "u"}


def function(account: str, number: int) -> dict[str, object]:
    return {
        "FunctionName": f"f{number}-{account}",
        "FunctionArn": f"arn:aws:lambda:us-east-1:{account}:function:f{number}-{account}",
        "Version": "$LATEST",
        "Environment": {"Variables": {"TABLE": SHARED_TABLE}},
    }


class Organisation(BaseHTTPRequestHandler):
    """Answers STS, Lambda and DynamoDB as far as the tests ask."""

    protocol_version = "HTTP/1.1"
    denied: frozenset[str] = frozenset()
    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/asked":
            return self.send(wire.Raw(json.dumps(self.asked).encode()))
        if path == "/forget":
            self.asked.clear()
            return self.send(wire.Raw(b""))
        found = FUNCTION.match(path)
        if found:
            policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [], "Id": unquote(found[1])})}
            return self.answer("lambda:GetPolicy", policy)
        functions = [function(self.account(), number) for number in range(FUNCTIONS)]
        return self.answer("lambda:ListFunctions", {"Functions": functions})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if "X-Amz-Target" in self.headers:
            return self.answer("dynamodb:ListTables", {"TableNames": [SHARED_TABLE] * (self.account() == SECOND)})
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if form["Action"] == "AssumeRole":
            return self.assume(form["RoleArn"].split(":")[4])
        if form["Action"] == "GetCallerIdentity":
            return self.answer("sts:GetCallerIdentity", identity(self.account()))
        return self.answer("ec2:DescribeRegions", {"Regions": [{"RegionName": "us-east-1"}]})

    def assume(self, account: str) -> None:
        if account in self.denied:
            return self.send(wire.refusal("sts:AssumeRole", wire.Refusal("AccessDenied", "not trusted", 403)))
        credentials = {
            "AccessKeyId": f"ASIA{account}",
            "SecretAccessKey": "s",
            "SessionToken": "t",
            "Expiration": "2099-01-01T00:00:00Z",
        }
        return self.answer("sts:AssumeRole", {"Credentials": credentials})

    def account(self) -> str:
        found = re.search(r"Credential=ASIA(\d{12})/", self.headers.get("Authorization", ""))
        return found[1] if found else OWN

    def answer(self, name: str, given: dict[str, object]) -> None:
        self.asked[f"{self.account()} {name}"] += 1
        self.send(wire.success(name, given))

    def send(self, given: wire.Raw) -> None:
        self.send_response(given.status)
        for name, value in {**given.headers, "x-amzn-requestid": "r-1", "Content-Length": len(given.body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(given.body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests read what was asked."""


def main() -> None:
    Organisation.denied = frozenset(sys.argv[1:])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Organisation)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
