"""Collecting 200 functions from a stub: against a plain loop that makes the same calls, and against AWS's quotas.

Bounds: at most 1.5 times the plain loop's time; at most 4 requests a function plus one for each alias or version in use; at most 200 MB;
under the quotas no call lost and at most 1.15 times the time that the quotas themselves take.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
FUNCTIONS = 200
LATENCY = 0.05
THREADS = 32
LISTS = ("ListFunctions", "ListCodeSigningConfigs")


@contextmanager
def stub(*options: str, functions: int = FUNCTIONS) -> Iterator[str]:
    """The stub in a process of its own; gives its address."""
    command = [sys.executable, str(HERE / "stub.py"), "--functions", str(functions), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


def asked(address: str, path: str) -> dict[str, dict[str, int]]:
    with urllib.request.urlopen(address + path, timeout=10) as answer:
        found: dict[str, dict[str, int]] = json.load(answer)
    return found


def collect() -> dict[str, object]:
    """One collection of Lambda as the product does it, in this process; what it took."""
    import boto3  # noqa: F401 - imported before the clock starts, as in the plain loop

    from assaybook.collect import collect_aws, session_for
    from assaybook.collect.plans import calls_of

    calls = tuple(
        call
        for call in calls_of("aws", "standard")
        if call.name.startswith("lambda:") and "Mapping" not in call.name and "Account" not in call.name
    )
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        collected = collect_aws(
            session_for(None),
            regions=("us-east-1",),
            plan="standard",
            key=bytes(32),
            clock=lambda: datetime.now(UTC),
            journal=Path(folder) / "journal",
            calls=calls,
        )
        seconds = time.perf_counter() - began
    states = Counter(each.state for each in collected.captures)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "states": states, "captures": len(collected.captures), "megabytes": memory}


def plain() -> dict[str, object]:
    """The same calls, as one would write them by hand: one client, 32 threads, a loop over functions. It knows nothing of quotas."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError

    began = time.perf_counter()
    client = boto3.Session().client("lambda", region_name="us-east-1", config=Config(max_pool_connections=THREADS))
    functions = [
        each
        for page in client.get_paginator("list_functions").paginate(FunctionVersion="ALL")
        for each in page["Functions"]
    ]
    names = [each["FunctionName"] for each in functions]
    images = [each["FunctionName"] for each in functions if each["PackageType"] == "Image"]

    def ask(operation: str, **params: str) -> Any:
        try:
            return getattr(client, operation)(**params)
        except ClientError as error:
            return str(error.response["Error"]["Code"])

    with ThreadPoolExecutor(THREADS) as pool:
        asked = {
            operation: {name: pool.submit(ask, operation, FunctionName=name) for name in names}
            for operation in ("get_policy", "list_function_url_configs", "list_aliases")
        }
        jobs = [pool.submit(ask, "get_function", FunctionName=name) for name in images]
        for name, policy in asked["get_policy"].items():
            answer = policy.result()
            said = "" if isinstance(answer, str) else answer["Policy"]
            if "events.amazonaws.com" in said or "sns.amazonaws.com" in said:
                jobs.append(pool.submit(ask, "list_function_event_invoke_configs", FunctionName=name))
            if "sns.amazonaws.com" in said:
                jobs.append(pool.submit(ask, "get_function_recursion_config", FunctionName=name))
        for name, urls in asked["list_function_url_configs"].items():
            if urls.result()["FunctionUrlConfigs"]:
                jobs.append(pool.submit(ask, "get_function_concurrency", FunctionName=name))
        for name, listed in asked["list_aliases"].items():
            for alias in listed.result()["Aliases"]:
                jobs += [
                    pool.submit(ask, "get_policy", FunctionName=name, Qualifier=each)
                    for each in (alias["Name"], alias["FunctionVersion"])
                ]
        calls = len([job.result() for job in jobs]) + 3 * len(names)
    return {"seconds": time.perf_counter() - began, "calls": calls}


def in_child(task: str, address: str) -> dict[str, object]:
    """Run a task in a process of its own, so that neither warms up or burdens the other."""
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, __file__, task], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def floor() -> float:
    """Seconds that the quotas themselves take, of which the first second's worth is there at the start."""
    from stub import PAGE, QUOTAS, has_alias, has_url, is_image, is_started, may_loop

    def count(kind: Callable[[int], bool]) -> int:
        return sum(kind(number) for number in range(FUNCTIONS))

    calls = {
        "GetFunction": count(is_image),
        "GetPolicy": FUNCTIONS + 2 * count(has_alias),
        "*": 2 * FUNCTIONS + count(is_started) + count(may_loop) + count(has_url) + FUNCTIONS // PAGE + 1,
    }
    return max((number - QUOTAS[name]) / QUOTAS[name] for name, number in calls.items())


def verdict(figure: float, bound: float) -> str:
    return "within" if figure <= bound else "ABOVE"


def free() -> bool:
    from stub import has_alias

    aliases = sum(has_alias(number) for number in range(FUNCTIONS))
    with stub("--latency", str(LATENCY)) as address:
        baselines, runs = [], []
        for _ in range(3):
            baselines.append(in_child("plain", address))
            asked(address, "/__reset")
            runs.append(in_child("collect", address))
        told = asked(address, "/__stats")
        stats = told["answered"]
    base = min(float(str(each["seconds"])) for each in baselines)
    best = min(runs, key=lambda each: float(str(each["seconds"])))
    ratio = float(str(best["seconds"])) / base
    about = sum(number for name, number in stats.items() if name not in LISTS)
    each = (about - 2 * aliases) / FUNCTIONS
    megabytes = float(str(best["megabytes"]))
    print(
        f"{FUNCTIONS} functions at {LATENCY * 1000:.0f} ms: {best['seconds']:.2f} s, a plain loop with {THREADS} threads {base:.2f} s"
    )
    print(f"  ratio {ratio:.2f} (bound 1.5, {verdict(ratio, 1.5)}); states {best['states']}")
    print(
        f"  requests a function {each:.2f}, at most {told['most']['of a function']}, aliases and versions in use left out "
        f"(bound of the mean 4, {verdict(each, 4)})"
    )
    print(f"  memory {megabytes:.0f} MB (bound 200, {verdict(megabytes, 200)})")
    return ratio <= 1.5 and each <= 4 and megabytes <= 200


def limited(burst: float) -> bool:
    with stub("--latency", "0.03", "--quotas", "--burst", str(burst)) as address:
        run = in_child("collect", address)
        stats = asked(address, "/__stats")
    states = run["states"]
    assert isinstance(states, dict)
    lost = sum(number for state, number in states.items() if state not in ("ok", "absent"))
    seconds, least = float(str(run["seconds"])), floor()
    ratio = seconds / least
    refused = sum(stats["refused"].values())
    print(f"AWS's quotas, a burst of {burst:g} s: {seconds:.1f} s, the quotas alone take {least:.1f} s")
    print(
        f"  ratio {ratio:.2f} (bound 1.15, {verdict(ratio, 1.15)}); lost {lost} of {run['captures']}; throttled {refused} and asked again"
    )
    return ratio <= 1.15 and lost == 0


def main() -> None:
    """Measure, or, in a child, do one of the two tasks."""
    if sys.argv[1:] in (["collect"], ["plain"]) and os.environ.get("AWS_ACCESS_KEY_ID") == "bench":
        print(json.dumps({"collect": collect, "plain": plain}[sys.argv[1]]()))
        return
    results = [free(), limited(1.0), limited(0.5)]
    if not all(results):
        sys.exit("a bound was not met")


if __name__ == "__main__":
    main()
