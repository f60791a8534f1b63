"""What Python projects declare and lock, in all the forms that there are."""

import json

import pytest

from assaybook.code.dependencies import dependencies
from assaybook.code.dependencies.python_requirements import EXTRA, INDEX, for_development
from assaybook.code.package import Package, Program, Reading
from dependency_files import brief, components, files, found

COMMIT = "0123456789abcdef0123456789abcdef01234567"


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
    old = """[[package]]
name = "requests"
version = "2.31.0"
category = "main"
optional = false
[[package]]
name = "pytest"
version = "8.0"
category = "dev"
[metadata.files]
requests = [{file = "a", hash = "sha256:a"}]
"""
    listed = components("poetry.lock", old)
    assert (listed["requests"].hashed, listed["pytest"].development, listed["pytest"].hashed) == (True, True, False)
    new = """[[package]]
name = "requests"
version = "2.31.0"
groups = ["main", "dev"]
files = [{file = "a", hash = "sha256:a"}]
[[package]]
name = "pytest"
version = "8.0"
groups = ["dev"]
files = []
[[package]]
name = "tools"
version = "1.0"
groups = ["main"]
files = []
[package.source]
type = "git"
url = "https://github.com/shop/tools.git"
reference = "main"
resolved_reference = "abc"
"""
    listed = components("poetry.lock", new)
    assert (
        listed["requests"].development,
        listed["pytest"].development,
        listed["tools"].source,
        listed["tools"].reference,
    ) == (False, True, "vcs", "github.com@abc")
    uv = """[[package]]
name = "orders"
version = "0.1"
source = {editable = "."}
dependencies = [{name = "requests"}]
[package.dev-dependencies]
dev = [{name = "pytest"}]
[[package]]
name = "requests"
version = "2.31.0"
source = {registry = "x"}
dependencies = [{name = "idna"}]
wheels = [{url = "u", hash = "sha256:a"}]
[[package]]
name = "idna"
version = "3.0"
source = {registry = "x"}
[[package]]
name = "pytest"
version = "8.0"
source = {registry = "x"}
"""
    listed = components("uv.lock", uv)
    assert {name: (each.direct, each.development, each.hashed) for name, each in listed.items()} == {
        "requests": (True, False, True),
        "idna": (False, False, False),
        "pytest": (False, True, False),
    }
    pdm = """[[package]]
name = "requests"
version = "2.31.0"
groups = ["default"]
files = [{file = "a", hash = "sha256:a"}]
[[package]]
name = "pytest"
version = "8.0"
groups = ["test"]
"""
    assert components("pdm.lock", pdm)["pytest"].development
    pylock = """lock-version = "1.0"
[[packages]]
name = "requests"
version = "2.31.0"
wheels = [{url = "u", hashes = {sha256 = "a"}}]
[[packages]]
name = "tools"
vcs = {type = "git", url = "u", commit-id = "abc"}
"""
    listed = components("pylock.toml", pylock)
    assert (listed["requests"].hashed, listed["tools"].source) == (True, "vcs")
