"""What mends an exception is in the report, in the results and in files of its own: for what failed and nobody has accepted, and as data."""

import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from assaybook.assess import Assessment
from assaybook.checks import ALL
from assaybook.engagement import assess_files
from assaybook.explain import explained
from assaybook.model import Finding, Outcome
from assaybook.remedy import SHOWN, TOOLS, remedy_of
from assaybook.report.exports import findings_document, write_remedies
from assaybook.report.exports.remedies import MOST, SUFFIXES, remedy_files, to_mend
from assaybook.report.html import render_html
from assaybook.report.pdf import render_pdf
from assaybook.report.sections.practice import practice_section
from assaybook.run import demo_engagement
from demo_run import write_demo_seal
from report_sample import document


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    folder = tmp_path_factory.mktemp("mended")
    return assess_files([write_demo_seal(folder)], demo_engagement(folder))


def failed(assessment: Assessment) -> list[Finding]:
    return [each for each in assessment.findings if each.outcome is Outcome.FAIL]


def test_what_is_accepted_needs_no_mending(assessed: Assessment) -> None:
    mended = {each.id for each in to_mend(assessed)}
    accepted = {each.id for each in failed(assessed) if assessed.waiver_of(each)}
    assert accepted and mended == {each.id for each in failed(assessed)} - accepted


def test_each_exception_is_in_the_files_of_its_check(assessed: Assessment) -> None:
    files = dict(remedy_files(assessed))
    for each in to_mend(assessed):
        # What is mended by other code alone has no commands.
        said = files.get(f"{each.check}.sh") or files[f"{each.check}.txt"]
        assert f"finding {each.id}" in said, each.id
    for name, text in files.items():
        check, _, suffix = name.rpartition(".")
        assert check in ALL and suffix in SUFFIXES.values()
        assert text.startswith(f"# {check}: {ALL[check].summary}\n")
        assert "[[" not in text.replace("[[ ", "")


def test_the_files_are_what_their_names_say(assessed: Assessment) -> None:
    bash = str(shutil.which("bash"))
    for name, text in remedy_files(assessed):
        if name.endswith(".sh"):
            assert subprocess.run([bash, "-n"], input=text.encode(), check=False).returncode == 0, name
        elif name.endswith(".yaml"):
            assert list(yaml.parse(text, Loader=yaml.SafeLoader)), name


def test_running_a_file_as_a_whole_changes_nothing(assessed: Assessment, tmp_path: Path) -> None:
    write_remedies(assessed, tmp_path)
    for path in sorted((tmp_path / "remedies").glob("*.sh")):
        ran = subprocess.run(
            [str(shutil.which("bash")), str(path)], cwd=tmp_path, env={"PATH": ""}, capture_output=True, check=False
        )
        assert ran.returncode == 1 and b"Nothing was changed" in ran.stderr, path.name
        assert ran.stderr.count(b"\n") == 1


def test_files_of_an_earlier_run_go_and_others_stay(assessed: Assessment, tmp_path: Path) -> None:
    folder = tmp_path / "remedies"
    folder.mkdir()
    (folder / "root-access-key.sh").write_text("old")
    (folder / "notes.txt").write_text("mine")
    write_remedies(assessed, tmp_path)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "root-access-key.sh" not in first and first["notes.txt"] == b"mine"
    write_remedies(assessed, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_ten_thousand_exceptions_make_small_files(assessed: Assessment) -> None:
    one = next(each for each in to_mend(assessed) if each.check == "log-retention-outside-limits")
    many = replace(assessed, findings=tuple(replace(one, id=f"{number:016x}") for number in range(10_000)), waivers=())
    files = dict(remedy_files(many))
    assert sorted(files) == [f"log-retention-outside-limits.{suffix}" for suffix in ("sh", "tf", "yaml")]
    for text in files.values():
        assert text.count("finding 0") == MOST and f"The first {MOST} of 10,000 exceptions" in text
        assert len(text) < 120_000


def test_results_have_each_template_once(assessed: Assessment) -> None:
    entries = findings_document(assessed)["remedies"]
    assert set(entries) == {each.check for each in to_mend(assessed)}
    entry = entries["failed-events-lost"]
    assert entry["by"] == "path" and {"queue", "rule"} <= set(entry["variants"])
    assert "[[name]]" in entry["variants"]["asynchronous"]["cli"]
    assert entries["key-not-rotated"]["variants"][""].keys() == TOOLS.keys()


def test_a_control_shows_what_mends_its_worst_exception(assessed: Assessment) -> None:
    for practice in ("A2", "B3", "C1", "D1", "E1"):
        section = practice_section(assessed, practice)
        for control in (each for each in section["blocks"] if each.get("role") == "control"):
            open_checks = Counter(
                each.check
                for each in assessed.result(control["attributes"]["control"]).findings
                if each.outcome is Outcome.FAIL and not assessed.waiver_of(each)
            )
            shown = [each for each in control["blocks"] if each["kind"] == "snippets"]
            assert len(shown) == len(open_checks), control["attributes"]["control"]
            first = [next(tool for tool, _ in block["items"]) for block in shown]
            assert set(first) <= {TOOLS["cli"], SHOWN["code"]}
            said = sum("The other exceptions" in block["remark"] for block in shown)
            assert said == sum(number > 1 for number in open_checks.values())


def test_html_folds_snippets_without_a_program() -> None:
    page = render_html(document())
    assert page.count('<details class="snippets"><summary>plain words</summary>') == 1
    assert "aws plain words" in page and "# plain words" in page and "<script" not in page


def test_pdf_shows_the_commands_and_not_the_rest() -> None:
    import io

    import pypdf

    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render_pdf(document()))).pages)
    assert "aws plain words" in text and "# plain words" not in text


def test_explain_prints_the_templates_with_their_placeholders() -> None:
    said = explained("failed-events-lost")
    remedy = remedy_of("failed-events-lost")
    assert remedy is not None and remedy.note[:40] in said
    for value in remedy.variants:
        assert f"AWS CLI where path is {value}" in said
    assert "--function-name [[name]]" in said
    assert "Terraform\n" in explained("key-not-rotated")
