"""Calls of Python that take names of files and objects. Source of each: the library's own documentation of the call."""

from __future__ import annotations

from .terms import (
    PATH,
    Sink,
)

_READS, _WRITES = "opens the file of that name", "writes to the file of that name"
_PATHS = (
    *(
        Sink(PATH, name, keywords=("file", "path"), said=_READS)
        for name in (
            "open",
            "io.open",
            "codecs.open",
            "os.open",
            "aiofiles.open",
            "gzip.open",
            "bz2.open",
            "lzma.open",
            "linecache.getline",
            "numpy.loadtxt",
            "PIL.Image.open",
        )
    ),
    *(
        Sink(PATH, f"os.{name}", said="works on the file of that name")
        for name in (
            "remove",
            "unlink",
            "rmdir",
            "removedirs",
            "mkdir",
            "makedirs",
            "listdir",
            "scandir",
            "walk",
            "chmod",
            "chown",
            "symlink",
            "truncate",
        )
    ),
    *(
        Sink(PATH, f"os.{name}", positions=(0, 1), said="works on the file of that name")
        for name in ("rename", "renames", "replace", "link")
    ),
    *(
        Sink(PATH, f"shutil.{name}", positions=(0, 1), said="works on the file of that name")
        for name in ("copy", "copy2", "copyfile", "copytree", "move", "rmtree", "unpack_archive")
    ),
    *(Sink(PATH, f"flask.{name}", said="answers the file of that name") for name in ("send_file",)),
    *(
        Sink(PATH, f"{module}.FileResponse", keywords=("path",), said="answers the file of that name")
        for module in ("fastapi.responses", "starlette.responses", "django.http")
    ),
    *(
        Sink(PATH, f"boto3.client(s3).{name}", positions=(2,), keywords=("Filename",), said=_WRITES)
        for name in ("download_file",)
    ),
    Sink(PATH, "boto3.client(s3).upload_file", positions=(0,), keywords=("Filename",), said=_READS),
    Sink(PATH, "boto3.resource(s3).Bucket.download_file", positions=(1,), keywords=("Filename",), said=_WRITES),
    *(
        Sink(
            PATH,
            f"boto3.client(s3).{name}",
            positions=(),
            keywords=("Key",),
            rule="s3key",
            review="it chooses an object of a bucket",
            said="takes it as the key of an object",
        )
        for name in ("get_object", "delete_object", "head_object")
    ),
    Sink(
        PATH,
        "boto3.client(s3).download_file",
        positions=(1,),
        keywords=("Key",),
        rule="s3key",
        review="it chooses an object of a bucket",
        said="takes it as the key of an object",
    ),
    *(
        Sink(
            PATH,
            f"boto3.resource(s3).{name}",
            positions=(1,),
            rule="s3key",
            review="it chooses an object of a bucket",
            said="takes it as the key of an object",
        )
        for name in ("Object",)
    ),
)


_PATHS = (
    *_PATHS,
    *(
        Sink(PATH, f"pathlib.Path.{name}", positions=(-1,), said="works on the file of that name")
        for name in (
            "open",
            "read_text",
            "read_bytes",
            "write_text",
            "write_bytes",
            "unlink",
            "rmdir",
            "mkdir",
            "touch",
            "rename",
            "replace",
            "iterdir",
            "glob",
        )
    ),
    *(
        Sink(
            PATH,
            f"tarfile.{name}",
            positions=(-1,),
            unless=("filter", "data|tar"),
            said="unpacks it, wherever its entries say",
        )
        for name in ("open.extractall", "TarFile.extractall", "open.extract", "TarFile.open.extractall")
    ),
)

FILES: tuple[Sink, ...] = _PATHS
