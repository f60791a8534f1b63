"""The data register: what the organisation says of its stores, read strictly from the YAML file that assess.toml names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from .canonical import digest
from .errors import AssaybookError
from .refusals import first_refusal
from .strict_yaml import YamlError, line_of, load_yaml

Text = Annotated[str, Field(max_length=2000)]


class RegisterError(AssaybookError):
    """The data register cannot be used: file, line, entry, what is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class RegisteredStore(_Strict):
    """One store by its name or ARN; `account` and `region` only where the name alone is not enough. What it leaves out, it does not say."""

    store: Annotated[str, Field(min_length=1, max_length=500)]
    account: Annotated[str, Field(pattern=r"^(\d{12})?$")] = ""
    region: Annotated[str, Field(max_length=40)] = ""
    owner: Text = ""
    data_class: Text = Field(alias="class", default="")
    fields: tuple[Text, ...] = ()
    flow: Text = ""
    max_retention_days: Annotated[int, Field(ge=1, strict=True)] | None = None


class _File(_Strict):
    day: date = Field(alias="date")
    approved_by: Annotated[str, Field(min_length=2, max_length=200)]
    stores: tuple[RegisteredStore, ...]

    @field_validator("day", mode="before")
    @classmethod
    def _plain_date(cls, value: object) -> object:
        if isinstance(value, datetime) or not isinstance(value, (date, str)):
            raise ValueError("is a date such as 2026-11-30")
        return value


@dataclass(frozen=True)
class Register:
    """A data register with its day, who approved it, and the digest of what it says."""

    name: str
    day: date
    approved_by: str
    stores: tuple[RegisteredStore, ...]
    digest: str


def load_register(path: Path) -> Register:
    """Read and validate a register. Raises RegisterError naming file, line and entry."""
    try:
        text = path.read_text(encoding="utf-8")
        document = load_yaml(text, str(path))
        made = _File.model_validate(document if document is not None else {})
    except OSError as problem:
        raise RegisterError(f"{path}: cannot be read ({problem.strerror}).") from problem
    except UnicodeDecodeError as problem:
        raise RegisterError(f"{path}: is not UTF-8 text (byte {problem.start}).") from problem
    except YamlError as problem:
        raise RegisterError(str(problem)) from problem
    except ValidationError as problem:
        place, _, said = first_refusal(problem)
        raise RegisterError(_where(path, text, place, said)) from problem
    seen: set[tuple[str, str, str]] = set()
    for number, each in enumerate(made.stores):
        key = (each.store, each.account, each.region)
        if key in seen:
            raise RegisterError(
                _where(path, text, ("stores", number, "store"), f"{each.store} stands in the register twice")
            )
        seen.add(key)
    content = made.model_dump(mode="json", by_alias=True)
    return Register(path.name, made.day, made.approved_by, made.stores, digest(content))


def _where(path: Path, text: str, keys: Sequence[str | int], what: str) -> str:
    return f"{path}: line {line_of(text, keys)}: {'.'.join(map(str, keys))}: {what}."
