"""Source trees as they lie on disks: what is read, what is not, and that each thing left out is told."""

import os
import socket
import stat
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assaybook.code.chosen import keeps, output_of
from assaybook.code.package import UnreadableFile
from assaybook.collect.errors import CollectError
from assaybook.collect.source import folder
from assaybook.collect.source.tree import Exclusion, commit_of, matches, read_tree, safe_name

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def zipped(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def refused(root: Path) -> dict[str, str]:
    return {each.path: each.why for each in read_tree(root).refused}


def test_files_are_found_in_a_defined_order_and_read(tmp_path: Path) -> None:
    write(tmp_path, {"b/app.py": "b", "a.py": "a", "b/c/d.js": "d", ".env": "X=1", "Ü/ä.py": "ü"})
    tree = read_tree(tmp_path)
    assert list(tree.files) == [".env", "a.py", "b/app.py", "b/c/d.js", "Ü/ä.py"]
    assert tree.files["b/c/d.js"]() == b"d"
    assert tree.kind == "folder" and tree.refused == ()


@pytest.mark.parametrize(
    "name",
    [
        ".git/config",
        ".venv/lib/x.py",
        "venv/x.py",
        "a/__pycache__/x.py",
        ".terraform/modules/x.tf",
        ".serverless/x.json",
        ".aws-sam/build/template.yaml",
        ".mypy_cache/x.json",
        "a/.tox/x.py",
    ],
)
def test_histories_caches_and_tools_are_left_out_and_counted(tmp_path: Path, name: str) -> None:
    tree = read_tree(write(tmp_path, {"app.py": "", name: "x"}))
    assert list(tree.files) == ["app.py"]
    assert sum(tree.skipped.values()) == 1


def test_of_installed_packages_only_what_names_them_is_read(tmp_path: Path) -> None:
    files = {
        "app.js": "",
        "node_modules/a/package.json": "{}",
        "node_modules/a/index.js": "",
        "node_modules/a/test/package.json": "{}",
        "node_modules/a/node_modules/b/package.json": "{}",
        "node_modules/a/node_modules/b/lib/x.js": "",
        "node_modules/@s/c/package.json": "{}",
        "node_modules/@s/c/x.js": "",
        "node_modules/@s/c/lib/package.json": "{}",
    }
    wanted = [
        "app.js",
        "node_modules/@s/c/package.json",
        "node_modules/a/node_modules/b/package.json",
        "node_modules/a/package.json",
    ]
    assert list(read_tree(write(tmp_path / "f", files)).files) == wanted
    archive = zipped(tmp_path / "x.zip", {each: str(content) for each, content in files.items()})
    assert list(read_tree(archive).files) == wanted


def test_installed_distributions_keep_what_names_them(tmp_path: Path) -> None:
    files = {"app.py": "", "requests-2.0.dist-info/METADATA": "Name: requests", "requests/api.py": ""}
    assert list(read_tree(write(tmp_path, files)).files) == sorted(files)


def test_links_are_followed_within_the_tree_only(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret.txt": "s", "d/x.py": "x"})
    root = write(tmp_path / "tree", {"shared/util.py": "u", "fn/app.py": "a"})
    (root / "fn/shared").symlink_to("../shared")
    (root / "fn/file.txt").symlink_to(outside / "secret.txt")
    (root / "fn/folder").symlink_to(outside / "d")
    (root / "fn/up").symlink_to("..")
    (root / "fn/self").symlink_to(".")
    (root / "fn/gone").symlink_to("nowhere")
    tree = read_tree(root)
    assert list(tree.files) == ["fn/app.py", "fn/shared/util.py", "shared/util.py"]
    assert tree.files["fn/shared/util.py"]() == b"u"
    why = {each.path: each.why for each in tree.refused}
    assert {*why} == {"fn/file.txt", "fn/folder", "fn/up", "fn/self", "fn/gone"}
    assert "out of the folder" in why["fn/file.txt"] and "out of the folder" in why["fn/folder"]
    assert "back" in why["fn/up"] and "back" in why["fn/self"]


def test_a_maze_of_links_ends(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", {f"d{n}/x.py": "" for n in range(6)})
    for one in range(6):
        for other in range(6):
            if one != other:
                (root / f"d{one}/to{other}").symlink_to(f"../d{other}")
    assert len(read_tree(root).files) < 6 * folder.MOST_LINKS + 10


def test_a_root_that_is_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path / "real", {"app.py": ""})
    (tmp_path / "link").symlink_to("real")
    assert list(read_tree(tmp_path / "link").files) == ["app.py"]


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"app.py": ""})
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock")
        why = refused(tmp_path)
    assert {*why} == {"pipe.py", "sock"} and all("not opened" in each for each in why.values())


def test_a_pipe_that_takes_the_place_of_a_file_blocks_nothing(tmp_path: Path) -> None:
    tree = read_tree(write(tmp_path, {"app.py": "x"}))
    (tmp_path / "app.py").unlink()
    os.mkfifo(tmp_path / "app.py")
    with pytest.raises(UnreadableFile, match="no file any more"):
        tree.files["app.py"]()


def test_files_that_are_too_large_or_hold_no_text_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "", "logo.png": b"\x89PNG", "lib.so": b"\x7fELF"})
    with (tmp_path / "huge.json").open("wb") as stream:
        stream.truncate(folder.LARGEST_FILE + 1)
    tree = read_tree(tmp_path)
    assert list(tree.files) == ["app.py"] and tree.binaries == 2
    assert refused(tmp_path) == {"huge.json": "it is larger than 20 MB"}


def test_a_file_that_grows_meanwhile_is_not_read(tmp_path: Path) -> None:
    tree = read_tree(write(tmp_path, {"app.py": "x"}))
    with (tmp_path / "app.py").open("wb") as stream:
        stream.truncate(folder.LARGEST_FILE + 1)
    with pytest.raises(UnreadableFile):
        tree.files["app.py"]()


def test_names_that_are_no_text_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": ""})
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py"))).write_text("x")
    assert refused(tmp_path) == {"\\udcff.py": "its name is no text"}


def test_odd_names_are_names(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a b.py": "", "new\nline.py": "", "back\\slash.py": "", "-x.py": "", "x" * 200 + ".py": "", "\x1b[31m.py": ""},
    )
    assert len(read_tree(tmp_path).files) == 6


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"app.py": "", "closed/x.py": ""})
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr("assaybook.collect.source.folder.os.scandir", scandir)
    assert refused(tmp_path) == {"closed": "the folder cannot be read (Permission denied)"}


def test_a_tree_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_FILES", 3)
    with pytest.raises(CollectError, match="holds more than 3 files"):
        read_tree(write(tmp_path, {f"{n}.py": "" for n in range(4)}))


def test_a_tree_that_is_too_deep_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "DEEPEST", 3)
    assert list(refused(write(tmp_path, {"a/b/c/d/e.py": "", "x.py": ""}))) == ["a/b/c/d"]


def test_results_of_runs_are_no_source(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app.py": "",
            "reports/old/evidence.seal": "x",
            "reports/old/engagement.key": "k",
            "reports/new/engagement.key": "k",
            "reports/README.md": "",
        },
    )
    tree = read_tree(tmp_path, results=tmp_path / "reports/new")
    assert list(tree.files) == ["app.py", "reports/README.md"]
    assert tree.skipped == {"results of assaybook": 2}
    with pytest.raises(CollectError, match="Name another folder with -o"):
        read_tree(tmp_path, results=tmp_path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path / "gone", "is not there"),
        (lambda path: path, "holds no file to assess"),
        (lambda path: write(path, {"x.zip": b"PK\x03\x04 broken"}) / "x.zip", "is not read"),
        (lambda path: write(path, {"x.bin": b"MZ"}) / "x.bin", "is no zip archive"),
        (lambda path: Path("/dev/null"), "neither a folder nor a file"),
        (lambda path: zipped(path / "e.zip", {}), "holds no file to assess"),
    ],
)
def test_what_is_no_source_tree_gets_one_message(tmp_path: Path, make: Callable[[Path], Path], said: str) -> None:
    with pytest.raises(CollectError, match=said):
        read_tree(make(tmp_path))


def test_a_single_template_is_a_tree(tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": "Resources: {}", "app.py": ""})
    tree = read_tree(tmp_path / "template.yaml")
    assert list(tree.files) == ["template.yaml"] and tree.kind == "template"


def test_a_zip_archive_is_a_tree(tmp_path: Path) -> None:
    tree = read_tree(
        zipped(tmp_path / "my repo-1.zip", {"a/app.py": "x", "a/.git/config": "", "a/x.png": "", "../up": ""})
    )
    assert list(tree.files) == ["a/app.py"]
    assert (tree.name, tree.kind, tree.binaries, tree.skipped) == ("my_repo_1", "zip", 1, {".git": 1})
    assert [each.path for each in tree.refused] == ["../up"]


def test_what_is_agreed_to_be_left_out_is_counted(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "", "tests/fixtures/key.pem": "", "tests/test_app.py": "", "a/snap/x.json": ""})
    agreed = [
        Exclusion("tests/fixtures/**", "made up", "Ana"),
        Exclusion("*.json", "snapshots", "Ana"),
        Exclusion("nothing/here", "gone", "Ana"),
    ]
    tree = read_tree(tmp_path, agreed)
    assert list(tree.files) == ["app.py", "tests/test_app.py"]
    assert [number for _, number in tree.excluded] == [1, 1, 0]


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("tests/a/b.py", "tests", True),
        ("src/tests/b.py", "tests", True),
        ("tests/a/b.py", "tests/a", True),
        ("tests/a/b.py", "tests/a/", True),
        ("tests/a/b.py", "/tests/a/**", True),
        ("mytests/a.py", "tests", False),
        ("src/tests/a/b.py", "tests/a", False),
        ("a/b.snap", "*.snap", True),
        ("a/b.snap.py", "*.snap", False),
        ("src/x.json", "src/*.json", True),
        ("src", "src/x", False),
    ],
)
def test_patterns_mean_what_they_seem_to(path: str, pattern: str, expected: bool) -> None:
    assert matches(path, pattern) is expected


def test_the_commit_is_read_without_running_git(tmp_path: Path) -> None:
    git = (
        write(
            tmp_path,
            {".git/HEAD": "ref: refs/heads/main\n", ".git/config": "[remote]\nurl = https://user:token@host/x"},
        )
        / ".git"
    )
    assert commit_of(tmp_path) == ""
    write(git, {"packed-refs": f"# pack-refs\n{'f' * 40} refs/heads/other\n{COMMIT} refs/heads/main\n"})
    assert commit_of(tmp_path) == COMMIT
    write(git, {"refs/heads/main": "a" * 40 + "\n"})
    assert commit_of(tmp_path) == "a" * 40
    write(git, {"HEAD": f"{COMMIT}\n"})
    assert commit_of(tmp_path) == COMMIT
    for hostile in (
        "ref: ../../../etc/passwd",
        "ref: refs/../../../../etc/passwd",
        "x" * 100,
        "",
        "ref: refs/heads/\x00",
    ):
        write(git, {"HEAD": hostile})
        assert commit_of(tmp_path) == ""


def test_the_commit_is_the_one_git_tells(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": ""})
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        if subprocess.run([*git, *arguments], capture_output=True).returncode:
            pytest.skip("git is not there")
    said = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    assert read_tree(tmp_path).commit == said


@pytest.mark.parametrize(
    ("name", "safe"),
    [("my-app", "my_app"), ("..", "source"), ("a/b", "a_b"), ("ä b", "b"), ("", "source"), ("x" * 99, "x" * 60)],
)
def test_names_of_trees_can_stand_in_a_seal(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_outputs_are_told_from_source_of_the_same_name() -> None:
    files = {"package.json", "pkg/setup.py"}
    assert output_of("dist/index.js", files) == "dist"
    assert output_of("lib/dist/index.js", files) == ""
    assert output_of("pkg/build/x.py", files) == "pkg/build"
    assert output_of("src/build/x.py", files) == ""
    assert output_of("a/cdk.out/asset.1/x.js", files) == "a/cdk.out"
    assert output_of("dist/x.js", files, "dist") == ""


def test_what_counts_is_decided_alike_for_folders_and_archives() -> None:
    assert keeps(["node_modules", "x", "package.json"]) and keeps(["a.py"])
    assert not keeps(["node_modules", "x", "y", "package.json"])
    assert not keeps([".git", "config"]) and keeps([".gitignore"])


def test_a_folder_is_read_though_its_mode_is_odd(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "x"})
    (tmp_path / "app.py").chmod(stat.S_IRUSR)
    assert read_tree(tmp_path).files["app.py"]() == b"x"
