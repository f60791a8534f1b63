"""What projects of JavaScript declare and lock, in all the forms that there are."""

import json

import pytest

from assaybook.code.dependencies.python_requirements import names_commit
from assaybook.collect.advisories.registries import NPM_ADDRESS
from dependency_files import brief, components, found

COMMIT = "0123456789abcdef0123456789abcdef01234567"


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
            "resolved": f"{NPM_ADDRESS}/lodash/-/lodash-4.17.15.tgz",
            "integrity": "sha512-a",
            "license": "MIT",
        },
        "node_modules/@s/p": {
            "version": "1.0.0",
            "resolved": f"{NPM_ADDRESS}/@s/p/-/p-1.0.0.tgz",
            "integrity": "sha512-a",
        },
        "node_modules/@s/p/node_modules/lodash": {
            "version": "3.10.1",
            "resolved": f"{NPM_ADDRESS}/lodash/-/lodash-3.10.1.tgz",
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
    assert (first.direct, first.hashed, first.licence, first.reference) == (
        True,
        True,
        "MIT",
        NPM_ADDRESS.removeprefix("https://"),
    )
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
