"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from .model import Severity

Command = Callable[..., Any]

OUT = click.option(
    "-o",
    "--out",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the results.",
)
CONFIG = click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The engagement's assess.toml. Not needed for a first run.",
)
SEALS = click.argument(
    "seals", nargs=-1, required=True, metavar="SEAL...", type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
ENGINE = click.option(
    "--engine",
    type=click.Choice(["assaybook", "nbclient"]),
    default="assaybook",
    show_default=True,
    help="How notebooks run: in-process, or with stock kernels.",
)
PLAN = click.option(
    "--plan",
    type=click.Choice(["lean", "standard", "full"]),
    default="standard",
    show_default=True,
    help="How much to ask.",
)
PROFILE = click.option(
    "--profile",
    default="",
    metavar="NAME",
    help="A profile of your AWS configuration (assume-role and SSO profiles too).",
)
_COLLECTING = (
    click.option(
        "--region",
        "regions",
        multiple=True,
        metavar="NAME",
        help="A region to assess; repeat it, or say `all` [default: those of the configuration, else all].",
    ),
    PROFILE,
    PLAN,
    click.option("--resume", is_flag=True, help="Go on with an interrupted collection."),
    click.option(
        "--source",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Assess a folder, a .zip or a template in place of an account; needs no credentials.",
    ),
    click.option(
        "--advisories",
        multiple=True,
        metavar="PATH",
        help="A folder or .zip of known vulnerabilities (OSV), or `osv-api` for the public service; repeat it.",
    ),
    click.option(
        "--import",
        "imports",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Results of another tool (SARIF, OCSF) to set beside ours; repeat it.",
    ),
    click.option("--code/--no-code", default=True, help="Whether to read the code of functions [default: read it]."),
    click.option(
        "--no-code-lines", "code_lines", is_flag=True, flag_value=False, default=True, help="Keep no line of code."
    ),
    click.option(
        "--cache",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Where facts of unchanged code are kept [default: the user's cache].",
    ),
    click.option("--no-cache", "cached", is_flag=True, flag_value=False, default=True, help="Keep no facts of code."),
)
_NARROWING = (
    click.option(
        "--control", "controls", multiple=True, metavar="ID", help="Assess only these controls (patterns such as C1-*)."
    ),
    click.option(
        "--area", "areas", multiple=True, type=click.Choice(list("ABCDEFGX")), help="Assess only these areas."
    ),
    click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="KEY[=VALUE]",
        help="Assess only workloads with this tag, and what belongs to no workload.",
    ),
    click.option(
        "--as-at",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="Judge expiry on this day [default: the day of the evidence].",
    ),
    click.option(
        "--gate",
        type=click.Choice(["automatic", "all"]),
        help="Controls that decide the exit code [default: automatic].",
    ),
    click.option(
        "--fail-on",
        type=click.Choice([each.value for each in Severity]),
        help="Severity from which on a failure decides it [default: high].",
    ),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path),
        metavar="OLD",
        help="Let only what is new since this earlier result (its folder or findings.json) decide it.",
    ),
)


def collecting_arguments(asked: Mapping[str, Any]) -> list[str]:
    """The options of `collecting` as they would be typed, for a command that collects in a process of its own."""
    made = [part for region in asked["regions"] for part in ("--region", region)]
    made += [part for each in asked["advisories"] for part in ("--advisories", each)]
    made += [part for each in asked["imports"] for part in ("--import", str(each))]
    made += [
        part
        for name in ("profile", "plan", "source", "cache")
        if asked[name]
        for part in (f"--{name}", str(asked[name]))
    ]
    switches = {
        "--resume": asked["resume"],
        "--no-code": not asked["code"],
        "--no-code-lines": not asked["code_lines"],
        "--no-cache": not asked["cached"],
    }
    return [*made, *(switch for switch, given in switches.items() if given)]


def collecting(command: Command) -> Command:
    """Give a command the options that say what is collected, and with which credentials."""
    return _with(_COLLECTING, command)


def narrowing(command: Command) -> Command:
    """Give a command the options that say what is assessed, and what decides its exit code."""
    return _with(_NARROWING, command)


def _with(options: tuple[Callable[[Command], Command], ...], command: Command) -> Command:
    # The help lists options from the outermost decorator inwards.
    for option in reversed(options):
        command = option(command)
    return command
