"""The Merkle root over the parts of a seal (RFC 6962: leaves prefixed 0x00, nodes 0x01)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ..canonical import canonical


def merkle_root(leaves: Sequence[object]) -> str:
    """The root over JSON values in the order given, as hexadecimal digits; of nothing, the hash of nothing."""
    level = [hashlib.sha256(b"\x00" + canonical(leaf)).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    return _root(level).hex()


def _root(level: Sequence[bytes]) -> bytes:
    if len(level) == 1:
        return level[0]
    half = 1 << ((len(level) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(level[:half]) + _root(level[half:])).digest()
