import threading

import pytest
from botocore import xform_name

import wire
from answers import FURTHER, answering, capture_of, collect_from, played_session, rows
from assaybook.collect.guard import CREDENTIAL_CALLS, RefusedCall, issuing, names_of, read_only
from assaybook.collect.plans import PREPARATION
from assaybook.plan.aws import CALLS
from wire import Refusal

ALLOWED = rows("lambda:ListFunctions", "iam:GetCredentialReport")


def guarded(calls=ALLOWED):
    sent = []

    def answers(name, params, region):
        sent.append(name)

    session = played_session(answers)
    return session, read_only(session._session, calls), sent


def test_a_write_is_refused_before_it_is_sent():
    session, guard, sent = guarded()
    with guard:
        with pytest.raises(RefusedCall, match="lambda:DeleteFunction is in no plan"), issuing("lambda:DeleteFunction"):
            session.client("lambda").delete_function(FunctionName="orders")
        with pytest.raises(RefusedCall, match="iam:CreateUser"):
            session.client("iam").create_user(UserName="x")
    assert sent == []


def test_a_call_of_the_plan_that_the_engine_did_not_issue_is_refused():
    session, guard, sent = guarded()
    with guard:
        client = session.client("lambda")
        with pytest.raises(RefusedCall, match="not issued"):
            client.list_functions()
        with pytest.raises(RefusedCall, match="not issued"), issuing("iam:GetCredentialReport"):
            client.list_functions()
        with issuing("lambda:ListFunctions"):
            client.list_functions()
    assert sent == ["lambda:ListFunctions"]


def test_another_thread_does_not_inherit_what_was_issued():
    session, guard, sent = guarded()
    problems = []

    def elsewhere(client):
        try:
            client.list_functions()
        except RefusedCall as refused:
            problems.append(refused)

    with guard, issuing("lambda:ListFunctions"):
        thread = threading.Thread(target=elsewhere, args=(session.client("lambda"),))
        thread.start()
        thread.join(10)
    assert len(problems) == 1
    assert sent == []


def test_the_report_that_a_row_polls_for_may_be_started():
    assert names_of(ALLOWED[1]) == ("iam:GetCredentialReport", "iam:GenerateCredentialReport")


def test_the_guard_ends_with_the_collection():
    session, guard, sent = guarded()
    with guard:
        pass
    session.client("iam").create_user(UserName="x")
    assert sent == ["iam:CreateUser"]


def test_no_plan_row_is_a_credential_call():
    assert not {name for call in CALLS for name in names_of(call)} & CREDENTIAL_CALLS


def test_credential_calls_exist():
    for name in CREDENTIAL_CALLS:
        assert wire.operation(name).name == name.partition(":")[2]


@pytest.fixture
def assuming_profile(tmp_path, monkeypatch):
    """A profile that assumes a role with the keys of another, as people have it in ~/.aws/config."""
    config = tmp_path / "config"
    config.write_text(
        "[profile base]\nregion = us-east-1\n"
        f"[profile audit]\nregion = us-east-1\nrole_arn = arn:aws:iam::{FURTHER}:role/audit\nsource_profile = base\n"
    )
    keys = tmp_path / "credentials"
    keys.write_text(f"[base]\naws_access_key_id = {'AKIA' + 'X' * 16}\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)


def profile_session(answers):
    from answers import play
    from assaybook.collect import session_for

    session = session_for("audit")
    play(session, answers)
    return session


@pytest.mark.usefixtures("assuming_profile")
def test_the_sts_call_of_an_assume_role_profile_is_let_through_and_not_recorded():
    seen = []

    def answers(name, params, region):
        seen.append(name)

    collected = collect_from(answers, session=profile_session(answers), calls=rows("lambda:ListFunctions"))
    assert seen.count("sts:AssumeRole") == 1
    assert capture_of(collected, "lambda:ListFunctions").target.account == FURTHER
    assert not [each for each in collected.captures if "AssumeRole" in each.call]
    assert collected.principals == (f"arn:aws:iam::{FURTHER}:user/auditor",)


@pytest.mark.usefixtures("assuming_profile")
def test_an_assume_role_profile_that_is_refused_stops_with_one_message():
    from assaybook.collect import CollectError

    answers = answering({"sts:AssumeRole": Refusal("AccessDenied", "not trusted", 403)})
    with pytest.raises(CollectError, match="not trusted"):
        collect_from(answers, session=profile_session(answers), calls=rows("lambda:ListFunctions"))


def test_a_profile_that_does_not_exist_is_one_message(tmp_path, monkeypatch):
    from assaybook.collect import CollectError, session_for

    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(CollectError, match="profile 'nobody' cannot be used"):
        session_for("nobody")


def test_every_operation_that_was_sent_is_in_the_plan():
    sent = set()

    def answers(name, params, region):
        sent.add(name)

    collect_from(answers)
    assert sent <= {name for call in CALLS for name in names_of(call)} | {
        "sts:GetCallerIdentity",
        "ec2:DescribeRegions",
    }
    assert len(sent) > 30


def test_botocore_has_not_grown_another_way_to_fetch_credentials():
    """The client methods that botocore's credential and token modules call; a new one would have to be let through."""
    import inspect
    import re

    import botocore.credentials
    import botocore.tokens

    source = inspect.getsource(botocore.credentials) + inspect.getsource(botocore.tokens)
    called = set(re.findall(r"client\.([a-z_0-9]+)\(", source)) - {"close"}
    names = {name.partition(":")[2].lower() for name in CREDENTIAL_CALLS}
    assert {each.replace("_", "") for each in called} <= names


def test_every_operation_of_the_plan_is_a_method_of_its_client():
    session = played_session(lambda *_: None)
    for name in sorted({name for call in (*CALLS, *PREPARATION) for name in names_of(call)}):
        service, _, operation = name.partition(":")
        methods = session.client(service).meta.method_to_api_mapping
        assert methods[xform_name(operation)] == operation


def test_a_call_that_botocore_would_add_is_refused_and_costs_only_its_capture():
    """Botocore asks HeadBucket where a redirect does not name the bucket's region."""
    sent = []

    def answers(name, params, region):
        sent.append(name)
        if name == "s3:ListBuckets":
            return {"Buckets": [{"Name": "moved", "BucketRegion": "us-east-1"}]}
        return Refusal("PermanentRedirect", "elsewhere", 301) if name == "s3:GetBucketAcl" else None

    collected = collect_from(answers, calls=rows("s3:ListBuckets", "s3:GetBucketAcl", "lambda:ListFunctions"))
    found = capture_of(collected, "s3:GetBucketAcl")
    assert (found.state, found.reason) == ("failed", "guard")
    assert "s3:HeadBucket" in found.message
    assert "s3:HeadBucket" not in sent
    assert capture_of(collected, "lambda:ListFunctions").state == "ok"
