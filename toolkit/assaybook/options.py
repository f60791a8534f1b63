"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
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
