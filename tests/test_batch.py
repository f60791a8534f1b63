"""Notebooks in batch: one that does not finish is seen, marked, and stops no other."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import assaybook.report.display  # noqa: F401 - imported before the fork, so that a busy machine does not spend a cell's time on it
from assaybook.batch import ENGINES, ParameterError, Ran, run_notebooks

PARAMETERS = 'seal: str = ""\nconfig: str = ""\nout: str = ""'
END = (
    "from assaybook.report.blocks import end\n"
    "from assaybook.report.display import Shown\n"
    "Shown([end('A', 'digest', 'met')])"
)


def notebook(folder: Path, name: str, *cells: str, concluded: bool = True) -> Path:
    first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    made = new_notebook(cells=[first, *map(new_code_cell, cells), *([new_code_cell(END)] if concluded else [])])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / f"{name}.ipynb"
    nbformat.write(made, path)
    return path


def run(tmp_path: Path, *paths: Path, **options: object) -> dict[str, Ran]:
    given = {"seal": "a.seal", "config": ""}
    return {each.name: each for each in run_notebooks(paths, tmp_path / "out", given, **options)}


BROKEN = {
    "raises": ("raise ValueError('no such thing')", "ValueError: no such thing"),
    "exits": ("import sys; sys.exit(0)", "SystemExit"),
    "leaves": ("import os; os._exit(0)", "did not"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9"),
    "sleeps": ("import time; time.sleep(60)", "longer than"),
    "swallows": ("import time\ntry:\n    time.sleep(60)\nexcept Exception:\n    pass", "longer than"),
    "spins": ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "longer than"),
}


def test_each_way_to_fail_is_seen_and_stops_no_other(tmp_path: Path) -> None:
    paths = [notebook(tmp_path, "good", "1 + 1"), notebook(tmp_path, "silent", "1", concluded=False)]
    paths += [notebook(tmp_path, name, code) for name, (code, _) in BROKEN.items()]
    ran = run(tmp_path, *paths, cell_seconds=2.0, notebook_seconds=8.0)
    assert ran["good"].problem == ""
    assert ran["silent"].problem == "it did not conclude"
    for name, (_, said) in BROKEN.items():
        problem = ran[name].problem
        assert problem, name
        if name == "leaves":
            assert "stopped" in problem or "no readable notebook" in problem or "conclude" in problem
        else:
            assert said in problem, (name, problem)
        left = nbformat.read(ran[name].path, as_version=4)
        assert left.metadata["assaybook"]["render_error"] == problem


@pytest.mark.parametrize("engine", ENGINES)
def test_parameters_reach_the_notebook(tmp_path: Path, engine: str) -> None:
    ran = run(tmp_path, notebook(tmp_path, "says", "print(seal)"), engine=engine)
    assert ran["says"].problem == ""
    text = json.dumps(nbformat.read(ran["says"].path, as_version=4))
    assert "a.seal\\n" in text


@pytest.mark.parametrize("engine", ENGINES)
def test_a_parameter_that_a_notebook_does_not_know_is_refused(tmp_path: Path, engine: str) -> None:
    path = notebook(tmp_path, "one", "1")
    with pytest.raises(ParameterError, match=r"one.ipynb has no parameter seel; it has config, out, seal"):
        run_notebooks([path], tmp_path / "out", {"seel": "x"}, engine=engine)
    assert not (tmp_path / "out").exists()


RICH = """\
import sys
from IPython.display import HTML, Markdown, display, clear_output
print('one'); print('two', file=sys.stderr); print('three')
display(HTML('<b>x</b>'))
handle = display(Markdown('before'), display_id=True)
handle.update(Markdown('after'))
{'a': 1, 'b': [1, 2]}
"""


def outputs(path: Path) -> list[list[dict[str, object]]]:
    """The outputs of each cell. A kernel sends both streams when it likes, so what is said in each is joined and comes first."""
    cells = nbformat.read(path, as_version=4).cells
    kept = ("output_type", "data", "ename", "evalue", "execution_count")
    found = []
    for cell in cells:
        said: dict[str, object] = {}
        for each in cell.outputs:
            if each.output_type == "stream":
                said[each.name] = f"{said.get(each.name, '')}{each.text}"
        rest = [each for each in cell.outputs if each.output_type != "stream"]
        found.append([dict(sorted(said.items())), *({key: each[key] for key in kept if key in each} for each in rest)])
    return found


def test_both_engines_give_the_same_outputs(tmp_path: Path) -> None:
    cells = [
        RICH,
        "x = 3\nx",
        "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
        "_",
        "%%capture held\nprint('kept')",
        "held.stdout",
    ]
    found = {}
    for engine in ENGINES:
        path = notebook(tmp_path, f"rich-{engine}", *cells)
        (ran,) = run(tmp_path, path, engine=engine).values()
        assert ran.problem == ""
        found[engine] = outputs(ran.path)
    assert found["assaybook"] == found["nbclient"]


def test_names_do_not_leak_between_notebooks(tmp_path: Path) -> None:
    first = notebook(tmp_path, "first", "leaked = 1\nimport os; os.environ['LEAKED'] = '1'")
    second = notebook(
        tmp_path, "second", "assert 'leaked' not in globals()", "import os; assert 'LEAKED' not in os.environ"
    )
    ran = run(tmp_path, first, second, workers=1)
    assert [each.problem for each in ran.values()] == ["", ""]
