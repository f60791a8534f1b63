"""What lock files say of development, replacement and other names, as strangers' projects have it."""

import pytest

from advisory_records import record
from assaybook.code.advisories.records import matches, read_advisory
from dependency_files import brief, components, found

UV = """version = 1
[[package]]
name = "shop"
version = "1"
source = {{ editable = "." }}
{own}
[[package]]
name = "requests"
version = "2.19.1"
source = {{ registry = "https://registry.example" }}
dependencies = [{{ name = "idna" }}]
[[package]]
name = "idna"
version = "2.7"
source = {{ registry = "https://registry.example" }}
"""


def test_uv_tells_what_is_for_development_only_where_the_project_says_so():
    group = '[package.dev-dependencies]\ndev = [{ name = "requests" }]'
    assert {each.development for each in components("uv.lock", UV.format(own=group)).values()} == {True}
    shipped = 'dependencies = [{ name = "requests" }]'
    assert {each.development for each in components("uv.lock", UV.format(own=shipped)).values()} == {False}
    both = f'{shipped}\n[package.dev-dependencies]\ndev = [{{ name = "idna" }}]'
    assert {each.development for each in components("uv.lock", UV.format(own=both)).values()} == {False}


def test_what_no_entry_of_uv_leads_to_may_be_shipped():
    assert {each.development for each in components("uv.lock", UV.format(own="")).values()} == {False}


PNPM = """lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      low: {{specifier: 'npm:lodash@4.17.11', version: lodash@4.17.11}}
    devDependencies:
      jest: {{specifier: ^29.0.0, version: 29.0.0}}
packages:
  lodash@4.17.11: {{resolution: {{integrity: sha512-aa==}}}}
  jest@29.0.0: {{resolution: {{integrity: sha512-bb==}}}}
  chalk@4.0.0: {{resolution: {{integrity: sha512-cc==}}}}
  stray@1.0.0: {{resolution: {{integrity: sha512-dd==}}}}
snapshots:
  lodash@4.17.11: {{}}
  jest@29.0.0: {{dependencies: {{chalk: 4.0.0}}}}
  chalk@4.0.0: {{}}
  stray@1.0.0: {{}}
""".format()


def test_pnpm_tells_development_by_what_leads_to_a_package_and_knows_other_names():
    told = {name: each.development for name, each in components("pnpm-lock.yaml", PNPM).items()}
    assert told == {"lodash": False, "jest": True, "chalk": True, "stray": False}


GO = """module a.example/shop

go 1.22
toolchain go1.22.1

require (
\ta.example/one v1.0.0
\ta.example/two v1.2.0 // indirect
\ta.example/three v3.0.0
)

exclude (
\ta.example/bad v9.0.0
)

replace a.example/two => ../two

replace (
\ta.example/three v3.0.0 => b.example/fork v3.0.1
)
"""


def test_go_builds_what_stands_in_place_of_a_module():
    listed = [brief(each) for each in found({"go.mod": GO}).components]
    assert listed == [("a.example/one", "1.0.0"), ("b.example/fork", "3.0.1")]


@pytest.mark.parametrize(
    ("ecosystem", "version", "end", "hit"),
    [
        ("PyPI", "1.0rc1", {"fixed": "1.0"}, True),
        ("PyPI", "1.0.post1", {"fixed": "1.0"}, False),
        ("PyPI", "2.0.0+cpu", {"last_affected": "2.0.0"}, True),
        ("PyPI", "2.0.0+cpu", {"fixed": "2.0.0"}, False),
        ("npm", "2.0.0-beta.2", {"fixed": "2.0.0-beta.10"}, True),
        ("npm", "1.0.0+b1", {"fixed": "1.0.0"}, False),
        ("Maven", "2.9.10.7", {"fixed": "2.9.10.8"}, True),
        ("Maven", "1.0-SNAPSHOT", {"fixed": "1.0"}, True),
        ("Go", "0.0.0-20210220033148-5ea612d1eb83", {"fixed": "0.0.0-20210921155107-089bfa567519"}, True),
        ("NuGet", "1.0.0.0", {"fixed": "1.0.0"}, False),
    ],
)
def test_tricky_ends_of_ranges(ecosystem, version, end, hit):
    advisory = read_advisory(record({"introduced": "0"}, end, ecosystem=ecosystem))
    assert bool(list(matches([advisory], ecosystem, "demo", version))) is hit
