"""Container images as builds leave them, and as nobody should: layers in their order, bounds on all that unpacks."""

import gzip
import hashlib
import io
import json
import random
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from assaybook.code import image_layers, image_store
from assaybook.code.images import CONFIG_FILE, RefusedImage, read_image
from assaybook.code.package import Entry, Package

ENV = ["LAMBDA_TASK_ROOT=/var/task", "STAGE=prod"]
SETTINGS = {"Env": ENV, "Cmd": ["app.handler"], "WorkingDir": "/var/task", "Labels": {"team": "shop"}}
Member = tuple[str, bytes | str | None]


def layer(*members: Member) -> bytes:
    """A layer: text is a link's target (`=x` a hard link), None a folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
                continue
            info.type = (
                tarfile.DIRTYPE if content is None else tarfile.LNKTYPE if content.startswith("=") else tarfile.SYMTYPE
            )
            info.linkname = (content or "").removeprefix("=")
            archive.addfile(info)
    return buffer.getvalue()


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def blobs(layers: Sequence[bytes], settings: Any = SETTINGS, platforms: Sequence[str] = ()) -> dict[str, bytes]:
    made: dict[str, bytes] = {}

    def put(data: bytes) -> dict[str, Any]:
        made[f"blobs/{digest(data).replace(':', '/')}"] = data
        return {"digest": digest(data), "size": len(data)}

    config = put(json.dumps({"config": settings, "history": [{"created_by": "RUN pip install x"}]}).encode())
    manifest = put(json.dumps({"config": config, "layers": [put(each) for each in layers]}).encode())
    listed = [{**manifest, "platform": {"os": "linux", "architecture": each}} for each in platforms] or [manifest]
    made["index.json"] = json.dumps({"manifests": listed}).encode()
    made["oci-layout"] = b"{}"
    return made


def folder(path: Path, parts: Mapping[str, bytes]) -> Path:
    for name, data in parts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def archive(path: Path, parts: Mapping[str, bytes]) -> Path:
    path.write_bytes(layer(*parts.items()))
    return path


def saved(layers: Sequence[bytes], settings: Any = SETTINGS) -> dict[str, bytes]:
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    config = json.dumps({"config": settings, "history": []}).encode()
    return {
        "manifest.json": json.dumps([{"Config": "c.json", "RepoTags": ["x:1"], "Layers": names}]).encode(),
        "c.json": config,
        **dict(zip(names, layers, strict=True)),
    }


APP = layer(
    ("var/task/app.py", b"x = 1\n"),
    ("var/task/requests-2.0.dist-info/METADATA", b"Name: requests"),
    ("usr/bin/python", b"\x7fELF\0"),
    ("var/lib/dpkg/status", b"Package: libc6"),
)


def read(package: Package) -> dict[str, bytes]:
    return {path: file() for path, file in package.files.items() if path != CONFIG_FILE}


EXPECTED = {
    "app.py": b"x = 1\n",
    "requests-2.0.dist-info/METADATA": b"Name: requests",
    "var/lib/dpkg/status": b"Package: libc6",
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", ["layout", "archive", "saved"])
def test_every_form_of_image_is_read_alike(form: str, packed: bool, tmp_path: Path) -> None:
    layers = [gzip.compress(APP) if packed else APP]
    if form == "layout":
        path = folder(tmp_path / "image", blobs(layers))
    else:
        path = archive(tmp_path / "image.tar", blobs(layers) if form == "archive" else saved(layers))
    package = read_image(path, "image")
    assert read(package) == EXPECTED and package.kind == "image"
    assert package.entries == (Entry("", "app.handler"),)
    assert package.where("app.py", 1) == "image/app.py:1"


def test_what_a_build_left_beside_files_is_a_file_too(tmp_path: Path) -> None:
    told = json.loads(read_image(folder(tmp_path, blobs([APP])), "i").files[CONFIG_FILE]())
    assert (
        told["config"]["Env"] == ENV
        and told["config"]["Labels"] == {"team": "shop"}
        and told["history"][0]["created_by"] == "RUN pip install x"
    )


def of(tmp_path: Path, *layers: bytes, settings: Any = SETTINGS) -> Package:
    return read_image(folder(tmp_path / "i", blobs(layers, settings)), "i")


def test_upper_layers_change_and_remove_what_lower_ones_had(tmp_path: Path) -> None:
    lower = layer(
        ("app/a.py", b"old"),
        ("app/b.py", b"b"),
        ("app/d/c.py", b"c"),
        ("app/e/f.py", b"f"),
        ("opt/x.py", b"x"),
        ("opt/y", None),
        ("opt/y/z.py", b"z"),
    )
    upper = layer(
        ("./app/a.py", b"new"),
        ("app/.wh.b.py", b""),
        ("app/.wh.d", b""),
        ("app/e/.wh..wh..opq", b""),
        ("app/e/g.py", b"g"),
        ("opt/y", b"now a file"),
    )
    assert read(of(tmp_path, lower, upper, settings={})) == {
        "app/a.py": b"new",
        "app/e/g.py": b"g",
        "opt/x.py": b"x",
        "opt/y": b"now a file",
    }


def test_a_file_that_a_lower_layer_held_and_an_upper_one_hides_is_not_there(tmp_path: Path) -> None:
    assert read(of(tmp_path, layer(("app/.env", b"KEY=1")), layer(("app/.wh..env", b"")), settings={})) == {}


def test_links_are_not_followed_but_hard_ones_to_what_is_held(tmp_path: Path) -> None:
    made = of(
        tmp_path,
        layer(("app/a.py", b"a"), ("app/b.py", "=app/a.py"), ("app/c.py", "/etc/passwd"), ("app/d.py", "=etc/passwd")),
        settings={},
    )
    assert read(made) == {"app/a.py": b"a", "app/b.py": b"a"}


def test_names_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    made = of(tmp_path, layer(("../../etc/cron.d/x", b"x"), ("app/../../y", b"y"), ("app/good.py", b"")), settings={})
    assert list(read(made)) == ["app/good.py"] and len(made.refused) == 2


def test_files_elsewhere_and_without_text_are_left_aside(tmp_path: Path) -> None:
    aside = (
        ("usr/lib/python3/os.py", b"x"),
        ("app/model.dat", b"\0\1"),
        ("app/x.png", b"x"),
        ("app/node_modules/a/index.js", b""),
    )
    wanted = (("usr/lib/node_modules/npm/package.json", b"{}"), ("app/node_modules/a/package.json", b"{}"))
    assert sorted(read(of(tmp_path, layer(*aside, *wanted), settings={}))) == sorted(name for name, _ in wanted)


def test_large_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_layers, "LARGEST_FILE", 100)
    monkeypatch.setattr(image_layers, "MOST_HELD", 150)
    made = of(tmp_path, layer(("app/a", b"x" * 101), ("app/b", b"x" * 90), ("app/c", b"x" * 90)), settings={})
    assert list(read(made)) == ["app/b"]
    assert [each.path for each in made.refused] == ["app/a", "app/c"]


def test_one_platform_of_several_is_read_and_said(tmp_path: Path) -> None:
    made = read_image(folder(tmp_path, blobs([APP], platforms=["arm64", "amd64"])), "i")
    assert made.notes == ("of 2 images in it one was read (linux/amd64)",)


def bomb() -> bytes:
    return gzip.compress(layer(("app/zero", b"\0" * (3 << 20))))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda parts: parts.pop("index.json"), "neither an OCI layout"),
        (lambda parts: parts.update({"index.json": b"{"}), "damaged"),
        (lambda parts: parts.update({"index.json": b"[]"}), "damaged"),
        (lambda parts: parts.update({"index.json": b'{"manifests": []}'}), "holds no image"),
        (
            lambda parts: parts.update({"index.json": b'{"manifests": [{"digest": "sha256:../../x"}]}'}),
            "a digest in it is none",
        ),
        (lambda parts: parts.update({"index.json": b'{"manifests": [{"digest": "sha256:00"}]}'}), "missing"),
        (lambda parts: parts.update({"index.json": b"[" * 100_000}), "damaged"),
        (lambda parts: parts.update({"manifest.json": b"[]"}), "holds no image"),
        (
            lambda parts: parts.update({"manifest.json": b'[{"Config": "/etc/passwd", "Layers": []}]'}),
            "leads elsewhere",
        ),
    ],
)
def test_what_is_no_image_is_refused_with_one_reason(
    change: Callable[[dict[str, bytes]], Any], said: str, tmp_path: Path
) -> None:
    parts = blobs([APP])
    change(parts)
    with pytest.raises(RefusedImage, match=said):
        read_image(folder(tmp_path, parts), "i")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x28\xb5\x2f\xfd" + b"x" * 99, "Zstandard"),
        (b"x" * 600, "damaged"),
        (gzip.compress(APP)[:-200], "damaged"),
        (APP[:700], "damaged"),
        (b"\x1f\x8b" + b"x" * 90, "damaged"),
    ],
)
def test_a_layer_that_cannot_be_read_refuses_the_image(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedImage, match=said):
        of(tmp_path, data)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(read(of(tmp_path, bomb(), settings={}))) == []
    monkeypatch.setattr(image_layers, "MOST_READ", 2 << 20)
    with pytest.raises(RefusedImage, match="too large"):
        of(tmp_path, bomb())


def test_a_header_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as made:
        info = tarfile.TarInfo("app/x.py")
        info.pax_headers = {"comment": "x" * (4 << 20)}
        made.addfile(info)
    with pytest.raises(RefusedImage, match="too large"):
        of(tmp_path, gzip.compress(buffer.getvalue()))


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_layers, "MOST_MEMBERS", 3)
    with pytest.raises(RefusedImage, match="more than 3 files"):
        of(tmp_path, layer(*((f"app/{n}", b"") for n in range(9))))


def test_archives_with_too_many_parts_or_of_another_kind_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.tar").write_bytes(gzip.compress(APP))
    with pytest.raises(RefusedImage, match="no tar archive"):
        read_image(tmp_path / "x.tar", "x")
    monkeypatch.setattr(image_store, "MOST_PARTS", 3)
    with pytest.raises(RefusedImage, match="more than 3 parts"):
        read_image(archive(tmp_path / "y.tar", {f"{n}": b"" for n in range(9)}), "y")


def test_a_layout_whose_parts_lie_elsewhere_is_refused(tmp_path: Path) -> None:
    parts = blobs([APP])
    root = folder(tmp_path / "i", parts)
    (root / "index.json").unlink()
    (tmp_path / "other.json").write_bytes(parts["index.json"])
    (root / "index.json").symlink_to("../other.json")
    with pytest.raises(RefusedImage, match="lies elsewhere"):
        read_image(root, "i")


def test_an_image_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        read_image(tmp_path / "gone.tar", "x")


def test_no_changed_byte_breaks_the_reader(tmp_path: Path) -> None:
    data = (archive(tmp_path / "x.tar", saved([gzip.compress(APP)]))).read_bytes()
    noise = random.Random(5)
    for _ in range(400):
        made = bytearray(data)
        for _ in range(noise.choice((1, 3, 30))):
            made[noise.randrange(len(made))] ^= 1 << noise.randrange(8)
        (tmp_path / "x.tar").write_bytes(made[: noise.randrange(len(made)) if noise.random() < 0.2 else len(made)])
        try:
            read_image(tmp_path / "x.tar", "x")
        except RefusedImage:
            continue
