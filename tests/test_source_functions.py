"""The code of deployed functions, fetched from a service that behaves as Lambda and its store do, and as they should not."""

import hashlib
import io
import json
import threading
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import botocore.session
import pytest

from assaybook.capture import DENIED, FAILED, OK, UNSUPPORTED, Capture, Target
from assaybook.collect import Limits
from assaybook.collect.aws import Account
from assaybook.collect.collection import collect_aws
from assaybook.collect.order import order
from assaybook.collect.source import download
from assaybook.collect.source.derive import ReadingOptions
from assaybook.collect.source.functions import function_code
from assaybook.collect.source.running import batches, distinct
from assaybook.plan import Call

ACCOUNT, REGION = "123456789012", "eu-west-1"
HERE = Target("aws", ACCOUNT, REGION)
KEY = bytes(32)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
SECRET = "AK" + "IA" + "QZ7XM2P4L9T3WK5B"


def packed(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


APP = packed({"app.py": "import shared\ndef handler(event, context):\n    return 1\n"})
SHARED = packed({"python/shared.py": "x = 1\n"})


def digest(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


@dataclass
class Service:
    """What the stand-in answers, and what it was asked."""

    packages: dict[str, bytes] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = unquote(self.path).partition("?")
            path = path.rstrip("/")
            state.asked.append(path if not path.startswith("/2018") else f"layer {query}")
            if state.answers.get(path):
                status, headers, body = state.answers[path].pop(0)
            elif path.startswith("/store/"):
                status, headers, body = 200, {}, state.packages[path.removeprefix("/store/")]
            else:
                status, headers, body = self.lambda_(path, query)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def lambda_(self, path: str, query: str) -> tuple[int, dict[str, str], bytes]:
            layer = "find=LayerVersion" in query
            name = query.partition("Arn=")[2] if layer else path.split("/")[3]
            if name in state.denied:
                return 403, {"x-amzn-ErrorType": "AccessDeniedException"}, b'{"Message": "not allowed"}'
            if name not in state.packages:
                return 404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, b'{"Message": "gone"}'
            data = state.packages[name]
            about: dict[str, Any] = {
                "CodeSize": len(data),
                "CodeSha256": digest(data),
                "Location": f"{state.address}/store/{name}?X-Amz-Signature={SECRET}",
            }
            about.update(state.told.get(name, {}))
            location = {"Location": about.pop("Location")}
            if layer:
                return 200, {}, json.dumps({"Content": {**about, **location}}).encode()
            return 200, {}, json.dumps({"Configuration": about, "Code": location}).encode()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_ENDPOINT_URL": state.address,
        "AWS_CONFIG_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("assaybook.collect.source.download.time.sleep", lambda seconds: None)
    yield state
    server.shutdown()
    server.server_close()


def function(service: Service | None, name: str, data: bytes = APP, **more: Any) -> dict[str, Any]:
    if service is not None:
        service.packages[name] = data
    return {
        "FunctionName": name, "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}:$LATEST", "Version": "$LATEST", "CodeSha256": digest(data),
        "CodeSize": len(data), "PackageType": "Zip", "Handler": "app.handler", "Runtime": "python3.12", **more,
    }  # fmt: skip


def listing(*functions: Mapping[str, Any], state: str = OK) -> Capture:
    return Capture(
        "lambda:ListFunctions",
        HERE,
        {"FunctionVersion": "ALL"},
        state,
        {"Functions": list(functions)} if state == OK else {},
        reason="denied" if state != OK else "",
    )


def read(captures: Any, cache: Path | None = None, **limits: Any) -> tuple[Capture, ...]:
    account = Account(
        botocore.session.get_session(),
        Limits(retries=1, pause=0.01, rates=False, **limits),
        id=ACCOUNT,
        regions=(REGION,),
    )
    try:
        return function_code(
            account, captures, ReadingOptions(KEY, cache=cache, processes=1), lambda: NOW, account.limits
        )
    finally:
        account.close()


def packages(captures: tuple[Capture, ...]) -> dict[str, Capture]:
    return {str(each.params["package"]).rpartition(":")[2]: each for each in captures if each.call == "code:Package"}


def downloads(service: Service) -> list[str]:
    return [path.removeprefix("/store/") for path in service.asked if path.startswith("/store/")]


def test_code_is_fetched_once_for_all_that_run_it(service: Service) -> None:
    captures = read(
        [listing(function(service, "one"), function(service, "two"), function(service, "other", packed({"x.py": ""})))]
    )
    found = packages(captures)
    assert sorted(found) == ["one", "other"] and all(
        each.state == OK and each.target == HERE for each in found.values()
    )
    assert [each["workload"].rpartition(":")[2] for each in found["one"].answer["entries"]] == ["one", "two"]
    assert downloads(service) == ["one", "other"] or downloads(service) == ["other", "one"]
    assert found["one"].answer["sha256"] == hashlib.sha256(APP).hexdigest()


def test_no_address_of_code_is_kept_anywhere(service: Service, tmp_path: Path) -> None:
    service.told["bad"] = {"CodeSha256": digest(b"x")}
    captures = read([listing(function(service, "one"), function(service, "bad"))], tmp_path)
    assert SECRET not in str(captures) and "/store/" not in str(captures)
    assert all(SECRET.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_own_layers_are_read_and_found_by_imports(service: Service) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:shared:3"
    foreign = f"arn:aws:lambda:{REGION}:999999999999:layer:theirs:1"
    service.packages[arn] = SHARED
    found = packages(read([listing(function(service, "one", Layers=[{"Arn": arn}, {"Arn": foreign}]))]))
    assert sorted(found) == ["3", "one"]
    assert found["3"].answer["kind"] == "layer" and found["one"].answer["borrowed"] == 1
    assert found["one"].answer["notes"] == [f"{foreign}: a layer of another account, whose code is not read"]
    assert not [path for path in service.asked if "999999999999" in path]


def test_a_layer_that_is_not_read_is_told_and_nothing_is_kept(service: Service, tmp_path: Path) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:shared:3"
    service.packages[arn] = SHARED
    service.denied.add(arn)
    functions = [listing(function(service, "one", Layers=[{"Arn": arn}]))]
    found = packages(read(functions, tmp_path))
    assert (found["3"].state, found["3"].permission) == (DENIED, "lambda:GetLayerVersion")
    assert found["one"].state == OK and arn in found["one"].answer["notes"][0]
    service.denied.clear()
    found = packages(read(functions, tmp_path))
    assert found["3"].state == OK and found["one"].answer["borrowed"] == 1


def test_unchanged_code_is_not_fetched_again(service: Service, tmp_path: Path) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:shared:3"
    service.packages[arn] = SHARED
    functions = [
        listing(function(service, "one", Layers=[{"Arn": arn}]), function(service, "two", packed({"x.py": ""})))
    ]
    first = read(functions, tmp_path)
    service.asked.clear()
    assert sorted(read(functions, tmp_path), key=order) == sorted(first, key=order)
    assert service.asked == []
    read([listing(function(service, "one", packed({"y.py": ""})))], tmp_path)
    assert downloads(service) == ["one"]


def test_versions_are_read_where_an_alias_points_to_them(service: Service) -> None:
    old = function(
        service,
        "one",
        packed({"old.py": ""}),
        Version="1",
        FunctionArn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:one:1",
    )
    unused = {**old, "Version": "2", "CodeSha256": digest(b"2"), "FunctionArn": f"{old['FunctionArn'][:-1]}2"}
    weighted = {**old, "Version": "3", "CodeSha256": digest(b"3"), "FunctionArn": f"{old['FunctionArn'][:-1]}3"}
    aliases = Capture(
        "lambda:ListAliases",
        HERE,
        {"FunctionName": "one"},
        OK,
        {
            "Aliases": [
                {"Name": "live", "FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {"3": 0.1}}}
            ]
        },
    )
    captures = read([listing(function(None, "one", packed({"new.py": ""})), old, unused, weighted), aliases])
    names = {each.params["package"] for each in captures if each.call == "code:Package"}
    assert names == {old["FunctionArn"][:-2], old["FunctionArn"], weighted["FunctionArn"]}


@pytest.mark.parametrize(
    ("name", "prepare", "state", "reason"),
    [
        ("denied", lambda s: s.denied.add("f"), DENIED, "denied"),
        ("gone", lambda s: s.packages.pop("f"), FAILED, "gone"),
        ("other content", lambda s: s.told.update(f={"CodeSha256": digest(b"else")}), FAILED, "other_content"),
        ("no digest", lambda s: s.told.update(f={"CodeSha256": "***"}), FAILED, "other_content"),
        ("no size", lambda s: s.told.update(f={"CodeSize": None}), FAILED, "unexpected_shape"),
        ("too large", lambda s: s.told.update(f={"CodeSize": 400 << 20}), FAILED, "too_large"),
        ("empty", lambda s: s.told.update(f={"CodeSize": 0}), FAILED, "too_large"),
        ("larger than told", lambda s: s.told.update(f={"CodeSize": 10}), FAILED, "too_large"),
        ("cut", lambda s: s.told.update(f={"CodeSize": len(APP) + 10}), FAILED, "transient"),
        ("no address", lambda s: s.told.update(f={"Location": ""}), FAILED, "no_address"),
        ("elsewhere", lambda s: s.told.update(f={"Location": "https://evil.example/x"}), FAILED, "refused_address"),
        ("a file", lambda s: s.told.update(f={"Location": "file:///etc/passwd"}), FAILED, "refused_address"),
        ("another port", lambda s: s.told.update(f={"Location": "http://127.0.0.1:1/x"}), FAILED, "refused_address"),
        ("refused", lambda s: s.answers.update({"/store/f": [(403, {}, b"<Error/>")] * 3}), FAILED, "refused"),
        ("down", lambda s: s.answers.update({"/store/f": [(503, {}, b"")] * 3}), FAILED, "transient"),
        ("sent away", lambda s: s.answers.update({"/store/f": [(302, {"Location": "https://evil.example/"}, b"")]}), FAILED, "refused_address"),
        ("sent round", lambda s: s.answers.update({"/store/f": [(302, {"Location": "/store/f"}, b"")] * 9}), FAILED, "redirected"),
        ("no archive", lambda s: s.packages.update(f=b"MZ" * 50) or s.told.update(f={}), FAILED, "refused"),
    ],
)  # fmt: skip
def test_code_that_cannot_be_had_is_told_with_its_reason(
    service: Service, name: str, prepare: Any, state: str, reason: str
) -> None:
    functions = [listing(function(service, "f"), function(service, "good", packed({"x.py": ""})))]
    prepare(service)
    found = packages(read(functions))
    assert found["good"].state == OK
    assert (found["f"].state, found["f"].reason) == (state, reason)
    assert found["f"].answer["entries"][0]["workload"].endswith(":f")
    assert found["f"].gap() is not None and service.address not in str(found["f"])


@pytest.mark.parametrize("answer", [(500, {}, b""), (200, {"Content-Length": str(len(APP))}, APP[:20])])
def test_what_fails_in_transit_is_asked_again(service: Service, answer: Any) -> None:
    service.answers["/store/f"] = [answer]
    assert packages(read([listing(function(service, "f"))]))["f"].state == OK
    assert downloads(service) == ["f", "f"]


def test_one_redirection_is_followed(service: Service) -> None:
    service.answers["/store/f"] = [(307, {"Location": "/store/f"}, b"")]
    assert packages(read([listing(function(service, "f"))]))["f"].state == OK


def test_images_are_told_not_to_be_read(service: Service) -> None:
    found = packages(read([listing(function(service, "f", PackageType="Image"))]))
    assert (found["f"].state, found["f"].reason) == (UNSUPPORTED, "image") and service.asked == []


def test_where_the_functions_are_not_known_the_code_is_not(service: Service) -> None:
    captures = read([listing(state=DENIED)])
    assert captures and all(each.state == DENIED and each.gap() for each in captures)


def test_regions_outside_the_scope_are_left_alone(service: Service) -> None:
    outside = Capture("lambda:ListFunctions/elsewhere", HERE, {}, OK, {"Functions": [function(service, "f")]})
    assert read([outside]) == ()


def test_odd_listings_break_nothing(service: Service) -> None:
    odd: list[Any] = [
        1,
        None,
        {},
        {"Version": "$LATEST"},
        {"Version": "$LATEST", "CodeSha256": 3, "CodeSize": "x", "Layers": "y", "FunctionName": None},
    ]
    captures = read([Capture("lambda:ListFunctions", HERE, {}, OK, {"Functions": odd})])
    assert all(each.state == FAILED for each in captures if each.call == "code:Package")


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://awslambda-eu-west-1-tasks.s3.eu-west-1.amazonaws.com/snapshots/x?versionId=1", True),
        ("https://prod-04-2014-tasks.s3.cn-north-1.amazonaws.com.cn/x", True),
        ("http://awslambda-eu-west-1-tasks.s3.eu-west-1.amazonaws.com/x", False),
        ("https://amazonaws.com.evil.example/x", False),
        ("https://evilamazonaws.com/x", False),
        ("https://x.s3.amazonaws.com:8443/x", False),
        ("https://user:pw@x.s3.amazonaws.com/x", False),
        ("https://169.254.169.254/x", False),
        ("ftp://x.s3.amazonaws.com/x", False),
        ("", False),
    ],
)
def test_code_is_fetched_from_aws_only(address: str, good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    if good:
        assert download.allowed(address) == address
        return
    with pytest.raises(download.NotFetched) as refused:
        download.allowed(address)
    assert refused.value.reason == "refused_address" and (not address or address not in str(refused.value))


@pytest.mark.parametrize(
    ("address", "instead"),
    [
        (
            "https://awslambda-us-east-1-tasks.s3.us-east-1.amazonaws.com/a/b?v=1",
            "http://127.0.0.1:5000/awslambda-us-east-1-tasks/a/b?v=1",
        ),
        ("https://s3.us-east-1.amazonaws.com/bucket/a", "http://127.0.0.1:5000/bucket/a"),
        ("http://127.0.0.1:5000/bucket/a", "http://127.0.0.1:5000/bucket/a"),
    ],
)
def test_an_emulator_serves_in_place_of_aws(address: str, instead: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")
    assert download.allowed(address) == instead


def test_codes_are_held_a_few_at_a_time() -> None:
    functions = [function(None, f"f{n:02}", b"x" * n, CodeSize=(100 << 20) if n < 3 else 10) for n in range(40)]
    groups = list(batches(distinct(functions, ACCOUNT)))
    assert [len(each) for each in groups][:3] == [1, 1, 16] and sum(map(len, groups)) == 40


def test_a_collection_reads_code_with_the_standard_plan_only(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way, through the guard: of the calls only the listing is in the plan that is given."""
    service.packages["f"] = APP
    calls = [Call("lambda:ListFunctions", items="Functions", give={"FunctionVersion": "ALL"}, plan="lean")]
    service.answers["/2015-03-31/functions"] = [
        (200, {}, json.dumps({"Functions": [function(service, "f")]}).encode())
    ] * 9

    def known(account: Account, who: Capture) -> Capture:
        account.id = ACCOUNT
        return who

    def regions(engine: object, account: Account, wanted: object) -> tuple[Capture, str]:
        account.regions = (REGION,)
        return Capture("ec2:DescribeRegions", HERE, {}, OK), ""

    monkeypatch.setattr("assaybook.collect.collection.known_as", known)
    monkeypatch.setattr("assaybook.collect.collection._regions", regions)
    monkeypatch.setattr(
        "assaybook.collect.collection.ask", lambda engine, account, call, params=None: Capture(call.key, HERE, {}, OK)
    )
    states = {}
    for plan, code in (
        ("standard", ReadingOptions(KEY, processes=1)),
        ("lean", ReadingOptions(KEY)),
        ("standard", None),
    ):
        from boto3 import Session

        collected = collect_aws(
            Session(region_name=REGION),
            regions=(REGION,),
            plan=plan,
            key=KEY,
            clock=lambda: NOW,
            journal=tmp_path / "journal",
            calls=calls,
            code=code,
        )
        states[plan, code is None] = [
            (each.call, each.state) for each in collected.captures if each.call.startswith("code:P")
        ]
    assert states == {("standard", False): [("code:Package", OK)], ("lean", False): [], ("standard", True): []}
