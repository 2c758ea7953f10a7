"""The table of regularizers: it has a row a word, and those that promise a smaller gap keep it."""

import re
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

SCRIPT = PROJECT / "scripts" / "regularizer_table.py"
Rows = dict[str, list[float]]


def measured(*words: str) -> Rows:
    """Training loss, validation loss, gap and percentage of small weights of each word."""
    result = subprocess.run([sys.executable, str(SCRIPT), *words], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    header, line, *rows = result.stdout.splitlines()
    assert header.count("|") == line.count("|") == 6
    found = {}
    for row in rows:
        _, name, *cells, _ = row.split("|")
        found[name.strip(" `")] = [float(re.match(r"[-.\d]+", cell.strip())[0]) for cell in cells]
    return found


def test_it_prints_a_row_a_word() -> None:
    rows = measured("--seeds", "1", "--epochs", "1", "--processes", "1")
    assert {"regularizer=[]", "regularizer=[l1]", "regularizer=[mixup]"} < set(rows)
    for train, val, gap, near_zero in rows.values():
        assert gap == pytest.approx(val - train, abs=0.002)
        assert 0 <= near_zero <= 100


def test_a_wrong_number_of_seeds_is_refused() -> None:
    result = subprocess.run([sys.executable, str(SCRIPT), "--seeds", "0"], capture_output=True, text=True)
    assert result.returncode == 2
    assert "--seeds" in result.stderr


@pytest.mark.full
def test_regularizers_lower_the_gap_and_l1_makes_weights_sparse() -> None:
    rows = measured()
    *_, plain_gap, plain_small = rows["regularizer=[]"]
    for word in ("dropout", "l1", "l2", "weight_decay", "mixup"):
        assert rows[f"regularizer=[{word}]"][2] < plain_gap, word
    assert rows["regularizer=[l1]"][3] > 10 * plain_small
