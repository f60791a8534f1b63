"""Package URLs, the one name of a package that other tools understand. Source: package-url specification."""

from __future__ import annotations

from functools import lru_cache

from .components import MAVEN, URL_TYPES


@lru_cache(maxsize=20_000)
def package_url(ecosystem: str, name: str, version: str = "") -> str:
    """The package URL; empty for a name that is none."""
    from packageurl import PackageURL

    group, _, last = name.rpartition(":" if ecosystem == MAVEN else "/")
    try:
        return PackageURL(URL_TYPES[ecosystem], group or None, last, version or None).to_string()
    except (ValueError, KeyError):
        return ""


@lru_cache(maxsize=20_000)
def of_package_url(text: str) -> tuple[str, str, str]:
    """Ecosystem, name and version of a package URL; empty texts for what is none."""
    from packageurl import PackageURL

    try:
        found = PackageURL.from_string(text)
    except ValueError:
        return "", "", ""
    ecosystem = next((each for each, kind in URL_TYPES.items() if kind == found.type), "")
    joined = ":" if ecosystem == MAVEN else "/"
    name = f"{found.namespace}{joined}{found.name}" if found.namespace else found.name
    return ecosystem, name, found.version or ""
