"""The catalogue: what is assessed. Read from the checklists, checked as a whole, then never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from . import resources
from .canonical import digest
from .catalogue_entries import AREAS, Area, Control, Framework, Parameter, Parameters, ParameterValue, Practice
from .catalogue_files import CatalogueError, Source, nearest, read
from .model import Severity

__all__ = [
    "Area",
    "Catalogue",
    "CatalogueError",
    "Control",
    "Counts",
    "Framework",
    "Parameter",
    "Practice",
    "load_catalogue",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many controls there are: by kind and severity, with a check at home, with no check yet, references.

    `partial` are those with a check at home that say what it does not look at yet; `pending` does not count them.
    """

    controls: int
    kinds: Mapping[str, int]
    severities: Mapping[Severity, int]
    with_checks: int
    pending: int
    partial: int
    references: int


@dataclass(frozen=True)
class Catalogue:
    """All areas, practices and controls, the parameters and the frameworks. `digest` is over everything that was loaded."""

    areas: tuple[Area, ...]
    parameters: Mapping[str, Parameter]
    frameworks: Mapping[str, Framework]
    digest: str
    _citing: Mapping[str, tuple[Control, ...]] = field(repr=False)

    @cached_property
    def practices(self) -> tuple[Practice, ...]:
        """All practices in the guide's order."""
        return tuple(practice for area in self.areas for practice in area.practices)

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """All controls in the guide's order."""
        return tuple(control for practice in self.practices for control in practice.controls)

    @cached_property
    def _controls(self) -> Mapping[str, Control]:
        return {control.id: control for control in self.controls}

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {control.id: position for position, control in enumerate(self.controls)}

    @cached_property
    def _homes(self) -> Mapping[str, Control]:
        return {check: control for control in self.controls for check in control.checks}

    def area(self, letter: str) -> Area:
        """The area of that letter. Raises CatalogueError if there is none."""
        return _found({area.area: area for area in self.areas}, letter, "area")

    def practice(self, id: str) -> Practice:
        """The practice with that id. Raises CatalogueError if there is none."""
        return _found({practice.id: practice for practice in self.practices}, id, "practice")

    def control(self, id: str) -> Control:
        """The control with that id. Raises CatalogueError if there is none."""
        return _found(self._controls, id, "control")

    def position(self, id: str) -> int:
        """The place of the control with that id in the guide's order, from 0. Raises CatalogueError if there is none."""
        return _found(self._positions, id, "control")

    def home(self, check: str) -> Control:
        """The control where a check is at home: it gives severity and thresholds. Raises CatalogueError if there is none."""
        return _found(self._homes, check, "check")

    def citing(self, check: str) -> tuple[Control, ...]:
        """The controls that cite a check, in the guide's order; they count it with weight 0."""
        return self._citing.get(check, ())

    def checks(self) -> tuple[str, ...]:
        """The ids of all checks that are at home somewhere, sorted."""
        return tuple(sorted(self._homes))

    def effective(self, overrides: Mapping[str, object] | None = None) -> dict[str, ParameterValue]:
        """The value of each parameter: the override if there is one, else the default.

        Raises CatalogueError that names an unknown parameter or a value of the wrong type.
        """
        given = dict(overrides or {})
        for name in given:
            _found(self.parameters, name, "parameter")
        values: dict[str, ParameterValue] = {}
        for name, parameter in self.parameters.items():
            try:
                values[name] = parameter.accept(given.get(name, parameter.default))
            except ValueError as error:
                raise CatalogueError(str(error), key=name, remedy="Correct the value") from error
        return values

    def counts(self, controls: Iterable[Control] | None = None) -> Counts:
        """How many there are, of all controls or of those given."""
        chosen = tuple(self.controls if controls is None else controls)
        kinds, severities = Counter(each.kind for each in chosen), Counter(each.severity for each in chosen)
        return Counts(
            controls=len(chosen),
            kinds={kind: kinds[kind] for kind in ("auto", "hybrid", "manual")},
            severities={severity: severities[severity] for severity in Severity},
            with_checks=sum(bool(each.checks) for each in chosen),
            pending=sum(each.pending is not None and not each.checks for each in chosen),
            partial=sum(each.pending is not None and bool(each.checks) for each in chosen),
            references=sum(each.reference is not None for each in chosen),
        )


def _found(among: Mapping[str, T], name: str, what: str) -> T:
    if name not in among:
        raise CatalogueError(f"there is no {what} {name!r}", key=str(name), remedy=nearest(among, str(name)))
    return among[name]


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read a folder of checklists: one file for each area, parameters.yaml, and frameworks/*.yaml.

    Without a folder the checklists that come with assaybook are read. Raises CatalogueError for anything that is not as it must be: a file
    that does not belong, a key that is unknown or stands twice, a check with two homes, a name that nothing defines.
    """
    where = folder or resources.folder("checklists")
    sources = {source.name: source for source in read(where)}
    if "parameters.yaml" not in sources:
        raise CatalogueError(
            f"{where} holds no parameters.yaml", origin=str(where), remedy="Name a folder of checklists"
        )
    parameters = sources["parameters.yaml"].parse(Parameters).parameters
    frameworks = _frameworks(sources.values())
    areas = _areas(sources.values())
    homes = _homes(areas)
    for source, area in areas:
        for place, control in _controls(area):
            _check_control(source, place, control, homes, {each.name for each in parameters})
        _check_frameworks(source, area, frameworks)
    ids = {control.id for _, area in areas for _, control in _controls(area)}
    _check_references(areas, ids)
    _check_parameters(sources["parameters.yaml"], parameters, areas)
    return Catalogue(
        areas=tuple(area for _, area in areas),
        parameters=MappingProxyType({each.name: each for each in parameters}),
        frameworks=MappingProxyType(frameworks),
        digest=digest({name: source.value for name, source in sorted(sources.items())}),
        _citing=MappingProxyType(_citing(areas)),
    )


def _frameworks(sources: Iterable[Source]) -> dict[str, Framework]:
    found: dict[str, Framework] = {}
    for source in sources:
        if source.name.startswith("frameworks/"):
            framework = source.parse(Framework)
            if source.name != f"frameworks/{framework.id}.yaml":
                raise source.error(f"the file of {framework.id} must bear its name", ("id",))
            found[framework.id] = framework
    return found


def _areas(sources: Iterable[Source]) -> list[tuple[Source, Area]]:
    found: dict[str, tuple[Source, Area]] = {}
    for source in sources:
        if source.name == "parameters.yaml" or source.name.startswith("frameworks/"):
            continue
        area = source.parse(Area)
        if area.area in found:
            raise source.error(
                f"the area {area.area} stands in {found[area.area][0].name} too", ("area",), "Remove one"
            )
        found[area.area] = (source, area)
    return [found[letter] for letter in AREAS if letter in found]


def _controls(area: Area) -> Iterator[tuple[tuple[str | int, ...], Control]]:
    for first, practice in enumerate(area.practices):
        for second, control in enumerate(practice.controls):
            yield ("practices", first, "controls", second), control


def _homes(areas: Iterable[tuple[Source, Area]]) -> dict[str, str]:
    homes: dict[str, str] = {}
    for source, area in areas:
        for place, control in _controls(area):
            for position, check in enumerate(control.checks):
                if check in homes:
                    message = f"the check {check} is at home in {homes[check]} and in {control.id}"
                    raise source.error(
                        message, (*place, "checks", position), "Leave it in one and cite it in the other"
                    )
                homes[check] = control.id
    return homes


def _check_control(
    source: Source, place: tuple[str | int, ...], control: Control, homes: Mapping[str, str], parameters: set[str]
) -> None:
    for position, check in enumerate(control.cites):
        if check not in homes:
            message = f"{control.id} cites {check}, which is at home nowhere"
            raise source.error(message, (*place, "cites", position), nearest(homes, check))
        if homes[check] == control.id:
            raise source.error(
                f"{control.id} cites {check}, which is at home here", (*place, "cites", position), "Remove it"
            )
    for position, name in enumerate(control.parameters):
        if name not in parameters:
            message = f"{control.id} reads the parameter {name}, which parameters.yaml does not define"
            raise source.error(message, (*place, "parameters", position), nearest(parameters, name))


def _check_frameworks(source: Source, area: Area, frameworks: Mapping[str, Framework]) -> None:
    for index, practice in enumerate(area.practices):
        for name, ids in practice.frameworks.items():
            place = ("practices", index, "frameworks", name)
            if name not in frameworks:
                raise source.error(f"no framework {name} is described", place, nearest(frameworks, name))
            for each in ids:
                if each not in frameworks[name].ids:
                    remedy = f"Correct it, or describe it in frameworks/{name}.yaml"
                    raise source.error(f"{name} describes no id {each}", place, remedy)


def _check_references(areas: Iterable[tuple[Source, Area]], ids: set[str]) -> None:
    for source, area in areas:
        for place, control in _controls(area):
            if control.reference is not None and (control.reference not in ids or control.reference == control.id):
                message = f"{control.id} refers to {control.reference}, which is no other control"
                raise source.error(message, (*place, "reference"), "Correct it")


def _check_parameters(source: Source, parameters: Iterable[Parameter], areas: Iterable[tuple[Source, Area]]) -> None:
    # A folder may hold some areas only: a user is looked for in an area that is there.
    readers = {control.id: control.parameters for _, area in areas for _, control in _controls(area)}
    letters = {id[0] for id in readers}
    for index, parameter in enumerate(parameters):
        for position, user in enumerate(parameter.used_by):
            if "-" in user and user[0] in letters and parameter.name not in readers.get(user, ()):
                message = f"{parameter.name} says that {user} uses it, and {user} does not say so"
                place = ("parameters", index, "used_by", position)
                raise source.error(message, place, f"Add it to the parameters of {user}, or remove {user} here")
        for user, names in readers.items():
            if parameter.name in names and user not in parameter.used_by:
                message = f"{user} uses {parameter.name}, which does not say so"
                raise source.error(message, ("parameters", index, "used_by"), f"Add {user} here")


def _citing(areas: Iterable[tuple[Source, Area]]) -> dict[str, tuple[Control, ...]]:
    citing: dict[str, tuple[Control, ...]] = {}
    for _, area in areas:
        for _, control in _controls(area):
            for check in control.cites:
                citing[check] = (*citing.get(check, ()), control)
    return citing
