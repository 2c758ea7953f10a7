"""A command line is composed no more often than it has to be."""

from pathlib import Path

import pytest

from kindling.check.compose import Composer
from kindling.check.option import Conf
from kindling.check.sweep import swept
from tests.conftest import CONF
from tests.stand_in import csv


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The words of each composition."""
    found: list[list[str]] = []
    compose = Composer.compose
    monkeypatch.setattr(
        Composer, "compose", lambda self, words: (found.append(words), compose(self, words))[1]
    )
    return found


def test_a_single_run_is_described_once_for_all_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[list[str]] = []
    describe = Composer.describe
    monkeypatch.setattr(
        Composer, "describe", lambda self, words: (found.append(words), describe(self, words))[1]
    )
    words = ["model=cnn", "optimizer.lr=0.1"]
    with Composer(Conf(CONF)) as composer:
        assert swept(composer, words, multirun=False) is None
        assert composer.check(words)[1] == []
        assert composer.check(["model=mlp"])[1] == []
    assert found == [words, ["model=mlp"]]


def test_what_a_check_finds_is_not_kept_with_the_job() -> None:
    words = ["optimizer.lr=-1"]
    with Composer(Conf(CONF)) as composer:
        assert len(composer.check(words)[1]) == 1
        assert composer.job(words)[2] == []


def test_data_that_pick_the_task_are_composed_with_it_from_their_values(
    composed: list[list[str]], tmp_path: Path
) -> None:
    words = ["data=csv", *csv(tmp_path)]
    with Composer(Conf(CONF)) as composer:
        cfg, wrong = composer.check(words)
    assert wrong == []
    assert cfg is not None
    assert cfg.task._target_.endswith(".Binary")
    assert composed == [["data=csv"], ["data=csv", "task=binary"]]
