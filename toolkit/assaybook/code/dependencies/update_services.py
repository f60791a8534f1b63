"""What a repository says about keeping dependencies up to date, scanning them and its code, and who must review: from its files alone.

Rules of branches, merges and settings of the hosting service stand in no file, so nothing here says that an update was ever merged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .components import (
    CARGO,
    COMPOSER,
    GO,
    MAVEN,
    NPM,
    NUGET,
    PYPI,
    RUBYGEMS,
    Files,
    Unreadable,
    mapping,
    sequence,
    text_of,
    word,
    yaml_of,
)
from .readers import reader_of, vendored

# Source: GitHub documentation, "Dependabot options reference" (package-ecosystem).
DEPENDABOT: Mapping[str, str] = {
    "pip": PYPI, "uv": PYPI, "npm": NPM, "bun": NPM, "maven": MAVEN, "gradle": MAVEN, "gomod": GO, "nuget": NUGET, "bundler": RUBYGEMS,
    "cargo": CARGO, "composer": COMPOSER,
}  # fmt: skip
# Source: Renovate documentation, "Configuration Options" (places of the configuration file).
RENOVATE = frozenset(
    {
        "renovate.json", "renovate.json5", ".github/renovate.json", ".github/renovate.json5", ".gitlab/renovate.json", ".gitlab/renovate.json5",
        ".renovaterc", ".renovaterc.json", ".renovaterc.json5",
    }
)  # fmt: skip
_PIPELINES = re.compile(
    r"^(\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.gitlab/ci/.+\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|\.azure-pipelines/.+\.ya?ml|bitbucket-pipelines\.ya?ml|\.circleci/config\.ya?ml|Jenkinsfile[\w.-]*)$"
    r"|(^|/)(buildspec[\w.-]*\.ya?ml|\.pre-commit-config\.yaml|tox\.ini|noxfile\.py|Makefile|Taskfile\.ya?ml)$"
)
# What looks for vulnerable dependencies, and what for flaws in code; matched in lines that are no comments.
SCANNERS: Mapping[str, str] = {
    "pip-audit": r"\bpip-audit\b", "npm audit": r"\bnpm\s+audit\b|\baudit-ci\b", "yarn audit": r"\byarn\s+(npm\s+)?audit\b", "pnpm audit": r"\bpnpm\s+audit\b",
    "OSV-Scanner": r"\bosv-scanner\b", "Snyk": r"\bsnyk\b(?!.*\bcode\b)", "Trivy": r"\btrivy\b", "Grype": r"\bgrype\b|anchore/scan-action", "Safety": r"\bsafety\s+(check|scan)\b",
    "OWASP Dependency-Check": r"dependency-check", "govulncheck": r"\bgovulncheck\b", "bundler-audit": r"\bbundle[r]?-audit\b", "cargo audit": r"\bcargo[ -](audit|deny)\b",
    "Dependency Review": r"actions/dependency-review-action", "GitLab Dependency Scanning": r"Dependency-Scanning\.gitlab-ci|Jobs/Dependency-Scanning",
}  # fmt: skip
CODE_SCANNERS: Mapping[str, str] = {
    "CodeQL": r"github/codeql-action|\bcodeql\b", "Semgrep": r"\bsemgrep\b|\bopengrep\b", "Bandit": r"\bbandit\b", "SonarQube": r"\bsonar(qube|cloud|-scanner)\b|SonarSource/",
    "njsscan": r"\bnjsscan\b", "Checkmarx": r"\bcheckmarx\b|\bcx-flow\b", "Snyk Code": r"\bsnyk\s+code\b", "Checkov": r"\bcheckov\b", "cfn-nag": r"\bcfn[_-]nag\b", "tfsec": r"\btfsec\b",
    "KICS": r"\bkics\b", "gosec": r"\bgosec\b", "Gitleaks": r"\bgitleaks\b", "TruffleHog": r"\btrufflehog\b", "detect-secrets": r"\bdetect-secrets\b",
    "GitLab SAST": r"Security/SAST\.gitlab-ci|Jobs/SAST",
    "eslint-plugin-security": r"eslint-plugin-security",
}  # fmt: skip
_MAY_FAIL = re.compile(
    r"continue-on-error:\s*true|\|\|\s*(true|exit 0|:)\s*$|allow_failure:\s*true|exit-code:?\s*[\"']?0|--exit-zero"
)
_OWNERS = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS", ".bitbucket/CODEOWNERS")


def repository_files(files: Files) -> Mapping[str, Any]:
    """The answer of `repository:Files` for the files of a whole source tree, by paths from its root."""
    services = [*_dependabot(files), *_renovate(files), *_snyk(files)]
    steps = sorted(_steps(files))
    return {
        "services": services,
        "ecosystems": sorted(
            {found[0] for path in files if not vendored(path) and (found := reader_of(path)) and _is_manifest(path)}
        ),
        "scanners": [_step(each) for each in steps if each[0] == "dependencies"],
        "code_scanners": [_step(each) for each in steps if each[0] == "code"],
        "owners": [path for path in _OWNERS if path in files],
        "pipelines": sorted(
            path
            for path in files
            if _PIPELINES.search(path) and "/" not in path.replace(".github/workflows/", "").replace(".circleci/", "")
        ),
    }


def _is_manifest(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return name in (
        "package.json",
        "pyproject.toml",
        "pipfile",
        "setup.py",
        "setup.cfg",
        "pom.xml",
        "go.mod",
        "gemfile",
        "cargo.toml",
        "composer.json",
    ) or (name.startswith(("requirements", "build.gradle")) or name.endswith((".csproj", ".fsproj")))


def _service(
    name: str, path: str, ecosystems: list[str], off: str = "", problem: str = "", cadence: str = ""
) -> dict[str, Any]:
    return {"name": name, "where": path, "ecosystems": ecosystems, "off": off, "problem": problem, "cadence": cadence}


def _dependabot(files: Files) -> Iterator[dict[str, Any]]:
    for path in (".github/dependabot.yml", ".github/dependabot.yaml"):
        if path not in files:
            continue
        try:
            document = yaml_of(files[path](), path)
        except Unreadable as problem:
            yield _service("Dependabot", path, [], problem=str(problem))
            continue
        updates = [mapping(each) for each in sequence(document.get("updates"))]
        # A limit of 0 leaves updates for security only. Source: "Dependabot options reference" (open-pull-requests-limit).
        idle = [each for each in updates if each.get("open-pull-requests-limit") == 0]
        named = {DEPENDABOT.get(word(each.get("package-ecosystem")), "") for each in updates if each not in idle}
        off = (
            ""
            if updates and len(idle) < len(updates)
            else "it names nothing to update"
            if not updates
            else "its limit of open pull requests is 0"
        )
        cadence = sorted({word(mapping(each.get("schedule")).get("interval")) for each in updates} - {""})
        yield _service("Dependabot", path, sorted(named - {""}), off, cadence=", ".join(cadence))


def _renovate(files: Files) -> Iterator[dict[str, Any]]:
    for path in sorted(RENOVATE & set(files)):
        text = re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", text_of(files[path]()))
        yield _service("Renovate", path, ["*"], "it is set to enabled: false" if _switched_off(text) else "")
    if "package.json" in files:
        try:
            document = mapping(json.loads(text_of(files["package.json"]())))
        except (ValueError, RecursionError, Unreadable):
            return
        if isinstance(document.get("renovate"), Mapping):
            yield _service(
                "Renovate",
                "package.json",
                ["*"],
                "it is set to enabled: false" if document["renovate"].get("enabled") is False else "",
            )


def _switched_off(text: str) -> bool:
    """Whether `enabled: false` stands at the top level of a configuration; rules for single packages have it too."""
    try:
        return mapping(json.loads(text)).get("enabled") is False
    except (ValueError, RecursionError):
        depth = 0
        for line in text.splitlines():
            if depth == 1 and re.match(r"""^\s*["']?enabled["']?\s*:\s*false""", line):
                return True
            depth += line.count("{") + line.count("[") - line.count("}") - line.count("]")
        return False


def _snyk(files: Files) -> Iterator[dict[str, Any]]:
    if ".snyk" in files:
        yield _service("Snyk", ".snyk", ["*"])


def _steps(files: Files) -> Iterator[tuple[str, str, str, int, bool]]:
    for path in files:
        if vendored(path) or not _PIPELINES.search(path):
            continue
        try:
            lines = text_of(files[path]()).splitlines()[:5000]
        except Unreadable:
            continue
        for kind, known in (("dependencies", SCANNERS), ("code", CODE_SCANNERS)):
            for name, pattern in known.items():
                number = next((number for number, line in enumerate(lines, 1) if _runs(line, pattern)), 0)
                if number:
                    near = lines[max(0, number - 4) : number + 6]
                    yield kind, name, path, number, any(_MAY_FAIL.search(each) for each in near)


def _runs(line: str, pattern: str) -> bool:
    said = line[:2000].strip()
    return not said.startswith(("#", "//", "- name:", "name:")) and re.search(pattern, said, re.IGNORECASE) is not None


def _step(step: tuple[str, str, str, int, bool]) -> dict[str, Any]:
    _, name, path, line, may_fail = step
    return {"name": name, "where": f"{path}:{line}", "blocks": not may_fail}
