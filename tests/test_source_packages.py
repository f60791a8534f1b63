"""Packages of a source tree: what is deployed together is read together, and every file is in a package or is told to be left out."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from assaybook.code.package import Entry, HeldFile, Package, UnreadableFile
from assaybook.code.templates.resources import Resource, Template
from assaybook.collect.source.claims import Unread
from assaybook.collect.source.packages import packages_of
from assaybook.collect.source.tree import SourceTree

FUNCTION, LAYER = "AWS::Lambda::Function", "AWS::Lambda::LayerVersion"


def tree(files: Mapping[str, str | bytes], kind: str = "folder") -> SourceTree:
    held = {name: HeldFile(each if isinstance(each, bytes) else each.encode()) for name, each in sorted(files.items())}
    return SourceTree("app", kind, held)


def arn(name: str, kind: str = "function") -> str:
    return f"arn:aws:lambda:us-east-1:000000000001:{kind}:{name}"


def function(name: str, handler: str = "app.handler", runtime: str = "python3.12", **more: Any) -> Resource:
    return Resource(
        FUNCTION, name, name, arn(name), {"Handler": handler, "Runtime": runtime, **more}, f"template.yaml:{len(name)}"
    )


def layer(name: str) -> Resource:
    return Resource(LAYER, name, name, arn(name, "layer"), {}, "template.yaml:9")


def template(code: Mapping[str, str], *resources: Resource, inline: Mapping[str, str] | None = None) -> Template:
    return Template("template.yaml", "sam", "000000000001", "us-east-1", resources, (), code, inline or {})


def found(files: SourceTree, *templates: Template) -> dict[str, Package | Unread]:
    made = packages_of(files, templates)
    named = {each.name: each for each in made}
    assert len(named) == len(made)
    return named


def read(package: Package | Unread) -> Package:
    assert isinstance(package, Package)
    return package


def test_a_folder_that_is_deployed_is_a_package_with_its_entries() -> None:
    files = tree({"fn/app.py": "", "fn/lib/x.py": "", "template.yaml": "", "README.md": ""})
    packages = found(files, template({"One": "fn", "Two": "./fn/"}, function("One"), function("Two", "lib/x.run")))
    assert list(packages) == [".", "fn"]
    made = read(packages["fn"])
    assert list(made.files) == ["app.py", "lib/x.py"] and made.located == "fn"
    assert made.entries == (
        Entry(arn("One"), "app.handler", "python3.12"),
        Entry(arn("Two"), "lib/x.run", "python3.12"),
    )
    assert made.where("app.py", 3) == "fn/app.py:3"
    assert list(read(packages["."]).files) == ["README.md", "template.yaml"]


def test_a_root_that_is_deployed_takes_all_but_packages_within_it() -> None:
    files = tree({"app.py": "", "other/app.py": "", "lib/x.py": "", "layer/python/y.py": ""})
    packages = found(
        files, template({"One": ".", "Two": "other", "L": "layer"}, function("One"), function("Two"), layer("L"))
    )
    assert list(read(packages["."]).files) == ["app.py", "lib/x.py"]
    assert list(read(packages["other"]).files) == ["app.py"]
    assert read(packages["layer"]).kind == "layer"


def test_a_folder_into_which_a_handler_leads_stays_in_the_outer_package() -> None:
    files = tree({"app.py": "", "other/app.py": ""})
    packages = found(
        files, template({"One": ".", "Two": "other"}, function("One", "other/app.handler"), function("Two"))
    )
    assert list(read(packages["."]).files) == ["app.py", "other/app.py"]


def test_what_a_build_left_is_read_only_where_it_is_deployed() -> None:
    files = {"package.json": "{}", "src/app.ts": "", "dist/app.js": ""}
    assert list(read(found(tree(files))["."]).files) == ["package.json", "src/app.ts"]
    packages = found(tree(files), template({"One": "dist"}, function("One")))
    assert list(read(packages["dist"]).files) == ["app.js"]
    packages = found(tree(files), template({"One": "."}, function("One", "dist/app.handler")))
    assert list(read(packages["."]).files) == ["dist/app.js", "package.json", "src/app.ts"]
    packages = found(tree(files), template({"One": "."}, function("One", "src/app.handler")))
    assert list(read(packages["."]).files) == ["package.json", "src/app.ts"]


def test_own_layers_are_found_where_imports_look_for_them() -> None:
    files = tree(
        {
            "fn/app.py": "", "fn/own.py": "function's", "layer/python/shared.py": "", "layer/python/own.py": "layer's", "layer/nodejs/node_modules/m/package.json": "{}",
            "layer/nodejs/util.js": "", "layer/python/lib/python3.12/site-packages/dep/x.py": "",
        }
    )  # fmt: skip
    packages = found(
        files, template({"One": "fn", "L": "layer"}, function("One", Layers=[f"{arn('L', 'layer')}:1"]), layer("L"))
    )
    made = read(packages["fn"])
    assert list(made.files) == [
        "app.py",
        "dep/x.py",
        "node_modules/m/package.json",
        "opt/nodejs/util.js",
        "own.py",
        "shared.py",
    ]
    assert made.files["own.py"]() == b"function's"
    assert made.where("shared.py", 1) == "layer/python/shared.py:1" and made.where("own.py", 1) == "fn/own.py:1"
    assert list(made.alone().files) == ["app.py", "own.py"]
    assert list(read(packages["layer"]).files) == sorted(path[6:] for path in files.files if path.startswith("layer/"))


def test_a_layer_that_a_build_puts_in_order_is_found_as_well() -> None:
    files = tree({"fn/app.py": "", "layer/shared.py": "", "layer/requirements.txt": ""})
    packages = found(
        files, template({"One": "fn", "L": "layer"}, function("One", Layers=[arn("L", "layer")]), layer("L"))
    )
    assert "shared.py" in read(packages["fn"]).files


def test_one_folder_with_different_layers_makes_different_packages() -> None:
    files = tree({"fn/app.py": "", "layer/python/shared.py": ""})
    both = template(
        {"One": "fn", "Two": "fn", "L": "layer"},
        function("One", Layers=[arn("L", "layer")]),
        function("Two"),
        layer("L"),
    )
    packages = found(files, both)
    assert {len(read(each).files) for name, each in packages.items() if name.startswith("fn")} == {1, 2}
    digests = {read(each).sha256 for name, each in packages.items() if name.startswith("fn")}
    assert len(digests) == 2


def test_an_archive_that_is_deployed_is_opened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.js", "x")
    packages = found(tree({"build/fn.zip": buffer.getvalue()}), template({"One": "build/fn.zip"}, function("One")))
    made = read(packages["build/fn.zip"])
    assert made.kind == "zip" and list(made.files) == ["index.js"] and made.where("index.js") == "build/fn.zip/index.js"


def test_what_cannot_be_read_is_told_with_the_functions_that_it_hides() -> None:
    files = tree({"bad.zip": b"PK\x03\x04"})
    codes = {"A": "bad.zip", "B": "dist", "C": "", "D": "inline:D"}
    packages = found(files, template(codes, *(function(each) for each in codes)))
    unread = {each.entries[0].workload[-1]: each for each in packages.values() if isinstance(each, Unread)}
    assert {name: each.reason for name, each in unread.items()} == {
        "A": "refused",
        "B": "not_in_tree",
        "C": "not_in_tree",
        "D": "not_in_tree",
    }
    assert unread["A"].state == "failed" and "end is missing" in unread["A"].why
    assert unread["B"].why == "dist is not in the source tree; a build may have to make it"
    assert unread["C"].where == "template.yaml:1"


def test_code_within_a_template_is_a_package() -> None:
    text = "def handler(event, context): pass"
    files = tree({"template.yaml": ""})
    packages = found(
        files, template({"One": "inline:One"}, function("One", "index.handler"), inline={"inline:One/index.py": text})
    )
    made = read(packages["template.yaml#One"])
    assert {path: file() for path, file in made.files.items()} == {"index.py": b"\n" * 2 + text.encode()}
    assert made.where("index.py", 3) == "template.yaml:3"


def test_lines_of_code_within_a_template_are_those_of_the_template() -> None:
    block = Resource(
        FUNCTION, "One", "One", arn("One"), {"Runtime": "nodejs22.x"}, "t.yaml:2", places={"Code.ZipFile": "t.yaml:7"}
    )
    texts = {"inline:One/index.js": "exports.handler = () => 1;\nlet x;\n"}
    made = read(found(tree({"t.yaml": ""}), template({"One": "inline:One"}, block, inline=texts))["template.yaml#One"])
    assert made.files["index.js"]().splitlines()[7] == b"exports.handler = () => 1;"
    assert made.where("index.js", 8) == "t.yaml:8"


def test_a_file_that_is_deployed_brings_its_folder() -> None:
    packages = found(tree({"fn/app.py": "", "fn/x.py": ""}), template({"One": "fn/app.py"}, function("One")))
    assert list(read(packages["fn"]).files) == ["app.py", "x.py"]


def test_other_files_are_grouped_by_the_nearest_manifest() -> None:
    files = tree(
        {
            "a/package.json": "",
            "a/src/x.js": "",
            "b/requirements.txt": "",
            "b/main.py": "",
            "c/x.py": "",
            "az/host.json": "",
            "az/fn/function.json": "",
            "a/node_modules/z/package.json": "",
        }
    )
    packages = found(files)
    assert {name: len(read(each).files) for name, each in packages.items()} == {".": 1, "a": 3, "az": 2, "b": 2}


def test_every_file_is_in_a_package(tmp_path: object) -> None:
    files = tree({"a/b/c.py": "", "x.zip": "", "d/package.json": "", "d/e/f.ts": "", "g": ""})
    packages = found(files, template({"One": "a"}, function("One")))
    places = {read(each).where(path) for each in packages.values() for path in read(each).files}
    assert places == set(files.files)


def test_an_assembly_is_told_by_what_it_was_copied_from() -> None:
    copied = {
        "lambda/app.py": "code",
        "lambda/lib/u.py": "u",
        "cdk.out/asset.1/app.py": "code",
        "cdk.out/asset.1/lib/u.py": "u",
        "cdk.out/asset.2/index.js": "bundle",
    }
    packages = found(
        tree(copied), template({"One": "cdk.out/asset.1", "Two": "cdk.out/asset.2"}, function("One"), function("Two"))
    )
    assert list(packages) == ["cdk.out/asset.2", "lambda"]
    assert read(packages["lambda"]).entries[0].workload == arn("One")
    changed = {**copied, "cdk.out/asset.1/app.py": "built"}
    assert "cdk.out/asset.1" in found(tree(changed), template({"One": "cdk.out/asset.1"}, function("One")))


def test_files_that_cannot_be_read_after_all_are_refused() -> None:
    def gone() -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    def lying() -> bytes:
        raise UnreadableFile("x: is damaged")

    made = read(found(SourceTree("app", "folder", {"a.py": HeldFile(b""), "b.py": gone, "c.py": lying}))["."])
    assert list(made.files) == ["a.py"]
    assert [(each.path, each.why) for each in made.refused] == [
        ("b.py", "it cannot be read (No such file or directory)"),
        ("c.py", "is damaged"),
    ]


def test_the_digest_is_of_paths_and_contents() -> None:
    same = [read(found(tree(files))["."]).sha256 for files in ({"a": "1", "b": "2"}, {"b": "2", "a": "1"})]
    others = [
        read(found(tree(files))["."]).sha256 for files in ({"a": "2", "b": "1"}, {"a": "1", "c": "2"}, {"a": "1"})
    ]
    assert same[0] == same[1] and len({same[0], *others}) == 4


def test_what_starts_an_image_is_read_from_the_template_or_its_dockerfile() -> None:
    files = tree(
        {
            "fn/Dockerfile": 'FROM x\nCMD ["old.x"]\nCMD [ "app.lambda_handler" ]\n',
            "fn/app.py": "",
            "n/Dockerfile": "CMD python app.py",
            "n/a.py": "",
        }
    )
    image = {"PackageType": "Image", "Handler": None, "Runtime": None}
    one = Resource(FUNCTION, "A", "A", arn("A"), image, "t:1")
    two = Resource(FUNCTION, "B", "B", arn("B"), {**image, "ImageConfig": {"Command": ["b.go"]}}, "t:2")
    three = Resource(FUNCTION, "C", "C", arn("C"), image, "t:3")
    packages = found(files, template({"A": "fn", "B": "fn", "C": "n"}, one, two, three))
    assert [each.handler for each in read(packages["fn"]).entries] == ["app.lambda_handler", "b.go"]
    assert [each.handler for each in read(packages["n"]).entries] == [""]
