"""Which files of a source tree are looked at. What is left out is told by the folder's name, and counted."""

from __future__ import annotations

from collections.abc import Container, Sequence

# Histories, caches and installed tools: nobody deploys them, or they are copies of what is there anyway.
NEVER = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", ".venv", "venv", "virtualenv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
        ".tox", ".nox", ".eggs", ".terraform", ".serverless", ".aws-sam", ".next", ".nuxt", ".cache", ".parcel-cache", ".gradle", ".m2", ".nyc_output",
        "htmlcov", "bower_components", ".yarn", ".pnpm-store", ".ipynb_checkpoints",
    }
)  # fmt: skip
# What a build leaves; looked at only where a template takes its code from there.
OUTPUTS = frozenset({"dist", "build", "out", "target", "coverage", "obj"})
# Beside these a folder of such a name is the result of a build, and elsewhere it is source like any other.
BUILT = (
    "package.json",
    "pyproject.toml",
    "setup.py",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Cargo.toml",
    "tsconfig.json",
)
INSTALLED = "node_modules"
INSTALLED_MANIFEST = "package.json"
ASSEMBLY = "cdk.out"
# Content that no reader of text looks at: these are counted.
BINARY = frozenset(
    {
        "png", "jpg", "jpeg", "gif", "ico", "bmp", "webp", "tif", "tiff", "psd", "mp3", "mp4", "mov", "avi", "wav", "ogg", "webm", "pdf", "doc", "docx",
        "xls", "xlsx", "ppt", "pptx", "woff", "woff2", "ttf", "otf", "eot", "so", "dll", "dylib", "exe", "o", "a", "pyc", "pyo", "class", "wasm", "node",
        "parquet", "avro", "npy", "npz", "h5", "onnx", "pt", "pb", "tflite", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "db", "sqlite", "sqlite3",
    }
)  # fmt: skip


def is_binary(path: str) -> bool:
    """Whether the name of a file says that it holds no text."""
    name = path.rpartition("/")[2]
    return "." in name[1:] and name.rpartition(".")[2].lower() in BINARY


def keeps(parts: Sequence[str]) -> bool:
    """Whether a file is looked at: all but those in folders that never count, and of `node_modules` only the manifest of each installed package."""
    if NEVER.intersection(parts[:-1]):
        return False
    if INSTALLED not in parts[:-1]:
        return True
    within = len(parts) - 2 - parts[:-1][::-1].index(INSTALLED)
    below = parts[within + 1 :]
    scoped = below[0].startswith("@")
    return len(below) == (3 if scoped else 2) and below[-1] == INSTALLED_MANIFEST


def output_of(path: str, files: Container[str], root: str = "") -> str:
    """The folder below `root` that a build left and a file lies in: one of a usual name beside the manifest of what is built, or an assembly of the CDK; empty if none."""
    start = root.count("/") + 1 if root else 0
    folders = path.split("/")[:-1]
    for place, name in enumerate(folders[start:], start):
        if name == ASSEMBLY:
            return "/".join(folders[: place + 1])
        before = "/".join([*folders[:place], ""])
        if name in OUTPUTS and any(f"{before}{each}" in files for each in BUILT):
            return f"{before}{name}"
    return ""
