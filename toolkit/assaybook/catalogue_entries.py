"""The entries of the catalogue as its files hold them: areas, practices, controls, parameters, frameworks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .model import Severity

AREAS = ("A", "B", "C", "D", "E", "F", "G", "X")

Kind = Literal["auto", "hybrid", "manual"]
Method = Literal["test", "examine", "interview"]
Provider = Literal["aws", "azure", "gcp"]
Token = Literal["FN", "ROLE", "RP", "URL", "API", "ESM", "ASYNC", "LAYER", "IMG", "STORE", "LOG", "SECRET", "PIPE"]
Prose = Annotated[str, Field(min_length=3)]
CheckId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")]
PracticeId = Annotated[str, Field(pattern=r"^([A-G][1-9]|X[A-Z])$")]
ControlId = Annotated[str, Field(pattern=r"^([A-G][1-9]|X[A-Z])-\d{2}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
# Beside controls, the move of a severity by context and the rules for waivers read parameters.
User = Annotated[str, Field(pattern=r"^(([A-G][1-9]|X[A-Z])-\d{2}|severity|waivers)$")]
ParameterValue = int | dict[str, int] | tuple[str, ...] | None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _once(values: tuple[str, ...], what: str) -> None:
    for position, value in enumerate(values):
        if value in values[:position]:
            raise ValueError(f"{what} names {value} twice")


class Control(_Entry):
    """One assessable statement under a practice.

    `checks` are the checks at home here: their severity and thresholds are this control's. `cites` are checks at home elsewhere that bear
    on it with weight 0. `pending` says what no check looks at yet; `reference` names the control whose outcome this one repeats.
    """

    id: ControlId
    title: Prose
    kind: Kind
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]
    severity: Severity
    severity_rule: str = ""
    objective: Prose
    why: Prose
    population: tuple[Token, ...] = ()
    population_text: Prose
    evidence: Annotated[tuple[Prose, ...], Field(min_length=1)]
    procedure: Prose
    passes: Prose
    not_applicable: str = ""
    guards: tuple[Prose, ...] = ()
    remedy: Mapping[Provider, Prose]
    parameters: tuple[Word, ...] = ()
    checks: tuple[CheckId, ...] = ()
    cites: tuple[CheckId, ...] = ()
    question: Prose | None = None
    pending: Prose | None = None
    reference: ControlId | None = None

    @property
    def area(self) -> str:
        """The letter of its area."""
        return self.id[0]

    @property
    def practice(self) -> str:
        """The id of its practice."""
        return self.id.partition("-")[0]

    @property
    def weight(self) -> int:
        """What it counts in the score: the weight of its severity, 0 for a reference."""
        return 0 if self.reference else self.severity.weight

    def remedy_for(self, provider: str) -> str:
        """What to do about a failure at that provider, or in a source tree, which is mostly made for AWS; empty where the catalogue says nothing."""
        return {str(name): said for name, said in self.remedy.items()}.get(
            "aws" if provider == "source" else provider, ""
        )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in ("methods", "population", "evidence", "parameters", "checks", "cites"):
            _once(getattr(self, name), name)
        if "aws" not in self.remedy:
            raise ValueError("remedy needs an entry for aws")
        if self.kind != "auto" and not self.question:
            raise ValueError(f"a {self.kind} control needs a question")
        if self.kind == "manual" and (self.checks or self.pending):
            raise ValueError("a manual control has no checks and nothing pending: a person decides it")
        if self.kind == "auto" and not (self.checks or self.pending or self.reference):
            raise ValueError("an auto control without checks needs pending, which says what is missing")
        if self.reference and self.checks:
            raise ValueError("a reference is no home for checks; cite them")
        return self


class Practice(_Entry):
    """One practice of the guide, with its controls and the framework ids that it bears on."""

    id: PracticeId
    title: Prose
    objective: Prose
    frameworks: Mapping[Word, Annotated[tuple[str, ...], Field(min_length=1)]]
    providers: Mapping[Provider, Prose] = {}
    controls: Annotated[tuple[Control, ...], Field(min_length=1)]

    @property
    def area(self) -> str:
        """The letter of its area."""
        return self.id[0]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, ids in self.frameworks.items():
            _once(ids, name)
        for number, control in enumerate(self.controls, 1):
            if control.id != f"{self.id}-{number:02d}":
                raise ValueError(f"the control {control.id} stands where {self.id}-{number:02d} belongs")
        return self


class Area(_Entry):
    """One area of the practice guide; its file's whole content."""

    area: Literal["A", "B", "C", "D", "E", "F", "G", "X"]
    title: Prose
    guide: Prose
    practices: Annotated[tuple[Practice, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = tuple(practice.id for practice in self.practices)
        _once(ids, "practices")
        for practice in ids:
            if practice[0] != self.area:
                raise ValueError(f"the practice {practice} does not belong to area {self.area}")
        for before, after in pairwise(ids):
            if before > after:
                raise ValueError(f"the practice {after} stands after {before}")
        return self


class Parameter(_Entry):
    """A threshold or list of words that an organisation may set.

    kind number: a whole number of at least `minimum`, or None where the default is None; numbers: such numbers under the names of the
    default; words: at least `minimum` words.
    """

    name: Word
    kind: Literal["number", "numbers", "words"]
    default: object
    minimum: int
    unit: Prose
    used_by: Annotated[tuple[User, ...], Field(min_length=1)]
    meaning: Prose
    source: Prose

    def accept(self, value: object) -> ParameterValue:
        """The value as checks get it. `numbers` may name some of the default's names; the others keep theirs.

        Raises ValueError that says what is expected.
        """
        if self.kind == "words":
            return self._words(value)
        if self.kind == "numbers":
            return self._numbers(value)
        if value is None and self.default is None:
            return None
        return self._number(value)

    def _number(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < self.minimum:
            raise ValueError(
                f"{self.name} must be a whole number of {self.unit}, at least {self.minimum}; it is {value!r}"
            )
        return value

    def _numbers(self, value: object) -> dict[str, int]:
        names = dict(self.default) if isinstance(self.default, Mapping) else {}
        if not isinstance(value, Mapping) or not value or not set(value) <= set(names):
            raise ValueError(
                f"{self.name} must give whole numbers of {self.unit} under {', '.join(names)}; it is {value!r}"
            )
        return {name: self._number(value.get(name, names[name])) for name in names}

    def _words(self, value: object) -> tuple[str, ...]:
        words = tuple(value) if isinstance(value, (list, tuple)) else ()
        if len(words) < self.minimum or not all(isinstance(word, str) and word.strip() for word in words):
            raise ValueError(
                f"{self.name} must be a list of {self.minimum} or more {self.unit}, each a string; it is {value!r}"
            )
        return words

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind == "numbers" and not isinstance(self.default, Mapping):
            raise ValueError("the default of kind numbers is a mapping")
        self.accept(self.default)
        return self


class Parameters(_Entry):
    """The content of the parameters file."""

    parameters: tuple[Parameter, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _once(tuple(parameter.name for parameter in self.parameters), "parameters")
        return self


class Framework(_Entry):
    """A framework whose ids the practices bear on: ids verbatim, each with a short paraphrase of our own.

    `source` says where the ids were read, `license` what may be quoted, `pattern` the form of an id. `relationship`: a pass of ours is partial
    evidence for the framework's id, never more (the set relationship of NIST IR 8477). `reviewed_by`: the person who has reviewed which ids
    fit which practice; None as long as nobody has.
    """

    id: Word
    name: Prose
    version: Prose
    source: Prose
    license: Prose
    relationship: Literal["intersects"]
    reviewed_by: Prose | None
    pattern: Prose
    ids: Annotated[Mapping[str, Prose], Field(min_length=1)]

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"the pattern is no regular expression: {error}") from error
        return pattern

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for each in self.ids:
            if not re.fullmatch(self.pattern, each):
                raise ValueError(f"the id {each} does not have the form {self.pattern}")
        return self
