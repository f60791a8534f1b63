"""Where untrusted data does harm in Python."""

from __future__ import annotations

from .python_answers import ANSWERS
from .python_execution import EXECUTION
from .python_files import FILES
from .python_network import NETWORK
from .python_queries import QUERIES
from .terms import Sink

SINKS: tuple[Sink, ...] = (*EXECUTION, *QUERIES, *FILES, *NETWORK, *ANSWERS)
