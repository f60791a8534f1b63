"""Pages of the documentation that are made from data: which call serves what, and what other tools check. `python -m assaybook.pages` writes them into docs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .calls import calls_page
from .peers import peers_page

PAGES: Mapping[str, Callable[[], str]] = {"calls.md": calls_page, "peers.md": peers_page}
