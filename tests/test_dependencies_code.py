"""Other ecosystems, what is installed, how firmly manifests fix, registries in scripts, and hostile files."""

import io
import json
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.code.dependencies import dependencies, of_package_url, package_url, repository_files
from assaybook.code.dependencies.components import Unreadable
from assaybook.code.dependencies.python_requirements import EXTRA
from assaybook.code.dependencies.readers import reader_of
from assaybook.code.package import Entry, Package, Program, Reading
from dependency_files import brief, components, files, found, manifest

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


def test_what_deploys_is_not_shipped() -> None:
    program = {
        "package.json": '{"dependencies": {"aws-cdk-lib": "2.100.0", "constructs": "^10.0.0", "@types/node": "*"}}'
    }
    assert manifest(program, "package.json").development
    both = {
        "package.json": '{"dependencies": {"aws-cdk-lib": "2.100.0", "constructs": "^10.0.0", "lodash": "4.17.15"}}'
    }
    read = manifest(both, "package.json")
    assert (read.development, read.declared, read.open) == (False, 1, ())
    assert [each.name for each in found(both).components if not each.development] == ["lodash"]
    assert manifest({"requirements.txt": "aws-cdk-lib==2.1\nconstructs>=10\n"}, "requirements.txt").development


IMAGES = [
    (
        "RUN pip install requests==2.19.1 'flask>=1' \\\n  # why\n  -t . six\n",
        [("flask", ""), ("requests", "2.19.1"), ("six", "")],
    ),
    ("RUN pip install --upgrade pip setuptools && pip3 install --no-cache-dir -r requirements.txt --target x\n", []),
    (
        "RUN npm install express@4.0.0 @s/p lodash@^4.17.0 && npm ci\n",
        [("@s/p", ""), ("express", "4.0.0"), ("lodash", "")],
    ),
    ("RUN python -m pip install django==1.2 && apt-get install -y curl\n", [("django", "1.2")]),
    (
        "# RUN pip install six\nCOPY . .\nRUN npm install\nRUN npm i --production\nRUN pip install . ./x.whl $EXTRA\n",
        [],
    ),
    ('RUN pip install "unclosed\n', []),
]


@pytest.mark.parametrize(("text", "expected"), IMAGES)
def test_what_image_files_install(text: str, expected) -> None:
    assert sorted(brief(each) for each in found({"Dockerfile": text}).components) == expected


def test_an_image_file_is_a_list_for_each_ecosystem() -> None:
    given = {
        "Dockerfile": "RUN pip install six && npm install express@4.0.0\n",
        "package-lock.json": "{}",
        "poetry.lock": "",
    }
    listed = [(each.ecosystem, each.declared, each.open, each.locks) for each in found(given).manifests]
    assert listed == [("PyPI", 1, ("six *",), ()), ("npm", 1, (), ())]
    assert manifest({".devcontainer/Dockerfile": "RUN pip install six\n"}, ".devcontainer/Dockerfile").development


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
