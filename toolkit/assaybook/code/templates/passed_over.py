"""What describes infrastructure in a source tree and is not read here: other providers, and other tools."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from .discover import is_own
from .resources import Problem

_BY_NAME = {
    "host.json": "an Azure Functions application",
    "function.json": "a function of Azure Functions",
    "pulumi.yaml": "a Pulumi project",
    "sst.config.ts": "an SST application",
    "app.arc": "an Architect application",
    "wrangler.toml": "a Cloudflare Worker",
    "firebase.json": "a Firebase project",
}
_BY_ENDING = {".bicep": "a Bicep template of Azure", ".jinja.schema": "a template of Google Cloud Deployment Manager"}
_BY_CONTENT = (
    (
        re.compile(rb"schema\.management\.azure\.com/schemas/[\d-]+/(?:\w+)?deploymentTemplate\.json", re.IGNORECASE),
        "a template of Azure Resource Manager",
    ),
    (re.compile(rb"^\s*-?\s*type:\s*gcp-types/", re.MULTILINE), "a template of Google Cloud Deployment Manager"),
    (re.compile(rb"^apiVersion:\s*serving\.knative\.dev/", re.MULTILINE), "a service of Cloud Run or Knative"),
)

# Resources of Terraform by the clouds that they are made in.
_CLOUDS = {b"azurerm": "Azure", b"azapi": "Azure", b"google": "Google Cloud", b"alicloud": "Alibaba Cloud"}
_ELSEWHERE = re.compile(rb"""^\s*(?:resource\s+)?"(azurerm|azapi|google|alicloud)_\w+"\s*[":{]""", re.MULTILINE)


def passed_over(files: Mapping[str, Callable[[], bytes]]) -> tuple[Problem, ...]:
    """A note for each file that describes infrastructure and that is not read, in the order of their paths."""
    return tuple(note for path in sorted(files) if is_own(path) for note in _notes(path, files[path]))


def _notes(path: str, content: Callable[[], bytes]) -> Iterator[Problem]:
    name = posixpath.basename(path).lower()
    kind = _BY_NAME.get(name) or next((kind for ending, kind in _BY_ENDING.items() if name.endswith(ending)), "")
    if not kind and f"/{path}".endswith("/.chalice/config.json"):
        kind = "a Chalice application"
    if not kind and name.endswith((".json", ".yaml", ".yml")) and name != "package-lock.json":
        text = content()
        kind = next((kind for pattern, kind in _BY_CONTENT if pattern.search(text)), "")
    if not kind and name.endswith((".tf", ".tf.json")):
        clouds = dict.fromkeys(_CLOUDS[found.group(1).lower()] for found in _ELSEWHERE.finditer(content()))
        kind = f"what a Terraform module makes in {' and '.join(sorted(clouds))}" if clouds else ""
    if kind:
        yield Problem(path, f"{kind} is not read; what it makes is not assessed")
