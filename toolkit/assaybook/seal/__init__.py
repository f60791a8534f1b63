"""The seal: one file with all evidence of a collection, of which no byte can change unseen.

A seal is a ZIP file with stored members: `manifest.json` (canonical JSON), `packing.json` (digests of the packed parts) and one gzip-packed part of JSON
lines for each target. The digest that identifies the evidence covers the manifest and, through it, the uncompressed parts; it does not depend on the
compression. Opening also rebuilds the container and compares it byte for byte, so that a change outside the parts shows too.
"""

from __future__ import annotations

from .archive import SEAL_SUFFIX, PartCheck, Seal, SealError, open_seal, verify_seal, write_seal
from .manifest import Manifest, Part

__all__ = [
    "SEAL_SUFFIX",
    "Manifest",
    "Part",
    "PartCheck",
    "Seal",
    "SealError",
    "open_seal",
    "verify_seal",
    "write_seal",
]
