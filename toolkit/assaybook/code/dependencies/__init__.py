"""Dependencies: what is installed, locked and declared, from which registries, and how a repository keeps it up to date. Nothing is looked up anywhere."""

from .components import Component, Setting, Unreadable
from .extractor import dependencies
from .inventory import Inventory, Manifest, inventory
from .package_urls import of_package_url, package_url
from .update_services import repository_files

__all__ = [
    "Component",
    "Inventory",
    "Manifest",
    "Setting",
    "Unreadable",
    "dependencies",
    "inventory",
    "of_package_url",
    "package_url",
    "repository_files",
]
