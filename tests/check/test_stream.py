"""The exit code and the line come through whatever the standard streams are, and from behind a link."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CONF, PROJECT, SMALL, run_train

KNOWN = ", ".join(sorted(path.stem for path in (CONF / "model").glob("*.yaml")))
LINE = f"model=mlpp: no such option, expected one of {KNOWN}; did you mean mlp?\n"
FULL = Path("/dev/full")


def shell(folder: Path, words: str, program: Path = PROJECT / "train.py") -> tuple[int, str, str]:
    """Run train.py by a shell, which closes and redirects."""
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(program))} {words}"
    result = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True)
    return result.returncode, result.stdout, result.stderr


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    ("streams", "out"),
    [("2>&-", LINE), ("2>/dev/full", LINE), ("2>/dev/full >/dev/full", ""), (">&- 2>&-", "")],
)
def test_a_mistake_has_its_code_and_a_line_where_there_is_a_place(
    streams: str, out: str, tmp_path: Path
) -> None:
    assert shell(tmp_path, f"model=mlpp {streams}") == (2, out, "")


@pytest.mark.parametrize("words", ["--cfg job >&-", "--help >&-", f"{' '.join(SMALL)} >&- 2>&-"])
def test_closed_streams_are_no_mistake(words: str, tmp_path: Path) -> None:
    assert shell(tmp_path, words) == (0, "", "")


@pytest.mark.parametrize(
    ("words", "code"),
    [("--cfg job -p seed", 0), ("model=mlpp", 2), ("--config-path=conf --cfg job -p seed", 0)],
)
def test_a_link_to_the_program_finds_its_configuration(words: str, code: int, tmp_path: Path) -> None:
    link = tmp_path / "linked.py"
    link.symlink_to(PROJECT / "train.py")
    assert shell(tmp_path, words, link) == (code, "" if code else "0\n", LINE if code else "")


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        (
            {"WORLD_SIZE": "x"},
            "WORLD_SIZE: expected a whole number of 1 or more, got x; type: unset WORLD_SIZE",
        ),
        (
            {"WORLD_SIZE": "2", "RANK": "x"},
            "RANK: expected a whole number of 0 or more, got x; type: unset RANK",
        ),
        ({"LOCAL_RANK": ""}, "LOCAL_RANK: expected a whole number of 0 or more, got nothing; type: unset …"),
    ],
)
def test_variables_of_a_launcher_are_numbers(variables: dict[str, str], line: str, tmp_path: Path) -> None:
    result = run_train(tmp_path, "model=cnn", **variables)
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr.startswith(line.removesuffix("…").rstrip("\n"))
    assert result.stderr.count("\n") == 1
