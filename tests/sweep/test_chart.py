"""What the picture of a sweep shows: scales that suit the values, and panels that suit their number."""

import math
from pathlib import Path
from typing import Any

import pytest

from kindling.sweep import importance
from kindling.sweep.axis import Axis, axis_of
from kindling.sweep.chart import draw, picture
from kindling.sweep.importance import BY_OPTUNA, BY_VARIANCE, explained, importances
from kindling.sweep.summary import Section
from tests.past import leave_run
from tests.sweep.made import leave_sweep, section


def tried(folder: Path, **values: list[Any]) -> Section:
    """A trial a value of each setting; the loss grows with their number."""
    for number, found in enumerate(zip(*values.values(), strict=True)):
        settings = {key: value for key, value in zip(values, found, strict=True) if value is not None}
        words = [f"{key}={value}" for key, value in settings.items()]
        leave_run(folder / str(number), *words, loss=0.1 + number, settings=settings)
    return section(folder)


@pytest.mark.parametrize(
    ("values", "log", "labels"),
    [
        ([0.001, 0.01, 0.1], True, []),
        ([16, 32, 64], False, []),
        ([0, 1e-5, 1e-3], False, ["0", "1e-05", "0.001"]),
        ([0.1, 0.2, None], False, ["0.1", "0.2", "none"]),
        (["cnn", "mlp", "lstm"], False, ["cnn", "lstm", "mlp"]),
        ([True, False, True], False, ["false", "true"]),
        ([[64, 64], [8], [512]], False, ["[8]", "[64, 64]", "[512]"]),
        ([-1, 0, 1000], False, []),
    ],
)
def test_a_scale_suits_its_values(values: list[Any], log: bool, labels: list[str], tmp_path: Path) -> None:
    found = axis_of(tried(tmp_path, x=values), "x")
    assert (found.log, sorted(found.labels)) == (log, sorted(labels))
    assert len(found.positions) == len({str(value) for value in values})


def test_what_was_searched_on_a_logarithms_scale_is_drawn_on_one(tmp_path: Path) -> None:
    losses = {0.01: [0.1], 0.02: [0.2], 0.03: [0.3]}
    plain = leave_sweep(tmp_path / "a", losses)
    log = leave_sweep(tmp_path / "b", losses, words=["optimizer.lr=tag(log,interval(0.01,0.04))"])
    assert [axis_of(section(sweep), "optimizer.lr").log for sweep in (plain, log)] == [False, True]


def test_shares_lie_between_0_and_1_and_their_marks_beside_them() -> None:
    assert Axis("x", [0.01, 1.0, 0.1], log=True).shares == pytest.approx([0, 1, 0.5])
    assert Axis("x", [0.01, 1.0, 0.1], log=True).marks == [(0, "0.01"), (0.5, "0.1"), (1, "1")]
    assert Axis("x", [3.0, 3.0]).shares == [0.5, 0.5]
    assert math.isnan(Axis("x", [1.0, math.nan, 2.0]).shares[1])
    assert Axis("x", [1.0, 0.0], labels=["a", "b"]).marks == [(0.0, "a"), (1.0, "b")]


@pytest.mark.parametrize(("settings", "panels"), [(1, 1), (2, 4), (5, 8), (10, 10)])
def test_there_is_a_panel_a_setting_and_of_several_the_whole(
    settings: int, panels: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importance, "find_spec", lambda _: None)
    values = {f"x{number}": [0.1, 0.2, 0.3, 0.4 + number, 0.5] for number in range(settings)}
    assert len(picture(tried(tmp_path, **values)).axes) == panels


def test_a_picture_is_drawn_whatever_the_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importance, "find_spec", lambda _: None)
    names = ["$a$", "größe", "模型", "a" * 40, "b"]
    found = tried(tmp_path / "a", x=names, y=[1e-9, 1.0, None, 2.0, 3.0], z=[1, 1, 1, 1, 2])
    draw(found, tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


def test_whole_numbers_are_told_by_whole_numbers(tmp_path: Path) -> None:
    axes = picture(tried(tmp_path, **{"model.depth": [1, 2, 3, 2]})).get_axes()[0]
    assert all(float(tick).is_integer() for tick in axes.get_xticks())


def test_what_the_bars_are_is_said_where_there_are_some(tmp_path: Path) -> None:
    alone = picture(section(leave_sweep(tmp_path / "a", {0.1: [0.5], 0.2: [0.4]})))
    several = picture(section(leave_sweep(tmp_path / "b", {0.1: [0.5, 0.6], 0.2: [0.4, 0.2]})))
    assert [one.get_suptitle() for one in (alone, several)] == [
        "val/loss of 2 trials",
        "val/loss of 2 trials; bars are standard deviations",
    ]


def test_the_share_of_the_variance_tells_what_matters_from_what_does_not() -> None:
    results = [0.1, 0.2, 0.9, 1.0, 0.15, 0.95]
    assert explained([0, 0, 1, 1, 0, 1], results) > 0.9
    assert explained([0, 1, 0, 1, 0.5, 0.5], results) == 0.0
    assert explained([0.0] * 6, results) == 0.0


def test_it_is_told_how_it_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    settings, metric = (
        [Axis("x", [1, 1, 2, 2, 1]), Axis("y", [1, 2, 1, 2, 3])],
        Axis("loss", [1, 1.1, 2, 2.1, 1]),
    )
    assert importances(settings, Axis("loss", [1, 2, 3]), False) == ("", {}), "too few"
    assert importances(settings, Axis("loss", [1.0] * 5), False) == ("", {}), "all the same"
    monkeypatch.setattr(importance, "find_spec", lambda _: None)
    told, found = importances(settings, metric, False)
    assert told == BY_VARIANCE
    assert found["x"] > 0.9 > found["y"]


def test_optuna_measures_it_where_it_is_there() -> None:
    optuna = pytest.importorskip("optuna")
    before = optuna.logging.get_verbosity()
    settings = [Axis("x", [0, 0, 1, 1, 0, 1], labels=["a", "b"]), Axis("y", [1, 2, math.nan, 2, 3, 3])]
    told, found = importances(settings, Axis("loss", [1, 1.1, 2, 2.1, 1, 2]), False)
    assert (told, set(found)) == (BY_OPTUNA, {"x", "y"})
    assert optuna.logging.get_verbosity() == before
