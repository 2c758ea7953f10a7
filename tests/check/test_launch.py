"""Flags anywhere, help without torch, and jobs that are all checked before the first."""

import subprocess
import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from kindling.check.compose import MOST, Composer
from kindling.check.flags import flags_last, read_flags
from kindling.check.launch import check_jobs
from kindling.check.option import Conf
from kindling.error import ConfigError, dotted, suggest
from kindling.run.naming import run_folder
from tests.conftest import CONF, PROJECT


def test_flags_may_stand_anywhere() -> None:
    assert flags_last(["a=1", "-m", "b=2"]) == ["a=1", "b=2", "-m"]
    assert flags_last(["--cfg", "job", "a=1"]) == ["a=1", "--cfg", "job"]
    assert flags_last(["a=1", "--config-dir=x", "b=2"]) == ["a=1", "b=2", "--config-dir=x"]
    assert flags_last(["--info", "a=1"]) == ["a=1", "--info"]
    assert flags_last(["--info", "config", "a=1"]) == ["a=1", "--info", "config"]


def test_a_flag_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(PROJECT / "train.py")])  # whose conf/ is asked
    assert read_flags(["a=1", "-m"]).multirun
    with pytest.raises(ConfigError, match="--multirn: no such flag; did you mean --multirun"):
        read_flags(["--multirn"])


def test_settings_have_dotted_names() -> None:
    assert list(dotted({"a": {"b": 1, "c": {}}, "d": None})) == ["a", "a.b", "a.c", "d"]


def test_a_word_like_no_other_gets_no_wrong_advice() -> None:
    assert suggest("zzzz", ["model", "data"]) == ""


def jobs(*words: str) -> list[list[str]]:
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    with Composer(Conf(CONF)) as composer:
        return list(composer.jobs(list(words)))


def test_a_grid_is_every_combination() -> None:
    found = jobs("model=mlp,cnn", "seed=range(0,2)", "freeze=none")
    assert found == [
        [f"model={model}", f"seed={n}", "freeze=none"] for model in ("mlp", "cnn") for n in (0, 1)
    ]


def test_a_search_is_each_value_by_itself() -> None:
    found = jobs("optimizer.lr=interval(0.1,1)", "model=mlp,cnn")
    assert found == [
        ["optimizer.lr=0.1", "model=mlp"],
        ["optimizer.lr=1.0", "model=mlp"],
        ["optimizer.lr=0.1", "model=cnn"],
    ]


def test_of_very_many_jobs_each_value_is_looked_at_by_itself() -> None:
    found = jobs("seed=range(0,1000000000)", "model=mlp,cnn")
    assert len(found) == MOST + 1
    assert found[-1] == ["seed=0", "model=cnn"]


def test_a_mistake_of_some_jobs_names_the_first_of_them() -> None:
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    with Composer(Conf(CONF)) as composer:
        wrong, _ = check_jobs(composer, [["seed=0"], ["seed=-1"], ["seed=-1", "freeze=none"]], True)
        everywhere, _ = check_jobs(composer, [["seed=-1"], ["seed=-1", "freeze=none"]], True)
    assert str(wrong[0]).endswith("write seed=0 (in seed=-1 and 1 more)")
    assert str(everywhere[0]).endswith("write seed=0")


@pytest.mark.parametrize("words", [[], ["model"], ["model=cnn"], ["trainer"]])
def test_help_never_imports_torch(words: list[str]) -> None:
    program = f"import sys; sys.argv = ['train.py', '--help', *{words}]; import runpy\n"
    program += "try: runpy.run_path('train.py', run_name='__main__')\n"
    program += "finally: assert not {'torch', 'pytorch_lightning', 'matplotlib'} & set(sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True)
    assert "model" in result.stdout or "trainer" in result.stdout
    assert (result.returncode, result.stderr) == (0, "")


def test_a_folder_that_flags_name_has_to_be_there(tmp_path: Path) -> None:
    for conf in (Conf(tmp_path / "none"), Conf(CONF, "nothing"), Conf(CONF, beside=tmp_path / "none")):
        with pytest.raises(ConfigError, match=r"^--config-"), Composer(conf):
            pass
