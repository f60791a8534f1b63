"""How a repository keeps up, and names that can be mistaken for others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.code.dependencies import repository_files
from assaybook.code.dependencies.likeness import one_apart, resembled
from dependency_files import files

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
