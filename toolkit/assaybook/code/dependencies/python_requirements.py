"""Requirements files of pip. Source: pip documentation, "Requirements File Format"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from .components import DECLARED, PATH, PYPI, REGISTRY, URL, VCS, Component, Parsed, Setting, bounded, host_of, text_of

# Names are written in parts where a whole word could be taken for a setting of this project.
INDEX, EXTRA, LINKS = "--index" + "-url", "--extra-index" + "-url", "--find" + "-links"
_OPTIONS = {
    "-i": "index", INDEX: "index", "--pypi" + "-url": "index", EXTRA: "extra", "-f": "links", LINKS: "links", "--trusted-host": "trusted",
}  # fmt: skip
_INCLUDES = ("-r", "--requirement", "-c", "--constraint")
_OPTION = re.compile(r"(--?[\w-]+)(?:\s*=\s*|\s+|(?<=^-[a-z]))(.*)", re.DOTALL)
_VCS = re.compile(r"^(git|hg|svn|bzr)\+")
_EXACT_COMMIT = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_FOR_DEVELOPMENT = re.compile(
    r"(^|[-_./])(dev|develop|development|test|tests|testing|lint|docs?|ci|local|build|tools)([-_.]|\.txt|\.in|$)"
)


@dataclass
class _Read:
    components: list[Component] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    hashes: bool = False


def for_development(path: str) -> bool:
    """Whether the name of a requirements file says that what it lists is not shipped."""
    parts = path.lower().rsplit("/", 2)[-2:]
    name = parts[-1] if not parts[0].startswith("requirements") else "/".join(parts)
    return _FOR_DEVELOPMENT.search(name) is not None


def read_requirements(path: str, content: bytes) -> Parsed:
    """All forms of lines: extras, markers, hashes, includes, options, addresses, editable ones. What no form fits is left out as pip would refuse it."""
    read = _Read()
    for line, said in _logical_lines(text_of(content)):
        if said.startswith("-") and not said.startswith(("-e", "--editable")):
            _option(read, path, line, said)
            continue
        made = requirement(path, line, re.sub(r"^(-e|--editable)(\s+|=)", "", said), for_development(path))
        if made is not None:
            read.components.append(made)
    return Parsed(
        bounded(read.components),
        tuple(read.settings),
        manifest=bool(read.components or not read.includes),
        demands_hashes=read.hashes,
        includes=tuple(read.includes),
    )


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    held, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        start = start or number
        if line.rstrip().endswith("\\") and not line.lstrip().startswith("#"):
            held += line.rstrip()[:-1] + " "
            continue
        said = re.sub(r"(^|\s+)#.*$", "", held + line).strip()
        if said:
            yield start, said
        held, start = "", 0
    if held.strip():
        yield start, held.strip()


def _option(read: _Read, path: str, line: int, said: str) -> None:
    if said.startswith("--require-hashes"):
        read.hashes = True
    found = _OPTION.match(said)
    if found is None:
        return
    name, value = found[1], found[2].strip()
    if name in _INCLUDES:
        read.includes.append(value)
    elif name in _OPTIONS:
        for each in value.split():
            read.settings.append(setting(path, line, _OPTIONS[name], each))


def setting(path: str, line: int, kind: str, address: str) -> Setting:
    """A setting of pip; the host that is trusted stands without a scheme."""
    host, plain = host_of(address if "//" in address else f"//{address}")
    return Setting(path, line, kind, host, PYPI, plain or kind == "trusted")


def requirement(
    path: str, line: int, said: str, development: bool = False, optional: bool = False, origin: str = DECLARED
) -> Component | None:
    """One requirement as a component; None for what is none."""
    hashed = "--hash" in said
    plain = re.split(r"\s--[a-z]", said)[0].strip()
    if (
        _VCS.match(plain)
        or re.match(r"^(https?|file|ftp)://", plain)
        or re.match(r"^(\.{0,2}/|[A-Za-z]:\\|\.$)", plain)
    ):
        return _direct_reference(path, line, plain, development, hashed)
    try:
        parsed = Requirement(plain)
    except InvalidRequirement:
        return _old_form(path, line, plain, development)
    name = canonicalize_name(parsed.name)
    made = Component(PYPI, name, "", origin, path, line, "", True, development, optional, hashed=hashed)
    if parsed.url:
        source, reference, version = _place(parsed.url)
        return replace(made, version=version, asked=reference, source=source, reference=reference)
    asked = ",".join(sorted(str(each) for each in parsed.specifier))
    return replace(made, version=exact(parsed), asked=asked)


def exact(parsed: Requirement) -> str:
    """The one version that a requirement admits, or an empty text."""
    clauses = list(parsed.specifier)
    fixed = [each for each in clauses if each.operator in ("==", "===") and not each.version.endswith(".*")]
    return fixed[0].version if len(fixed) == 1 else ""


def _old_form(path: str, line: int, said: str, development: bool) -> Component | None:
    """A line that today's grammar refuses and older tools took, such as `name==1.0 ; python_version<3`, or `name>=1.0.x`."""
    found = re.match(r"^([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?\s*(.*)$", said)
    if found is None:
        return None
    rest = found[3].split(";")[0].strip()
    if rest and rest[0] not in "=<>~!(":
        return None
    fixed = re.fullmatch(r"={2,3}\s*([\w.!+-]+)", rest)
    name = canonicalize_name(found[1])
    version = fixed[1] if fixed else ""
    return Component(PYPI, name, version, DECLARED, path, line, rest, direct=True, development=development)


def _direct_reference(path: str, line: int, said: str, development: bool, hashed: bool) -> Component | None:
    said = said.split(" ;")[0].strip()
    egg = re.search(r"[#&]egg=([\w.-]+)", said)
    kind, reference, version = _place(said)
    stem = re.sub(r"[#?].*$", "", said).rstrip("/").rpartition("/")[2].partition("@")[0]
    name = egg[1] if egg else re.sub(r"(\.git|\.zip|\.tar\.gz|\.whl|\.tgz)$", "", stem)
    if kind == URL and stem.endswith(".whl"):
        try:
            wheel, number, _, _ = parse_wheel_filename(stem)
            name, version = str(wheel), str(number)
        except InvalidWheelFilename:
            pass
    if kind == PATH:
        return (
            None
            if not egg
            else Component(PYPI, canonicalize_name(name), "", DECLARED, path, line, "", True, development, source=PATH)
        )
    return Component(
        PYPI,
        canonicalize_name(name or "unnamed"),
        version,
        DECLARED,
        path,
        line,
        reference,
        True,
        development,
        hashed=hashed or "sha256=" in said,
        source=kind,
        reference=reference,
    )


def _place(address: str) -> tuple[str, str, str]:
    """Kind, host with the revision, and version (empty) of an address."""
    host, plain = host_of(address)
    if _VCS.match(address) or address.startswith("git://"):
        revision = re.search(r"@([\w./-]+)(#|$)", address.rpartition("/")[2]) or re.search(r"\.git@([\w./-]+)", address)
        named = revision[1] if revision else ""
        return VCS, f"{host}@{named}" if named else host, ""
    if address.startswith(("http://", "https://", "ftp://")):
        return URL, f"http://{host}" if plain else host, ""
    return (PATH, "", "") if address.startswith(("file:", ".", "/")) or "\\" in address else (REGISTRY, "", "")


def names_commit(reference: str) -> bool:
    """Whether a reference ends with a whole commit, which nobody can move."""
    return (
        _EXACT_COMMIT.fullmatch(reference.rpartition("@")[2] if "@" in reference else reference.rpartition("#")[2])
        is not None
    )
