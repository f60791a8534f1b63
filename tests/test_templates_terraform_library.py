"""Our reading of HCL beside that of the library python-hcl2: the same blocks, labels, attributes and plain values, over samples and every remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hcl2
import pytest
import yaml

from assaybook.code.templates.terraform.parser import parse
from assaybook.code.templates.terraform.syntax import Literal, Written
from terraform_samples import WHOLE

REMEDIES = Path(__file__).resolve().parents[1] / "toolkit" / "assaybook" / "remedies"
Shape = tuple[str, tuple[str, ...], tuple[tuple[str, Any], ...], tuple[Any, ...]]


def terraform_texts() -> dict[str, str]:
    texts = {"the sample": WHOLE}
    for path in sorted(REMEDIES.glob("*.yaml")):
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = [value, *value.get("variants", {}).values()]
        for number, each in enumerate(found):
            if "terraform" in each:
                # Placeholders become what they stand for: names.
                texts[f"{path.stem} {number}"] = each["terraform"].replace("[[", "").replace("]]", "")
    return texts


TEXTS = terraform_texts()


def plain(value: Any) -> Any:
    """A value that both readers give as it is; anything that has to be worked out, and a heredoc, is only there."""
    if (
        isinstance(value, str)
        and value[:1] == value[-1:] == '"'
        and not any(each in value for each in ("${", "%{", "\\", '"<<'))
    ):
        return value[1:-1]
    return value if isinstance(value, bool | int | float) else "..."


def theirs(body: dict[str, Any]) -> tuple[tuple[tuple[str, Any], ...], tuple[Shape, ...]]:
    attributes, blocks = [], []
    for name, value in body.items():
        if name.startswith("__"):
            continue
        if isinstance(value, list) and value and all(isinstance(each, dict) and is_block(each) for each in value):
            blocks += [block(name, each) for each in value]
        else:
            attributes.append((name, plain(value)))
    return tuple(sorted(attributes, key=str)), tuple(sorted(blocks, key=str))


def is_block(value: dict[str, Any]) -> bool:
    if value.get("__is_block__"):
        return True
    inner = [each for name, each in value.items() if name.startswith('"')]
    return len(inner) == 1 and isinstance(inner[0], dict) and is_block(inner[0])


def block(kind: str, value: dict[str, Any]) -> Shape:
    labels = []
    while not value.get("__is_block__"):
        [(label, value)] = [(name, each) for name, each in value.items() if not name.startswith("__")]
        labels.append(label.strip('"'))
    return (kind, tuple(labels), *theirs(value))


def ours(written: Written) -> tuple[tuple[tuple[str, Any], ...], tuple[Shape, ...]]:
    attributes = [
        (name, value.value if isinstance(value, Literal) and value.value is not None else "...")
        for name, (value, _) in written.attributes.items()
    ]
    blocks = [(each.kind, each.labels, *ours(each)) for each in written.blocks]
    return tuple(sorted(attributes, key=str)), tuple(sorted(blocks, key=str))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_both_read_the_same(name: str) -> None:
    text = TEXTS[name] if TEXTS[name].endswith("\n") else f"{TEXTS[name]}\n"
    parsed = parse(text, "main.tf")
    assert parsed.problems == ()
    assert compared(ours(parsed.body), theirs(hcl2.loads(text)))


def compared(mine: Any, other: Any) -> bool:
    """Whether two shapes are alike; `...` stands for a value that has to be worked out."""
    if isinstance(mine, tuple) and isinstance(other, tuple):
        return len(mine) == len(other) and all(map(compared, mine, other))
    return mine == other or "..." in (mine, other)


def test_there_is_much_to_compare() -> None:
    assert len(TEXTS) > 100
