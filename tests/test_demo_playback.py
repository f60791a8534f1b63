"""The demo account plays through the real path: the same each time, nothing that was not recorded, nothing over the network."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assaybook.demo.packages
from assaybook.capture import ABSENT, DENIED, OK, Capture
from assaybook.collect.redact import Redactor
from assaybook.demo import KEY, collect_demo
from assaybook.demo.packages import DemoFetcher
from assaybook.demo.packages import packed as packed_code
from assaybook.demo.playback import Fenced, NotRecorded, demo_session, fence, recording, undisturbed
from assaybook.demo.recording import Answer, Recording, packed, question, unpacked
from assaybook.plan.aws import CALLS
from demo_run import demo_captures


def answers(call: str) -> Iterator[Capture]:
    return (each for each in demo_captures() if each.call == call)


def test_every_row_of_the_plan_is_answered_and_only_denials_are_missing() -> None:
    asked = {each.call for each in demo_captures()}
    assert {each.state for each in demo_captures() if not each.call.startswith("code:")} == {OK, ABSENT, DENIED}
    # What stands on clusters that the estate does not have is asked of none, and what stands in for a call only where that is lacking.
    unasked = {call.key for call in CALLS if call.plan != "full" and not call.instead_of} - asked
    parents = {call.key: call.parents for call in CALLS}
    assert all(not _records(parent) for call in unasked for parent in parents[call]), unasked


def _records(call: str) -> list[object]:
    items = next(each.items for each in CALLS if each.key == call)
    return [record for each in answers(call) for record in (each.answer.get(items.split(".")[0], ()) if items else [1])]


def test_collecting_twice_gives_the_same() -> None:
    first, second = collect_demo(), collect_demo()
    assert first == second
    assert first.started == first.finished == "2026-11-16T09:00:00+00:00"


def test_settings_of_the_machine_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of-someone-else")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    before = dict(os.environ)
    assert tuple(collect_demo().captures) == demo_captures()
    assert dict(os.environ) == before


def test_listings_come_in_pages() -> None:
    (functions,) = [each for each in answers("lambda:ListFunctions") if each.target.region == "us-east-1"]
    (roles,) = answers("iam:GetAccountAuthorizationDetails")
    assert functions.pages == 2
    assert functions.records > 40
    assert roles.pages == 2


def test_a_call_that_was_not_recorded_raises() -> None:
    with undisturbed(), fence():
        client = demo_session().client("lambda", region_name="us-east-1")
        with pytest.raises(NotRecorded, match="lambda:GetPolicy in us-east-1"):
            client.get_policy(FunctionName="nobody")
        with pytest.raises(NotRecorded, match="lambda:DeleteFunction"):
            client.delete_function(FunctionName="orders-api")


def test_the_same_question_of_another_region_is_another_question() -> None:
    with undisturbed(), fence():
        client = demo_session().client("lambda", region_name="ap-south-1")
        with pytest.raises(NotRecorded, match="ap-south-1"):
            client.list_functions(FunctionVersion="ALL")


def test_an_answer_has_the_shape_of_http() -> None:
    with undisturbed(), fence():
        client = demo_session().client("lambda", region_name="us-east-1")
        with pytest.raises(client.exceptions.ClientError) as denied:
            client.get_policy(FunctionName="legacy-invoice")
        assert denied.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
        assert client.get_policy(FunctionName="orders-export")["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        lambda: socket.getaddrinfo("localhost", 80),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", ("127.0.0.1", 9)),
    ],
    ids=["connect", "look up", "send"],
)
def test_nothing_leaves_the_machine_while_the_fence_is_up(reach: object) -> None:
    assert callable(reach)
    with fence(), pytest.raises(Fenced):
        reach()


def test_the_fence_comes_down_again() -> None:
    with fence():
        pass
    with pytest.raises(OSError, match=r"refused|timed out"):
        socket.create_connection(("127.0.0.1", 9), timeout=1)


def test_importing_the_demo_brings_no_sdk_along() -> None:
    program = (
        "import sys, assaybook.demo; print([each for each in ('boto3', 'botocore', 'moto') if each in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "[]"


def test_collecting_the_demo_needs_no_emulator() -> None:
    program = (
        "import sys; sys.modules['moto'] = None; from assaybook.demo import collect_demo; "
        "print(len(collect_demo().captures), 'assaybook.demo.estate' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert said.stdout.split() == [str(len(demo_captures())), "False"]


def test_no_value_in_the_account_that_looks_secret_reaches_a_capture() -> None:
    bodies = "".join(answer.body for answer in recording().answers.values())
    from assaybook.demo.estate.names import SECRET_PIECES, secret

    kept = repr(demo_captures())
    for name in SECRET_PIECES:
        assert secret(name) in bodies
        assert secret(name) not in kept
    prints = {Redactor(KEY).fingerprint(secret(name)) for name in SECRET_PIECES}
    assert all(each in kept for each in prints)


def test_a_recording_says_nothing_of_secrets_in_one_piece_and_gives_them_back() -> None:
    pieces = {"key": ("AK", "IA", "Q" * 16)}
    whole = "".join(pieces["key"])
    asked = question("lambda", "GetFunction", "us-east-1", {"FunctionName": "a"})
    made = Recording("111122223333", ("us-east-1",), "2026-11-16T09:00:00+00:00")
    made.answers[asked] = Answer(200, {"content-type": "application/json"}, f'{{"value": "{whole}"}}')
    data = packed(made, pieces)
    import gzip

    assert whole not in gzip.decompress(data).decode()
    assert unpacked(data) == made
    assert packed(unpacked(data), pieces) == data


def test_a_secret_in_a_question_is_refused() -> None:
    made = Recording("111122223333", (), "")
    made.answers[question("lambda", "GetFunction", "us-east-1", {"FunctionName": "abcdef"})] = Answer(200, {}, "")
    with pytest.raises(ValueError, match="asks with the value 'name'"):
        packed(made, {"name": ("abc", "def")})


def test_a_recording_of_another_format_is_refused() -> None:
    import gzip

    with pytest.raises(ValueError, match="format 'other/9'"):
        unpacked(gzip.compress(b'{"format": "other/9"}'))


def test_the_recording_holds_nothing_that_a_scanner_takes_for_a_secret() -> None:
    import gzip
    from importlib.resources import files

    from assaybook.code.secret_formats import FORMATS

    text = gzip.decompress(files("assaybook.demo").joinpath("recording.json.gz").read_bytes()).decode()
    keys = [each for each in FORMATS if not each.literal]
    assert [each.kind for each in keys if each.pattern.search(text)] == []


def test_the_code_of_functions_is_read_but_for_images_and_a_layer_that_is_gone() -> None:
    read = {str(each.params["package"]).rpartition(":function:")[2]: each for each in answers("code:Package")}
    assert {name: each.reason for name, each in read.items() if each.state not in (OK, ABSENT)} == {
        "catalog-image-resize": "image",
        "fraud-score": "image",
        "fraud-train": "image",
        "arn:aws:lambda:us-east-1:111122223333:layer:pdf-fonts:4": "gone",
    }
    assert read["orders-export"].answer["parsed"] >= 2


def test_secrets_of_packages_stand_in_no_file_of_the_repository_and_in_no_capture() -> None:
    (found,) = [each for each in answers("code:Secrets") if each.params["package"].endswith(":orders-export")]
    assert [each["kind"] for each in found.answer["secrets"]] == ["aws-access-key-id"]
    whole = "".join(("AK", "IA", "DEMO", "NORTH", "WIND", "7Q3"))
    folder = Path(assaybook.demo.packages.__file__).parent
    assert [each.name for each in folder.iterdir() if each.is_file() and whole.encode() in each.read_bytes()] == []
    assert [each.call for each in demo_captures() if whole in str(each.answer)] == []


def test_packages_are_the_same_bytes_and_another_than_the_recorded_one_is_refused() -> None:
    made = packed_code("orders-export", "python3.9")
    assert made == packed_code("orders-export", "python3.9")
    assert DemoFetcher().fetch(made.address, made.size, made.sha256) == made.data
    with pytest.raises(ValueError, match="records it anew"):
        DemoFetcher().fetch(made.address, made.size + 1, made.sha256)
