"""Area B: the data register is there, young, whole, and names every store that exists."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.data import Store
from ..tables.register import DataRegister, RegisterEntry
from ..watched import Watched
from .data_classes import entry_of


@check("data-register-outdated", over=DataRegister)
def data_register_outdated(register: DataRegister, evidence: Watched) -> Verdict:
    """There is a data register, and it was reviewed within the set time."""
    day = register.day
    if not register.exists or day is None:
        return review(
            "assess.toml names no data register (people.data_register), so nothing can be compared with the stores that exist"
        )
    longest = evidence.parameter("document_max_age_days")
    age = (evidence.as_of.date() - day).days
    if age > longest:
        return fail(f"the data register {register.name} is of {day.isoformat()}, {age} days old, more than {longest}")
    return ok(f"the data register {register.name} is of {day.isoformat()} and names {register.stores} stores")


@check("data-register-entry-incomplete", over=RegisterEntry)
def data_register_entry_incomplete(entry: RegisterEntry, evidence: Watched) -> Verdict:
    """Each entry of the data register names owner, class and flow."""
    said = {"owner": entry.owner, "class": entry.data_class, "flow": entry.flow}
    missing = [name for name, value in said.items() if not value.strip()]
    if missing:
        return fail(f"the data register's entry for {entry.store} names no {' and no '.join(missing)}")
    return ok(f"the data register names owner, class and flow of {entry.store}")


@check("store-missing-from-data-register", over=Store)
def store_missing_from_data_register(store: Store, evidence: Watched) -> Verdict:
    """Each store that exists is in the data register."""
    if store.kind == "log group":
        return na(f"{store.name} is a log group; what may be in logs is the question of B2-03")
    if evidence.any(DataRegister, lambda each: each.exists) is None:
        return na("there is no data register to compare with, which is a matter of its own")
    entry = entry_of(store.name, store.subject, evidence)
    if entry is None:
        return fail(f"the {store.kind} {store.name} is not in the data register, so nobody answers for what it holds")
    return ok(f"the data register names the {store.kind} {store.name}, of class {entry.data_class or 'not stated'}")
