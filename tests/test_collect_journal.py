import json
import stat
import threading

import pytest

from answers import ACCOUNT, KEY, answering, collect_from, rows
from assaybook.capture import DENIED, OK
from assaybook.collect import CollectError
from wire import Refusal

CALLS = rows(
    "lambda:ListFunctions", "lambda:GetPolicy", "lambda:ListAliases", "lambda:GetPolicy/alias", "dynamodb:ListTables"
)
FUNCTIONS = [{"FunctionName": f"f{number}", "Version": "$LATEST"} for number in range(8)]
ALIASES = {"Aliases": [{"Name": "live", "FunctionVersion": "1"}]}


class Account:
    """Answers that count what was asked, and can be interrupted."""

    def __init__(self, stop_at="", environment=None, policy=None, description=""):
        self.asked, self.stop_at, self.policy = [], stop_at, policy
        self.functions = [
            {
                **each,
                **({"Environment": {"Variables": environment}} if environment else {}),
                **({"Description": description} if description else {}),
            }
            for each in FUNCTIONS
        ]
        self.lock = threading.Lock()

    def __call__(self, name, params, region):
        with self.lock:
            self.asked.append((name, params.get("FunctionName"), params.get("Qualifier")))
        if name == "lambda:ListFunctions":
            return {"Functions": self.functions}
        if name == "lambda:ListAliases":
            return ALIASES
        if name == "lambda:GetPolicy":
            if params["FunctionName"] == self.stop_at:
                raise KeyboardInterrupt
            return self.policy or {"Policy": "{}"}
        return None

    def about(self, name):
        return sorted((each[1:] for each in self.asked if each[0] == name), key=str)


def interrupted(journal, **options):
    account = Account(stop_at="f5", **options)
    with pytest.raises(KeyboardInterrupt):
        collect_from(account, calls=CALLS, journal=journal)
    return account


def test_an_interrupted_collection_goes_on_and_gives_the_same(tmp_path):
    journal = tmp_path / "journal"
    interrupted(journal)
    kept = [json.loads(line)["call"] for line in journal.read_bytes().splitlines()[1:]]
    assert "lambda:ListFunctions" in kept
    account = Account()
    resumed = collect_from(account, calls=CALLS, journal=journal, resume=True)
    assert resumed == collect_from(Account(), calls=CALLS)
    # What was answered is not asked again, and its records still lead to what they lead to.
    assert not account.about("lambda:ListFunctions")
    assert len(account.about("lambda:GetPolicy")) == 16 - sum(each.startswith("lambda:GetPolicy") for each in kept)


def test_a_finished_journal_asks_for_nothing_but_the_identity(tmp_path):
    journal = tmp_path / "journal"
    first = collect_from(Account(), calls=CALLS, journal=journal)
    account = Account()
    assert collect_from(account, calls=CALLS, journal=journal, resume=True) == first
    assert {each[0] for each in account.asked} == {"sts:GetCallerIdentity", "ec2:DescribeRegions"}


def test_a_listing_that_was_redacted_is_asked_again_for_its_names(tmp_path):
    journal = tmp_path / "journal"
    key = "AKIA" + "Q" * 16
    interrupted(journal, description=f"uses {key}")
    account = Account(description=f"uses {key}")
    resumed = collect_from(account, calls=CALLS, journal=journal, resume=True)
    assert len(account.about("lambda:ListFunctions")) == 1
    assert resumed == collect_from(Account(description=f"uses {key}"), calls=CALLS)
    assert key.encode() not in journal.read_bytes()


def test_values_of_variables_that_were_replaced_leave_the_names_in_clear(tmp_path):
    journal = tmp_path / "journal"
    environment = {"DB_PASSWORD": "hunter" + "2x", "LOG_LEVEL": "INFO"}
    interrupted(journal, environment=environment)
    account = Account(environment=environment)
    resumed = collect_from(account, calls=CALLS, journal=journal, resume=True)
    assert not account.about("lambda:ListFunctions")
    assert resumed == collect_from(Account(environment=environment), calls=CALLS)
    assert environment["DB_PASSWORD"].encode() not in journal.read_bytes()


def test_what_was_denied_is_asked_again(tmp_path):
    journal = tmp_path / "journal"
    collect_from(Account(policy=Refusal("AccessDeniedException", status=403)), calls=CALLS, journal=journal)
    resumed = collect_from(Account(), calls=CALLS, journal=journal, resume=True)
    assert {each.state for each in resumed.captures if each.call == "lambda:GetPolicy"} == {OK}
    assert DENIED not in {each.state for each in resumed.captures}


@pytest.mark.parametrize("tear", [b'{"call": "lambda:GetPol', b"\xff\xfe", b'{"call": 5}', b"[]", b"null"])
def test_a_torn_line_is_ignored(tmp_path, tear):
    journal = tmp_path / "journal"
    first = collect_from(Account(), calls=CALLS, journal=journal)
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]) + tear)
    account = Account()
    assert collect_from(account, calls=CALLS, journal=journal, resume=True) == first
    assert len([each for each in account.asked if each[0].startswith("lambda:")]) <= 1
    # The resumed journal is whole again.
    assert all(json.loads(line) for line in journal.read_bytes().splitlines())


@pytest.mark.parametrize(
    "options",
    [
        {"regions": ("eu-west-1",)},
        {"plan": "lean"},
        {"calls": CALLS[:2]},
        {"key": bytes(32)},
    ],
    ids=["regions", "plan", "rows", "key"],
)
def test_the_journal_of_another_scope_is_refused(tmp_path, options):
    journal = tmp_path / "journal"
    collect_from(Account(), calls=CALLS, journal=journal)
    before = journal.read_bytes()
    with pytest.raises(CollectError, match="is the journal of another collection"):
        collect_from(Account(), journal=journal, resume=True, **{"calls": CALLS, "key": KEY, **options})
    assert journal.read_bytes() == before


def test_the_journal_of_another_account_is_refused(tmp_path):
    journal = tmp_path / "journal"
    collect_from(Account(), calls=CALLS, journal=journal)
    other = {
        "sts:GetCallerIdentity": {"Account": "999988887777", "Arn": "arn:aws:iam::999988887777:root", "UserId": "u"}
    }
    with pytest.raises(CollectError, match="accounts"):
        collect_from(answering(other), calls=CALLS, journal=journal, resume=True)
    assert ACCOUNT.encode() in journal.read_bytes()


@pytest.mark.parametrize(
    "content", [b"not a journal\n", b"{}\n", b'{"format": "other", "scope": {}, "started": ""}\n', b"[]\n"]
)
def test_a_file_that_is_no_journal_is_refused(tmp_path, content):
    journal = tmp_path / "journal"
    journal.write_bytes(content)
    with pytest.raises(CollectError, match="journal"):
        collect_from(Account(), calls=CALLS, journal=journal, resume=True)
    assert journal.read_bytes() == content


def test_the_journal_is_for_its_owner_only(tmp_path):
    journal = tmp_path / "journal"
    collect_from(Account(), calls=CALLS, journal=journal)
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_without_resume_a_journal_begins_anew(tmp_path):
    journal = tmp_path / "journal"
    collect_from(Account(), calls=CALLS, journal=journal)
    account = Account()
    collect_from(account, calls=CALLS, journal=journal)
    assert len(account.about("lambda:ListFunctions")) == 1
