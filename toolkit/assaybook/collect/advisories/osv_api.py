"""Advisories from the API of OSV. Source: OSV documentation, "POST /v1/querybatch" and "GET /v1/vulns/{id}"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .asked import Answered, Asked, Unreached, by_name
from .fetching import Absent, fetch

ADDRESS = "https://api.osv.dev"
BATCH, MOST_PAGES, MOST_RECORDS = 500, 50, 10_000


def ask_osv_api(asked: tuple[Asked, ...], clock: Callable[[], datetime], address: str = ADDRESS) -> Answered:
    """Ask in batches, then read each advisory that a package has. Raises Unreached; what one batch does not answer is left unanswered."""
    found = Answered("OSV API", asked)
    exact = [each for each in asked if each.version]
    ids: set[str] = set()
    for start in range(0, len(exact), BATCH):
        ids |= _batch(exact[start : start + BATCH], found, address)
    if exact and not found.answered:
        raise Unreached(found.problems[0] if found.problems else "no batch was answered")
    wanted = by_name(asked)
    read = [_read(name, found, wanted, address) for name in sorted(ids)[:MOST_RECORDS]]
    if len(ids) > MOST_RECORDS or not all(read):
        # Without a record nobody knows whom it affects, so nothing may count as looked at.
        found.answered.clear()
    if len(ids) > MOST_RECORDS:
        found.problems.append(f"more than {MOST_RECORDS:,} advisories matched")
    now = clock().isoformat(timespec="seconds")
    # The API answers from what is published at that moment.
    found.dates = {each.ecosystem: now for each in found.answered}
    return found


def _batch(batch: list[Asked], found: Answered, address: str) -> set[str]:
    ids: set[str] = set()
    queries: list[tuple[Asked, str]] = [(each, "") for each in batch]
    for _ in range(MOST_PAGES):
        body = {"queries": [_query(each, token) for each, token in queries]}
        try:
            answer = fetch(f"{address}/v1/querybatch", body)
            results = answer["results"]
            if len(results) != len(queries):
                raise Unreached("the answer has another number of results than there were questions")
            following = []
            for (each, _token), result in zip(queries, results, strict=True):
                ids |= {str(one["id"]) for one in (result or {}).get("vulns") or []}
                token = (result or {}).get("next_page_token")
                if token:
                    following.append((each, str(token)))
                else:
                    found.answered.add(each)
        except (Absent, Unreached, KeyError, TypeError, AttributeError) as problem:
            found.problems.append(f"querybatch: {problem}")
            return ids
        queries = following
        if not queries:
            break
    return ids


def _query(each: Asked, token: str) -> dict[str, Any]:
    query: dict[str, Any] = {"package": {"ecosystem": each.ecosystem, "name": each.name}, "version": each.version}
    return {**query, "page_token": token} if token else query


def _read(name: str, found: Answered, wanted: Mapping[tuple[str, str], list[Asked]], address: str) -> bool:
    try:
        record = fetch(f"{address}/v1/vulns/{quote(name, safe='')}")
    except (Absent, Unreached) as problem:
        found.problems.append(f"{name}: {problem}")
        return False
    if not isinstance(record, Mapping):
        return False
    found.keep(record, wanted)
    return True
