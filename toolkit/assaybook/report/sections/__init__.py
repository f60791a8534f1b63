"""What a report says, as blocks made of an assessment: the same in notebooks, HTML and PDF."""

from .appendix import (
    evidence_index,
    framework_views,
    glossary,
    how_to_verify,
    limits,
    not_assessed,
    parameters,
    waivers,
)
from .code import code_population, written_secrets
from .flow_steps import flow_section
from .imports import imported_lines, imported_results
from .practice import control_section, practice_section
from .scope import completeness, scope_card, scope_section
from .summary import summary_section
from .supply_chain import advisory_sources, bill_table, external_hosts
from .tables import table_block

__all__ = [
    "advisory_sources",
    "bill_table",
    "code_population",
    "completeness",
    "control_section",
    "evidence_index",
    "external_hosts",
    "flow_section",
    "framework_views",
    "glossary",
    "how_to_verify",
    "imported_lines",
    "imported_results",
    "limits",
    "not_assessed",
    "parameters",
    "practice_section",
    "scope_card",
    "scope_section",
    "summary_section",
    "table_block",
    "waivers",
    "written_secrets",
]
