"""Secrets written into files: code of any language, configuration, templates, keys. Facts only; the values go no further."""

from __future__ import annotations

from .extract import secrets

__all__ = ["secrets"]
