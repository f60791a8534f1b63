"""`assess.toml`: what an engagement declares. Unknown keys are errors, and each error names file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .canonical import digest
from .errors import AssaybookError
from .refusals import first_refusal

ACCOUNT = r"^\d{12}$"
REGION = r"^(all|[a-z]{2}(-[a-z]+)+-\d)$"
AccountId = Annotated[str, Field(pattern=ACCOUNT)]
Short = Annotated[str, Field(max_length=200)]
Prose = Annotated[str, Field(max_length=2000)]


class ConfigError(AssaybookError):
    """The configuration cannot be used: file, line, key, what is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Engagement(_Strict):
    """Who assesses what, as the cover of the report says it."""

    client: Short = ""
    system: Short = ""
    reference: Short = ""
    assessor: Short = ""
    reviewer: Short = ""
    distribution: Short = ""


class Scope(_Strict):
    """One account to collect from, and its regions. Without a role the credentials' own account is meant."""

    provider: Literal["aws"] = "aws"
    regions: tuple[Annotated[str, Field(pattern=REGION)], ...] = ()
    profile: Short = ""
    account: AccountId | Literal[""] = ""
    role: Short = ""
    external_id: Short = ""


class PublicRoute(_Strict):
    """A route that is public on purpose: `METHOD /path`, with the API's name before it where that matters."""

    route: Annotated[str, Field(min_length=3, max_length=200)]
    owner: Annotated[str, Field(min_length=2, max_length=200)]
    reason: Annotated[str, Field(min_length=5, max_length=500)]


class Declarations(_Strict):
    """What only the organisation can say, and what checks take it for."""

    trusted_accounts: Mapping[AccountId, Short] | None = None
    public_routes: tuple[PublicRoute, ...] = ()
    role_groups: tuple[tuple[Short, ...], ...] = ()
    trusted_layer_accounts: Mapping[AccountId, Short] = {}
    declared_scanner: Short = ""
    declared_monitor: Short = ""
    declared_discovery: Short = ""
    declared_siem: Short = ""
    break_glass_users: tuple[Short, ...] = ()
    deploy_roles: tuple[Short, ...] | None = None
    incident_response_roles: tuple[Short, ...] | None = None
    public_assets: tuple[Short, ...] = ()
    secret_readers: tuple[Short, ...] = ()
    # Names of functions, with why or where.
    logs_elsewhere: Mapping[Short, Short] = {}
    standby_functions: Mapping[Short, Short] = {}
    long_timeouts: Mapping[Short, Short] = {}
    # Names of things that several environments use on purpose.
    shared_services: tuple[Short, ...] = ()
    trusted_producers: Mapping[Short, Short] = {}
    internal_apis: tuple[Short, ...] = ()
    # Patterns of hosts, with their owner and contract.
    external_apis: Mapping[Short, Short] | None = None
    sign_up_pools: tuple[Short, ...] | None = None
    # Hosts from which packages may be fetched beside the public registries, with their owner.
    trusted_registries: Mapping[Short, Short] = {}
    # Licences under which components may stand (SPDX ids); None where nobody has decided.
    allowed_licences: tuple[Short, ...] | None = None
    # Packages whose names resemble a well-known one and that are meant.
    known_packages: tuple[Short, ...] = ()


class Gate(_Strict):
    """What makes a run fail: the controls looked at, and from which severity on."""

    controls: Literal["automatic", "all"] = "automatic"
    fail_on: Literal["critical", "high", "medium", "low", "info"] = "high"


class Excluded(_Strict):
    """Files of a source tree that are left out, by a pattern of their paths; why, and who agreed to that."""

    pattern: Annotated[str, Field(min_length=2, max_length=300)]
    reason: Annotated[str, Field(min_length=5, max_length=500)]
    reviewer: Annotated[str, Field(min_length=2, max_length=200)]


class Source(_Strict):
    """A source tree to assess, relative to the configuration file: its folder, .zip or template, what is left out of it, container images beside it, and other tools' results (also for an account)."""

    path: Short = ""
    exclude: tuple[Excluded, ...] = ()
    images: tuple[Short, ...] = ()
    imports: tuple[Short, ...] = ()


class PeopleFiles(_Strict):
    """Files with answers and waivers, and the data register, relative to the configuration file."""

    answers: Short = ""
    waivers: Short = ""
    data_register: Short = ""


class AdvisoryFiles(_Strict):
    """Where known vulnerabilities are looked up, relative to the configuration file.

    `osv` names folders or archives in the form of OSV, or is `osv-api` for its public service; `registries` may name pypi and npm. Neither service nor registry is
    reached unless it is named. `vex` are statements of exploitability, `exploited` CISA's catalogue, `likelihood` EPSS scores.
    """

    osv: tuple[Short, ...] = ()
    registries: tuple[Literal["pypi", "npm"], ...] = ()
    vex: tuple[Short, ...] = ()
    exploited: Short = ""
    likelihood: Short = ""


class _File(_Strict):
    engagement: Engagement = Engagement()
    scope: tuple[Scope, ...] = ()
    thresholds: Mapping[str, Any] = {}
    declarations: Declarations = Declarations()
    gate: Gate = Gate()
    people: PeopleFiles = PeopleFiles()
    source: Source = Source()
    advisories: AdvisoryFiles = AdvisoryFiles()


@dataclass(frozen=True)
class Configuration:
    """A validated configuration. `digest` identifies its content; `folder` is what its paths are relative to."""

    engagement: Engagement
    scope: tuple[Scope, ...]
    thresholds: Mapping[str, Any]
    declarations: Declarations
    gate: Gate
    people: PeopleFiles
    digest: str
    path: str
    folder: Path
    text: str = ""
    source: Source = field(default_factory=Source)
    advisories: AdvisoryFiles = field(default_factory=AdvisoryFiles)

    def refused(self, where: Sequence[str | int], what: str) -> ConfigError:
        """The error that says where in the file something is wrong."""
        key = ".".join(str(part) for part in where)
        return ConfigError(f"{self.path}: line {line_of(self.text, where)}: {key}: {what}.")

    def declared(self) -> dict[str, object]:
        """The declarations as the parameters that checks read."""
        routes = {each.route: f"{each.reason} (owner {each.owner})" for each in self.declarations.public_routes}
        said = {name: getattr(self.declarations, name) for name in Declarations.model_fields}
        return {**said, "public_routes": routes}


def load_config(path: Path | None) -> Configuration:
    """Read and validate a configuration; None gives the defaults. Raises ConfigError."""
    if path is None:
        return _made(_File(), "", Path.cwd())
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as problem:
        raise ConfigError(f"{path}: cannot be read ({problem.strerror}). Name another file with -c.") from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {problem.start}).") from problem
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"{path}: {_toml_problem(str(problem))}") from problem
    try:
        return _made(_File.model_validate(document), str(path), path.parent, text)
    except ValidationError as problem:
        raise ConfigError(_explained(path, text, problem)) from problem


def _made(file: _File, path: str, folder: Path, text: str = "") -> Configuration:
    content = file.model_dump(mode="json")
    content.pop("people")
    # Where things lie is no statement about them, and a configuration without a source tree keeps the digest that it had.
    content["source"] = {"exclude": content["source"]["exclude"]}
    if not content["source"]["exclude"]:
        content.pop("source")
    # Where advisories lie is no statement about them: what was found there is in the seal.
    content.pop("advisories")
    return Configuration(
        file.engagement,
        file.scope,
        file.thresholds,
        file.declarations,
        file.gate,
        file.people,
        digest(content),
        path,
        folder,
        text,
        source=file.source,
        advisories=file.advisories,
    )


def _toml_problem(said: str) -> str:
    found = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", said)
    return f"line {found[2]}: {found[1]}." if found else f"{said}."


def _explained(path: Path, text: str, problem: ValidationError) -> str:
    where, _, said = first_refusal(problem)
    key = ".".join(str(part) for part in where)
    more = f" ({problem.error_count() - 1} more)" if problem.error_count() > 1 else ""
    return f"{path}: line {line_of(text, where)}: {key}: {said}.{more}"


def line_of(text: str, where: Sequence[str | int]) -> int:
    """The line of a TOML text on which a key stands; the closest line above it if the key itself is not there."""
    wanted = [str(part) for part in where]
    best, depth, table = 1, 0, []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[(\[?)\s*([\w.\-\"' ]+?)\s*\]", line)
        if header:
            table = [part.strip(" \"'") for part in header[2].split(".")]
            if header[1]:
                counts[header[2]] = counts.get(header[2], -1) + 1
                table.append(str(counts[header[2]]))
            here = table
        else:
            pair = re.match(r"\s*([\w.\-\"']+)\s*=", line)
            if not pair:
                continue
            here = [*table, *(part.strip("\"'") for part in pair[1].split("."))]
        common = _common(here, wanted)
        if common == len(here) and common > depth:
            best, depth = number, common
    return best


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
