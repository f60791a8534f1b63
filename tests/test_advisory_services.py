"""Advisories over the network, from a server on this machine."""

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from advisory_records import MERGE, PARSE, SHOP, asked_about, judged, said
from assaybook.capture import FAILED, OK
from assaybook.collect.advisories import Sources, fetching
from assaybook.model import Outcome


class _Server:
    """Answers from a table of paths; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                outer.asked.append((self.path, body))
                answer = outer.answers.get(self.path, 404)
                answer = answer(body) if callable(answer) else answer
                status = answer if isinstance(answer, int) else 200
                content = (
                    b""
                    if isinstance(answer, int)
                    else answer
                    if isinstance(answer, bytes)
                    else json.dumps(answer).encode()
                )
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _answer

            def log_message(self, *said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    monkeypatch.setattr(fetching, "SECONDS", 5.0)
    monkeypatch.setattr(fetching.time, "sleep", lambda seconds: None)
    made = _Server()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def api(server: _Server) -> Sources:
    return Sources(osv_api=True, addresses={"osv": server.address})


def batch(body: Mapping[str, Any]) -> dict[str, Any]:
    known = {"demo-merge": [{"id": MERGE["id"]}], "demo-parse": [{"id": PARSE["id"]}]}
    return {
        "results": [
            {"vulns": known[each["package"]["name"]]} if each["package"]["name"] in known else {}
            for each in body["queries"]
        ]
    }


def test_the_api(server: _Server) -> None:
    server.answers = {"/v1/querybatch": batch, f"/v1/vulns/{MERGE['id']}": MERGE, f"/v1/vulns/{PARSE['id']}": PARSE}
    captures = asked_about(SHOP, api(server))
    assert captures[1].answer["dates"] == {"PyPI": "2026-11-24T09:00:00+00:00", "npm": "2026-11-24T09:00:00+00:00"}
    assert [each.outcome for each in judged(captures)] == [Outcome.FAIL, Outcome.FAIL, Outcome.PASS]
    asked = server.asked[0][1]["queries"]
    assert {"package": {"ecosystem": "npm", "name": "demo-merge"}, "version": "1.4.0"} in asked
    assert not any(each["package"]["name"] == "demo-other" for each in asked)


def test_the_api_in_pages(server: _Server) -> None:
    def paged(body: Mapping[str, Any]) -> dict[str, Any]:
        if "page_token" in body["queries"][0]:
            return {"results": [{"vulns": [{"id": MERGE["id"]}]}]}
        return {
            "results": [
                {"next_page_token": "more"} if each["package"]["name"] == "demo-merge" else {}
                for each in body["queries"]
            ]
        }

    server.answers = {"/v1/querybatch": paged, f"/v1/vulns/{MERGE['id']}": MERGE}
    assert [each.outcome for each in judged(asked_about(SHOP, api(server)))] == [Outcome.FAIL, Outcome.PASS]


@pytest.mark.parametrize("answer", [500, 403, 404, b"no json", {"results": []}, {"odd": 1}, {"results": [3, 4, 5]}, []])
def test_an_api_that_does_not_answer(server: _Server, answer: object) -> None:
    server.answers = {"/v1/querybatch": answer}
    captures = asked_about(SHOP, api(server))
    assert captures[1].state == FAILED
    assert [each.outcome for each in judged(captures)] == [Outcome.UNKNOWN]


def test_an_advisory_that_cannot_be_read_clears_nothing(server: _Server) -> None:
    server.answers = {"/v1/querybatch": batch, f"/v1/vulns/{MERGE['id']}": MERGE, f"/v1/vulns/{PARSE['id']}": 500}
    captures = asked_about(SHOP, api(server))
    assert captures[1].answer["answered"] == []
    assert [each.outcome for each in judged(captures)] == [Outcome.FAIL, Outcome.UNKNOWN]


def test_throttling_is_waited_for(server: _Server) -> None:
    answers = iter([429, 503])
    server.answers = {
        "/v1/querybatch": lambda body: next(answers, None) or batch(body),
        f"/v1/vulns/{MERGE['id']}": MERGE,
        f"/v1/vulns/{PARSE['id']}": PARSE,
    }
    assert asked_about(SHOP, api(server))[1].state == OK


def test_nothing_listens() -> None:
    captures = asked_about(SHOP, Sources(osv_api=True, addresses={"osv": "http://127.0.0.1:9"}))
    assert captures[1].state == FAILED and "URLError" in captures[1].message


def test_only_tls_is_asked() -> None:
    captures = asked_about(SHOP, Sources(osv_api=True, addresses={"osv": "http://osv.example.net"}))
    assert captures[1].state == FAILED and "TLS" in captures[1].message


def test_nobody_is_asked_who_was_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **named: object) -> object:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(fetching.urllib.request, "urlopen", refuse)
    assert len(asked_about(SHOP, Sources())) == 1
    assert not Sources()


def test_registries(server: _Server) -> None:
    info = {"yanked": True, "yanked_reason": "broken archive", "classifiers": []}
    server.answers = {
        "/pypi/demo-parse/1.0/json": {
            "info": info,
            "vulnerabilities": [
                {"id": "PYSEC-2099-7", "aliases": ["CVE-2099-10007"], "fixed_in": ["2.0"], "summary": "s"},
                {"id": "PYSEC-2099-8", "withdrawn": "2026-01-01T00:00:00Z"},
            ],
        },
        "/-/npm/v1/security/advisories/bulk": {
            "demo-merge": [
                {
                    "id": 1,
                    "url": "https://github.com/advisories/GHSA-demo-0001-demo",
                    "title": "t",
                    "severity": "high",
                    "vulnerable_versions": "<1.4.2",
                },
                {"id": 2, "url": "x", "severity": "low", "vulnerable_versions": "<1.0.0"},
            ]
        },
        "/demo-merge": {"versions": {"1.4.0": {"deprecated": "use another"}}},
        "/demo-clean": {"versions": {"1.0.0": {}}},
    }
    captures = asked_about(
        SHOP, Sources(registries=("pypi", "npm"), addresses={"pypi": server.address, "npm": server.address})
    )
    assert [each.call for each in captures[1:]] == ["advisories:Query", "advisories:Packages"] * 2
    assert [(each.outcome, each.because.split(",")[0]) for each in judged(captures)][:2] == [
        (Outcome.FAIL, "demo-merge 1.4.0 has GHSA-demo-0001-demo: t"),
        (Outcome.REVIEW, "demo-parse 1.0 has CVE-2099-10007: s"),
    ]
    health = said(judged(captures, "package-given-up"))
    assert (Outcome.FAIL, "demo-merge 1.4.0 is deprecated: use another") in health
    assert (Outcome.FAIL, "demo-parse 1.0 is yanked: broken archive") in health
    assert (Outcome.PASS, "npm registry calls demo-clean 1.0.0 neither withdrawn nor deprecated") in health


def test_an_index_without_the_endpoint_clears_nothing(server: _Server) -> None:
    """Some indexes answer 404 for each package; that is no word about any."""
    captures = asked_about(
        {"requirements.txt": "demo-parse==1.0\n"}, Sources(registries=("pypi",), addresses={"pypi": server.address})
    )
    assert captures[1].state == FAILED
    assert [each.outcome for each in judged(captures)] == [Outcome.UNKNOWN]


def test_a_registry_that_refuses_bulk_advisories_clears_nothing(server: _Server) -> None:
    server.answers = {
        "/-/npm/v1/security/advisories/bulk": 405,
        "/demo-merge": {"versions": {}},
        "/demo-clean": {"versions": {}},
    }
    captures = asked_about(SHOP, Sources(registries=("npm",), addresses={"npm": server.address}))
    assert captures[1].state == FAILED
