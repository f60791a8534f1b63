"""Whole accounts mapped on executors, against a stand-in for an organisation in a process of its own."""

import json
import os
import pickle
import subprocess
import sys
import urllib.request
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import organisation
from answers import KEY, QUICK, rows
from assaybook.capture import DENIED, OK
from assaybook.collect import AssumedAccount, CollectError, collect_accounts, collect_aws, session_for
from assaybook.collect.accounts import AccountTask, collect_account
from assaybook.collecting import collect_to
from assaybook.seal import open_seal
from organisation import CLOSED, FUNCTIONS, OWN, SECOND, SHARED_TABLE, THIRD, noon

CALLS = rows("lambda:ListFunctions", "lambda:GetPolicy", "dynamodb:ListTables")


def role(account):
    return AssumedAccount(f"arn:aws:iam::{account}:role/audit")


ROLES = (role(SECOND), role(CLOSED), role(THIRD))


class Inline(Executor):
    """Runs at once what it is given, pickled on its way in and out."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            function, given = pickle.loads(pickle.dumps((fn, args)))
            future.set_result(pickle.loads(pickle.dumps(function(*given, **kwargs))))
        except CollectError as problem:
            future.set_exception(pickle.loads(pickle.dumps(problem)))
        return future


@pytest.fixture(scope="module")
def address():
    command = [sys.executable, organisation.__file__, CLOSED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


@pytest.fixture(autouse=True)
def credentials(monkeypatch, address):
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "hub",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }.items():
        monkeypatch.setenv(name, value)


def given(folder, **options):
    return {
        "regions": ("us-east-1",),
        "plan": "standard",
        "key": KEY,
        "clock": noon,
        "journal": folder / "journal",
        "accounts": ROLES,
        "limits": QUICK,
        "calls": CALLS,
        **options,
    }


def collected_on(executor, folder, **options):
    with executor:
        return collect_accounts("", executor=executor, **given(folder, **options))


def asked(address, path="asked"):
    with urllib.request.urlopen(f"{address}/{path}", timeout=10) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def alone(address, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", "hub")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "s")
        return collect_aws(session_for(None), **given(tmp_path_factory.mktemp("alone")))


@pytest.mark.parametrize(
    "executor",
    [
        lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")),
        lambda: ThreadPoolExecutor(4),
        Inline,
    ],
    ids=["processes", "threads", "one after the other"],
)
def test_an_executor_gives_what_one_session_gives(tmp_path, alone, executor):
    assert collected_on(executor(), tmp_path) == alone
    functions = [each for each in alone.captures if each.call == "lambda:GetPolicy"]
    assert {each.target.account for each in functions} == {OWN, SECOND, THIRD}
    assert len(functions) == 3 * FUNCTIONS
    assert len(alone.principals) == 3


def test_an_account_that_cannot_be_entered_is_a_denied_capture_and_stops_no_other(tmp_path):
    collected = collected_on(ThreadPoolExecutor(2), tmp_path)
    closed = [each for each in collected.captures if each.target.account == CLOSED]
    assert [(each.call, each.state, each.message) for each in closed] == [
        ("sts:GetCallerIdentity", DENIED, "not trusted")
    ]
    assert {each.state for each in collected.captures if each not in closed} == {OK}


def test_a_name_of_another_account_is_known(tmp_path):
    collected = collected_on(Inline(), tmp_path)
    (functions,) = [
        each for each in collected.captures if each.call == "lambda:ListFunctions" and each.target.account == OWN
    ]
    assert functions.answer["Functions"][0]["Environment"]["Variables"]["TABLE"]["resource"] == SHARED_TABLE


def test_each_account_resumes_by_itself(tmp_path, address, alone):
    collected_on(Inline(), tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        f"journal.{SECOND}",
        f"journal.{THIRD}",
        "journal.own",
    ]
    (tmp_path / f"journal.{THIRD}").unlink()
    second = tmp_path / f"journal.{SECOND}"
    second.write_bytes(b"".join(line for line in second.read_bytes().splitlines(True) if b"GetPolicy" not in line))
    asked(address, "forget")
    assert collected_on(Inline(), tmp_path, resume=True) == alone
    counts = {name: number for name, number in json.loads(asked(address)).items() if "lambda" in name}
    assert counts == {
        # Only values of variables were replaced in the listings that were kept, so their names lead on.
        f"{SECOND} lambda:GetPolicy": FUNCTIONS,
        f"{THIRD} lambda:ListFunctions": 1,
        f"{THIRD} lambda:GetPolicy": FUNCTIONS,
    }


def test_the_journal_of_an_account_that_was_open_once_stays(tmp_path, address, alone):
    kept = tmp_path / f"journal.{CLOSED}"
    kept.write_text("of an earlier day")
    assert collected_on(Inline(), tmp_path, resume=True) == alone
    assert kept.read_text() == "of an earlier day"


def test_a_task_can_be_pickled_and_does_not_tell_the_key(tmp_path):
    task = AccountTask("", role(SECOND), "", ("us-east-1",), "lean", CALLS, KEY, noon, tmp_path / "j", False, QUICK)
    assert pickle.loads(pickle.dumps(task)) == task
    assert repr(KEY) not in repr(task)
    assert KEY.hex() not in repr(task)
    gathered = collect_account(task)
    assert pickle.loads(pickle.dumps(gathered)) == gathered


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"accounts": (role(SECOND), AssumedAccount(f"arn:aws:iam::{SECOND}:role/other"))}, f"{SECOND}.*twice"),
        ({"accounts": (role(OWN),), "expected": OWN}, f"{OWN}.*twice"),
        ({"accounts": (role(OWN),)}, f"{OWN}.*twice"),
        ({"accounts": (), "expected": SECOND}, f"credentials are of account {OWN}"),
        ({"accounts": (), "own": False}, "no account"),
        ({"plan": "all", "calls": None}, "no plan 'all'"),
    ],
    ids=["same role account", "own account by role", "own account unsaid", "other account", "none", "plan"],
)
def test_what_cannot_be_collected_is_said(tmp_path, options, message):
    with pytest.raises(CollectError, match=message):
        collected_on(Inline(), tmp_path, **options)


def test_roles_only_leave_the_own_account_out(tmp_path):
    collected = collected_on(Inline(), tmp_path, own=False, accounts=(role(THIRD),))
    assert {each.target.account for each in collected.captures} == {THIRD}


def test_a_configuration_is_collected_on_an_executor_and_sealed(tmp_path, monkeypatch):
    monkeypatch.setattr("assaybook.collect.collection.calls_of", lambda *_: CALLS)
    config = Path(tmp_path / "assess.toml")
    config.write_text(
        f'[[scope]]\naccount = "{OWN}"\nregions = ["us-east-1"]\n\n'
        f'[[scope]]\nrole = "{role(SECOND).role_arn}"\n\n[[scope]]\nrole = "{role(CLOSED).role_arn}"\n'
    )
    with ThreadPoolExecutor(2) as executor:
        collect_to(tmp_path / "out" / "evidence.seal", config, executor=executor)
    seal = open_seal(tmp_path / "out" / "evidence.seal")
    assert {str(each.target) for each in seal.captures} == {
        f"aws/{OWN}/global",
        f"aws/{OWN}/us-east-1",
        f"aws/{SECOND}/global",
        f"aws/{SECOND}/us-east-1",
        f"aws/{CLOSED}/global",
    }
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["engagement.key", "evidence.seal"]
