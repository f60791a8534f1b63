"""Asking over HTTP: bounded, with a time limit and few retries. Only collecting comes here."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from .asked import Unreached

SECONDS, TRIES, LARGEST = 20.0, 3, 64_000_000
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Absent(Exception):
    """The server says that there is no such thing."""


def fetch(
    address: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Any:
    """The JSON at an address, posted to it if there is a body. Raises Absent for 404, Unreached for all else that is no answer."""
    if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise Unreached("only addresses with TLS are asked")
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(
        address,
        data=data,
        headers={
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "assaybook",
            **(headers or {}),
        },
    )
    said = ""
    for attempt in range(TRIES):
        try:
            with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
                content = answer.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise Unreached("the answer is too large")
            return json.loads(content)
        except urllib.error.HTTPError as problem:
            if problem.code in (404, 410):
                raise Absent(str(problem.code)) from problem
            said = f"HTTP {problem.code}"
            if problem.code not in _AGAIN:
                break
        except (urllib.error.URLError, TimeoutError, OSError) as problem:
            said = f"{type(problem).__name__}: {getattr(problem, 'reason', problem)}"
        except (ValueError, RecursionError) as problem:
            raise Unreached("the answer is no JSON") from problem
        if attempt + 1 < TRIES:
            wait(0.5 * 2**attempt)
    raise Unreached(said)
