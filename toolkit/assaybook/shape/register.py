"""The data register to rows, so that checks compare it with the stores that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..capture import GLOBAL, Target
from ..data_register import Register, RegisteredStore
from ..evidence import Row
from ..model import Subject
from ..tables.register import DataRegister, RegisterEntry


def shape_register(register: Register | None, targets: Iterable[Target]) -> Iterator[Row]:
    """A DataRegister row for each account, also where there is no register, and a RegisterEntry row for each store that it names.

    `targets` are those that were collected. An entry that names no account stands with the first.
    """
    accounts = sorted({(each.provider, each.account) for each in targets})
    name = register.name if register else "data register"
    for provider, account in accounts:
        yield DataRegister(
            key=f"{name}/{account}",
            subject=Subject(provider, account, GLOBAL, "document", name, name),
            exists=register is not None,
            name=name,
            day=register.day if register else None,
            stores=len(register.stores) if register else 0,
        )
    for each in register.stores if register and accounts else ():
        yield _entry(name, each, *accounts[0])


def _entry(register: str, said: RegisteredStore, provider: str, account: str) -> RegisterEntry:
    key = "/".join(part for part in (said.account, said.region, said.store) if part)
    native = f"{register}#{key}"
    return RegisterEntry(
        key=key,
        subject=Subject(provider, said.account or account, said.region or GLOBAL, "register-entry", native, said.store),
        store=said.store,
        account=said.account,
        region=said.region,
        owner=said.owner,
        data_class=said.data_class,
        fields=said.fields,
        flow=said.flow,
        max_retention_days=said.max_retention_days,
    )
