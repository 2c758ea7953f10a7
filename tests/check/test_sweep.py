"""The jobs of a sweep come from the words and the sweeper's own table, whoever asks for several."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import pytest
from omegaconf import OmegaConf

from kindling.check.compose import Composer
from kindling.check.option import Conf
from kindling.check.sweep import modes, swept
from kindling.error import ConfigError
from kindling.run.naming import run_folder
from tests.conftest import CONF

PARAMS = "# @package _global_\n# Own.\nhydra: {mode: MULTIRUN, sweeper: {params: {seed: '1,2'}}}\n"


@pytest.fixture
def composer(tmp_path: Path) -> Iterator[Composer]:
    """Of a configuration with an experiment that sweeps by itself."""
    copytree(CONF, tmp_path / "conf")
    (tmp_path / "conf/experiment/grid.yaml").write_text(PARAMS)
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    with Composer(Conf(tmp_path / "conf")) as composer:
        yield composer


def test_a_single_run_has_no_jobs(composer: Composer) -> None:
    assert swept(composer, ["model=cnn"], multirun=False) is None


def test_words_sweep_where_a_flag_or_the_mode_says_so(composer: Composer) -> None:
    words = ["model=mlp,cnn"]
    assert swept(composer, words, multirun=True) == words
    assert swept(composer, ["hydra.mode=MULTIRUN", *words], multirun=False) is not None


def test_a_files_own_sweep_is_checked_as_if_it_were_typed(composer: Composer) -> None:
    words = swept(composer, ["experiment=grid"], multirun=False)
    assert words == ["seed=1,2", "experiment=grid"]
    assert len(list(composer.jobs(words))) == 2


def test_words_go_before_a_files_own_sweep(composer: Composer) -> None:
    assert swept(composer, ["experiment=grid", "seed=7"], multirun=True) == ["experiment=grid", "seed=7"]


def test_another_sweeper_may_search_an_interval(composer: Composer) -> None:
    words = ["optimizer.lr=interval(0.1,1)"]
    with pytest.raises(ConfigError, match="expected values, as sweep=grid tries each"):
        swept(composer, words, multirun=True)
    other = [*words, "hydra.sweeper._target_=own.Search"]
    assert swept(composer, other, multirun=True) == other


SEARCH = ["sweep=optuna", "optimizer.lr=interval(0.1,1)"]


def test_a_search_is_several_runs_without_a_flag(composer: Composer) -> None:
    assert swept(composer, SEARCH, multirun=False) == SEARCH


def test_a_preset_has_a_space_of_its_own(composer: Composer) -> None:
    words = swept(composer, ["sweep=learning_rate", "optimizer=sgd"], multirun=False)
    assert words
    rates = [float(word[0].partition("=")[2]) for word in composer.jobs(words)]
    assert (rates[0], rates[-1], len(rates)) == (1e-5, 1.0, 12)
    steps = [higher / lower for lower, higher in pairwise(rates)]
    assert 2.4 < min(steps) < max(steps) < 3.6


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("optimizer.lr=interval(2,1)", "expected the lower end first, got 2.0, 1.0"),
        ("optimizer.lr=tag(log,interval(0,1))", "expected an end above 0 for a log scale, got 0.0"),
        ("data.batch_size=interval(16,64)", "write 'data.batch_size=int\\(interval\\(…\\)\\)'"),
        ("seed=1", "^sweep: expected a setting to search, got none; add 'optimizer.lr=tag"),
    ],
)
def test_a_space_that_can_not_be_searched_is_told(word: str, told: str, composer: Composer) -> None:
    for search in ("random", "optuna", "asha"):
        with pytest.raises(ConfigError, match=told):
            swept(composer, [f"sweep={search}", word], multirun=True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["sweep.objectives=[val/loss,val/f1]"],
            "^sweep.objectives: expected some of .* got val/f1",
        ),
        (["sweep.objectives=[val/loss]", "sweep.pruner=asha"], "^sweep.pruner: expected none with"),
    ],
)
def test_objectives_that_do_not_go_are_told(words: list[str], told: str, composer: Composer) -> None:
    with pytest.raises(ConfigError, match=told):
        swept(composer, [*SEARCH, *words], multirun=True)


def test_whole_numbers_may_be_searched_and_any_others(composer: Composer) -> None:
    for word in ("data.batch_size=int(interval(16,64))", "model.dropout=interval(0,0.5)"):
        assert swept(composer, ["sweep=random", word], multirun=True)


def test_the_better_end_of_a_metric_is_known() -> None:
    task = {"_target_": "kindling.task.classification.Classification", "metrics": ["accuracy"]}
    config = {"task": task, "monitor": {"metric": "val/own", "mode": "max"}}
    names = ["val/loss", "train/accuracy", "val/calibration_error", "val/own"]
    assert list(modes(config, names).values()) == ["min", "max", "min", "max"]


@pytest.mark.parametrize(("multirun", "write"), [(False, "-m seed=1,2"), (True, "seed=1,2")])
def test_a_table_of_the_sweepers_is_not_typed(multirun: bool, write: str, composer: Composer) -> None:
    for word in ("+hydra.sweeper.params.seed='1,2'", "hydra.sweeper.params={seed:'1,2'}"):
        with pytest.raises(ConfigError, match=f"got the sweeper's; write {write}$"):
            swept(composer, [word], multirun)


def test_mistakes_are_left_to_the_jobs(composer: Composer) -> None:
    words = ["model=mlpp", "seed=1,2"]
    assert swept(composer, words, multirun=True) == words
