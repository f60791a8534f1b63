"""`python -m assaybook` is the command `assaybook`."""

from .cli import main

main(prog_name="assaybook")
