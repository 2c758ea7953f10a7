"""The folder of a sweep: its name, who holds it, and what it held before."""

import json
from pathlib import Path
from typing import Any

import pytest

from kindling.error import ConfigError, RunError
from kindling.run.process import this_process
from kindling.sweep.place import Place, name_of

FACTS: dict[str, Any] = {"kind": "grid", "keys": ["model"], "base": "0123abcd", "words": ["model=mlp,cnn"]}


def test_the_same_sweep_has_the_same_name_whatever_its_values() -> None:
    made = name_of(None, "grid", ["model", "optimizer.lr"], "0123abcd")
    assert made.startswith("grid+model+lr-")
    others = [("optuna", ["model", "optimizer.lr"], "0123abcd"), ("grid", ["model"], "0123abcd")]
    others.append(("grid", ["model", "optimizer.lr"], "ffffffff"))
    assert made not in [name_of(None, *other) for other in others]


def test_a_name_is_taken_as_it_is_and_may_lead_nowhere_else() -> None:
    assert name_of("lr_grid", "grid", ["optimizer.lr"], "0123abcd") == "lr_grid"
    for name in ("../up", "a/b", "", ".", "..", ".hidden"):
        with pytest.raises(ConfigError, match=r"sweep\.name: expected letters"):
            name_of(name, "grid", [], "0123abcd")


def test_a_sweep_says_who_runs_it_and_how_it_ended(tmp_path: Path) -> None:
    folder = tmp_path / "outputs" / "lr_grid"
    with Place(folder, dict(FACTS)):
        assert read(folder)["status"] == "running"
        assert read(folder)["process"] == this_process()
    assert read(folder)["status"] == "ended"
    with pytest.raises(KeyError), Place(folder, dict(FACTS)):
        raise KeyError
    assert read(folder)["status"] == "stopped"


def test_a_second_start_is_refused_while_one_runs(tmp_path: Path) -> None:
    with (
        Place(tmp_path / "a", dict(FACTS)),
        pytest.raises(RunError, match="is running, as process"),
        Place(tmp_path / "a", dict(FACTS)),
    ):
        pass


def test_one_that_was_killed_does_not_hold_its_folder(tmp_path: Path) -> None:
    gone = {**FACTS, "status": "running", "process": {**this_process(), "started": "long ago"}}
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "sweep.json").write_text(json.dumps(gone))
    with Place(tmp_path / "a", dict(FACTS)) as place:
        assert place.notes == []


@pytest.mark.parametrize("change", [{"kind": "optuna"}, {"keys": ["data"]}, {"base": "ffffffff"}])
def test_another_sweep_does_not_take_its_folder(change: dict[str, Any], tmp_path: Path) -> None:
    with Place(tmp_path / "a", dict(FACTS)):
        pass
    with (
        pytest.raises(RunError, match=r"holds another sweep \(model=mlp,cnn\)"),
        Place(tmp_path / "a", FACTS | change),
    ):
        pass
    assert read(tmp_path / "a")["keys"] == ["model"]


def test_starting_over_keeps_what_was_there(tmp_path: Path) -> None:
    for number in range(3):
        with Place(tmp_path / "a", {**FACTS, "base": str(number)}, fresh=True) as place:
            (place.folder / "file").write_text(str(number))
    assert place.notes == [f"starts over; what was there is in {tmp_path / 'a.2'}"]
    assert [(tmp_path / name / "file").read_text() for name in ("a.1", "a.2", "a")] == ["0", "1", "2"]


def read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "sweep.json").read_text())
    return found
