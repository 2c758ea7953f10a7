"""What is right is let through: Hydra's own grammar, a fork's own files, classes of any make."""

from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from kindling.check.compose import Composer
from kindling.check.option import Conf, defaults
from kindling.check.search import searched
from kindling.check.setting import read
from kindling.check.signature import parameters
from kindling.check.source import define, file_of
from kindling.error import ConfigError
from kindling.run.naming import run_folder
from tests.conftest import CONF

RIGHT = """\
data.root=${hydra:runtime.cwd}/cache
seed=${hydra:job.num}
model={dropout:0.1}
++model={dropout:0.1}
+trainer={precision:bf16-mixed}
~debug
~optimizer.fused
trainer.precision=16-mixed +trainer.val_check_interval=0.25 +trainer.limit_train_batches=0.5
+trainer.max_time=00:00:10:00 +trainer.profiler=advanced +trainer.accumulate_grad_batches=4
trainer.max_epochs=-1 +trainer.max_steps=10
trainer.devices=[0]
trainer.devices=-1
trainer.devices=auto
trainer=gpu trainer.devices='0,1'
trainer=cpu trainer.devices='2'
+trainer.limit_train_batches=2.0 +trainer.limit_test_batches=0 +trainer.overfit_batches=0.0
+trainer.limit_val_batches=0 monitor.metric=train/loss callback=[]
+trainer.val_check_interval=00:00:01:00 callback=[]
+trainer.max_time={hours:1} +trainer.profiler=Simple
+trainer.strategy._target_=pytorch_lightning.strategies.DDPStrategy +trainer.strategy.static_graph=true
+callback.mine._target_=pytorch_lightning.callbacks.Timer +callback.mine.duration=00:00:01:00
optimizer._target_=torch.optim.Adamax ~optimizer.fused
optimizer._target_=torch.optim.adamax.Adamax ~optimizer.fused
+optimizer.amsgrad=true optimizer.betas=[0.8,0.99]
model.norm=[batch,none] model.dropout=[0.1,0.2] model.activation={elu:{alpha:0.5}}
task.metrics=[accuracy,{top_k:{k:3}},auroc] monitor.metric=val/auroc monitor.mode=max
callback.early_stopping.monitor=val/accuracy callback.early_stopping.mode=max
scheduler=plateau scheduler.monitor=train/accuracy scheduler.scheduler.mode=max
+callback.mine={_target_:pytorch_lightning.callbacks.ModelCheckpoint,monitor:step,mode:max}
data.batch_size="${oc.decode:${oc.env:NOTHING,32}}"
regularizer=[batch_norm,dropout,l1,ema,mixup,grad_clip]
regularizer=l1 penalties.l1.strength=1e-4
data=csv data.path=2024 data.target=-1 data.drop=Name task=regression
hydra.run.dir=elsewhere hydra.job.chdir=false hydra.verbose=true hydra/launcher=basic
data.batch_size=1_000 optimizer.lr=.5
"""
MODULE = """
from dataclasses import dataclass
from enum import Enum
from typing import overload

class Colour(Enum):
    red = 1

class Kept:
    def __init__(self, size: int, colour: Colour = Colour.red, name: str = None, **kwargs):
        self.kwargs = kwargs

class Below(Kept):
    def __init__(self, deep: int, **rest):
        super().__init__(**rest)

@dataclass
class First:
    x: int

@dataclass
class Second(First):
    y: str = "a"

class Many:
    @overload
    def __init__(self, a: int) -> None: ...
    def __init__(self, a, b=1): ...

class New:
    def __new__(cls, a): ...
    def __init__(self, *args): ...

def wrap(function): return function

@wrap
def wrapped(): ...
"""


@pytest.mark.parametrize("words", RIGHT.splitlines())
def test_right_words_are_let_through(words: str, mistakes: Callable[..., str]) -> None:
    told = mistakes(*words.split())
    if "data=csv" in words:  # no such file: that is all
        assert told.count("\n") == 0
        assert "2024" in told or told == ""
    else:
        assert told == ""


def test_classes_of_any_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "__init__.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    taken = {
        name: parameters(f"odd.{name}") for name in ("Kept", "Below", "Second", "Many", "New", "wrapped")
    }
    for one in (file_of, define, parameters):
        one.cache_clear()
    assert taken["New"] is taken["wrapped"] is None  # anybody's guess
    told = {name: (sorted(one.named), one.open_ended) for name, one in taken.items() if one}
    assert told == {
        "Kept": (["colour", "name", "size"], True),
        "Below": (["colour", "deep", "name", "size"], True),
        "Second": (["x", "y"], False),
        "Many": (["a", "b"], False),
    }


@pytest.fixture
def fork(tmp_path: Path) -> Conf:
    """A configuration with an experiment and a group of its own."""
    for path in CONF.rglob("*.yaml"):
        copy = tmp_path / "conf" / path.relative_to(CONF)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    (tmp_path / "conf/other.yaml").write_text(
        "# Own.\ndefaults:\n  - config\n  - override model: deep/wide\n  - _self_\nseed: 3\n"
    )
    (tmp_path / "conf/model/deep").mkdir()
    (tmp_path / "conf/model/deep/wide.yaml").write_text("# Own.\ndefaults: [mlp]\nhidden: [512]\n")
    text = "# @package _global_\n# Own.\nwidth: 32\nmodel:\n  hidden: ['${width}', '${width}']\n"
    (tmp_path / "conf/experiment/wide.yaml").write_text(text)
    (tmp_path / "conf/more").mkdir()
    (tmp_path / "conf/more/x.yaml").write_text("# Own.\na: 1\n")
    return Conf(tmp_path / "conf")


def said(conf: Conf, words: str) -> list[str]:
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    with Composer(conf) as composer:
        found = [str(one) for one in composer.check(words.split())[1]]
    for one in (read, defaults):
        one.cache_clear()
    return found


@pytest.mark.parametrize(
    "words",
    ["experiment=wide", "experiment=wide width=16", "+more=x", "+more=x more.a=2", "model=deep/wide"],
)
def test_a_forks_own_files_are_let_through(words: str, fork: Conf) -> None:
    assert said(fork, words) == []


def test_an_option_in_a_folder_of_its_own_is_checked_as_others_are(fork: Conf) -> None:
    assert fork.shown(fork.options("model")["deep/wide"]) == "conf/model/deep/wide.yaml"
    (line,) = said(fork, "model=deep/wide model.dropout=2")
    assert line.startswith("model.dropout: expected a number from 0 to below 1")
    (fork.folder / "model/deep/wide.yaml").write_text("# Own.\ndefaults: [mlp]\nhiden: 3\n")
    lines = said(fork, "model=deep/wide")
    assert any(line.startswith("conf/model/deep/wide.yaml: model.hiden: ") for line in lines)


@pytest.mark.parametrize(("words", "told"), [("", ""), ("model=mlp", ""), ("seed=a", "seed: expected")])
def test_a_table_of_contents_may_build_on_another(words: str, told: str, fork: Conf) -> None:
    other = Conf(fork.folder, "other")
    assert other.contents["model"] == "deep/wide"
    assert len(said(other, words)) == bool(told)
    assert all(line.startswith(told) for line in said(other, words))


def test_folders_that_are_searched_add_options_and_groups(fork: Conf, tmp_path: Path) -> None:
    for name, text in (("model/own", "# Own.\ndefaults: [mlp]\n"), ("extra/x", "# Own.\na: 1\n")):
        (tmp_path / "beside" / name).parent.mkdir(parents=True)
        (tmp_path / "beside" / f"{name}.yaml").write_text(text)
    word = f"hydra.searchpath=[file://{tmp_path}/beside]"
    conf = Conf(fork.folder, search=searched(fork.main, [word]))
    assert said(conf, f"{word} model=own +extra=x") == []
    assert said(conf, f"{word} model=own model.dropout=2") != []
    fork.main.write_text(fork.main.read_text() + f"hydra: {{searchpath: ['{tmp_path}/beside']}}\n")
    assert searched(fork.main, []) == (f"{tmp_path}/beside",)
    conf = Conf(fork.folder, search=("nothing",))
    with pytest.raises(ConfigError, match=r"hydra.searchpath: expected a folder, got none at nothing"):
        said(conf, "")
