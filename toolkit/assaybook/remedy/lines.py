"""Lines of code as a remedy: an example to read, into which nothing from an account is written."""

from __future__ import annotations

from .template import PLACEHOLDER, Misplaced, Template, line_at, template


def code_template(text: str) -> Template:
    """The template of lines of code. Raises Misplaced for a placeholder: in code, a name could end whatever it stands in."""
    match = PLACEHOLDER.search(text)
    if match is not None:
        raise Misplaced(line_at(text, match.start()), f"[[{match[1]}]] stands in code, which holds no values")
    return template(text, [text])
