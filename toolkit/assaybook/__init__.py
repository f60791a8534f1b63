"""Assaybook assesses the security of serverless applications, in notebooks that are audit workpapers."""

__version__ = "0.1.0"
