"""The data register to rows, so that checks compare it with the stores that exist."""

from __future__ import annotations

from collections.abc import Iterator

from ..data_register import Register, RegisteredStore
from ..evidence import Row
from ..model import Subject
from ..tables.register import DataRegister, RegisterEntry

ORGANISATION = "organisation"


def shape_register(register: Register | None) -> Iterator[Row]:
    """One DataRegister row, also where there is no register, and a RegisterEntry row for each store that it names."""
    name = register.name if register else "data register"
    yield DataRegister(
        key=name,
        subject=Subject(ORGANISATION, "", "", "document", name, name),
        exists=register is not None,
        name=name,
        day=register.day if register else None,
        stores=len(register.stores) if register else 0,
    )
    for each in register.stores if register else ():
        yield _entry(name, each)


def _entry(register: str, said: RegisteredStore) -> RegisterEntry:
    key = "/".join(part for part in (said.account, said.region, said.store) if part)
    return RegisterEntry(
        key=key,
        subject=Subject(ORGANISATION, said.account, said.region, "register-entry", f"{register}#{key}", said.store),
        store=said.store,
        account=said.account,
        region=said.region,
        owner=said.owner,
        data_class=said.data_class,
        fields=said.fields,
        flow=said.flow,
        max_retention_days=said.max_retention_days,
    )
