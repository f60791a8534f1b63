"""Which files are searched for secrets, and as what."""

from __future__ import annotations

import re

# Larger ones are data or bundles; what is not searched is counted.
LARGEST = 10_000_000
_BINARY_SAID = """png jpg jpeg gif ico webp bmp tiff pdf zip gz tgz bz2 xz zst 7z rar jar war ear class pyc pyo pyd so dll dylib exe o a lib bin dat db sqlite sqlite3 woff woff2 ttf otf eot
    mp3 mp4 mov avi mkv wav ogg flac node wasm parquet avro orc npy npz pkl pickle pt onnx h5 model tar whl egg ds_store"""
_BINARY = frozenset(_BINARY_SAID.split())
_STORES_SAID = "p12 pfx jks keystore kdbx"
_STORES = frozenset(_STORES_SAID.split())
_LOCKS_SAID = """package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml poetry.lock pipfile.lock uv.lock pdm.lock pylock.toml composer.lock gemfile.lock cargo.lock go.sum bun.lock
    packages.lock.json gradle.lockfile .terraform.lock.hcl flake.lock"""
_LOCKS = frozenset(_LOCKS_SAID.split())
_PAIRS_SAID = "env ini cfg conf properties toml sh bash zsh ps1 bat cmd tfvars editorconfig npmrc pypirc netrc"
_PAIRS = frozenset(_PAIRS_SAID.split())
_PAIR_NAMES = re.compile(
    r"^(?:dockerfile.*|.*\.dockerfile|\.env.*|\.flaskenv|\.npmrc|\.pypirc|\.netrc|\.?aws/?credentials|credentials|makefile|procfile|.*\.env)$",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|fixtures?|testdata|e2e|mocks?|examples?|samples?|docs?)(?:/|$)|(?:^|/)(?:test_[^/]*|conftest)\.\w+$|[._-](?:test|tests|spec|mock|example|sample|template|dist)\.\w+$|\.(?:example|sample|template|dist)$",
    re.IGNORECASE,
)
CODE, YAML, JSON, PAIRS, HCL, PROSE, STORE, LOCK, NONE = (
    "code",
    "yaml",
    "json",
    "pairs",
    "hcl",
    "prose",
    "store",
    "lock",
    "",
)


def form_of(path: str) -> str:
    """As what a file is searched: code, yaml, json, pairs, hcl, prose (only formats count there), store (known by its name), lock, or not at all."""
    name = path.rpartition("/")[2].lower()
    ending = name.rpartition(".")[2] if "." in name else ""
    if name in _LOCKS:
        return LOCK
    if ending in _STORES:
        return STORE
    if ending in _BINARY or name.endswith((".min.js", ".min.css", ".map", ".d.ts")):
        return NONE
    if _PAIR_NAMES.match(name) or ending in _PAIRS:
        return PAIRS
    if ending in ("yml", "yaml", "template"):
        return YAML
    if ending in ("json", "ipynb", "har"):
        return JSON
    if ending in ("tf", "hcl", "bicep"):
        return HCL
    if ending in (
        "md",
        "rst",
        "txt",
        "html",
        "htm",
        "xml",
        "csv",
        "svg",
        "css",
        "scss",
        "adoc",
        "pem",
        "key",
        "crt",
        "pub",
        "log",
    ):
        return PROSE
    return CODE


def is_test(path: str) -> bool:
    """Whether a path says that the file is for tests, examples or documentation: weak literals there wait for a person."""
    return bool(_TEST.search(path))
