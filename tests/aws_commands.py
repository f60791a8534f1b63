"""What commands would do, without doing it: a snippet runs in bash against a stand-in for the AWS CLI, and each call is checked against the service's own model.

The stand-in writes down its arguments and does nothing; beside it only a few commands can be found, none of which reaches further than the folder.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import botocore.loaders
import botocore.model
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.validate import ParamValidator

# What the CLI calls differently from the SDK. Source: AWS CLI Command Reference.
SERVICES = {"s3api": "s3", "configservice": "config"}
# Commands that the CLI makes of several calls; they have no operation of their own.
OWN = {("cloudtrail", "validate-logs"), ("s3", "cp"), ("s3", "sync"), ("s3", "rm"), ("ecr", "get-login-password")}
# Options that the CLI calls differently from the API, or adds to it.
RENAMED = {("sns", "subscribe"): {"notification-endpoint": "endpoint"}}
ADDED = {("iam", "create-virtual-mfa-device"): {"outfile", "bootstrap-method"}}
# Members that the CLI takes out of a parameter and makes an option of their own. Source: AWS CLI Command Reference, configservice put-configuration-recorder.
TAKEN_OUT = {
    ("configservice", "put-configuration-recorder"): {"recording-group": ("ConfigurationRecorder", "recordingGroup")}
}
EVERYWHERE = {"region", "query", "output", "profile", "no-cli-pager", "cli-binary-format", "cli-input-json"}
FLAGS = {"no-cli-pager"}
_STAND_IN = 'aws() { printf "%s\\0" "$#" "$@" >> "$LOG"; echo answer; }; jq() { echo answer; }; openssl() { echo answer; }; python3() { echo answer; }'
_HARMLESS = ("cat", "rm", "sed", "tr", "cut", "head", "date", "mktemp", "sleep")


@dataclass(frozen=True)
class Ran:
    """What a snippet did: its calls, and where it ran."""

    calls: tuple[tuple[str, ...], ...]
    folder: Path
    code: int
    said: str


def ran(snippet: str, folder: Path) -> Ran:
    """Run a snippet in an empty folder against the stand-in."""
    tools = folder / "tools"
    tools.mkdir()
    for name in _HARMLESS:
        (tools / name).symlink_to(str(shutil.which(name)))
    work = folder / "work"
    work.mkdir()
    log = folder / "calls"
    log.touch()
    (folder / "snippet.sh").write_text(snippet, encoding="utf-8")
    done = subprocess.run(
        [str(shutil.which("bash")), "-euc", f"{_STAND_IN}; . ../snippet.sh"],
        cwd=work,
        env={"PATH": str(tools), "LOG": str(log), "LC_ALL": "C.UTF-8", "HOME": str(work)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    return Ran(tuple(_calls(log.read_bytes().decode())), work, done.returncode, done.stderr.decode())


def _calls(log: str) -> Iterator[tuple[str, ...]]:
    words = iter(log.split("\0")[:-1])
    for count in words:
        yield tuple(next(words) for _ in range(int(count)))


@cache
def _loader() -> Any:
    return botocore.loaders.Loader()


@cache
def service(name: str) -> Any:
    """The model of a service, by the CLI's name for it. Raises UnknownServiceError."""
    known = SERVICES.get(name, name)
    return botocore.model.ServiceModel(_loader().load_service_model(known, "service-2"), known)


@cache
def _operations(name: str) -> Mapping[str, str]:
    return {xform_name(each, "-"): each for each in service(name).operation_names}


def problems(call: Sequence[str], folder: Path) -> list[str]:
    """What is wrong with one call of the CLI: a service, operation, parameter or value that there is not."""
    if len(call) < 2 or tuple(call[:2]) in OWN:
        return [] if len(call) >= 2 else ["no operation"]
    name, operation = call[:2]
    try:
        known = _operations(name)
    except UnknownServiceError:
        return [f"there is no service {name}"]
    if operation == "wait":
        return _waiting(name, call[2])
    if operation not in known:
        return [f"{name} has no operation {operation}"]
    shape = service(name).operation_model(known[operation]).input_shape
    members = {xform_name(each, "-"): each for each in shape.members} if shape else {}
    given: dict[str, Any] = {}
    apart: list[tuple[str, str, Any]] = []
    found: list[str] = []
    for given_option, values in _options(call[2:]):
        option = RENAMED.get((name, operation), {}).get(given_option, given_option)
        if option in ADDED.get((name, operation), ()):
            continue
        if option in EVERYWHERE:
            found += [] if values or option in FLAGS else [f"--{option} has no value"]
            continue
        positive = option.removeprefix("no-") if option not in members else option
        parameter, member = TAKEN_OUT.get((name, operation), {}).get(option, (members.get(positive, ""), ""))
        if not parameter:
            found.append(f"{name} {operation} has no parameter --{option}")
            continue
        wanted = shape.members[parameter].members[member] if member else shape.members[parameter]
        try:
            value = _value(wanted, values, folder, negative=not member and positive != option)
        except (ValueError, KeyError, IndexError) as problem:
            found.append(f"{name} {operation} --{option}: {type(problem).__name__} {problem}")
            continue
        if member:
            apart.append((parameter, member, value))
        else:
            given[parameter] = value
    for parameter, member, value in apart:
        given[parameter] = {**given.get(parameter, {}), member: value}
    whole = "--cli-input-json" not in call
    if whole and not found and shape is not None and UNREAD not in given.values():
        said = ParamValidator().validate(given, shape).generate_report().splitlines()
        # Words in capitals are the reader's to choose, and as long as they are.
        found += [f"{name} {operation}: {line}" for line in said if not line.startswith("Invalid length")]
    return found


def _waiting(name: str, waiter: str) -> list[str]:
    model = _loader().load_service_model(SERVICES.get(name, name), "waiters-2")
    known = {xform_name(each, "-") for each in model["waiters"]}
    return [] if waiter in known else [f"{name} cannot wait for {waiter}"]


def _options(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    option, values = "", []
    for word in words:
        if re.fullmatch(r"--[a-z][a-z0-9-]*", word):
            if option:
                yield option, values
            option, values = word[2:], []
        elif not option:
            yield f"{word} (a word that belongs to no option)", []
        else:
            values.append(word)
    if option:
        yield option, values


# A value that lies in a file of the reader's own, so that it cannot be checked.
UNREAD = object()


def _value(shape: Any, values: list[str], folder: Path, *, negative: bool) -> Any:
    if shape.type_name == "boolean" and not values:
        return not negative
    if not values:
        raise ValueError("has no value")
    first = values[0]
    if len(values) == 1 and first.startswith("file://"):
        path = folder / first.removeprefix("file://")
        if not path.is_file() or path.read_text(encoding="utf-8").strip() == "answer":
            return UNREAD
        first = path.read_text(encoding="utf-8")
        return json.loads(first) if shape.type_name in ("structure", "list", "map") else first
    if len(values) == 1 and first.startswith("fileb://"):
        return b""
    if shape.type_name in ("structure", "list", "map") and first.lstrip().startswith(("{", "[")):
        return json.loads(" ".join(values))
    if shape.type_name == "list":
        return [_short(shape.member, each) for value in values for each in _listed(shape.member, value)]
    if len(values) > 1:
        raise ValueError(f"has more than one value: {values}")
    return _short(shape, first)


def _listed(member: Any, value: str) -> list[str]:
    """Lists of plain values may also be given with commas."""
    return [value] if member.type_name == "structure" else value.split(",")


def _short(shape: Any, value: str) -> Any:
    """A value in the CLI's shorthand, by the shape that it is for."""
    if shape.type_name not in ("structure", "map", "list"):
        return _scalar(shape, value)
    if shape.type_name == "list":
        return [_short(shape.member, each) for each in _split(value.removeprefix("[").removesuffix("]"))]
    made: dict[str, Any] = {}
    name = ""
    for part in _split(value.removeprefix("{").removesuffix("}")):
        key, equals, text = part.partition("=")
        if not equals:
            # Further values of a list: Audience=a,b
            made[name].append(part)
            continue
        name = key
        member = shape.value if shape.type_name == "map" else shape.members[key]
        made[key] = _short(member, text)
    return made


def _split(text: str) -> list[str]:
    """The parts between commas that stand in no brackets and no quotes."""
    parts, depth, quoted, start, place = [], 0, False, 0, 0
    while place < len(text):
        here = text[place]
        if here == "\\" and quoted:
            place += 1
        elif here == '"':
            quoted = not quoted
        elif not quoted and here in "[{":
            depth += 1
        elif not quoted and here in "]}":
            depth -= 1
        elif here == "," and not quoted and not depth:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    return [*parts, text[start:]] if text else []


def _scalar(shape: Any, value: str) -> Any:
    if value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
        value = re.sub(r'\\(["\\])', r"\1", value[1:-1])
    if shape.type_name in ("integer", "long"):
        return int(value)
    if shape.type_name in ("float", "double"):
        return float(value)
    if shape.type_name == "boolean":
        return {"true": True, "false": False}[value.lower()]
    return value
