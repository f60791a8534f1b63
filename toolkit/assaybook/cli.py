"""The command line. Errors are one message: what failed, where, what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from .errors import AssaybookError
from .model import Severity, Status

if TYPE_CHECKING:
    from .assess import Assessment

MET, NOT_MET, MISUSE, UNDETERMINED = 0, 1, 2, 3
_CODES = {Status.MET: MET, Status.NOT_MET: NOT_MET, Status.UNDETERMINED: UNDETERMINED, Status.NOT_APPLICABLE: MET}
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


def _narrowing(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option(
            "--control",
            "controls",
            multiple=True,
            metavar="ID",
            help="Assess only these controls (patterns such as C1-*).",
        ),
        click.option(
            "--area", "areas", multiple=True, type=click.Choice(list("ABCDEFGX")), help="Assess only these areas."
        ),
        click.option(
            "--as-at",
            type=click.DateTime(["%Y-%m-%d"]),
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
    ):
        command = option(command)
    return command


def _collecting(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option(
            "--region", "regions", multiple=True, metavar="NAME", help="A region to assess; repeat it, or say `all`."
        ),
        click.option(
            "--profile",
            default="",
            metavar="NAME",
            help="A profile of your AWS configuration (assume-role and SSO profiles too).",
        ),
        click.option(
            "--plan",
            type=click.Choice(["lean", "standard", "full"]),
            default="standard",
            show_default=True,
            help="How much to ask.",
        ),
        click.option("--resume", is_flag=True, help="Go on with an interrupted collection."),
    ):
        command = option(command)
    return command


def _explained(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what can go wrong at the edge into one message and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except AssaybookError as problem:
            _stop(str(problem))
        except OSError as problem:
            where = f"{problem.filename}: " if problem.filename else ""
            _stop(
                f"{where}{problem.strerror or problem}. Nothing half-written was left; free space or choose another folder with -o."
            )
        except KeyboardInterrupt:
            click.echo("interrupted. What was collected is kept; go on with --resume.", err=True)
            sys.exit(130)

    return run


def _stop(message: str) -> None:
    click.echo(f"assaybook: {message}", err=True)
    sys.exit(MISUSE)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="assaybook")
def main() -> None:
    """Assess the security of serverless applications against a practice guide.

    Start with `assaybook demo -o reports/demo` (no credentials, no network), then `assaybook run -o reports/first --region REGION`.

    Exit codes: 0 met, 1 not met, 2 wrong use, 3 undetermined.
    """


@main.command()
@OUT
@ENGINE
@_explained
def demo(out: Path, engine: str) -> None:
    """Assess the embedded, synthetic account: collect, seal, assess, report. Exits 0 when the run itself worked."""
    from .run import demo_engagement, run_collect

    config = demo_engagement(out)
    run_collect(out, ["--demo"])
    assessment, broken = _report(out, [out / "evidence.seal"], config, engine)
    _tell(assessment, out)
    sys.exit(UNDETERMINED if broken else MET)


@main.command()
@OUT
@CONFIG
@_collecting
@click.option("--demo", is_flag=True, hidden=True)
@_explained
def collect(
    out: Path, config: Path | None, regions: Sequence[str], profile: str, plan: str, resume: bool, demo: bool
) -> None:
    """Ask the cloud everything the plan holds and seal the answers. The only command that needs credentials."""
    from .collect.progress import progress_on_terminal
    from .collecting import SEAL_FILE, collect_to, seal_collected

    with progress_on_terminal() as progress:
        if demo:
            from .demo import collect_demo

            digest = seal_collected(out / SEAL_FILE, collect_demo(progress=progress), synthetic=True)
        else:
            digest = collect_to(
                out / SEAL_FILE, config, regions=regions, profile=profile, plan=plan, resume=resume, progress=progress
            )
    click.echo(f"sealed {out / SEAL_FILE}\ndigest {digest}")


@main.command()
@SEALS
@OUT
@CONFIG
@_narrowing
@_explained
def assess(seals: Sequence[Path], out: Path, config: Path | None, **narrowing: Any) -> None:
    """Assess sealed evidence, offline, and write findings.json, results.jsonl.gz, findings.csv and controls.csv."""
    from .run import write_results

    assessment = _assessed(seals, config, narrowing)
    write_results(assessment, out)
    _tell(assessment, out)
    sys.exit(_gate(assessment, config, narrowing))


@main.command()
@SEALS
@OUT
@CONFIG
@ENGINE
@_narrowing
@_explained
def report(seals: Sequence[Path], out: Path, config: Path | None, engine: str, **narrowing: Any) -> None:
    """Assess sealed evidence, run the notebooks on it and write report.html and report.pdf."""
    assessment, broken = _report(out, seals, config, engine, narrowing)
    _tell(assessment, out)
    sys.exit(max(_gate(assessment, config, narrowing), UNDETERMINED if broken else 0, key=_precedence))


@main.command()
@OUT
@CONFIG
@ENGINE
@_collecting
@_narrowing
@_explained
def run(
    out: Path,
    config: Path | None,
    engine: str,
    regions: Sequence[str],
    profile: str,
    plan: str,
    resume: bool,
    **narrowing: Any,
) -> None:
    """Collect, assess and report in one go. Needs no configuration file for a first run."""
    from .config import load_config
    from .run import run_collect

    load_config(config)
    arguments = [*(part for region in regions for part in ("--region", region)), "--plan", plan]
    arguments += ["--profile", profile] if profile else []
    arguments += ["--config", str(config)] if config else []
    arguments += ["--resume"] if resume else []
    run_collect(out, arguments)
    assessment, broken = _report(out, [out / "evidence.seal"], config, engine, narrowing)
    _tell(assessment, out)
    sys.exit(max(_gate(assessment, config, narrowing), UNDETERMINED if broken else 0, key=_precedence))


@main.command()
@click.argument("seal", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@_explained
def verify(seal: Path) -> None:
    """Say whether a seal is intact, part by part."""
    from .seal import verify_seal

    digest, checks = verify_seal(seal)
    for each in checks:
        state = f"BROKEN: {each.problem}" if each.problem else "intact"
        click.echo(
            f"{state:10} {each.path}  {each.bytes:,} bytes, {each.captures:,} captures  sha256 {each.sha256 or 'unknown'}"
        )
    if any(each.problem for each in checks):
        _stop(f"{seal} is not intact. Use the original file, or collect again.")
    click.echo(f"digest {digest}")


@main.command()
@click.option("--practice", "practices", multiple=True, metavar="ID", help="Only these practices or areas.")
@_explained
def catalogue(practices: Sequence[str]) -> None:
    """List the controls, and how many have checks, ask a person, or have no check yet."""
    from .catalogue import load_catalogue

    loaded = load_catalogue()
    for area in loaded.areas:
        for practice in area.practices:
            if practices and not any(practice.id.startswith(each) for each in practices):
                continue
            click.echo(f"\n{practice.id} {practice.title}")
            for control in practice.controls:
                state = (
                    "no check yet"
                    if control.pending and not control.checks
                    else f"{len(control.checks)} checks"
                    if control.checks
                    else "reference"
                    if control.reference
                    else "asks a person"
                )
                click.echo(f"  {control.id}  {control.kind:6}  {control.severity:8}  {state:13}  {control.title}")
    counts = loaded.counts()
    kinds = ", ".join(f"{number} {kind}" for kind, number in counts.kinds.items())
    click.echo(
        f"\n{counts.controls} controls: {kinds}; {counts.with_checks} with checks ({counts.partial} of them for a part only), "
        f"{counts.pending} with no check yet (pending)."
    )


@main.command()
@click.argument("name")
@_explained
def explain(name: str) -> None:
    """Explain a practice (C1), a control (C1-01) or a check (public-endpoint-without-auth)."""
    from .explain import explained

    click.echo(explained(name))


@main.command()
@click.argument("provider", type=click.Choice(["aws"]))
@click.option(
    "--plan",
    type=click.Choice(["lean", "standard", "full"]),
    default="standard",
    show_default=True,
    help="For which plan.",
)
@click.option("--check", "check", is_flag=True, help="Say which of it the current credentials lack.")
@click.option("--profile", default="", metavar="NAME", help="A profile of your AWS configuration.")
@_explained
def permissions(provider: str, plan: str, check: bool, profile: str) -> None:
    """Print the least policy that collecting needs, as JSON."""
    import json

    from .collect.plans import PREPARATION, calls_of
    from .plan.permissions import least_policy

    calls = (*PREPARATION, *calls_of(provider, plan))
    if not check:
        click.echo(json.dumps(least_policy(calls), indent=2))
        return
    from .collect import session_for
    from .collect.check_permissions import lacking

    said = lacking(session_for(profile or None), calls)
    for line in said.lines:
        click.echo(line)
    sys.exit(MET if said.complete else UNDETERMINED if said.unknown else NOT_MET)


def _precedence(code: int) -> int:
    return (MET, UNDETERMINED, NOT_MET, MISUSE).index(code)


def _assessed(seals: Sequence[Path], config: Path | None, narrowing: dict[str, Any]) -> Assessment:
    from .engagement import Selection, assess_files

    selection = Selection(tuple(narrowing.get("controls", ())), tuple(narrowing.get("areas", ())))
    return assess_files(seals, config, as_at=_day(narrowing.get("as_at")), selection=selection)


def _day(when: datetime | None) -> date | None:
    return when.date() if when else None


def _report(
    out: Path, seals: Sequence[Path], config: Path | None, engine: str, narrowing: dict[str, Any] | None = None
) -> tuple[Assessment, tuple[str, ...]]:
    from .config import ConfigError
    from .run import write_report, write_results

    given = narrowing or {}
    if engine == "nbclient" and (len(seals) > 1 or any(given.get(name) for name in ("controls", "areas", "as_at"))):
        raise ConfigError(
            "stock kernels (--engine nbclient) assess one seal, whole and as at its own day; leave out --engine."
        )
    assessment = _assessed(seals, config, narrowing or {})
    write_results(assessment, out)
    broken = write_report(assessment, seals, config, out, engine, said=lambda line: click.echo(line, err=True))
    return assessment, broken


def _gate(assessment: Assessment, config: Path | None, narrowing: dict[str, Any]) -> int:
    from .assess import gate
    from .config import load_config

    declared = load_config(config).gate
    decided = gate(
        assessment, narrowing.get("gate") or declared.controls, Severity(narrowing.get("fail_on") or declared.fail_on)
    )
    return _CODES[decided]


def _tell(assessment: Assessment, out: Path) -> None:
    from .terminal import summary_lines

    for line in summary_lines(assessment):
        click.echo(line)
    click.echo(f"results in {out}")
