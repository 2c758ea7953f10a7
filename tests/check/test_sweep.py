"""The jobs of a sweep come from the words and the sweeper's own table, whoever asks for several."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from omegaconf import OmegaConf

from kindling.check.compose import Composer
from kindling.check.option import Conf
from kindling.check.sweep import swept
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
    with pytest.raises(ConfigError, match="expected values, as the basic sweeper tries each"):
        swept(composer, words, multirun=True)
    other = [*words, "hydra.sweeper._target_=own.Search"]
    assert swept(composer, other, multirun=True) == other


@pytest.mark.parametrize(("multirun", "write"), [(False, "-m seed=1,2"), (True, "seed=1,2")])
def test_a_table_of_the_sweepers_is_not_typed(multirun: bool, write: str, composer: Composer) -> None:
    for word in ("+hydra.sweeper.params.seed='1,2'", "hydra.sweeper.params={seed:'1,2'}"):
        with pytest.raises(ConfigError, match=f"got the sweeper's; write {write}$"):
            swept(composer, [word], multirun)


def test_mistakes_are_left_to_the_jobs(composer: Composer) -> None:
    words = ["model=cnnn", "seed=1,2"]
    assert swept(composer, words, multirun=True) == words
