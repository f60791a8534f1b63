"""Manifests, lock files, installed packages, registries and update services: real-looking files of every kind, odd ones, and hostile ones."""

import io
import json
import re
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.code.dependencies import dependencies, inventory, of_package_url, package_url, repository_files
from assaybook.code.dependencies.components import Component, Unreadable
from assaybook.code.dependencies.inventory import Inventory, Manifest
from assaybook.code.dependencies.likeness import one_apart, resembled
from assaybook.code.dependencies.python_requirements import EXTRA, INDEX, for_development, names_commit
from assaybook.code.dependencies.readers import reader_of
from assaybook.code.package import Entry, Package, Program, Reading

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def files(given: Mapping[str, str | bytes]):
    def opener(content: str | bytes):
        return lambda: content.encode() if isinstance(content, str) else content

    return {path: opener(given[path]) for path in sorted(given)}


def found(given: Mapping[str, str | bytes], kind: str = "folder") -> Inventory:
    return inventory(files(given), kind)


def components(path: str, content: str | bytes) -> dict[str, Component]:
    return {each.name: each for each in found({path: content}).components}


def manifest(given: Mapping[str, str | bytes], path: str) -> Manifest:
    return next(each for each in found(given).manifests if each.path == path)


def brief(each: Component) -> tuple[str, str]:
    return each.name, each.version


REQUIREMENTS = [
    ("requests==2.31.0", ("requests", "2.31.0", "==2.31.0", "registry")),
    ("Requests[security,socks] == 2.31.0", ("requests", "2.31.0", "==2.31.0", "registry")),
    ("requests===2.31.0", ("requests", "2.31.0", "===2.31.0", "registry")),
    ("requests==2.31.*", ("requests", "", "==2.31.*", "registry")),
    ("requests>=2,<3", ("requests", "", "<3,>=2", "registry")),
    ("requests~=2.28", ("requests", "", "~=2.28", "registry")),
    ("requests", ("requests", "", "", "registry")),
    ("PyYAML==5.1 ; python_version < '3.8'", ("pyyaml", "5.1", "==5.1", "registry")),
    ("zope.interface==5.0", ("zope-interface", "5.0", "==5.0", "registry")),
    ("flask==0.12 # a comment", ("flask", "0.12", "==0.12", "registry")),
    ("flask==0.12 --hash=sha256:aa --hash=sha256:bb", ("flask", "0.12", "==0.12", "registry")),
    ("git+https://github.com/shop/tools.git@main#egg=tools", ("tools", "", "github.com@main", "vcs")),
    (f"-e git+https://github.com/shop/tools.git@{COMMIT}#egg=tools", ("tools", "", f"github.com@{COMMIT}", "vcs")),
    ("git+ssh://git@github.com/shop/tools.git", ("tools", "", "github.com", "vcs")),
    ("tools @ git+https://github.com/shop/tools@v1.2", ("tools", "", "github.com@v1.2", "vcs")),
    ("tools @ https://files.example.net/tools-1.2.tar.gz", ("tools", "", "files.example.net", "url")),
    ("https://files.example.net/tools-1.2-py3-none-any.whl", ("tools", "1.2", "files.example.net", "url")),
    ("http://files.example.net/tools-1.2-py3-none-any.whl", ("tools", "1.2", "http://files.example.net", "url")),
]


@pytest.mark.parametrize(("line", "expected"), REQUIREMENTS, ids=[line for line, _ in REQUIREMENTS])
def test_forms_of_requirements(line: str, expected: tuple[str, str, str, str]) -> None:
    [each] = found({"requirements.txt": line + "\n"}).components
    assert (each.name, each.version, each.asked, each.source) == expected
    assert (each.ecosystem, each.origin, each.path, each.line, each.direct) == (
        "PyPI",
        "declared",
        "requirements.txt",
        1,
        True,
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# requests==1.0",
        "   ",
        "-e .",
        "./local",
        "../shared",
        "-e ./shared",
        "file:///opt/x",
        "!!!",
        "--no-binary :all:",
        "<html>",
    ],
)
def test_lines_that_name_no_package(line: str) -> None:
    assert found({"requirements.txt": line + "\n"}).components == []


def test_continued_lines_keep_their_first_line_and_their_hashes() -> None:
    text = "# top\nflask==2.0.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nrequests==2.0.0\n"
    flask, requests = found({"requirements.txt": text}).components
    assert (flask.line, flask.hashed) == (2, True)
    assert (requests.line, requests.hashed) == (5, False)


def test_includes_are_followed_once_and_stay_inside() -> None:
    given = {
        "app/requirements.txt": "-r deps/base.txt\n-r ../../../etc/passwd\n",
        "app/deps/base.txt": "six==1.0\n-r ../requirements.txt\n",
    }
    assert [brief(each) for each in found(given).components] == [("six", "1.0")]


def test_a_file_saved_by_powershell_is_read() -> None:
    text = "requests==2.19.1\r\nflask==0.12\r\n"
    assert {brief(each) for each in found({"requirements.txt": text.encode("utf-16")}).components} == {
        ("requests", "2.19.1"),
        ("flask", "0.12"),
    }
    assert [brief(each) for each in found({"requirements.txt": b"\xef\xbb\xbfsix==1.0\n"}).components] == [
        ("six", "1.0")
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("requirements.txt", False),
        ("src/orders/requirements.txt", False),
        ("requirements/prod.txt", False),
        ("requirements/base.txt", False),
        ("requirements-dev.txt", True),
        ("dev-requirements.txt", True),
        ("requirements_test.txt", True),
        ("requirements/dev.txt", True),
        ("requirements/tests.txt", True),
        ("test-requirements.txt", True),
        ("requirements.dev.txt", True),
        ("requirements-docs.txt", True),
        ("devices/requirements.txt", False),
        ("requirements-device.txt", False),
    ],
)
def test_files_for_development(path: str, expected: bool) -> None:
    assert for_development(path) is expected
    [each] = found({path: "six==1.0\n"}).components
    assert each.development is expected


def test_options_of_pip_are_settings_without_credentials() -> None:
    text = f"{INDEX} https://user:secretword@pkgs.example.net/a\n{EXTRA}=http://other.example.net/b\n--trusted-host other.example.net\n-i https://x.example.net\nsix\n"
    listed = [(each.kind, each.host, each.plain, each.line) for each in found({"requirements.txt": text}).settings]
    assert listed == [
        ("index", "pkgs.example.net", False, 1),
        ("extra", "other.example.net", True, 2),
        ("trusted", "other.example.net", True, 3),
        ("index", "x.example.net", False, 4),
    ]
    program = Program(Package("p", "folder", files({"requirements.txt": text}), "x"), {})
    assert "secretword" not in json.dumps(dependencies(program, Reading(str)))


PYPROJECT = """
[build-system]
requires = ["hatchling==1.0"]
[project]
name = "orders"
dependencies = ["requests==2.31.0", "pydantic>=2", "boto3"]
[project.optional-dependencies]
fast = ["orjson==3.0"]
dev = ["ruff==0.1"]
[dependency-groups]
test = ["pytest==8.0", {include-group = "dev"}]
"""
POETRY = """
[tool.poetry]
name = "orders"
[tool.poetry.dependencies]
python = "^3.11"
requests = "2.31.0"
flask = "^2.0"
tools = {git = "https://github.com/shop/tools.git", branch = "main"}
shared = {path = "../shared"}
multi = [{version = "1.0", python = "<3.9"}, {version = "2.0", python = ">=3.9"}]
[tool.poetry.group.dev.dependencies]
pytest = "8.0.0"
[[tool.poetry.source]]
name = "internal"
url = "https://pkgs.example.net/x"
priority = "supplemental"
"""


def test_pyproject() -> None:
    listed = components("pyproject.toml", PYPROJECT)
    assert {name: (each.version, each.development, each.optional) for name, each in listed.items()} == {
        "requests": ("2.31.0", False, False),
        "pydantic": ("", False, False),
        "boto3": ("", False, False),
        "orjson": ("3.0", False, True),
        "ruff": ("0.1", True, True),
        "pytest": ("8.0", True, False),
    }
    assert listed["requests"].line == 6


def test_poetry() -> None:
    listed = components("pyproject.toml", POETRY)
    assert {name: (each.version, each.source, each.development) for name, each in listed.items()} == {
        "requests": ("2.31.0", "registry", False),
        "flask": ("", "registry", False),
        "tools": ("", "vcs", False),
        "multi": ("1.0", "registry", False),
        "pytest": ("8.0.0", "registry", True),
    }
    [source] = found({"pyproject.toml": POETRY}).settings
    assert (source.kind, source.host) == ("extra", "pkgs.example.net")


def test_pipfile_and_setup_files() -> None:
    pipfile = '[[source]]\nurl = "https://x.example.net/a"\nverify_ssl = false\n[packages]\nrequests = "==2.19.1"\nflask = "*"\n[dev-packages]\npytest = "*"\n'
    listed = components("Pipfile", pipfile)
    assert (listed["requests"].version, listed["flask"].version, listed["pytest"].development) == ("2.19.1", "", True)
    assert found({"Pipfile": pipfile}).settings[0].plain
    assert brief(
        components("setup.cfg", "[options]\ninstall_requires =\n    # why\n    requests==2.0\n    six\n")["requests"]
    ) == ("requests", "2.0")
    text = "from setuptools import setup\nNEEDS = ['requests==2.0', 'six']\nsetup(name='x', install_requires=NEEDS)\n__import__('os').system('false')\n"
    assert {brief(each) for each in components("setup.py", text).values()} == {("requests", "2.0"), ("six", "")}
    assert components("setup.py", "setup(install_requires=open('x').read())") == {}


def test_python_lock_files() -> None:
    pipfile = {
        "default": {"requests": {"version": "==2.31.0", "hashes": ["sha256:a"], "index": "pypi"}},
        "develop": {"pytest": {"version": "==8.0"}, "requests": {"version": "==2.31.0"}},
    }
    listed = components("Pipfile.lock", json.dumps(pipfile))
    assert (listed["requests"].hashed, listed["requests"].development, listed["pytest"].development) == (
        True,
        False,
        True,
    )
    old = '[[package]]\nname = "requests"\nversion = "2.31.0"\ncategory = "main"\noptional = false\n[[package]]\nname = "pytest"\nversion = "8.0"\ncategory = "dev"\n[metadata.files]\nrequests = [{file = "a", hash = "sha256:a"}]\n'
    listed = components("poetry.lock", old)
    assert (listed["requests"].hashed, listed["pytest"].development, listed["pytest"].hashed) == (True, True, False)
    new = '[[package]]\nname = "requests"\nversion = "2.31.0"\ngroups = ["main", "dev"]\nfiles = [{file = "a", hash = "sha256:a"}]\n[[package]]\nname = "pytest"\nversion = "8.0"\ngroups = ["dev"]\nfiles = []\n[[package]]\nname = "tools"\nversion = "1.0"\ngroups = ["main"]\nfiles = []\n[package.source]\ntype = "git"\nurl = "https://github.com/shop/tools.git"\nreference = "main"\nresolved_reference = "abc"\n'
    listed = components("poetry.lock", new)
    assert (
        listed["requests"].development,
        listed["pytest"].development,
        listed["tools"].source,
        listed["tools"].reference,
    ) == (False, True, "vcs", "github.com@abc")
    uv = '[[package]]\nname = "orders"\nversion = "0.1"\nsource = {editable = "."}\ndependencies = [{name = "requests"}]\n[package.dev-dependencies]\ndev = [{name = "pytest"}]\n[[package]]\nname = "requests"\nversion = "2.31.0"\nsource = {registry = "x"}\ndependencies = [{name = "idna"}]\nwheels = [{url = "u", hash = "sha256:a"}]\n[[package]]\nname = "idna"\nversion = "3.0"\nsource = {registry = "x"}\n[[package]]\nname = "pytest"\nversion = "8.0"\nsource = {registry = "x"}\n'
    listed = components("uv.lock", uv)
    assert {name: (each.direct, each.development, each.hashed) for name, each in listed.items()} == {
        "requests": (True, False, True),
        "idna": (False, False, False),
        "pytest": (False, True, False),
    }
    pdm = '[[package]]\nname = "requests"\nversion = "2.31.0"\ngroups = ["default"]\nfiles = [{file = "a", hash = "sha256:a"}]\n[[package]]\nname = "pytest"\nversion = "8.0"\ngroups = ["test"]\n'
    assert components("pdm.lock", pdm)["pytest"].development
    pylock = 'lock-version = "1.0"\n[[packages]]\nname = "requests"\nversion = "2.31.0"\nwheels = [{url = "u", hashes = {sha256 = "a"}}]\n[[packages]]\nname = "tools"\nvcs = {type = "git", url = "u", commit-id = "abc"}\n'
    listed = components("pylock.toml", pylock)
    assert (listed["requests"].hashed, listed["tools"].source) == (True, "vcs")


NPM_FORMS = [
    ("1.2.3", ("1.2.3", "registry")),
    ("=1.2.3", ("1.2.3", "registry")),
    ("v1.2.3", ("1.2.3", "registry")),
    ("^1.2.3", ("", "registry")),
    ("~1.2.3", ("", "registry")),
    ("1.2.x", ("", "registry")),
    ("*", ("", "registry")),
    ("", ("", "registry")),
    ("latest", ("", "registry")),
    (">=1 <2", ("", "registry")),
    ("1.2", ("", "registry")),
    ("1.2.3-beta.1", ("1.2.3-beta.1", "registry")),
    ("github:a/b", ("", "vcs")),
    ("a/b", ("", "vcs")),
    ("a/b#main", ("", "vcs")),
    ("git+https://x.example.net/a.git", ("", "vcs")),
    ("git@github.com:a/b.git", ("", "vcs")),
    ("https://x.example.net/a.git#v1", ("", "vcs")),
    ("https://x.example.net/a.tgz", ("", "url")),
    ("http://x.example.net/a.tgz", ("", "url")),
    ("gitlab:a/b", ("", "vcs")),
    ("catalog:", ("", "registry")),
]


@pytest.mark.parametrize(("asked", "expected"), NPM_FORMS, ids=[asked or "empty" for asked, _ in NPM_FORMS])
def test_forms_of_npm(asked: str, expected: tuple[str, str]) -> None:
    [each] = found({"package.json": json.dumps({"dependencies": {"thing": asked}})}).components
    assert (each.version, each.source) == expected


@pytest.mark.parametrize("asked", ["file:../shared", "link:../shared", "workspace:*", "portal:../x"])
def test_own_folders_are_no_packages_of_others(asked: str) -> None:
    assert found({"package.json": json.dumps({"dependencies": {"thing": asked}})}).components == []


def test_an_alias_is_the_package_that_it_stands_for() -> None:
    assert [
        brief(each)
        for each in found({"package.json": '{"dependencies": {"old": "npm:@scope/thing@1.2.3"}}'}).components
    ] == [("@scope/thing", "1.2.3")]


def test_sections_of_package_json() -> None:
    document = {
        "dependencies": {"a": "1.0.0"},
        "devDependencies": {"b": "1.0.0", "a": "2.0.0"},
        "optionalDependencies": {"c": "1.0.0"},
        "peerDependencies": {"d": "1.0.0"},
        "bundledDependencies": ["a"],
    }
    listed = components("package.json", json.dumps(document, indent=2))
    assert {name: (each.version, each.development, each.optional) for name, each in listed.items()} == {
        "a": ("1.0.0", False, False),
        "b": ("1.0.0", True, False),
        "c": ("1.0.0", False, True),
    }
    assert listed["b"].line == 6


LOCK_3 = {
    "lockfileVersion": 3,
    "packages": {
        "": {"dependencies": {"lodash": "^4.17.15", "@s/p": "1"}, "devDependencies": {"jest": "^29"}},
        "node_modules/lodash": {
            "version": "4.17.15",
            "resolved": "https://registry.npmjs.org/lodash/-/lodash-4.17.15.tgz",
            "integrity": "sha512-a",
            "license": "MIT",
        },
        "node_modules/@s/p": {
            "version": "1.0.0",
            "resolved": "https://registry.npmjs.org/@s/p/-/p-1.0.0.tgz",
            "integrity": "sha512-a",
        },
        "node_modules/@s/p/node_modules/lodash": {
            "version": "3.10.1",
            "resolved": "https://registry.npmjs.org/lodash/-/lodash-3.10.1.tgz",
            "integrity": "sha512-a",
        },
        "node_modules/jest": {"version": "29.0.0", "dev": True},
        "node_modules/both": {"version": "1.0.0", "devOptional": True},
        "node_modules/own": {"resolved": "packages/own", "link": True},
        "packages/own": {"name": "own", "version": "1.0.0", "dependencies": {"deep": "1"}},
        "node_modules/deep": {"version": "1.0.0", "resolved": f"git+ssh://git@github.com/a/deep.git#{COMMIT}"},
        "node_modules/alias": {"name": "real", "version": "2.0.0"},
    },
}


def test_package_lock_of_version_3() -> None:
    listed = {(each.name, each.version): each for each in found({"package-lock.json": json.dumps(LOCK_3)}).components}
    assert set(listed) == {
        ("lodash", "4.17.15"),
        ("lodash", "3.10.1"),
        ("@s/p", "1.0.0"),
        ("jest", "29.0.0"),
        ("both", "1.0.0"),
        ("deep", "1.0.0"),
        ("real", "2.0.0"),
    }
    first = listed[("lodash", "4.17.15")]
    assert (first.direct, first.hashed, first.licence, first.reference) == (True, True, "MIT", "registry.npmjs.org")
    assert not listed[("lodash", "3.10.1")].direct
    assert listed[("jest", "29.0.0")].development and not listed[("both", "1.0.0")].development
    assert listed[("deep", "1.0.0")].source == "vcs" and names_commit(listed[("deep", "1.0.0")].reference)


def test_package_lock_of_version_1() -> None:
    lock = {
        "lockfileVersion": 1,
        "dependencies": {
            "a": {"version": "1.0.0", "integrity": "x", "dependencies": {"b": {"version": "2.0.0", "dev": True}}},
            "c": {"version": "github:x/c#abc"},
        },
    }
    listed = {each.name: each for each in found({"npm-shrinkwrap.json": json.dumps(lock)}).components}
    assert (listed["a"].hashed, listed["b"].version, listed["b"].development, listed["c"].source) == (
        True,
        "2.0.0",
        True,
        "vcs",
    )


YARN = """# yarn lockfile v1


"@s/p@^1.0.0", "@s/p@^1.0.1":
  version "1.0.3"
  resolved "https://registry.yarnpkg.com/@s/p/-/p-1.0.3.tgz#0123456789012345678901234567890123456789"
  integrity sha512-a
  dependencies:
    lodash "^4.0.0"

jest@^29.0.0:
  version "29.0.0"
  dependencies:
    only-for-jest "^1.0.0"

lodash@^4.0.0:
  version "4.17.15"
  resolved "https://registry.yarnpkg.com/lodash/-/lodash-4.17.15.tgz#0123456789012345678901234567890123456789"

only-for-jest@^1.0.0:
  version "1.0.0"
"""
BERRY = """__metadata:
  version: 6

"@s/p@npm:^1.0.0":
  version: 1.0.3
  resolution: "@s/p@npm:1.0.3"
  dependencies:
    lodash: ^4.0.0
  checksum: abc
  languageName: node
  linkType: hard

"jest@npm:^29.0.0":
  version: 29.0.0
  resolution: "jest@npm:29.0.0"

"lodash@npm:^4.0.0":
  version: 4.17.15
  resolution: "lodash@npm:4.17.15"
  checksum: abc

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
"""
PNPM_6 = """lockfileVersion: '6.0'
dependencies:
  lodash:
    specifier: ^4.0.0
    version: 4.17.15
packages:
  /lodash@4.17.15:
    resolution: {integrity: sha512-a}
    dev: false
  /@s/p@1.0.3(react@18.0.0):
    resolution: {integrity: sha512-a}
    dev: true
"""
PNPM_5 = """lockfileVersion: 5.4
packages:
  /lodash/4.17.15:
    resolution: {integrity: sha512-a}
    dev: false
  /@s/p/1.0.3_react@18.0.0:
    resolution: {integrity: sha512-a}
    dev: true
"""
PNPM_9 = """lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@s/p':
        specifier: ^1.0.0
        version: 1.0.3(react@18.0.0)
    devDependencies:
      jest:
        specifier: ^29.0.0
        version: 29.0.0
packages:
  '@s/p@1.0.3':
    resolution: {integrity: sha512-a}
  jest@29.0.0:
    resolution: {integrity: sha512-a}
  lodash@4.17.15:
    resolution: {integrity: sha512-a}
snapshots:
  '@s/p@1.0.3(react@18.0.0)':
    dependencies:
      lodash: 4.17.15
  jest@29.0.0: {}
  lodash@4.17.15: {}
"""
WITH_JEST = '{"dependencies": {"@s/p": "^1.0.0"}, "devDependencies": {"jest": "^29.0.0"}}'


@pytest.mark.parametrize("lock", [YARN, BERRY], ids=["classic", "berry"])
def test_yarn_locks_say_with_their_manifest_what_is_for_development(lock: str) -> None:
    listed = {each.name: each for each in found({"yarn.lock": lock, "package.json": WITH_JEST}).components}
    assert {name: each.development for name, each in listed.items() if name != "only-for-jest"} == {
        "@s/p": False,
        "jest": True,
        "lodash": False,
    }
    assert (listed["@s/p"].version, listed["@s/p"].hashed, listed["@s/p"].direct) == ("1.0.3", True, True)
    assert listed.get("only-for-jest", listed["jest"]).development
    alone = {each.name: each for each in found({"yarn.lock": lock}).components}
    assert not any(each.development for each in alone.values())


@pytest.mark.parametrize("lock", [PNPM_5, PNPM_6])
def test_pnpm_locks_before_9(lock: str) -> None:
    listed = components("pnpm-lock.yaml", lock)
    assert {name: (each.version, each.development, each.hashed) for name, each in listed.items()} == {
        "lodash": ("4.17.15", False, True),
        "@s/p": ("1.0.3", True, True),
    }


def test_pnpm_lock_9() -> None:
    listed = components("pnpm-lock.yaml", PNPM_9)
    assert {name: (each.version, each.development) for name, each in listed.items()} == {
        "lodash": ("4.17.15", False),
        "@s/p": ("1.0.3", False),
        "jest": ("29.0.0", True),
    }


def test_bun_lock() -> None:
    text = '{\n "lockfileVersion": 1,\n "packages": {\n  "lodash": ["lodash@4.17.15", "", {}, "sha512-a"],\n  "own": ["own@workspace:packages/own"],\n },\n}\n'
    assert [(*brief(each), each.hashed) for each in found({"bun.lock": text}).components] == [
        ("lodash", "4.17.15", True)
    ]


def test_settings_of_npm() -> None:
    npmrc = "registry=http://npm.example.net/\n@shop:registry=https://private.example.net\n//private.example.net/:_authToken=secretword\nstrict-ssl=false\n; registry=https://x\n"
    listed = [(each.kind, each.host, each.scope, each.plain) for each in found({".npmrc": npmrc}).settings]
    assert listed == [
        ("index", "npm.example.net", "", True),
        ("scoped", "private.example.net", "@shop", False),
        ("trusted", "any host", "", True),
    ]
    yarn = "npmRegistryServer: https://npm.example.net\nnpmScopes:\n  shop:\n    npmRegistryServer: https://private.example.net\nenableStrictSsl: false\n"
    assert [each.kind for each in found({".yarnrc.yml": yarn}).settings] == ["index", "scoped", "trusted"]
    assert found({".yarnrc": 'registry "https://npm.example.net"\n'}).settings[0].host == "npm.example.net"


POM = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>2.6.0</version></parent>
  <groupId>shop</groupId><artifactId>orders</artifactId><version>1.0</version>
  <properties><log4j.version>2.14.1</log4j.version><nested>${log4j.version}</nested></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>com.h2</groupId><artifactId>managed</artifactId><version>1.5</version></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>${nested}</version></dependency>
    <dependency><groupId>com.h2</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
    <dependency><groupId>com.x</groupId><artifactId>ranged</artifactId><version>[1.0,2.0)</version></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.12</version><scope>test</scope></dependency>
  </dependencies>
  <repositories><repository><id>x</id><url>http://repo.example.net/maven</url></repository></repositories>
</project>"""
GRADLE = """
ext.log4j = '2.14.1'
repositories { maven { url "https://repo.example.net/m" } }
dependencies {
    implementation "org.apache.logging.log4j:log4j-core:$log4j"
    implementation 'com.google.guava:guava:31.0-jre'
    implementation("com.x:dynamic:1.+")
    implementation group: 'com.y', name: 'mapped', version: '1.2'
    implementation platform('software.amazon.awssdk:bom:2.20.0')
    implementation 'software.amazon.awssdk:s3'
    testImplementation 'junit:junit:4.12'
}
"""


def test_maven() -> None:
    listed = components("pom.xml", POM)
    assert {name: (each.version, each.development) for name, each in listed.items()} == {
        "org.apache.logging.log4j:log4j-core": ("2.14.1", False),
        "com.h2:managed": ("1.5", False),
        "org.springframework.boot:spring-boot-starter-web": ("", False),
        "com.x:ranged": ("", False),
        "junit:junit": ("4.12", True),
    }
    read = found({"pom.xml": POM})
    # What a parent manages is fixed, only not here; a range is open.
    assert read.manifests[0].open == ("com.x:ranged [1.0,2.0)",)
    assert (read.settings[0].host, read.settings[0].plain) == ("repo.example.net", True)


def test_gradle() -> None:
    listed = components("build.gradle", GRADLE)
    assert listed["org.apache.logging.log4j:log4j-core"].version == "2.14.1"
    assert listed["com.google.guava:guava"].version == "31.0-jre"
    assert (listed["com.x:dynamic"].version, listed["com.y:mapped"].version) == ("", "1.2")
    assert listed["junit:junit"].development
    read = found({"build.gradle": GRADLE})
    assert read.manifests[0].open == ("com.x:dynamic 1.+",)
    locked = components(
        "gradle.lockfile",
        "# comment\ncom.google.guava:guava:31.0-jre=compileClasspath,runtimeClasspath\njunit:junit:4.12=testCompileClasspath\nempty=\n",
    )
    assert (locked["com.google.guava:guava"].version, locked["junit:junit"].development) == ("31.0-jre", True)
    catalogue = '[versions]\nlog4j = "2.14.1"\n[libraries]\na = {module = "org.x:a", version.ref = "log4j"}\nb = "org.x:b:1.0"\nc = {group = "org.x", name = "c", version = "2.0"}\n'
    assert {name: each.version for name, each in components("gradle/libs.versions.toml", catalogue).items()} == {
        "org.x:a": "2.14.1",
        "org.x:b": "1.0",
        "org.x:c": "2.0",
    }


OTHERS = [
    (
        "go.mod",
        "module x.example/y\n\ngo 1.21\n\nrequire (\n\tgithub.com/aws/aws-lambda-go v1.41.0\n\tgopkg.in/yaml.v2 v2.2.1 // indirect\n)\nrequire golang.org/x/text v0.3.7\nreplace a.example/b => ../b\n",
        {"github.com/aws/aws-lambda-go": "1.41.0", "gopkg.in/yaml.v2": "2.2.1", "golang.org/x/text": "0.3.7"},
    ),
    (
        "Orders.csproj",
        '<Project><ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.1" /><PackageReference Include="A"><Version>[1.0,2.0)</Version></PackageReference></ItemGroup></Project>',
        {"Newtonsoft.Json": "12.0.1", "A": ""},
    ),
    (
        "packages.config",
        '<packages><package id="Newtonsoft.Json" version="12.0.1" /></packages>',
        {"Newtonsoft.Json": "12.0.1"},
    ),
    (
        "packages.lock.json",
        '{"dependencies": {"net8.0": {"A": {"type": "Direct", "resolved": "1.0.0", "contentHash": "x"}, "Own": {"type": "Project"}}}}',
        {"A": "1.0.0"},
    ),
    (
        "Gemfile.lock",
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (2.2.3)\n    nokogiri (1.13.0-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.6.0)\n\nDEPENDENCIES\n  rack\n",
        {"rack": "2.2.3", "nokogiri": "1.13.0", "racc": "1.6.0"},
    ),
    (
        "Gemfile",
        'source "https://rubygems.org"\ngem "rack", "2.2.3"\ngem "rails", "~> 6.0"\ngroup :test do\n  gem "rspec"\nend\n',
        {"rack": "2.2.3", "rails": "", "rspec": ""},
    ),
    (
        "Cargo.lock",
        '[[package]]\nname = "own"\nversion = "0.1.0"\n[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry+x"\nchecksum = "a"\n',
        {"serde": "1.0.1"},
    ),
    (
        "Cargo.toml",
        '[dependencies]\nserde = "1.0"\nfixed = "=1.2.3"\ngitty = {git = "https://github.com/a/b"}\n[dev-dependencies]\nx = "1"\n',
        {"serde": "", "fixed": "1.2.3", "gitty": "", "x": ""},
    ),
    (
        "composer.lock",
        '{"packages": [{"name": "a/b", "version": "v1.2.3", "license": ["MIT"]}], "packages-dev": [{"name": "c/d", "version": "1.0.0"}]}',
        {"a/b": "1.2.3", "c/d": "1.0.0"},
    ),
    ("composer.json", '{"require": {"php": ">=8", "a/b": "^1.0", "c/d": "1.2.3"}}', {"a/b": "", "c/d": "1.2.3"}),
    (
        "bin/x.deps.json",
        '{"libraries": {"Own/1.0.0": {"type": "project"}, "A.B/2.0.0": {"type": "package", "sha512": "x"}}}',
        {"A.B": "2.0.0"},
    ),
    ("vendor/bundle/ruby/3.2.0/specifications/rack-2.2.3.gemspec", "", {"rack": "2.2.3"}),
    (
        "vendor/composer/installed.json",
        '{"packages": [{"name": "a/b", "version": "v1.2.3"}], "dev-package-names": []}',
        {"a/b": "1.2.3"},
    ),
    (
        "python/requests-2.19.1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: Requests\nVersion: 2.19.1\nLicense: Apache 2.0\n\nName: other\n",
        {"requests": "2.19.1"},
    ),
    ("six.egg-info/PKG-INFO", "Name: six\nVersion: 1.16\n", {"six": "1.16"}),
    (
        "node_modules/@s/p/node_modules/lodash/package.json",
        '{"name": "lodash", "version": "3.10.1", "license": {"type": "MIT"}}',
        {"lodash": "3.10.1"},
    ),
]


@pytest.mark.parametrize(("path", "text", "expected"), OTHERS, ids=[path for path, _, _ in OTHERS])
def test_other_ecosystems_and_what_is_installed(path: str, text: str, expected: Mapping[str, str]) -> None:
    assert {name: each.version for name, each in components(path, text).items()} == expected


def jar(entries: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_jars() -> None:
    shaded = jar(
        {
            "META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties": "#x\r\nversion=2.14.1\r\ngroupId=org.apache.logging.log4j\r\nartifactId=log4j-core\r\n",
            "META-INF/maven/com.a/b/pom.properties": "version=1.0\ngroupId=com.a\nartifactId=b\n",
        }
    )
    assert {name: each.version for name, each in components("lib/app.jar", shaded).items()} == {
        "org.apache.logging.log4j:log4j-core": "2.14.1",
        "com.a:b": "1.0",
    }
    bundle = jar({"META-INF/MANIFEST.MF": "Bundle-SymbolicName: org.x.thing\nBundle-Version: 1.2.0.Final\n"})
    assert {name: each.version for name, each in components("lib/thing-1.2.0.jar", bundle).items()} == {
        "org.x:thing": "1.2.0"
    }
    assert components("lib/mute.jar", jar({"a.class": ""})) == {}
    broken = found({"lib/broken.jar": b"PK\x03\x04 and nothing"})
    assert broken.unread and "archive" in broken.unread[0][1]


def test_what_was_deployed_is_what_is_installed() -> None:
    given = {
        "requirements.txt": "requests==2.19.1\nflask==0.12\n",
        "requests-2.31.0.dist-info/METADATA": "Name: requests\nVersion: 2.31.0\n",
        "package.json": '{"dependencies": {"lodash": "4.17.15"}}',
    }
    assert {brief(each) for each in found(given, "zip").components} == {("requests", "2.31.0"), ("lodash", "4.17.15")}
    assert {brief(each) for each in found(given, "folder").components} == {
        ("requests", "2.31.0"),
        ("flask", "0.12"),
        ("lodash", "4.17.15"),
    }


def test_what_others_list_is_not_ours() -> None:
    for path in (
        "node_modules/x/package-lock.json",
        "lib/python3.11/site-packages/x/requirements.txt",
        ".venv/setup.py",
        "x.dist-info/requirements.txt",
        "node_modules/x/lib/package.json",
    ):
        assert reader_of(path) is None, path


def test_a_locked_package_counts_once_and_a_workspace_has_one_lock() -> None:
    given = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/a/package.json": '{"dependencies": {"lodash": "^4.0.0"}}',
        "package-lock.json": json.dumps(
            {
                "lockfileVersion": 3,
                "packages": {
                    "packages/a": {"dependencies": {"lodash": "^4"}},
                    "node_modules/lodash": {"version": "4.17.15", "integrity": "x"},
                },
            }
        ),
    }
    assert [(*brief(each), each.origin, each.direct) for each in found(given).components] == [
        ("lodash", "4.17.15", "locked", True)
    ]
    assert manifest(given, "packages/a/package.json").locks == ("package-lock.json",)


LOCKED = [
    ({"requirements.txt": "six==1.0 --hash=sha256:a\n"}, "requirements.txt", (), (), True),
    ({"requirements.txt": "six==1.0\n"}, "requirements.txt", (), (), False),
    ({"requirements.txt": "six\n", "poetry.lock": ""}, "requirements.txt", (), ("six *",), False),
    (
        {"requirements.in": "six\n", "requirements.txt": "six==1.0 --hash=sha256:a\n"},
        "requirements.in",
        ("requirements.txt",),
        ("six *",),
        True,
    ),
    (
        {"pyproject.toml": '[project]\ndependencies = ["six"]\n', "uv.lock": ""},
        "pyproject.toml",
        ("uv.lock",),
        ("six *",),
        False,
    ),
    (
        {"go.mod": "require a.example/b v1.0.0\n", "go.sum": "a.example/b v1.0.0 h1:x=\n"},
        "go.mod",
        ("go.sum",),
        (),
        True,
    ),
    ({"go.mod": "require a.example/b v1.0.0\n"}, "go.mod", (), (), False),
    ({"package.json": '{"dependencies": {"a": "^1.0.0"}}'}, "package.json", (), ("a ^1.0.0",), False),
    (
        {"a/package.json": '{"dependencies": {"a": "^1.0.0"}}', "b/package-lock.json": "{}"},
        "a/package.json",
        (),
        ("a ^1.0.0",),
        False,
    ),
]


@pytest.mark.parametrize(("given", "path", "locks", "open_ones", "hashed"), LOCKED)
def test_how_firmly_manifests_fix(given, path: str, locks, open_ones, hashed: bool) -> None:
    read = manifest(given, path)
    assert (read.locks, read.open, read.hashed) == (locks, open_ones, hashed)


def test_manifests_of_tests_are_for_development() -> None:
    assert manifest({"tests/requirements.txt": "six\n"}, "tests/requirements.txt").development
    assert manifest({"package.json": '{"devDependencies": {"jest": "*"}}'}, "package.json").development
    assert manifest({"requirements.txt": "boto3\n"}, "requirements.txt").platform_only
    assert not manifest({"requirements.txt": "boto3\nsix\n"}, "requirements.txt").platform_only


SCRIPTS = [
    (
        "Dockerfile",
        f"RUN pip install {EXTRA} https://pkgs.example.net/a -r requirements.txt\n",
        [("extra", "pkgs.example.net")],
    ),
    (
        "ci/build.sh",
        "pip3 install -i http://pkgs.example.net/a --trusted-host pkgs.example.net x\n",
        [("index", "pkgs.example.net"), ("trusted", "pkgs.example.net")],
    ),
    ("buildspec.yml", "      - npm config set registry http://npm.example.net\n", [("index", "npm.example.net")]),
    (
        "buildspec.yml",
        "      - npm config set @shop:registry https://npm.example.net\n",
        [("scoped", "npm.example.net")],
    ),
    ("Makefile", "\tnpm ci --registry=https://npm.example.net\n", [("index", "npm.example.net")]),
    (".github/workflows/x.yml", "        run: npm config set strict-ssl false\n", [("trusted", "any host")]),
    ("Dockerfile", "ENV PIP_EXTRA_INDEX_" + "URL=https://u:p@pkgs.example.net/a\n", [("extra", "pkgs.example.net")]),
    ("Dockerfile", f"# RUN pip install {EXTRA} https://pkgs.example.net/a\n", []),
    ("Dockerfile", "RUN apt-get install -y curl\nRUN docker run -i https://x.example.net\n", []),
    ("README.md", f"pip install {EXTRA} https://pkgs.example.net/a\n", []),
]


@pytest.mark.parametrize(("path", "text", "expected"), SCRIPTS)
def test_registries_in_scripts(path: str, text: str, expected) -> None:
    assert [(each.kind, each.host) for each in found({path: text}).settings] == expected


HOSTILE = [
    ("package.json", "[" * 100_000),
    ("package.json", "[]"),
    ("package.json", "null"),
    ("package.json", '{"dependencies": []}'),
    ("package.json", '{"dependencies": {"a": {}, "b": 3, "c": null}}'),
    ("package-lock.json", '{"packages": {"node_modules/": 3, "node_modules/x": []}}'),
    ("package-lock.json", '{"dependencies": {"a": 3}}'),
    ("poetry.lock", "package = 3"),
    ("poetry.lock", "= = ="),
    ("uv.lock", '[[package]]\nname = 3\nsource = "x"\n'),
    ("pnpm-lock.yaml", "a: &a [*a]\n"),
    ("pnpm-lock.yaml", "packages: {3: 4, x: {resolution: []}}\n"),
    ("pnpm-lock.yaml", "!!python/object/apply:os.system ['x']"),
    ("pom.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><project>&a;</project>'),
    ("pom.xml", "<project>"),
    ("pom.xml", "<a/>"),
    ("x.csproj", "\x00"),
    ("requirements.txt", "\x00\x01\x02"),
    ("requirements.txt", "a" * 100_000),
    ("requirements.txt", "a[" * 5000),
    ("setup.py", "(" * 5000),
    ("setup.py", "\x00"),
    ("Pipfile", "x"),
    ("setup.cfg", "[[["),
    ("go.mod", "require (" * 500),
    ("yarn.lock", '"' * 5000),
    ("Gemfile.lock", "GEM\n" * 500),
    ("Cargo.lock", "[[package]]\nname = []\n"),
    ("bun.lock", "{"),
    ("composer.lock", '{"packages": {"a": 1}}'),
    ("x.dist-info/METADATA", "nothing"),
    ("node_modules/x/package.json", "3"),
    ("a.jar", b"PK"),
    ("build.gradle", "implementation '" * 1000),
    (".npmrc", "registry=http://[::1"),
    (".github/dependabot.yml", "updates: 3"),
]


@pytest.mark.parametrize(
    ("path", "content"), HOSTILE, ids=[f"{path} {number}" for number, (path, _) in enumerate(HOSTILE)]
)
def test_hostile_files_are_unread_or_empty_and_break_nothing(path: str, content: str | bytes) -> None:
    program = Program(Package("p", "folder", files({path: content}), "x"), {})
    answer = dependencies(program, Reading(str))
    json.dumps(answer)
    repository_files(program.package.files)


def test_entities_are_never_expanded() -> None:
    read = found({"pom.xml": '<!DOCTYPE x [<!ENTITY a "b">]><project/>'})
    assert read.unread == [("pom.xml", "has a document type, which is not read")]


def test_too_many_packages_are_refused() -> None:
    text = "\n".join(f"p{number}==1" for number in range(50_001))
    assert "more than 50,000" in found({"requirements.txt": text}).unread[0][1]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        sorted(
            {path for path, _, _ in OTHERS}
            | {
                "requirements.txt",
                "package.json",
                "package-lock.json",
                "yarn.lock",
                "pyproject.toml",
                "pom.xml",
                "build.gradle",
            }
        )
    ),
    st.text(max_size=300),
)
def test_any_text_is_read_or_refused(path: str, text: str) -> None:
    chosen = reader_of(path)
    assert chosen is not None
    try:
        chosen[1](path, text.encode("utf-8", "surrogatepass"))
    except Unreadable as problem:
        assert str(problem)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "packages",
                    "dependencies",
                    "version",
                    "name",
                    "node_modules/x",
                    "default",
                    "dev",
                    "resolved",
                    "license",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(
        [
            "package.json",
            "package-lock.json",
            "Pipfile.lock",
            "composer.lock",
            "composer.json",
            "packages.lock.json",
            "x.deps.json",
            "node_modules/x/package.json",
            "bun.lock",
            "vendor/composer/installed.json",
        ]
    ),
    json_values,
)
def test_any_json_is_read_or_refused(path: str, value: object) -> None:
    program = Program(Package("p", "folder", files({path: json.dumps(value)}), "x"), {})
    json.dumps(dependencies(program, Reading(str)))


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "expected"),
    [
        ("PyPI", "requests", "2.19.1", "pkg:pypi/requests@2.19.1"),
        ("npm", "@s/p", "1.0.0", "pkg:npm/%40s/p@1.0.0"),
        ("npm", "lodash", "", "pkg:npm/lodash"),
        ("Maven", "org.x:y", "1.0", "pkg:maven/org.x/y@1.0"),
        ("Go", "github.com/a/b", "1.0.0", "pkg:golang/github.com/a/b@1.0.0"),
        ("NuGet", "A.B", "1.0", "pkg:nuget/A.B@1.0"),
        ("RubyGems", "rack", "2.0", "pkg:gem/rack@2.0"),
        ("crates.io", "serde", "1.0.0", "pkg:cargo/serde@1.0.0"),
        ("Packagist", "a/b", "1.0", "pkg:composer/a/b@1.0"),
        ("Odd", "x", "1", ""),
    ],
)
def test_package_urls(ecosystem: str, name: str, version: str, expected: str) -> None:
    assert package_url(ecosystem, name, version) == expected
    if expected:
        assert of_package_url(expected) == (ecosystem, name, version)
    assert of_package_url("https://x") == ("", "", "")


def test_the_answer_is_plain_ordered_and_says_where() -> None:
    given = {
        "requirements.txt": "six==1.0\n",
        "b/package.json": '{"dependencies": {"a": "1.0.0"}}',
        "app.js": "// node_modules/lodash/lodash.js\n" + "x" * 60_000,
        "bootstrap": b"\x7fELF\xff Go buildinf:\x08",
    }
    program = Program(
        Package("fn", "folder", files(given), "x", (Entry("arn:b", "h"), Entry("arn:a", "h"), Entry("", "h"))), {}
    )
    answer = dependencies(program, Reading(str))
    assert answer == json.loads(json.dumps(answer)) == dependencies(program, Reading(str))
    assert answer["workloads"] == ["arn:a", "arn:b"]
    assert [each["where"] for each in answer["components"]] == ["requirements.txt:1", "b/package.json:1"]
    assert [each["where"] for each in answer["bundled"]] == ["app.js", "bootstrap"]
    located = Program(Package("fn", "folder", files(given), "x", located="src/fn"), {})
    assert dependencies(located, Reading(str))["components"][0]["where"] == "src/fn/requirements.txt:1"


LIKE = [
    ("PyPI", "requets", "requests"),
    ("PyPI", "reqeusts", "requests"),
    ("PyPI", "requestss", "requests"),
    ("PyPI", "urlib3", "urllib3"),
    ("PyPI", "python-requests", "requests"),
    ("PyPI", "djang0", "django"),
    ("PyPI", "crytography", "cryptography"),
    ("npm", "crossenv", "cross-env"),
    ("npm", "lodahs", "lodash"),
    ("npm", "expresss", "express"),
    ("npm", "mongose", "mongoose"),
    ("npm", "loadsh", "lodash"),
    ("npm", "node-fetch", ""),
    ("npm", "preact", ""),
    ("npm", "@scope/lodahs", ""),
    ("npm", "lodash", ""),
    ("npm", "uuid4", ""),
    ("npm", "lodash-es", ""),
    ("PyPI", "boto", ""),
    ("PyPI", "requests", ""),
    ("PyPI", "shop-orders", ""),
    ("Maven", "org.x:requets", ""),
    ("npm", "express-session", ""),
    ("npm", "aws-sdk-mock", ""),
    ("PyPI", "boto3-stubs", ""),
    ("PyPI", "aws-lambda-powertools", ""),
]


@pytest.mark.parametrize(("ecosystem", "name", "expected"), LIKE)
def test_names_that_resemble_others(ecosystem: str, name: str, expected: str) -> None:
    assert resembled(ecosystem, name)[0] == expected


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_one_apart_is_symmetric_and_agrees_with_a_plain_definition(one: str, other: str) -> None:
    near = {one[:place] + one[place + 1 :] for place in range(len(one))} | {
        one[:place] + letter + one[place:] for place in range(len(one) + 1) for letter in "abc"
    }
    near |= {one[:place] + letter + one[place + 1 :] for place in range(len(one)) for letter in "abc"} | {
        one[:place] + one[place + 1] + one[place] + one[place + 2 :] for place in range(len(one) - 1)
    }
    assert one_apart(one, other) is one_apart(other, one)
    assert one_apart(one, other) is (other in near and one != other)


DEPENDABOT = "version: 2\nupdates:\n  - package-ecosystem: {}\n    directory: /\n    schedule: {{interval: weekly}}\n"
SERVICES = [
    ({}, []),
    ({".github/dependabot.yml": DEPENDABOT.format("npm")}, [("Dependabot", ["npm"], "")]),
    ({".github/dependabot.yaml": DEPENDABOT.format("pip")}, [("Dependabot", ["PyPI"], "")]),
    ({".github/dependabot.yml": DEPENDABOT.format("github-actions")}, [("Dependabot", [], "")]),
    (
        {".github/dependabot.yml": DEPENDABOT.format("npm") + "    open-pull-requests-limit: 0\n"},
        [("Dependabot", [], "its limit of open pull requests is 0")],
    ),
    ({".github/dependabot.yml": "version: 2\nupdates: []\n"}, [("Dependabot", [], "it names nothing to update")]),
    ({"docs/dependabot.yml": DEPENDABOT.format("npm")}, []),
    ({"renovate.json": '{"extends": ["config:recommended"]}'}, [("Renovate", ["*"], "")]),
    (
        {".github/renovate.json5": "{\n  // why\n  enabled: false,\n}"},
        [("Renovate", ["*"], "it is set to enabled: false")],
    ),
    ({"renovate.json5": "{\n  packageRules: [{\n enabled: false }],\n}"}, [("Renovate", ["*"], "")]),
    ({".renovaterc": '{"enabled": false}'}, [("Renovate", ["*"], "it is set to enabled: false")]),
    ({"package.json": '{"renovate": {"extends": ["x"]}}'}, [("Renovate", ["*"], "")]),
    ({".snyk": "version: v1\n"}, [("Snyk", ["*"], "")]),
]


@pytest.mark.parametrize(("given", "expected"), SERVICES)
def test_update_services(given, expected) -> None:
    answer = repository_files(files(given))
    assert [(each["name"], each["ecosystems"], each["off"]) for each in answer["services"]] == expected


STEPS = [
    (".github/workflows/ci.yml", "      - run: pip-audit -r requirements.txt\n", ("pip-audit", True)),
    (".github/workflows/ci.yml", "      - run: npm audit || true\n", ("npm audit", False)),
    (".github/workflows/ci.yml", "      - run: npm audit\n        continue-on-error: true\n", ("npm audit", False)),
    (".gitlab-ci.yml", "  script: [osv-scanner -r .]\n", ("OSV-Scanner", True)),
    ("buildspec.yml", "      - snyk test\n", ("Snyk", True)),
    ("azure-pipelines.yml", "- script: trivy fs .\n", ("Trivy", True)),
    ("bitbucket-pipelines.yml", "- grype dir:.\n", ("Grype", True)),
    (".circleci/config.yml", "- run: safety check\n", ("Safety", True)),
    ("Jenkinsfile", "sh 'dependency-check.sh --scan .'\n", ("OWASP Dependency-Check", True)),
    (".github/workflows/ci.yml", "      - uses: actions/dependency-review-action@v4\n", ("Dependency Review", True)),
    (".github/workflows/ci.yml", "      # - run: pip-audit\n", None),
    (".github/workflows/ci.yml", "      - name: pip-audit later\n", None),
    ("README.md", "pip-audit\n", None),
]


@pytest.mark.parametrize(("path", "text", "expected"), STEPS)
def test_steps_that_look_for_vulnerable_dependencies(path: str, text: str, expected) -> None:
    answer = repository_files(files({path: text}))
    assert [(each["name"], each["blocks"]) for each in answer["scanners"]] == ([expected] if expected else [])


def test_code_scanners_owners_and_ecosystems() -> None:
    answer = repository_files(
        files(
            {
                ".github/workflows/a.yml": "- uses: github/codeql-action/analyze@v3\n- run: semgrep ci\n",
                ".github/CODEOWNERS": "* @shop/security\n",
                "a/package.json": "{}",
                "b/requirements.txt": "",
                "node_modules/x/pom.xml": "",
                "pom.xml": "",
            }
        )
    )
    assert [each["name"] for each in answer["code_scanners"]] == ["CodeQL", "Semgrep"]
    assert answer["owners"] == [".github/CODEOWNERS"]
    assert answer["ecosystems"] == ["Maven", "PyPI", "npm"]
    assert re.fullmatch(r"\.github/workflows/a\.yml:1", answer["code_scanners"][0]["where"])
