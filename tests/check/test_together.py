"""Words that are right alone and wrong together, check by check."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from kindling.check import together
from kindling.check.job import Job
from kindling.check.option import Conf
from kindling.check.score import direction
from tests.conftest import CONF

REGULARIZERS = sorted(path.stem for path in (CONF / "regularizer").glob("*.yaml"))
CLASSES = "kindling.task.classification.Classification"


def job(config: dict[str, Any], conf: Path = CONF, *words: str, **choices: Any) -> Job:
    return Job(Conf(conf), list(words), choices, config)


def said(check: Callable[[Job], Any], config: dict[str, Any], **choices: Any) -> str:
    return "\n".join(check(job(config, **choices)))


def test_one_value_for_one_setting(tmp_path: Path) -> None:
    (tmp_path / "regularizer").mkdir()
    (tmp_path / "config.yaml").write_text("# Mine.\ndefaults: [{regularizer: []}]\n")
    for word, value in (("low", 0.1), ("high", 0.2), ("again", 0.1)):
        text = f"# @package _global_\nmodel:\n  inner:\n    dropout: {value}\n"
        (tmp_path / "regularizer" / f"{word}.yaml").write_text(text)
    assert list(together.clashes(job({}, tmp_path, regularizer=["low", "again"]))) == []
    found = list(together.clashes(job({}, tmp_path, regularizer=["low", "high"])))
    assert found == ["regularizer=[low,high]: set model.inner.dropout to 0.1 and 0.2; choose one of them"]


def test_only_the_two_norms_clash() -> None:
    pairs = combinations(REGULARIZERS, 2)
    clashing = [pair for pair in pairs if list(together.clashes(job({}, regularizer=list(pair))))]
    assert clashing == [("batch_norm", "layer_norm")]


@pytest.mark.parametrize("group", ["regularizer", "experiment", "debug"])
def test_a_file_that_lacks_its_first_line_is_told(group: str) -> None:
    found = said(together.names, {group: {"model": {"dropout": 0.5}}})
    assert found.startswith(f"conf/{group}: expected each file to begin with the line")


def test_a_name_on_top_that_nothing_reads_is_told() -> None:
    assert said(together.names, {"modle": 1, "seed": 0, "model": {}}).endswith("did you mean model?")
    assert said(together.names, {"seed": 0, "model": {}}) == ""


def test_a_run_trains_something_and_ends_if_its_schedule_has_to() -> None:
    assert "one epoch or more" in said(together.ends, {"trainer": {"max_epochs": 0}})
    assert "no fast_dev_run" in said(together.ends, {"trainer": {"max_epochs": 3, "fast_dev_run": True}})
    schedule = {"horizon": "T_max", "scheduler": {"T_max": None}}
    endless = {"trainer": {"max_epochs": -1}, "scheduler": schedule}
    assert "needs a run with an end" in said(together.ends, endless, scheduler="cosine")
    assert said(together.ends, {"trainer": {"max_epochs": -1, "max_steps": 9}, "scheduler": schedule}) == ""
    assert said(together.ends, {"trainer": {"max_epochs": -1}, "scheduler": {"scheduler": {}}}) == ""


def test_processes_have_to_know_of_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = {"trainer": {"devices": 1, "strategy": "auto"}}, {"trainer": {"devices": 2}}
    assert said(together.processes, one) == ""
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert "each of 2 processes would train alone; add trainer=ddp" in said(together.processes, one)
    assert said(together.processes, two) == ""


def test_a_network_reads_such_samples() -> None:
    model = {"_target_": "kindling.model.cnn.CNN"}
    table = {"_target_": "kindling.data.bundled.Bundled", "name": "wine", "target": "class"}
    found = said(together.samples, {"model": model, "data": table}, model="cnn", data="wine")
    assert found.startswith("model=cnn needs images or sequences; data=wine has ")
    assert said(together.samples, {"model": model, "data": {**table, "image_shape": [1, 8, 8]}}) == ""
    assert said(together.samples, {"model": {"_target_": "kindling.model.mlp.MLP"}, "data": table}) == ""


@pytest.mark.parametrize(("kind", "wrong"), [("class", False), ("real", True)])
def test_a_task_suits_the_target(kind: str, wrong: bool) -> None:
    data = {"_target_": "kindling.data.bundled.Bundled", "name": "x", "target": kind}
    assert bool(said(together.targets, {"task": {"_target_": CLASSES}, "data": data})) == wrong


def test_a_loss_and_a_metric_are_ones_of_the_task() -> None:
    task = {"_target_": CLASSES, "loss": "mse", "metrics": ["accuracy", {"top_k": {"k": 3}}]}
    assert said(together.scores, {"task": task}).startswith("task.loss: expected one of cross_entropy")
    task |= {"loss": {"focal": {"gamma": 2}}, "metrics": ["accurracy"]}
    assert said(together.scores, {"task": task}).endswith("did you mean accuracy?")
    task |= {"metrics": ["confusion_matrix"]}
    assert "choose callback=[confusion_matrix]" in said(together.scores, {"task": task})


def test_a_metric_to_look_at_is_measured() -> None:
    config = {
        "module": {"_target_": "kindling.module.LitModule"},
        "task": {"_target_": CLASSES, "metrics": ["accuracy"]},
        "monitor": {"metric": "val/loss", "mode": "min"},
    }
    assert said(together.monitors, config) == ""
    assert "monitor.mode: expected min" in said(
        together.monitors, {**config, "monitor": {"metric": "val/loss", "mode": "max"}}
    )
    unknown = {**config, "monitor": {"metric": "accuracy", "mode": "max"}}
    assert said(together.monitors, unknown).endswith("did you mean val/accuracy?")
    own = {**config, "callback": {"early_stopping": {"monitor": "val/loss", "mode": "max"}}}
    assert said(together.monitors, own).startswith("callback.early_stopping.mode: expected min")
    worst = {**unknown, "monitor": {"metric": "val/accuracy", "mode": "min"}}
    assert "monitor.mode: expected max for val/accuracy, got min" in said(together.monitors, worst)
    assert said(together.monitors, {**unknown, "module": {"_target_": "kindling.gan.GAN"}}) == ""


def test_layers_wait_for_learned_weights_and_need_an_optimizer_with_groups() -> None:
    rates = {"body_learning_rate": None, "layer_decay": 1, "init_from": None, "freeze": "none"}
    adam, lbfgs = ({"_target_": f"torch.optim.{name}"} for name in ("Adam", "LBFGS"))
    assert said(together.layers, {**rates, "optimizer": adam}) == ""
    assert "add init_from=RUN" in said(together.layers, {**rates, "freeze": "body", "optimizer": adam})
    apart = said(together.layers, {**rates, "layer_decay": 0.5, "optimizer": lbfgs}, optimizer="lbfgs")
    assert apart == "optimizer=lbfgs: treats all layers alike; remove layer_decay"


def test_nesterov_needs_momentum() -> None:
    assert "add optimizer.nesterov=false" in said(
        together.momentum, {"optimizer": {"nesterov": True, "momentum": 0}}
    )
    assert said(together.momentum, {"optimizer": {"nesterov": True, "momentum": 0.9}}) == ""


def test_one_process_trains_in_a_sweep() -> None:
    for devices, in_sweep, wrong in ((1, True, False), (2, True, True), (2, False, False)):
        found = list(together.wrong_together(job({"trainer": {"devices": devices}}), in_sweep))
        assert any("expected one process a job" in str(error) for error in found) == wrong


def test_processes_of_their_own_may_each_be_several(monkeypatch: pytest.MonkeyPatch) -> None:
    config = {"trainer": {"devices": 2}, "launcher": {"_target_": "kindling.launcher.process.Process"}}
    assert said(together.sweeps, config) == ""
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert said(together.sweeps, config).startswith("sweep: expected one process, got several of torchrun")


METRICS = {
    **{"val/accuracy": "max", "val/f1": "max", "val/top_k": "max", "val/auroc": "max"},
    **{"val/average_precision": "max", "val/calibration_error": "min", "val/loss": "min"},
}


@pytest.mark.parametrize(
    ("task", "better"),
    [
        (CLASSES, METRICS),
        ("kindling.task.binary.Binary", {"accuracy": "max", "f1": "max", "calibration_error": "min"}),
        ("kindling.task.regression.Regression", {"mae": "min", "mse": "min", "r2": "max", "rmse": "min"}),
        ("kindling.task.nothing.At", {"accuracy": None, "all": None}),
    ],
)
def test_the_better_end_of_a_metric_is_read_from_its_class(task: str, better: dict[str, str | None]) -> None:
    asked = job({"task": {"_target_": task}})
    assert {name: direction(asked, name.removeprefix("val/")) for name in better} == better
