"""Batch runs leave out imports that they do not need, and nothing that they do."""

import subprocess
import sys

BEFORE = "import sys; from assaybook.fast import lean_imports; lean_imports(); "


def run(code: str) -> str:
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return made.stdout.strip()


def test_notebooks_run_without_grammars_and_clouds() -> None:
    code = "import papermill, nbconvert.exporters; print([each for each in ('lark', 'arrow', 'boto3') if each in sys.modules])"
    assert run(BEFORE + code) == "[]"
    assert run("import sys; " + code) == "['lark', 'arrow', 'boto3']"


def test_papermill_says_what_it_cannot_do_then() -> None:
    code = (
        "import papermill.iorw as files\n"
        "try:\n    files.papermill_io.read('s3://bucket/one.ipynb')\n"
        "except Exception as refused:\n    print(refused)"
    )
    assert "papermill[s3]" in run(BEFORE + code)


def test_schemas_are_still_checked() -> None:
    code = (
        "import jsonschema, nbformat; "
        "nbformat.validate(nbformat.v4.new_notebook()); "
        "checker = jsonschema.FormatChecker(); "
        "jsonschema.validate('2026-11-16', {'format': 'date'}, format_checker=checker); "
        "broken = nbformat.v4.new_notebook(); broken.cells.append(nbformat.from_dict({'cell_type': 'strange'}))\n"
        "try:\n    nbformat.validate(broken)\nexcept nbformat.ValidationError:\n    print('refused')"
    )
    assert run(BEFORE + code) == "refused"


def test_what_is_imported_already_stays() -> None:
    code = "import sys, types; mine = sys.modules['rfc3987_syntax'] = types.ModuleType('rfc3987_syntax'); "
    check = (
        "from assaybook.fast import lean_imports; lean_imports(); import rfc3987_syntax; print(rfc3987_syntax is mine)"
    )
    assert run(code + check) == "True"
