"""A canary secret, the ways in which it is put into the demo account's answers, and what a run with them leaves."""

import base64
import gzip
import json
import re
import string
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape, unescape
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, unquote

from assaybook.assess import Assessment
from assaybook.collect import Limits, collect_aws
from assaybook.collect.redact import SHOWN
from assaybook.collecting import seal_collected
from assaybook.demo import KEY
from assaybook.demo.playback import demo_session, fence, recording, undisturbed
from assaybook.demo.recording import Answer, Question, Recording
from assaybook.engagement import assess_files
from assaybook.report.exports import write_results
from assaybook.terminal import summary_lines
from wire import operation

_RANDOM = Random(20)
ACCESS_KEY = "AKIA" + "".join(_RANDOM.choices(string.ascii_uppercase, k=16))
GITHUB = "gh" + "p_" + "".join(_RANDOM.choices(string.ascii_letters + string.digits, k=36))
# Looks like nothing, so only the place where it stands says that it may not be shown.
WORD = "unremarkable" + "".join(_RANDOM.choices(string.ascii_lowercase, k=12))
CANARIES = (ACCESS_KEY, GITHUB, WORD)

Path_ = tuple[str, ...]
Put = Callable[[Path_, str], str]
PROSE = re.compile(r"description|comment|message|reason|note|sid|title|value|details|displayname|label", re.IGNORECASE)
NAMES = re.compile(r"name|arn|url|uri|resource|identifier|endpoint|path|alias|handler|email|principal", re.IGNORECASE)
VARIABLES = re.compile(r"^(environment)?(stage)?variables$", re.IGNORECASE)
# Where variables are a list, what stands beside a value: names are shown, as they are where variables are a mapping.
LISTED = ("name", "type")
UNBROKEN = re.compile(r"\d{4}-\d\d-\d\dT.*|[-+.\d]*|true|false|\w{3}, \d\d .* GMT", re.IGNORECASE)
XML_TEXT = re.compile(r"<(\w+)>([^<>]+)</\1>")
BASE64_MEMBERS = ("Content",)
# Without an identity there is no collection.
IDENTITY = "sts:GetCallerIdentity"
# Their answers say whether and how long to go on asking, and nothing of them but that is used.
STEERING = ("GenerateCredentialReport",)


@dataclass(frozen=True)
class Change:
    """One way of putting the canary in: into which answers, and what becomes of a text at a path within one."""

    put: Put
    chosen: Callable[[Question], bool] = lambda asked: True
    headers: Mapping[str, str] | None = None
    added: str = ""


def appended(where: re.Pattern[str], between: str) -> Change:
    """The canaries after each text whose member's name fits, and in the values of variables."""
    added = f"{between}{ACCESS_KEY}{between}{GITHUB}"

    def put(path: Path_, text: str) -> str:
        if any(VARIABLES.match(each) for each in path):
            return text if path[-1] in SHOWN or path[-1] in LISTED else WORD
        return text + added if where.search(path[-1] if path else "") and not UNBROKEN.fullmatch(text) else text

    return Change(put, added=added)


def everywhere(between: str) -> Change:
    """The canaries after every text that is no time, number or switch, error codes and page tokens included, and in headers."""
    added = f"{between}{ACCESS_KEY}{between}{GITHUB}"

    def put(path: Path_, text: str) -> str:
        return text if UNBROKEN.fullmatch(text) else text + added

    return Change(put, headers={"x-amzn-requestid": f"r{added}", "x-amz-id-2": f"h{added}"}, added=added)


def encoded() -> Change:
    """The canaries in prose, percent-encoded and with the escapes of JSON, and in Base64 instead of the values of tags."""
    percent = "".join(f"%{each:02X}" for each in f" {ACCESS_KEY} {GITHUB}".encode())

    def put(path: Path_, text: str) -> str:
        if path[-1:] in (("Value",), ("value",)):
            return base64.b64encode(f"key {ACCESS_KEY}".encode()).decode()
        return text + percent if PROSE.search(path[-1] if path else "") and not UNBROKEN.fullmatch(text) else text

    return Change(put)


def instead(share: int, *protocols: str) -> Change:
    """The canary instead of every text, in a part of some protocols' answers: those to one question in `share`."""

    def put(path: Path_, text: str) -> str:
        return ACCESS_KEY

    def chosen(asked: Question) -> bool:
        named = f"{asked.service}:{asked.operation}"
        spoken = operation(named).service_model.resolved_protocol
        return spoken in protocols and named != IDENTITY and sum(str(asked).encode()) % share == 0

    return Change(put, chosen)


CHANGES = {
    "prose on a line of its own": appended(PROSE, "\n"),
    "prose, encoded": encoded(),
    "names with an underscore": appended(NAMES, "_"),
    "everything": everywhere("/"),
    "JSON, query and EC2 answers replaced": instead(2, "json", "query", "ec2"),
    "REST answers replaced": instead(4, "rest-json", "rest-xml"),
}


def changed(value: Any, put: Put, path: Path_ = ()) -> Any:
    """A JSON value with its texts changed, those within JSON and percent-encoded texts too."""
    if isinstance(value, dict):
        return {name: changed(each, put, (*path, name)) for name, each in value.items()}
    if isinstance(value, list):
        return [changed(each, put, path) for each in value]
    return changed_text(value, put, path) if isinstance(value, str) else value


def changed_text(text: str, put: Put, path: Path_) -> str:
    if path and path[-1] in BASE64_MEMBERS:
        lines = base64.b64decode(text).decode().splitlines()
        return base64.b64encode("\n".join(put(path, line) for line in lines).encode()).decode()
    if text.startswith("%7B"):
        return quote(changed_text(unquote(text), put, path))
    if text.startswith(("{", "[")) and text.endswith(("}", "]")):
        return json.dumps(changed(json.loads(text), put, path))
    return put(path, text)


def changed_body(body: str, put: Put) -> str:
    if body.startswith("<"):
        return XML_TEXT.sub(
            lambda found: f"<{found[1]}>{escape(changed_text(unescape(found[2]), put, (found[1],)))}</{found[1]}>", body
        )
    return json.dumps(changed(json.loads(body), put)) if body else body


class Changed(dict[Question, Answer]):
    """The recorded answers, changed as they are asked for. Names that carry the canary are known; others are not found."""

    def __init__(self, answers: Mapping[Question, Answer], change: Change) -> None:
        super().__init__(answers)
        self.change, self.carried = change, 0

    def get(self, asked: Question, default: Any = None) -> Any:
        change = self.change
        known = (
            replace(
                asked,
                params=asked.params.replace(json.dumps(change.added)[1:-1], ""),
                region=asked.region.replace(change.added, ""),
            )
            if change.added
            else asked
        )
        found = super().get(known)
        if found is None:
            return Answer(404, {}, "")
        if not change.chosen(known) or known.operation in STEERING:
            return found
        body = changed_body(found.body, change.put)
        self.carried += body != found.body
        headers = {**found.headers, **(change.headers or {})}
        if change.headers and "x-amzn-errortype" in headers:
            headers["x-amzn-errortype"] += change.added
        return Answer(found.status, headers, body)


@dataclass(frozen=True)
class Left:
    """What a run left: every file's bytes by its name, what it said, and how many answers carried a canary."""

    files: Mapping[str, bytes]
    assessment: Assessment
    carried: int


def run(change: Change, folder: Path) -> Left:
    played = recording()
    answers = Changed(played.answers, change)
    moment = datetime.fromisoformat(played.at)
    with undisturbed(), fence():
        collected = collect_aws(
            demo_session(Recording(played.account, played.regions, played.at, answers)),
            regions=played.regions,
            plan="standard",
            key=KEY,
            clock=lambda: moment,
            journal=folder / "journal",
            limits=Limits(rates=False, pause=0.001),
        )
    seal = folder / "evidence.seal"
    seal_collected(seal, collected, synthetic=True)
    assessment = assess_files([seal])
    write_results(assessment, folder)
    (folder / "terminal").write_text("\n".join(summary_lines(assessment)), encoding="utf-8")
    return Left(dict(unpacked(folder)), assessment, answers.carried)


def unpacked(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if path.suffix == ".seal":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    data = archive.read(name)
                    yield name, gzip.decompress(data) if name.endswith(".gz") else data
        else:
            data = path.read_bytes()
            yield path.name, gzip.decompress(data) if path.suffix == ".gz" else data


def forms(secret: str) -> Iterator[bytes]:
    """A secret in the forms in which it might hide, in lower case where case does not matter."""
    yield secret.casefold().encode()
    yield secret[4:].casefold().encode()
    yield secret[:-4].casefold().encode()
    yield secret[::-1].casefold().encode()
    yield secret.encode().hex().encode()
    yield "".join(f"%{each:02x}" for each in secret.encode()).encode()
    yield "".join(f"\\u{each:04x}" for each in secret.encode()).encode()
    for shift in range(3):
        # The middle of the encoding, which does not depend on what stands before and after.
        yield base64.b64encode(b" " * shift + secret.encode())[4:-4].lower()


def leaks(files: Mapping[str, bytes]) -> list[str]:
    found = []
    for name, data in files.items():
        low = data.decode().casefold().encode()
        for secret in CANARIES:
            for form in forms(secret):
                at = low.find(form)
                if at >= 0:
                    found.append(f"{name}: ...{data[max(0, at - 80) : at + 40]!r}")
                    break
    return found
