"""A canary secret in the answers of an account is in nothing that a run leaves.

The demo account is played with the canary put into the recorded answers as the network would bring them, and collected, sealed and assessed with the
program as it is.
"""

import base64
import logging
from collections import Counter
from pathlib import Path

import pypdf
import pytest

from assaybook.capture import OK
from assaybook.model import Outcome
from assaybook.run import write_report
from canary import CANARIES, CHANGES, NAMES, Change, Left, appended, leaks, run

PAGES_READ = 12


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_secret_of_the_account_is_in_what_a_run_leaves(
    change: Change, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    left = run(change, tmp_path)
    said = capfd.readouterr()
    everything = {**left.files, "output": (said.out + said.err + caplog.text).encode()}
    assert {
        "manifest.json",
        "journal",
        "findings.json",
        "results.jsonl.gz",
        "findings.csv",
        "controls.csv",
        "terminal",
    } <= set(everything)
    assert left.carried > 0
    assert any(b"[redacted aws-access-key-id" in data for data in left.files.values())
    assert leaks(everything) == []
    assert quiet(*logging.root.manager.loggerDict)


def quiet(*names: str) -> bool:
    """Whether nobody has turned on the log of an SDK, which would tell whole answers."""
    found = [logging.getLogger(each) for each in names if each.partition(".")[0] in ("boto3", "botocore", "urllib3")]
    loud = [each for each in found if each.level not in (logging.NOTSET, logging.WARNING)]
    heard = [one for each in found for one in each.handlers if not isinstance(one, logging.NullHandler)]
    return len(found) > 10 and not loud and not heard and logging.root.level >= logging.WARNING


def test_a_leak_would_be_seen() -> None:
    for secret in CANARIES:
        for text in (
            f"a {secret} b",
            secret.swapcase(),
            base64.b64encode(f"some text, {secret} and more".encode()).decode(),
            base64.b64encode(f"some text,  {secret}".encode()).decode(),
            "".join(f"%{each:02X}" for each in secret.encode()),
            secret[4:],
        ):
            assert leaks({"file": b"before " + text.encode() + b" after"})
    assert not leaks({"file": b"nothing of the kind"})


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Left]:
    folder = tmp_path_factory.mktemp("reported")
    left = run(appended(NAMES, "-"), folder)
    broken = write_report(left.assessment, [folder / "evidence.seal"], None, folder, "assaybook", said=lambda _: None)
    assert broken == ()
    return folder, left


@pytest.mark.xdist_group("canary-report")
def test_no_secret_of_the_account_is_in_a_report(reported: tuple[Path, Left]) -> None:
    folder, left = reported
    files = {path.name: path.read_bytes() for path in (folder / "report.html", *(folder / "notebooks").iterdir())}
    # Reading a page takes long; those of all sections are made of the same blocks as the HTML.
    pages = pypdf.PdfReader(folder / "report.pdf").pages[:PAGES_READ]
    files["report.pdf"] = "".join("".join(page.extract_text() for page in pages).split()).encode()
    assert leaks({**left.files, **files}) == []
    assert b"[redacted aws-access-key-id" in files["report.html"]
    assert b"[redactedaws-access-key-id" in files["report.pdf"]
    assert len(files) > 10


@pytest.mark.xdist_group("canary-report")
def test_the_account_is_still_assessed(reported: tuple[Path, Left]) -> None:
    _, left = reported
    outcomes = Counter(each.outcome for each in left.assessment.findings)
    assert outcomes[Outcome.FAIL] > 30
    assert outcomes[Outcome.PASS] > 100
    assert len({each.call for each in left.assessment.captures if each.redactions and each.state == OK}) > 30
