"""Rows of the data register: what the organisation itself says of its stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class DataRegister(Row):
    """The register as a document: whether there is one, its day, and how many stores it names. `day` is None if there is none."""

    exists: bool
    name: str
    day: date | None
    stores: int


@dataclass(frozen=True, kw_only=True)
class RegisterEntry(Row):
    """What the register says of one store: its name or ARN, and where that matters account and region; texts are empty where the register is silent.

    `data_class` is the class of the data, `fields` the sensitive fields, `flow` where the data goes; `max_retention_days` how long it may be kept, None for no limit.
    """

    store: str
    account: str
    region: str
    owner: str
    data_class: str
    fields: tuple[str, ...]
    flow: str
    max_retention_days: int | None
