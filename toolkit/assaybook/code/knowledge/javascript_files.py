"""Where untrusted data does harm as the path of a file, in an archive, or as the key of an object, in JavaScript."""

from __future__ import annotations

from .terms import PATH, Sink

_FILE = "takes it as the path of a file"
_S3KEY = "takes it as the key of an object"


def _paths() -> tuple[Sink, ...]:
    first = [
        "readFile",
        "readFileSync",
        "writeFile",
        "writeFileSync",
        "appendFile",
        "appendFileSync",
        "createReadStream",
        "createWriteStream",
        "open",
        "openSync",
        "unlink",
        "unlinkSync",
        "rm",
        "rmSync",
        "rmdir",
        "rmdirSync",
        "mkdir",
        "mkdirSync",
        "readdir",
        "readdirSync",
        "stat",
        "statSync",
        "lstat",
        "lstatSync",
        "access",
        "accessSync",
        "exists",
        "existsSync",
        "chmod",
        "chmodSync",
        "truncate",
        "truncateSync",
        "opendir",
        "opendirSync",
        "readlink",
        "readlinkSync",
        "realpath",
        "realpathSync",
        "watch",
    ]
    # To ask whether a file is there tells less than to read it.
    asked = {
        "stat",
        "statSync",
        "lstat",
        "lstatSync",
        "access",
        "accessSync",
        "exists",
        "existsSync",
        "realpath",
        "realpathSync",
        "watch",
    }
    both = [
        "copyFile",
        "copyFileSync",
        "rename",
        "renameSync",
        "cp",
        "cpSync",
        "link",
        "linkSync",
        "symlink",
        "symlinkSync",
    ]
    extra = [
        "readJson",
        "readJsonSync",
        "writeJson",
        "writeJsonSync",
        "remove",
        "removeSync",
        "outputFile",
        "outputFileSync",
        "outputJson",
        "ensureDir",
        "ensureFile",
        "emptyDir",
        "readJSON",
    ]
    review = "it only asks about the file"
    return (
        *(Sink(PATH, f"fs.{name}", said=_FILE, review=review if name in asked else "", deep=False) for name in first),
        *(Sink(PATH, f"fs.{name}", (0, 1), said=_FILE, deep=False) for name in both),
        *(
            Sink(PATH, f"fs-extra.{name}", said=_FILE, deep=False)
            for name in (*(n for n in first if n not in asked), *extra)
        ),
        *(
            Sink(PATH, f"fs-extra.{name}", (0, 1), said=_FILE, deep=False)
            for name in (*both, "copy", "copySync", "move", "moveSync")
        ),
        *(Sink(PATH, f"graceful-fs.{name}", said=_FILE, deep=False) for name in first if name not in asked),
    )


_ARCHIVE = "unpacks it, and an entry's name can lead out of the folder"
FILES: tuple[Sink, ...] = (
    *_paths(),
    Sink(PATH, "rimraf", said=_FILE),
    Sink(PATH, "rimraf.rimraf", said=_FILE),
    Sink(PATH, "rimraf.sync", said=_FILE),
    Sink(PATH, "del", said=_FILE),
    Sink(PATH, "express.Response.sendFile", unless=("root", "*"), said="sends the file that it names"),
    Sink(PATH, "express.Response.download", said="sends the file that it names"),
    Sink(PATH, "express.Response.render", said="renders the view that it names", deep=False),
    Sink(PATH, "fastify.FastifyReply.sendFile", said="sends the file that it names"),
    Sink(PATH, "koa-send", (1,), said="sends the file that it names"),
    # adm-zip kept entries within the folder only from 0.4.11 on; the others leave it to the caller. Source: GHSA-3v6h-hqm4-2rg6.
    Sink(PATH, "adm-zip", said=_ARCHIVE, review="current versions of adm-zip keep entries within the folder"),
    Sink(PATH, "unzipper.Extract", keys=("path",), said=_FILE),
    Sink(
        PATH,
        "extract-zip",
        (0, 1),
        keys=("dir",),
        said=_ARCHIVE,
        review="current versions keep entries within the folder",
    ),
    Sink(PATH, "decompress", (0, 1), said=_ARCHIVE, review="current versions keep entries within the folder"),
    Sink(PATH, "tar.x", keys=("cwd", "file", "C", "f"), said=_FILE),
    Sink(PATH, "tar.extract", keys=("cwd", "file", "C", "f"), said=_FILE),
    *(
        Sink(
            PATH,
            callee,
            (0,),
            keys=("Key",),
            rule="s3key",
            said=_S3KEY,
            review="whose objects these are has to be read",
        )
        for callee in (
            *(
                f"aws-sdk.S3.{name}"
                for name in ("getObject", "putObject", "deleteObject", "headObject", "upload", "copyObject")
            ),
            *(
                f"@aws-sdk/client-s3.{name}Command"
                for name in ("GetObject", "PutObject", "DeleteObject", "HeadObject", "CopyObject")
            ),
            *(
                f"@aws-sdk/client-s3.S3.{name}"
                for name in ("getObject", "putObject", "deleteObject", "headObject", "copyObject")
            ),
        )
    ),
)
