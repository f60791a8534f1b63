"""From seals, a configuration and people's answers to an assessment: the one path that CLI, notebooks and tests share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from . import __version__
from .assess import Assessment, not_assessed, run_checks, scores, uninterrupted
from .canonical import digest
from .capture import PLACES, Capture, Captures, Target
from .catalogue import Catalogue, CatalogueError, Control, load_catalogue
from .checks import ALL
from .config import ConfigError, Configuration, load_config
from .data_register import load_register
from .dated import stale_data
from .evidence import Evidence
from .model import Finding
from .narrowed import narrowed, tagged
from .people import People, load_people, waived
from .plan.extent import left_out, rank
from .seal import Seal, open_seal
from .shape import shape
from .shape.register import shape_register
from .status import judge_all


@dataclass(frozen=True)
class Selection:
    """What is assessed, if not everything: patterns of control ids, areas, and tags of workloads (`key` or `key=value`)."""

    controls: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def of(self, catalogue: Catalogue) -> tuple[Control, ...]:
        """The selected controls in order. Raises ConfigError if a pattern selects nothing."""
        patterns = (*self.controls, *(f"{area}*" for area in self.areas))
        for pattern in patterns:
            if not any(fnmatchcase(each.id, pattern) for each in catalogue.controls):
                raise ConfigError(f"no control is called {pattern}; `assaybook catalogue` lists them.")
        return tuple(
            each for each in catalogue.controls if not patterns or any(fnmatchcase(each.id, one) for one in patterns)
        )


def effective_thresholds(configuration: Configuration, catalogue: Catalogue) -> dict[str, object]:
    """Every threshold with its effective value. Raises ConfigError for one that there is not, or a value of the wrong type."""
    try:
        return dict(catalogue.effective(configuration.thresholds))
    except CatalogueError as problem:
        raise configuration.refused(("thresholds", problem.key), str(problem)) from problem


def read_people(configuration: Configuration, catalogue: Catalogue) -> People:
    """The answers, waivers and data register that the configuration names. Raises PeopleError, RegisterError, CatalogueError."""
    said = configuration.people
    longest = effective_thresholds(configuration, catalogue)["waiver_max_days"]
    if not isinstance(longest, int):
        raise CatalogueError("the parameter waiver_max_days is not a number", key="waiver_max_days")
    people = load_people(
        configuration.folder / said.answers if said.answers else None,
        configuration.folder / said.waivers if said.waivers else None,
        controls=[each.id for each in catalogue.controls],
        checks=list(ALL),
        waiver_max_days=longest,
    )
    register = load_register(configuration.folder / said.data_register) if said.data_register else None
    return replace(people, register=register)


def assess_files(
    seals: Sequence[Path], config: Path | None = None, *, as_at: date | None = None, selection: Selection | None = None
) -> Assessment:
    """Open, read and assess. Raises SealError, ConfigError, PeopleError, RegisterError or CatalogueError, each with one message that says what to do."""
    catalogue = load_catalogue()
    configuration = load_config(config)
    people = read_people(configuration, catalogue)
    return assess(
        [open_seal(path) for path in seals], configuration, people, catalogue, as_at=as_at, selection=selection
    )


def assess(
    seals: Sequence[Seal],
    configuration: Configuration,
    people: People,
    catalogue: Catalogue,
    *,
    as_at: date | None = None,
    selection: Selection | None = None,
) -> Assessment:
    """The assessment of these seals. Expiry is judged at `as_at`, by default the day of the latest evidence."""
    if not seals:
        raise ConfigError("there is no seal to assess.")
    ordered = sorted(seals, key=lambda each: each.digest)
    captures = _renumbered(ordered)
    as_of = max(_time(each.manifest.as_of) for each in ordered)
    day = as_at or as_of.date()
    parameters = {**effective_thresholds(configuration, catalogue), **configuration.declared()}
    with uninterrupted():
        register = shape_register(people.register, {each.target for each in captures})
        shaped = (*shape(Captures(captures, _unasked(ordered)), parameters), *register)
        evidence = Evidence(shaped, _judged_at(as_of, day))
    chosen = selection or Selection()
    selected = chosen.of(catalogue)
    wanted = {check for control in selected for check in control.checks}
    findings = run_checks({name: ALL[name] for name in ALL if name in wanted}, catalogue, evidence, parameters)
    if chosen.tags:
        findings = _of_tagged(findings, evidence, chosen.tags)
    findings = _placed(findings, captures)
    results = judge_all(selected, findings, people, day)
    automatic, whole = scores(results)
    return Assessment(
        inputs=_inputs(ordered, configuration, people, catalogue),
        tool_version=__version__,
        as_of=as_of,
        as_at=day,
        synthetic=any(each.manifest.synthetic for each in ordered),
        engagement=configuration.engagement.model_dump(),
        principals=tuple(sorted({name for each in ordered for name in each.manifest.principals})),
        plans=tuple(sorted({each.manifest.plan for each in ordered})),
        parameters=dict(sorted(parameters.items())),
        changed_parameters=tuple(sorted(configuration.thresholds)),
        selection=tuple(each.id for each in selected) if len(selected) < len(catalogue.controls) else (),
        tags=chosen.tags,
        controls=results,
        findings=findings,
        waivers=waived(people.waivers, findings, day),
        not_assessed=not_assessed(findings, catalogue),
        automatic=automatic,
        whole=whole,
        evidence=evidence,
        captures=captures,
        catalogue=catalogue,
        stale=stale_data(day),
    )


def _placed(findings: Sequence[Finding], captures: Sequence[Capture]) -> tuple[Finding, ...]:
    """The same findings with the file and line of the first capture that they rest on, where their row tells none and something was read from files."""
    places = {each.ref: each.where for each in captures if each.where}
    if not places:
        return tuple(findings)
    return tuple(
        each if each.where else replace(each, where=next((places[ref] for ref in each.evidence if ref in places), ""))
        for each in findings
    )


def _unasked(seals: Sequence[Seal]) -> Callable[[str, Target], str]:
    """Why a call was not made in a target, if the plan with which it was collected leaves it out. The largest plan counts where several seals cover a target."""
    plans: dict[Target | str, str] = {}
    # What the template of a stack would have told is missing because it was not read, and no account helps.
    unread = {each.target for seal in seals for each in seal.captures if each.call == PLACES and each.gap()}
    for seal in seals:
        for part in seal.manifest.parts:
            # Regions outside the scope have no part of their own; what holds for the account holds for them.
            for place in (part.target, part.target.account):
                plans[place] = max(seal.manifest.plan, plans.get(place, ""), key=rank)
    return lambda call, target: (
        "" if target in unread else left_out(plans.get(target) or plans.get(target.account, ""), call)
    )


def _of_tagged(findings: Sequence[Finding], evidence: Evidence, tags: Sequence[str]) -> tuple[Finding, ...]:
    workloads = tagged(evidence, tags)
    if not workloads:
        raise ConfigError(f"no workload in the evidence is tagged {' or '.join(tags)}. Correct --tag, or leave it out.")
    return narrowed(findings, ALL, evidence, workloads)


def _renumbered(seals: Sequence[Seal]) -> tuple[Capture, ...]:
    together = [capture for seal in seals for capture in seal.captures]
    if len(seals) == 1:
        return tuple(together)
    return tuple(replace(each, ref=f"E-{number:04d}") for number, each in enumerate(together, 1))


def _inputs(
    seals: Sequence[Seal], configuration: Configuration, people: People, catalogue: Catalogue
) -> Mapping[str, str]:
    register = {"register": people.register.digest} if people.register else {}
    return {
        "seal": seals[0].digest if len(seals) == 1 else digest([each.digest for each in seals]),
        "config": configuration.digest,
        "answers": people.answers_digest,
        "waivers": people.waivers_digest,
        "catalogue": catalogue.digest,
        **register,
    }


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)


def _judged_at(as_of: datetime, day: date) -> datetime:
    return as_of if as_of.date() == day else datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
