"""Threads that wait for one another leave the processor to other programs, unless the user says otherwise."""

import os
import subprocess
import sys

import pytest

PRINT = "import os, kindling, sys; print(os.environ['GOMP_SPINCOUNT'], 'torch' in sys.modules)"


@pytest.mark.parametrize(("told", "expected"), [({}, "1000"), ({"GOMP_SPINCOUNT": "7"}, "7")])
def test_it_is_set_before_torch_is_imported(told: dict[str, str], expected: str) -> None:
    without = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT], env={**without, **told}, capture_output=True, text=True
    )
    assert done.stdout == f"{expected} False\n"
