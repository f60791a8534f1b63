"""A small report that holds every kind of block, and strings that want to do harm."""

from datetime import UTC, datetime

from assaybook.report.blocks import (
    Block,
    badge,
    bullets,
    chart,
    code,
    emphasis,
    end,
    error,
    facts,
    finding,
    heading,
    link,
    note,
    paragraph,
    raw,
    section,
    snippets,
    strong,
    table,
    text,
)
from assaybook.report.document import Document

AS_OF = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
HOSTILE = {
    "html": "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "typst": '#set page(fill: red) $x^2$ `raw` @nowhere *bold* _it_ #panic("no") \\ #eval("1")',
    "markdown": "[click](javascript:alert(1)) | a | **b**",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "formula": "=cmd|' /C calc'!A0",
    "control": "bell\x07 nul\x00 escape\x1b[31m delete\x7f separator\x1f",
    "bidi": "safe\u202egnp.exe\u202c \u2066x\u2069",
    "zero": "pay\u200bments\u2060 \ufeff \u00ad",
    "emoji": "fire 🔥 family 👩‍👩‍👧 flag 🇫🇷",
    "cjk": "注文処理 関数 주문 订单",
    "rtl": "דוגמה مثال",
    "private": "\ue000 \U000f0000 \U0010ffff \ufffe",
    "surrogate": "half \ud83d",
    "marks": "z" + "\u0301" * 50,
    "rare": "𓀀 ᚠ 𝕏",
    "separators": "line\u2028paragraph\u2029",
    "token": "x" * 10_000,
    "quote": "\"'></style></title><!--",
}
GAUGE = {"value": 0.74, "low": 0.57, "high": 0.79, "coverage": 0.75, "label": "Major exceptions", "tone": "major"}
STACKED = {
    "series": [{"label": "not met", "tone": "not_met"}, {"label": "undetermined", "tone": "undetermined"}],
    "rows": [{"label": "A Secure coding", "values": [4, 14]}, {"label": "B Data security", "values": [0, 0]}],
    "unit": "controls",
}
FLOW = {
    "columns": ["What starts it", "Function", "What the role reaches"],
    "nodes": [
        {"column": 0, "label": "mail rule operations", "note": "Anyone on the internet", "tone": "high"},
        {"column": 0, "label": "API admin-legacy (POST /actions)", "note": "Identified callers", "tone": "low"},
        {"column": 1, "label": "ops-admin", "note": "function", "tone": "fail"},
        {"column": 2, "label": "Every action on every resource", "note": "AdministratorAccess", "tone": "high"},
    ],
    "links": [
        {"source": 0, "target": 2, "weight": 1, "tone": "fail"},
        {"source": 1, "target": 2, "weight": 1, "tone": "review"},
        {"source": 2, "target": 3, "weight": 1, "tone": "unknown"},
    ],
    "legend": [{"tone": "fail", "label": "fails"}, {"tone": "review", "label": "for review"}],
}
HEAT = {
    "columns": ["critical", "high"],
    "rows": [{"label": "A", "cells": [{"value": 3, "tone": "critical"}, {"value": 0, "tone": "none"}]}],
}


def every_kind(words: str = "plain words") -> list[Block]:
    """One block of each kind, with these words wherever words may stand."""
    card = finding(
        title=words,
        outcome="fail",
        severity="high",
        subject=words,
        because=words,
        remedy=words,
        where=words,
        check="a-check",
        id="F-1",
        evidence=["E-0001"],
        details=[("Table.field", words)],
        waiver=words,
    )
    return [
        section("summary", [heading(1, "Summary", "summary"), paragraph(strong(words), " ", emphasis(words))]),
        heading(1, f"Chapter {words}", "chapter"),
        heading(2, "Section", "section"),
        paragraph(text(words), code(words), badge(words, "critical"), link("#section", words), {"t": "br"}),
        paragraph(link("https://example.org/", words), link("#nowhere", words)),
        note("warning", words),
        facts([(words, words), ("Digest", [code("0" * 64)])]),
        table([words, "number"], [[words, "1"], [[badge("met", "met")], "2"]], caption=words, align="lr", total=7),
        table([f"column {each}" for each in range(14)], [[f"{words[:40]} {each}" for each in range(14)]] * 2),
        table(["empty"], []),
        card,
        bullets([words, ["two ", code(words)]], ordered=True),
        {"kind": "quote", "blocks": [paragraph(words)]},
        raw(words),
        snippets(words, [("AWS CLI", f"aws {words}"), ("Terraform", f"# {words}")], remark=words),
        error("ValueError", words),
        chart("gauge", GAUGE, alt=f"A gauge {words}", caption=words),
        chart("stacked", STACKED, alt="Controls by area", caption="Controls by area"),
        chart("heat", HEAT, alt="Failures by area", caption="Failures by area"),
        {"kind": "image", "format": "png", "data": PIXEL, "alt": f"An image {words}", "caption": ""},
        section("answer", [paragraph(words)]),
        end("A", "0" * 64, "not_met"),
    ]


def document(*blocks: Block, words: str = "plain words") -> Document:
    """A report of these blocks, or of every kind of block."""
    return Document(
        title=f"Report {words}",
        subtitle=words,
        classification="CONFIDENTIAL",
        banner="SYNTHETIC ACCOUNT · DRAFT",
        as_of=AS_OF,
        run_id="0123456789ab",
        facts=(("Client", [text(words)]), ("Digest", [code("0" * 64)])),
        blocks=blocks or tuple(every_kind(words)),
    )
