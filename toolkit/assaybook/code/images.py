"""Container images from where a build left them: an OCI layout, an OCI archive, or what `docker save` writes. Read with bounds, and never unpacked to disk.

Source: OCI Image Format Specification 1.1, "Image Layout Specification", "Image Manifest" and "Filesystem Changeset".
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .image_layers import Layers
from .image_store import FolderStore, ImageStore, RefusedImage, TarStore
from .package import Entry, HeldFile, Package

INDEX, SAVED = "index.json", "manifest.json"
CONFIG_FILE = ".image/config.json"
# Of an image for several platforms this one is read.
PLATFORM = ("linux", "amd64")
MOST_NESTED = 3
MOST_LAYERS = 200
# Where functions are put that run on Lambda. Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
TASK_ROOT = "LAMBDA_TASK_ROOT"
TROUBLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, EOFError, OSError, zlib.error)


def read_image(path: Path, name: str) -> Package:
    """The files of an image that say something about its code and what it holds, as a package. Raises RefusedImage with one reason, OSError if it is not there."""
    store: ImageStore = FolderStore(path) if path.is_dir() else TarStore(path)
    try:
        manifest, notes = _manifest(store)
        config = _json(store.read(manifest["config"]))
        layers = manifest["layers"]
        if not isinstance(config, Mapping) or not isinstance(layers, list) or len(layers) > MOST_LAYERS:
            raise RefusedImage("its manifest is not of the form that images have")
        ran = config.get("config")
        settings: Mapping[str, Any] = ran if isinstance(ran, Mapping) else {}
        root = _root(settings)
        together = Layers(root)
        for each in layers:
            together.add(store, str(each))
        return _package(name, config, settings, root, together, notes)
    except RefusedImage:
        raise
    except TROUBLE as damage:
        raise RefusedImage(f"it is damaged ({type(damage).__name__})") from damage
    finally:
        store.close()


def _package(
    name: str, config: Mapping[str, Any], settings: Mapping[str, Any], root: str, layers: Layers, notes: tuple[str, ...]
) -> Package:
    # What a build leaves in variables, labels and the history of its steps is read like any other text of the image.
    told = {"config": settings, "history": config.get("history")}
    files = {CONFIG_FILE: HeldFile(json.dumps(told, indent=1, sort_keys=True).encode())}
    for path, data in layers.files.items():
        files[path.removeprefix(f"{root}/") if root else path] = HeldFile(data)
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{hashlib.sha256(files[path].data).hexdigest()}\n".encode())
    entry = _entry(settings)
    return Package(
        name,
        "image",
        {path: files[path] for path in sorted(files)},
        digest.hexdigest(),
        (entry,) if entry else (),
        layers.refused(),
        name,
        {},
        (*notes, *layers.notes),
    )


def _manifest(store: ImageStore) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Where configuration and layers are, by the names that the store has for them."""
    if store.has(SAVED):
        saved = _json(store.read(SAVED))
        if not saved:
            raise RefusedImage("it holds no image")
        several = (f"of {len(saved)} images in it the first was read",) if len(saved) > 1 else ()
        return {"config": saved[0]["Config"], "layers": list(saved[0]["Layers"])}, several
    if not store.has(INDEX):
        raise RefusedImage("it is neither an OCI layout nor what `docker save` writes")
    document = _json(store.read(INDEX))
    notes: tuple[str, ...] = ()
    for _ in range(MOST_NESTED):
        if "layers" in document:
            layers = [_blob(each) for each in document["layers"]]
            return {"config": _blob(document["config"]), "layers": layers}, notes
        chosen, left = _chosen(document["manifests"])
        notes = (*notes, *left)
        document = _json(store.read(_blob(chosen)))
    raise RefusedImage("its index leads to further indexes")


def _chosen(manifests: list[Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    images = [each for each in manifests if (each.get("platform") or {}).get("os") != "unknown"]
    if not images:
        raise RefusedImage("it holds no image")
    wanted = [each for each in images if _platform(each) == PLATFORM]
    chosen = (wanted or images)[0]
    if len(images) == 1:
        return chosen, ()
    read = "/".join(_platform(chosen)).strip("/") or "the first"
    return chosen, (f"of {len(images)} images in it one was read ({read})",)


def _platform(manifest: Mapping[str, Any]) -> tuple[str, str]:
    told = manifest.get("platform") or {}
    return str(told.get("os", "")), str(told.get("architecture", ""))


def _blob(descriptor: Mapping[str, Any]) -> str:
    """The name of a blob in a layout, from the descriptor that tells its digest."""
    algorithm, _, digits = str(descriptor["digest"]).partition(":")
    if not algorithm.isalnum() or not digits.isalnum():
        raise RefusedImage("a digest in it is none")
    return f"blobs/{algorithm}/{digits}"


def _root(settings: Mapping[str, Any]) -> str:
    """The folder in which the code of the image is: Lambda's, else the one in which it is started."""
    said = _variables(settings).get(TASK_ROOT) or str(settings.get("WorkingDir") or "")
    return said.strip("/")


def _variables(settings: Mapping[str, Any]) -> dict[str, str]:
    found = settings.get("Env")
    pairs = [each.partition("=") for each in found if isinstance(each, str)] if isinstance(found, list) else []
    return {name: value for name, _, value in pairs}


def _entry(settings: Mapping[str, Any]) -> Entry | None:
    command = settings.get("Cmd")
    if TASK_ROOT not in _variables(settings) or not isinstance(command, list) or not command:
        return None
    return Entry("", str(command[0]))


def _json(data: bytes) -> Any:
    return json.loads(data)


__all__ = ["CONFIG_FILE", "RefusedImage", "read_image"]
