"""A run starts from another's weights; its body waits for the head, or learns more slowly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from torch import nn

from kindling.data.spec import DataSpec
from kindling.error import ConfigError, RunError
from kindling.optimizer.group import layers
from kindling.transfer import head_names, start_from
from tests.conftest import Train

Fitted = Callable[..., tuple[Any, Any, Any]]
CLASSES = DataSpec((4,), "class", 3, class_names=("a", "b", "c"))


def network(features: int = 4, outputs: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Linear(features, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, outputs))


def kept(folder: Path, net: nn.Module, classes: tuple[str, ...] = CLASSES.class_names) -> str:
    path = folder / "kept.ckpt"
    weights = {f"net.{name}": value for name, value in net.state_dict().items()}
    torch.save({"state_dict": weights, "kindling": {"spec": {"class_names": classes}}}, path)  # as a run does
    return str(path)


def same(first: nn.Module, second: nn.Module) -> dict[str, bool]:
    pairs = zip(first.state_dict().items(), second.state_dict().values(), strict=True)
    return {name: torch.equal(one, other) for (name, one), other in pairs}


def test_a_layer_begins_with_each_kernel_and_keeps_its_norm() -> None:
    net = network()
    assert layers(net) == [[net[0], net[1]], [net[3]]]
    assert head_names(net) == {"3.weight", "3.bias"}


def test_everything_is_taken_over_where_the_classes_are_the_same(tmp_path: Path) -> None:
    learned, net = network(), network()
    start_from(kept(tmp_path, learned), net, CLASSES)
    assert all(same(learned, net).values())


@pytest.mark.parametrize(("outputs", "classes"), [(3, ("d", "e", "f")), (2, ("a", "b"))])
def test_the_head_stays_new_where_the_classes_differ(
    outputs: int, classes: tuple[str, ...], tmp_path: Path
) -> None:
    learned, net = network(outputs=outputs), network()
    before = net[3].weight.clone()
    start_from(kept(tmp_path, learned, classes), net, CLASSES)
    assert torch.equal(net[3].weight, before)
    assert torch.equal(net[0].weight, learned[0].weight)
    assert torch.equal(net[1].running_var, learned[1].running_var)


def test_another_body_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"expected 0.weight of \[5, 4\], got \[5, 6\]; take that run's model"):
        start_from(kept(tmp_path, network(features=6)), network(), CLASSES)


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.ckpt"
    path.write_text("not weights")
    with pytest.raises(RunError, match="got a file that can't be read as one"):
        start_from(str(path), network(), CLASSES)


@pytest.mark.parametrize("content", [{"state_dict": ["x"]}, {"state_dict": {3: 4}}, {"epoch": 1}])
def test_a_file_without_weights_is_refused(content: Any, tmp_path: Path) -> None:
    torch.save(content, tmp_path / "foreign.ckpt")
    with pytest.raises(RunError, match="got a file without weights in a state_dict"):
        start_from(str(tmp_path / "foreign.ckpt"), network(), CLASSES)


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    net = network()
    torch.nn.init.constant_(net[0].bias, float("nan"))
    with pytest.raises(RunError, match="with finite weights, got some that are not"):
        start_from(kept(tmp_path, net), network(), CLASSES)


@pytest.fixture
def learned(fitted: Fitted) -> Any:
    """A checkpoint of a network with two hidden layers and norms."""
    *_, trainer = fitted("data=wine", "regularizer=[batch_norm]")
    return trainer.checkpoint_callbacks[-1].best


def test_a_run_on_the_same_classes_keeps_the_head_that_another_learned(
    learned: str, composed: Any, tmp_path: Path
) -> None:
    from kindling.build import build

    words = ["logger=[]", "callback=[]", "trainer=cpu", "regularizer=[batch_norm]", f"init_from={learned}"]
    weights = torch.load(learned, weights_only=True)["state_dict"]
    _, same_data, _ = build(composed("data=wine", *words), tmp_path)
    assert torch.equal(same_data.net[3].weight, weights["net.3.weight"])


TRANSFER = ["data=wine", "regularizer=[batch_norm]", "debug=limit"]


def moved(first: nn.Module, second: nn.Module) -> list[bool]:
    """Which layers differ, from the input to the head; of norms also what they measured."""
    return [
        any(not ok for name, ok in same(first, second).items() if name.startswith(f"{i}.")) for i in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["freeze=none"], [True, True, True]),
        (["freeze=body"], [False, False, True]),
        (["freeze=gradual", "trainer.max_epochs=1"], [False, False, True]),
        (["freeze=gradual", "trainer.max_epochs=2"], [False, True, True]),
        (["freeze=gradual", "trainer.max_epochs=3"], [True, True, True]),
        (["body_learning_rate=0"], [True, True, True]),  # norms go on measuring
    ],
)
def test_layers_are_let_go_from_the_top(
    words: list[str], expected: list[bool], learned: str, fitted: Fitted, composed: Any, tmp_path: Path
) -> None:
    from kindling.build import build

    start = [*TRANSFER, f"init_from={learned}"]
    _, before, _ = build(composed("logger=[]", "callback=[]", "trainer=cpu", *start), tmp_path / "start")
    _, after, _ = fitted(*start, *words, "optimizer=sgd")
    assert moved(before.net, after.net) == expected
    norms = [after.net[1][1], after.net[2][1]]
    assert [norm.training for norm in norms] == expected[:2]


def test_a_body_with_a_rate_of_zero_keeps_its_kernels(
    learned: str, fitted: Fitted, composed: Any, tmp_path: Path
) -> None:
    weights = torch.load(learned, weights_only=True)["state_dict"]
    _, module, _ = fitted(*TRANSFER, f"init_from={learned}", "body_learning_rate=0", "scheduler=onecycle")
    for name, kernel in module.net.named_parameters():
        assert torch.equal(kernel, weights[f"net.{name}"]) == (not name.startswith("3."))


def test_the_scales_are_those_of_the_new_data(learned: str, fitted: Fitted) -> None:
    data, module, _ = fitted(*TRANSFER, f"init_from={learned}", "data.train_rows=20")
    torch.testing.assert_close(module.normalize.shift, data.statistics.input_shift)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["freeze=body"], "freeze=body: expected learned weights to hold; add init_from=RUN"),
        (["init_from=nowhere"], "nowhere: expected a run"),
    ],
)
def test_what_cannot_work_is_one_line(words: list[str], message: str, fitted: Fitted) -> None:
    with pytest.raises((ConfigError, RunError), match=message):
        fitted("data=wine", *words)


def test_a_body_that_is_held_has_no_rate(learned: str, fitted: Fitted) -> None:
    with pytest.raises(ConfigError, match="freeze=body: the body learns nothing"):
        fitted(
            "data=wine", "regularizer=[batch_norm]", f"init_from={learned}", "freeze=body", "layer_decay=0.5"
        )


def test_a_run_remembers_which_run_it_started_from(train: Train, tmp_path: Path) -> None:
    assert train("data=wine", "debug=one_batch").returncode == 0
    result = train("data=wine", "debug=one_batch", "init_from=last", "hydra.run.dir=second")
    assert result.returncode == 0, result.stderr
    (first,) = tmp_path.glob("outputs/*/*")
    config = yaml.safe_load((tmp_path / "second" / "config.yaml").read_text())
    assert config["init_from"] == str(first / "checkpoints" / "best.ckpt")
