"""A stand-in for AWS Lambda's control plane on 127.0.0.1: realistic bodies, a latency for each answer, and AWS's quotas if asked.

    python bench/stub.py --functions 200 --latency 0.05 [--quotas] [--burst 1.0]

Prints its port. `GET /__stats` gives the answered and refused requests of each operation and the most about one function, `GET /__reset` forgets them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from collections import Counter
from urllib.parse import parse_qs, unquote, urlsplit

ACCOUNT = "111122223333"
PAGE = 50
QUOTAS = {"GetFunction": 100.0, "GetPolicy": 15.0, "*": 15.0}
ROUTES = (
    ("ListFunctions", re.compile(r"/2015-03-31/functions/?$")),
    ("GetPolicy", re.compile(r"/2015-03-31/functions/([^/]+)/policy$")),
    ("ListAliases", re.compile(r"/2015-03-31/functions/([^/]+)/aliases$")),
    ("GetFunction", re.compile(r"/2015-03-31/functions/([^/]+)$")),
    ("ListFunctionUrlConfigs", re.compile(r"/2021-10-31/functions/([^/]+)/urls$")),
    ("GetFunctionConcurrency", re.compile(r"/2019-09-30/functions/([^/]+)/concurrency$")),
    ("GetFunctionRecursionConfig", re.compile(r"/2024-08-31/functions/([^/]+)/recursion-config$")),
    ("ListCodeSigningConfigs", re.compile(r"/2020-04-22/code-signing-configs/?$")),
    ("ListFunctionEventInvokeConfigs", re.compile(r"/2019-09-25/functions/([^/]+)/event-invoke-config/list$")),
)
NOT_FOUND = b'{"Type":"User","Message":"The resource you requested does not exist."}'
TOO_MANY = b'{"Reason":"CallerRateLimitExceeded","Type":"User","message":"Rate exceeded"}'


def name_of(number: int) -> str:
    return f"orders-{number:05d}"


def has_alias(number: int) -> bool:
    """Every fifth function has one alias, and that points to a version."""
    return number % 5 == 0


def has_url(number: int) -> bool:
    """Every tenth function has a URL."""
    return number % 10 == 0


def is_image(number: int) -> bool:
    """Every twentieth function is a container image, and has a URL too."""
    return number % 20 == 0


def is_started(number: int) -> bool:
    """Two of three functions have a policy; all of those but the ones that are open to anyone are started by a service that does not wait."""
    return number % 3 != 0 and number % 10 != 0


def may_loop(number: int) -> bool:
    """Of those that a service starts, a quarter is started by a topic, and the others by a rule."""
    return is_started(number) and number % 4 == 1


def configuration(number: int) -> dict[str, object]:
    name = name_of(number)
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
    return {
        "FunctionName": name,
        "FunctionArn": arn,
        "Runtime": ("python3.13", "nodejs22.x", "java21", "python3.9")[number % 4],
        "Role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "Handler": "app.handler",
        "CodeSize": 100_000 + number,
        "Description": f"Handles step {number} of an order",
        "Timeout": 30,
        "MemorySize": 512,
        "LastModified": "2026-11-01T10:00:00.000+0000",
        "CodeSha256": "RcIO5fNTLoowm6v2XEEvv3fj0u5wXLli/ifpP/Zd2uU=",
        "Version": "$LATEST",
        "VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"], "VpcId": "vpc-1"},
        "Environment": {
            "Variables": {"TABLE": "orders", "STAGE": "production", "QUEUE": f"queue-{number}", "LOG_LEVEL": "INFO"}
        },
        "TracingConfig": {"Mode": "Active"},
        "RevisionId": f"00000000-0000-4000-8000-{number:012d}",
        "Layers": [],
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Image" if is_image(number) else "Zip",
        "Architectures": ["arm64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": f"/aws/lambda/{name}"},
    }


def policy(number: int) -> bytes:
    statement = {
        "Sid": "invoke",
        "Effect": "Allow",
        "Principal": "*"
        if number % 10 == 0
        else {"Service": "sns.amazonaws.com" if may_loop(number) else "events.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name_of(number)}",
    }
    return json.dumps(
        {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}), "RevisionId": "r"}
    ).encode()


class Account:
    """What is there to be asked, prepared as bytes, and the quotas on asking."""

    def __init__(self, functions: int, quotas: dict[str, float], burst: float) -> None:
        self.functions = functions
        self.pages = []
        for start in range(0, functions, PAGE):
            some = [configuration(number) for number in range(start, min(start + PAGE, functions))]
            marker = str(start + PAGE) if start + PAGE < functions else None
            self.pages.append(json.dumps({"Functions": some, "NextMarker": marker}).encode())
        self.quotas, self.burst = quotas, burst
        self.reset()

    def reset(self) -> None:
        """Forget what was asked, and fill the quotas."""
        now = time.monotonic()
        self.tokens = {name: [rate * self.burst, now] for name, rate in self.quotas.items()}
        self.answered: Counter[str] = Counter()
        self.each: Counter[int] = Counter()
        self.refused: Counter[str] = Counter()

    def admits(self, operation: str) -> bool:
        """Whether the quotas let this request in; it is counted if they do."""
        bucket = operation if operation in self.quotas else "*"
        if bucket not in self.quotas:
            return True
        rate, now = self.quotas[bucket], time.monotonic()
        held = self.tokens[bucket]
        held[0] = min(max(1.0, rate * self.burst), held[0] + (now - held[1]) * rate)
        held[1] = now
        if held[0] < 1:
            return False
        held[0] -= 1
        return True

    def beyond(self, target: str, operation: str, body: bytes) -> tuple[int, bytes, str, str] | None:
        """What is answered beyond Lambda; nothing here."""
        return None

    def answer(self, target: str) -> tuple[int, bytes, str]:
        """Status, body and error code for a request."""
        parts = urlsplit(target)
        matches = ((name, pattern.match(parts.path)) for name, pattern in ROUTES)
        operation, found = next(((name, match) for name, match in matches if match), ("", None))
        if found is None:
            return 501, b'{"message": "not in the stub"}', "NotImplemented"
        if not self.admits(operation):
            self.refused[operation] += 1
            return 429, TOO_MANY, "TooManyRequestsException"
        self.answered[operation] += 1
        query = parse_qs(parts.query)
        if operation == "ListFunctions":
            return 200, self.pages[int(query.get("Marker", ["0"])[0]) // PAGE], ""
        if operation == "ListCodeSigningConfigs":
            return 200, b'{"CodeSigningConfigs": []}', ""
        number, qualified = int(unquote(found[1]).rpartition("-")[2]), bool(query.get("Qualifier"))
        self.each[number] += not qualified
        return self.about(operation, number, qualified)

    def about(self, operation: str, number: int, qualified: bool) -> tuple[int, bytes, str]:
        """The answer to a question about one function."""
        if operation == "GetPolicy":
            return (
                (404, NOT_FOUND, "ResourceNotFoundException")
                if number % 3 == 0 or qualified
                else (200, policy(number), "")
            )
        if operation == "ListAliases":
            aliases = [{"Name": "live", "FunctionVersion": "7", "AliasArn": "a"}] if has_alias(number) else []
            return 200, json.dumps({"Aliases": aliases}).encode(), ""
        if operation == "GetFunction":
            whole = {
                "Configuration": configuration(number),
                "Code": {"RepositoryType": "S3", "Location": "https://x.invalid/y"},
                "Tags": {"team": "orders"},
            }
            return 200, json.dumps(whole).encode(), ""
        if operation == "GetFunctionConcurrency":
            return 200, b'{"ReservedConcurrentExecutions": 20}', ""
        if operation == "GetFunctionRecursionConfig":
            return 200, b'{"RecursiveLoop": "Terminate"}', ""
        if operation == "ListFunctionUrlConfigs":
            arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name_of(number)}"
            url = {"FunctionUrl": f"https://{number}.invalid/", "FunctionArn": arn, "AuthType": "AWS_IAM"}
            return 200, json.dumps({"FunctionUrlConfigs": [url] if has_url(number) else []}).encode(), ""
        return 200, b'{"FunctionEventInvokeConfigs": []}', ""


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as little of it as botocore needs."""

    def __init__(self, account: Account, latency: float) -> None:
        self.account, self.latency, self.buffer = account, latency, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer on."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Take every whole request out of what has arrived."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            body, self.buffer = rest[:size], rest[size:]
            asked = re.search(rb"\r\nx-amz-target: *(\S+)", head, re.IGNORECASE)
            self.request(head.split(b" ", 2)[1].decode(), body, asked[1].decode() if asked else "")

    def request(self, target: str, body: bytes, operation: str = "") -> None:
        """Answer one request, after the latency unless it is about the stub itself; `operation` is that of services whose path does not tell it."""
        if target == "/__stats":
            account = self.account
            most = {"of a function": max(account.each.values(), default=0)}
            stats = {"answered": account.answered, "refused": account.refused, "most": most}
            self.send(200, json.dumps(stats).encode())
        elif target == "/__reset":
            self.account.reset()
            self.send(200, b"{}")
        elif b"Action=GetCallerIdentity" in body:
            self.send(200, IDENTITY, kind="text/xml")
        elif b"Action=DescribeRegions" in body:
            self.send(200, REGIONS, kind="text/xml")
        else:
            answer = self.account.beyond(target, operation, body) or self.account.answer(target)
            asyncio.get_running_loop().call_later(self.latency, self.send, *answer)

    def send(self, status: int, body: bytes, error: str = "", kind: str = "application/json") -> None:
        """Write one answer."""
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nx-amzn-RequestId: r\r\nContent-Length: {len(body)}\r\n"
        if error:
            head += f"x-amzn-ErrorType: {error}\r\n"
        if not self.transport.is_closing():
            self.transport.write(head.encode() + b"\r\n" + body)


IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
    f"<Arn>arn:aws:iam::{ACCOUNT}:user/bench</Arn><UserId>u</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
).encode()
REGIONS = (
    b"<DescribeRegionsResponse><regionInfo><item><regionName>us-east-1</regionName></item></regionInfo>"
    b"<requestId>r</requestId></DescribeRegionsResponse>"
)


async def serve(account: Account, latency: float, port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(account, latency), "127.0.0.1", port, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=200)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--quotas", action="store_true")
    parser.add_argument("--burst", type=float, default=1.0, help="seconds of each quota that may be used at once")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--estate", action="store_true", help="answer for what is around the functions too")
    given = parser.parse_args()
    if given.estate:
        from estate_stub import Estate
    kind = Estate if given.estate else Account
    account = kind(given.functions, QUOTAS if given.quotas else {}, given.burst)
    try:
        asyncio.run(serve(account, given.latency, given.port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
