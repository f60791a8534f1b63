"""From configuration to seal, on played answers."""

import stat

import pytest

import assaybook.collect
from answers import ACCOUNT, FURTHER, NOON, played_session
from assaybook.collect import Collected, CollectError
from assaybook.collecting import KEY_FILE, collect_to, engagement_key
from assaybook.config import ConfigError
from assaybook.seal import open_seal


@pytest.fixture
def asked(monkeypatch):
    """What collecting was asked to do; it gives an empty collection."""
    seen = {}

    def collect(session, **options):
        seen.update(options)
        options["journal"].write_text("kept until the seal is written")
        return Collected((), options["plan"], NOON.isoformat(), NOON.isoformat(), ("somebody",))

    def session(profile):
        seen["profile"] = profile

    monkeypatch.setattr(assaybook.collect, "collect_aws", collect)
    monkeypatch.setattr(assaybook.collect, "session_for", session)
    return seen


def test_without_a_configuration_all_regions_of_the_own_account_are_meant(tmp_path, asked):
    collect_to(tmp_path / "evidence.seal")
    assert (asked["regions"], asked["accounts"], asked["own"], asked["profile"]) == (("all",), (), True, None)
    assert not list(tmp_path.glob("*.journal"))


def test_the_command_line_comes_before_the_configuration(tmp_path, asked):
    config = tmp_path / "assess.toml"
    config.write_text('[[scope]]\nregions = ["eu-west-1"]\nprofile = "declared"\n')
    collect_to(tmp_path / "evidence.seal", config)
    assert (asked["regions"], asked["profile"]) == (("eu-west-1",), "declared")
    collect_to(tmp_path / "evidence.seal", config, regions=("us-east-1",), profile="given")
    assert (asked["regions"], asked["profile"]) == (("us-east-1",), "given")


def test_roles_are_further_accounts(tmp_path, asked):
    config = tmp_path / "assess.toml"
    config.write_text(
        f'[[scope]]\naccount = "{ACCOUNT}"\n\n[[scope]]\nrole = "arn:aws:iam::{FURTHER}:role/audit"\nregions = ["eu-west-1"]\n'
    )
    collect_to(tmp_path / "evidence.seal", config)
    assert [(each.account, each.regions) for each in asked["accounts"]] == [(FURTHER, ("eu-west-1",))]
    assert (asked["own"], asked["expected"]) == (True, ACCOUNT)


def test_a_scope_of_roles_only_leaves_the_own_account_out(tmp_path, asked):
    config = tmp_path / "assess.toml"
    config.write_text(f'[[scope]]\nrole = "arn:aws:iam::{FURTHER}:role/audit"\nprofile = "hub"\n')
    collect_to(tmp_path / "evidence.seal", config)
    assert (asked["own"], asked["profile"]) == (False, "hub")


@pytest.mark.parametrize("scopes", ['[[scope]]\nprofile = "a"\n[[scope]]\nprofile = "b"\n', "[[scope]]\n[[scope]]\n"])
def test_scopes_with_credentials_of_their_own_are_refused(tmp_path, asked, scopes):
    config = tmp_path / "assess.toml"
    config.write_text(scopes)
    with pytest.raises(ConfigError, match="several scopes"):
        collect_to(tmp_path / "evidence.seal", config)
    assert not asked


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = engagement_key(tmp_path)
    assert engagement_key(tmp_path) == key
    assert len(key) == 32
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_a_journal_is_kept_when_collecting_fails(tmp_path, monkeypatch):
    def stopped(session, **options):
        options["journal"].write_text("kept")
        raise CollectError("stopped")

    monkeypatch.setattr(assaybook.collect, "collect_aws", stopped)
    monkeypatch.setattr(assaybook.collect, "session_for", lambda profile: None)
    with pytest.raises(CollectError):
        collect_to(tmp_path / "evidence.seal")
    assert [path.read_text() for path in tmp_path.glob("*.journal")] == ["kept"]
    assert not (tmp_path / "evidence.seal").exists()


def test_a_collection_is_sealed(tmp_path, monkeypatch):
    monkeypatch.setattr(assaybook.collect, "session_for", lambda profile: played_session(lambda *_: None))
    digest = collect_to(tmp_path / "evidence.seal", regions=("us-east-1",), plan="lean")
    seal = open_seal(tmp_path / "evidence.seal")
    assert seal.digest == digest
    assert {each.target.region for each in seal.captures} == {"global", "us-east-1"}
    assert seal.manifest.principals == (f"arn:aws:iam::{ACCOUNT}:user/auditor",)
