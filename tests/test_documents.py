"""What the documents say is so: samples are read, commands and options exist, figures are counted, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from assaybook.catalogue import load_catalogue
from assaybook.checks import ALL
from assaybook.cli import main
from assaybook.config import load_config
from assaybook.data_register import load_register
from assaybook.dated import NAMES
from assaybook.people import load_people

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "checklists/README.md", "reports/README.md")
]
DOCUMENTS.append(ROOT / "toolkit/assaybook/data/README.md")
README = (ROOT / "README.md").read_text(encoding="utf-8")
NUMBERS = {"seven": 7, "nine": 9, "seventeen": 17}


def samples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_samples_of_the_readme_are_accepted(tmp_path: Path) -> None:
    (config,) = samples("toml")
    answers, waivers, register = samples("yaml")
    for name, text in zip(
        ("assess.toml", "answers.yaml", "waivers.yaml", "data-register.yaml"),
        (config, answers, waivers, register),
        strict=True,
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = load_config(tmp_path / "assess.toml")
    catalogue = load_catalogue()
    assert catalogue.effective(said.thresholds)["log_retention_min_days"] == 180
    people = load_people(
        tmp_path / said.people.answers,
        tmp_path / said.people.waivers,
        controls=[each.id for each in catalogue.controls],
        checks=list(ALL),
        waiver_max_days=365,
    )
    assert (len(people.answers), len(people.waivers)) == (1, 1)
    assert [each.store for each in load_register(tmp_path / said.people.data_register).stores] == ["orders"]


def test_the_python_of_the_readme_is_python() -> None:
    found = samples("python")
    assert found
    for text in found:
        compile(text, "README.md", "exec")


def commands() -> list[str]:
    """Every `assaybook ...` of the documents, in code blocks and in running text."""
    found = set()
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        found.update(re.findall(r"`(?:\.venv/bin/)?(assaybook [^`\n]+)`", text))
        found.update(re.findall(r"^(assaybook [^#\n]+)", text, re.MULTILINE))
    return sorted(each.strip() for each in found)


def test_there_are_commands_to_look_at() -> None:
    assert len(commands()) >= 10


@pytest.mark.parametrize("line", commands())
def test_commands_and_options_exist(line: str) -> None:
    words = shlex.split(line.replace("[", " ").replace("]", " "))[1:]
    assert isinstance(main, click.Group)
    command = main.commands[words[0]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_every_command_is_in_the_readme() -> None:
    assert isinstance(main, click.Group)
    assert {name for name in main.commands if f"`assaybook {name}" not in README} == set()


def test_options_that_are_named_alone_exist() -> None:
    assert isinstance(main, click.Group)
    known = {
        option
        for command in main.commands.values()
        for each in command.params
        for option in (*each.opts, *each.secondary_opts)
    }
    named = set(re.findall(r"`(--[a-z-]+)", README))
    assert named and named <= known


def test_figures_are_counted() -> None:
    catalogue = load_catalogue()
    guide = [practice for area in catalogue.areas if area.area != "X" for practice in area.practices]
    said = re.search(r"The guide has (\w+) areas and (\d+) practices", README)
    assert said and (NUMBERS[said[1]], int(said[2])) == (len(catalogue.areas) - 1, len(guide))
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md"):
        text = path.read_text(encoding="utf-8")
        controls, frameworks = re.search(r"(\d+) controls", text), re.search(r"ids of (\w+) frameworks", text)
        assert controls and int(controls[1]) == len(catalogue.controls), path
        assert frameworks and NUMBERS[frameworks[1]] == len(catalogue.frameworks), path
    notebooks = re.search(r"opens the (\w+) notebooks", README)
    assert notebooks and NUMBERS[notebooks[1]] == len(list((ROOT / "notebooks").glob("*.ipynb")))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target
    for target in re.findall(r"`((?:toolkit|tests|bench|checklists|notebooks)/[\w./-]+)`", text):
        assert (ROOT / target).exists(), target


def test_each_module_of_the_table_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (`[^|]+`) \|", text.partition("## Where things are")[2], re.MULTILINE)
    named = {each for row in table for each in re.findall(r"`([\w./]+)`", row)}
    assert len(named) > 15
    assert {each for each in named if not (ROOT / "toolkit" / "assaybook" / each).exists()} == set()


def test_make_targets_exist() -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {each for path in DOCUMENTS for each in re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))}
    assert {"demo", "test"} <= named <= made


def test_dated_files_are_described() -> None:
    folder = ROOT / "toolkit" / "assaybook" / "data"
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert set(NAMES) <= {path.stem for path in folder.glob("*.yaml")}
    assert {path.name for path in folder.glob("*.yaml") if f"`{path.name}`" not in text} == set()
