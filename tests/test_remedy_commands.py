"""Every command of every remedy: bash runs it, the services know it, and a hostile name stays one argument."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from assaybook.remedy import Template
from aws_commands import problems, ran
from remedy_files import BRANCHES, HOSTILE, ORDINARY, Snippet, hostile, ordinary, snippets

COMMANDS = list(snippets("cli"))
# What the shell says of a command that it cannot run; a file of the reader's own may well be missing.
BROKEN = re.compile("syntax error|command not found|unbound variable|bad substitution|unexpected")


@pytest.mark.parametrize("snippet", COMMANDS, ids=str)
def test_the_services_know_each_call(snippet: Snippet, tmp_path: Path) -> None:
    done = ran(snippet.template.filled(ordinary(snippet)), tmp_path)
    assert not BROKEN.search(done.said), done.said
    assert [each for call in done.calls for each in problems(call, done.folder)] == []


@pytest.mark.parametrize(("check", "values", "expected"), BRANCHES)
def test_the_services_know_the_calls_of_each_branch(
    check: str, values: Mapping[str, str], expected: str, tmp_path: Path
) -> None:
    branching = [each for each in COMMANDS if each.check == check and set(values) <= each.template.names]
    assert branching
    for number, snippet in enumerate(branching):
        (tmp_path / str(number)).mkdir()
        done = ran(snippet.template.filled({**ordinary(snippet), **values}), tmp_path / str(number))
        assert done.code == 0, done.said
        assert [each for call in done.calls for each in problems(call, done.folder)] == []
        assert any(expected in call for call in done.calls), snippet


@pytest.mark.parametrize("snippet", COMMANDS, ids=str)
def test_a_hostile_name_runs_nothing_and_stays_one_argument(snippet: Snippet, tmp_path: Path) -> None:
    """One run with everything that a shell could take for its own at once."""
    # A list of names is taken apart at its commas, which no name of a user can hold.
    name = "".join(HOSTILE).replace(",", "" if "tr ','" in snippet.template.text else ",")
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    good = ran(snippet.template.filled(ordinary(snippet)), tmp_path / "good")
    bad = ran(snippet.template.filled(hostile(snippet, name)), tmp_path / "bad")
    assert not BROKEN.search(bad.said), bad.said
    assert [len(call) for call in bad.calls] == [len(call) for call in good.calls]
    assert sorted(each.name for each in bad.folder.iterdir()) == sorted(each.name for each in good.folder.iterdir())
    bash = str(shutil.which("bash"))
    text = snippet.template.filled(hostile(snippet, name))
    assert subprocess.run([bash, "-n"], input=text.encode(), check=False).returncode == 0


@pytest.mark.parametrize("snippet", COMMANDS, ids=str)
def test_what_a_subject_lacks_leaves_whole_commands(snippet: Snippet, tmp_path: Path) -> None:
    """Without an alias, and with a statement that has no id, there are the same calls as before."""
    given = ordinary(snippet)
    (tmp_path / "all").mkdir()
    whole = ran(snippet.template.filled(given), tmp_path / "all")
    for number, empty in enumerate(sorted({"release", "row.sid"} & set(given))):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = ran(snippet.template.filled({**given, empty: ""}), folder)
        assert done.code == 0, empty
        assert [call[:2] for call in done.calls] == [call[:2] for call in whole.calls], empty


@pytest.mark.parametrize("value", [*HOSTILE, *ORDINARY])
@pytest.mark.parametrize(
    "written",
    [
        "aws lambda get-function --function-name [[name]]",
        "aws lambda get-function --function-name x-[[name]]-y",
        'aws lambda get-function --function-name "[[name]]"',
        "aws lambda get-function --function-name '[[name]]'",
        'n=[[name]]; aws lambda get-function --function-name "$n"',
        'aws lambda get-function --function-name "$(echo; aws lambda get-function --function-name [[name]] >&2)"',
        "# [[name]]\naws lambda get-function --function-name [[name]]",
        "cat > x <<'END'\n[[name]]\nEND\naws lambda get-function --function-name [[name]]",
    ],
)
def test_a_value_arrives_as_it_is(written: str, value: str, tmp_path: Path) -> None:
    from assaybook.remedy.shell import shell_template, unread

    done = ran(shell_template(written).filled({"name": value}), tmp_path)
    assert done.code == 0
    arrived = done.calls[0][-1].removeprefix("x-").removesuffix("-y")
    assert arrived in (value, unread(value))
    if "END" in written:
        assert (done.folder / "x").read_text(encoding="utf-8") in (f"{value}\n", "END \n")


@pytest.mark.parametrize("value", [*HOSTILE, *ORDINARY])
def test_a_value_inside_json_or_shorthand_is_one_value(value: str, tmp_path: Path) -> None:
    import json

    from assaybook.remedy.shell import shell_template

    written = (
        'aws cloudwatch put-metric-alarm --dimensions Name=FunctionName,Value=[[name]] --json \'{"a": "[[name]]"}\' '
        '--quoted "{\\"a\\": \\"[[name]]\\"}"\n'
        'cat > x.json <<\'JSON\'\n{"a": ["[[name]]"]}\nJSON\n'
    )
    done = ran(shell_template(written).filled({"name": value}), tmp_path)
    call = done.calls[0]
    assert json.loads(call[5]) == json.loads(call[7]) == {"a": value}
    assert json.loads((done.folder / "x.json").read_text(encoding="utf-8")) == {"a": [value]}
    from aws_commands import _short, service

    shape = service("cloudwatch").shape_for("Dimension")
    assert _short(shape, call[3]) == {"Name": "FunctionName", "Value": value}


def test_a_placeholder_in_an_expanding_here_document_is_refused() -> None:
    from assaybook.remedy.shell import shell_template
    from assaybook.remedy.template import Misplaced

    with pytest.raises(Misplaced, match="quote its delimiter") as caught:
        shell_template("cat <<END\nx\n[[name]]\nEND\n")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("aws lamda get-function --function-name x", "no service lamda"),
        ("aws lambda fetch-function --function-name x", "no operation fetch-function"),
        ("aws lambda get-function --name x", "no parameter --name"),
        ("aws lambda get-function", "FunctionName"),
        ("aws logs put-retention-policy --log-group-name x --retention-in-days many", "ValueError"),
        ("aws kms enable-key-rotation --key-id x --rotation-period-in-days 365 stray", "more than one value"),
        ("aws cloudwatch put-metric-alarm --alarm-name x --dimensions Nam=a,Value=b", "KeyError"),
        ("aws lambda update-function-configuration --function-name x --environment '{\"Vars\": {}}'", "Vars"),
        ("aws rds wait db-snapshot-ready", "cannot wait"),
        (
            "aws configservice put-configuration-recorder --configuration-recorder name=a --recording-group everything=true",
            "KeyError",
        ),
        ("aws lambda get-function stray --function-name x", "belongs to no option"),
    ],
)
def test_the_checker_sees_what_is_wrong(command: str, problem: str, tmp_path: Path) -> None:
    done = ran(command, tmp_path)
    assert problem in " ".join(problems(done.calls[0], done.folder))


def lines(template: Template) -> Iterator[str]:
    yield from template.text.splitlines()


@pytest.mark.parametrize("snippet", COMMANDS, ids=str)
def test_regional_calls_name_their_region(snippet: Snippet, tmp_path: Path) -> None:
    """A command that runs in whichever region the reader's profile has would mend, or break, another thing."""
    done = ran(snippet.template.filled(ordinary(snippet)), tmp_path)
    for call in done.calls:
        if call[0] not in (
            "iam",
            "sts",
            "s3api",
            "account",
            "cloudfront",
            "organizations",
            "budgets",
            # Cost Explorer has one endpoint for all regions.
            "ce",
        ):
            assert "--region" in call, call
