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
from .fast import lean_imports
from .model import Severity, Status
from .options import CONFIG, ENGINE, OUT, PLAN, PROFILE, SEALS, collecting, collecting_arguments, narrowing

if TYPE_CHECKING:
    from .assess import Assessment
    from .catalogue import Control

MET, NOT_MET, MISUSE, UNDETERMINED = 0, 1, 2, 3
_CODES = {Status.MET: MET, Status.NOT_MET: NOT_MET, Status.UNDETERMINED: UNDETERMINED, Status.NOT_APPLICABLE: MET}


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
                f"{where}{problem.strerror or problem}. Nothing half-written was left; put that right, or name another place."
            )
        except KeyboardInterrupt:
            click.echo(
                "interrupted. What `collect` or `run` had collected is kept; the same command with --resume goes on from there.",
                err=True,
            )
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
    lean_imports()


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
@collecting
@click.option("--demo", is_flag=True, hidden=True)
@_explained
def collect(out: Path, config: Path | None, demo: bool, **asked: Any) -> None:
    """Ask the cloud everything the plan holds, or read a source tree, and seal what was found.

    An account needs credentials, a source tree (--source) none; nor does anything that comes after.
    """
    from .collect.progress import progress_on_terminal
    from .collecting import SEAL_FILE, collect_to, seal_collected

    with progress_on_terminal() as progress:
        if demo:
            from .demo import collect_demo

            digest = seal_collected(out / SEAL_FILE, collect_demo(progress=progress), synthetic=True)
        else:
            digest = collect_to(out / SEAL_FILE, config, progress=progress, **asked)
    click.echo(f"sealed {out / SEAL_FILE}\ndigest {digest}")


@main.command()
@SEALS
@OUT
@CONFIG
@narrowing
@_explained
def assess(seals: Sequence[Path], out: Path, config: Path | None, **narrowed: Any) -> None:
    """Assess sealed evidence, offline, and write findings.json, results.jsonl.gz, findings.csv, controls.csv and the folder remedies."""
    from .report.exports import write_results

    assessment = _assessed(seals, config, narrowed)
    write_results(assessment, out)
    _tell(assessment, out)
    sys.exit(_gate(assessment, config, narrowed))


@main.command()
@SEALS
@OUT
@CONFIG
@ENGINE
@narrowing
@_explained
def report(seals: Sequence[Path], out: Path, config: Path | None, engine: str, **narrowed: Any) -> None:
    """Assess sealed evidence, run the notebooks on it and write report.html and report.pdf."""
    assessment, broken = _report(out, seals, config, engine, narrowed)
    _tell(assessment, out)
    sys.exit(max(_gate(assessment, config, narrowed), UNDETERMINED if broken else 0, key=_precedence))


@main.command()
@OUT
@CONFIG
@ENGINE
@collecting
@narrowing
@_explained
def run(out: Path, config: Path | None, engine: str, **given: Any) -> None:
    """Collect, assess and report in one go: an account, or with --source a project's code and templates.

    Needs no configuration file for a first run.
    """
    from .config import load_config
    from .run import run_collect

    load_config(config)
    run_collect(out, [*collecting_arguments(given), *(["--config", str(config)] if config else [])])
    narrowed = {name: given[name] for name in ("controls", "areas", "tags", "as_at", "gate", "fail_on")}
    assessment, broken = _report(out, [out / "evidence.seal"], config, engine, narrowed)
    _tell(assessment, out)
    sys.exit(max(_gate(assessment, config, narrowed), UNDETERMINED if broken else 0, key=_precedence))


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
                how = _decided_by(control)
                click.echo(f"  {control.id}  {control.kind:6}  {control.severity:8}  {how:13}  {control.title}")
    counts = loaded.counts()
    kinds = ", ".join(f"{number} {kind}" for kind, number in counts.kinds.items())
    click.echo(
        f"\n{counts.controls} controls: {kinds}; {counts.with_checks} with checks ({counts.partial} of them for a part only), "
        f"{counts.pending} with no check yet (pending)."
    )


def _decided_by(control: Control) -> str:
    if control.checks:
        return "1 check" if len(control.checks) == 1 else f"{len(control.checks)} checks"
    if control.pending:
        return "no check yet"
    return f"as {control.reference}" if control.reference else "asks a person"


@main.command()
@click.argument("name")
@_explained
def explain(name: str) -> None:
    """Explain a practice (C1), a control (C1-01) or a check (public-endpoint-without-auth)."""
    from .explain import explained

    click.echo(explained(name))


@main.command()
@click.argument("provider", type=click.Choice(["aws"]))
@PLAN
@click.option("--check", "check", is_flag=True, help="Say which of it the current credentials lack.")
@PROFILE
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


def _assessed(seals: Sequence[Path], config: Path | None, narrowed: dict[str, Any]) -> Assessment:
    from .engagement import Selection, assess_files

    selection = Selection(**{name: tuple(narrowed.get(name, ())) for name in ("controls", "areas", "tags")})
    return assess_files(seals, config, as_at=_day(narrowed.get("as_at")), selection=selection)


def _day(when: datetime | None) -> date | None:
    return when.date() if when else None


def _report(
    out: Path, seals: Sequence[Path], config: Path | None, engine: str, narrowed: dict[str, Any] | None = None
) -> tuple[Assessment, tuple[str, ...]]:
    from .config import ConfigError
    from .report.exports import write_results
    from .run import write_report

    given = narrowed or {}
    if engine == "nbclient" and (
        len(seals) > 1 or any(given.get(name) for name in ("controls", "areas", "tags", "as_at"))
    ):
        raise ConfigError(
            "stock kernels (--engine nbclient) assess one seal, whole and as at its own day; leave out --engine."
        )
    assessment = _assessed(seals, config, given)
    write_results(assessment, out)
    broken = write_report(assessment, seals, config, out, engine, said=lambda line: click.echo(line, err=True))
    return assessment, broken


def _gate(assessment: Assessment, config: Path | None, narrowed: dict[str, Any]) -> int:
    from .assess import gate
    from .config import load_config

    declared = load_config(config).gate
    decided = gate(
        assessment, narrowed.get("gate") or declared.controls, Severity(narrowed.get("fail_on") or declared.fail_on)
    )
    return _CODES[decided]


def _tell(assessment: Assessment, out: Path) -> None:
    from .terminal import summary_lines

    for line in summary_lines(assessment):
        click.echo(line)
    click.echo(f"results in {out}")
