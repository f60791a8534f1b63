"""assess.toml: what is refused, and that the message names file, line and key."""

from pathlib import Path

import pytest

from assaybook.config import ConfigError, load_config

GOOD = """\
[engagement]
client = "Example"
[[scope]]
regions = ["us-east-1"]
[[scope]]
regions = ["eu-west-1"]
account = "111122223333"
[thresholds]
log_retention_min_days = 30
[declarations]
trusted_accounts = { 444455556666 = "billing" }
[[declarations.public_routes]]
route = "GET /health"
owner = "platform"
reason = "health probe of the load balancer"
[gate]
fail_on = "medium"
[people]
answers = "answers.yaml"
"""


def config(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "assess.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_reads_what_is_declared(tmp_path: Path) -> None:
    found = load_config(config(tmp_path, GOOD))
    assert found.scope[1].account == "111122223333"
    assert found.thresholds == {"log_retention_min_days": 30}
    assert found.declared()["public_routes"] == {"GET /health": "health probe of the load balancer (owner platform)"}
    assert found.declared()["trusted_accounts"] == {"444455556666": "billing"}
    assert found.folder == tmp_path


def test_needs_no_file() -> None:
    assert load_config(None).declarations.trusted_accounts is None


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    same = load_config(config(tmp_path, GOOD + "\n# a remark\n")).digest
    assert same == load_config(config(tmp_path, GOOD)).digest
    assert same != load_config(config(tmp_path, GOOD.replace('"medium"', '"low"'))).digest


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("client =", "clinet ="), 2, "engagement.clinet: the schema knows no such key"),
        (('"111122223333"', '"1111"'), 7, "scope.1.account"),
        (('"111122223333"', "111122223333"), 7, "scope.1.account"),
        (('["eu-west-1"]', '["Europe"]'), 6, "scope.1.regions"),
        (('"medium"', '"urgent"'), 17, "gate.fail_on"),
        (('owner = "platform"', 'owner = ""'), 14, "declarations.public_routes.0.owner"),
        (("[gate]", "[gates]"), 16, "gates: the schema knows no such key"),
        (('client = "Example"', 'client = "Example"\nclient = "Other"'), 3, "overwrite"),
        (('client = "Example"', "client = Example"), 2, ""),
        (('client = "Example"', f'client = "{"x" * 201}"'), 2, "engagement.client"),
        (('client = "Example"', "client = 2026-13-40"), 2, ""),
    ],
)
def test_refusals_name_file_line_and_key(tmp_path: Path, change: tuple[str, str], line: int, said: str) -> None:
    path = config(tmp_path, GOOD.replace(*change))
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: line {line}: ")
    assert said in message
    assert "\n" not in message


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(config(tmp_path, b"client = '\xff'"))
