"""A list of torch's layers."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf
from torch import nn

from kindling.error import ConfigError
from kindling.model.sequential import Sequential, known_layers
from tests.conftest import CONF

TABLE, SEQUENCE, IMAGE = (13,), (9, 3), (1, 8, 8)
CONVOLUTION = {"Conv2d": {"out_channels": 8, "kernel_size": 3, "padding": "same"}}
ENCODER = {"TransformerEncoderLayer": {"nhead": 3, "dim_feedforward": 8}}


@pytest.mark.parametrize("shape", [TABLE, (2,), SEQUENCE, IMAGE])
def test_the_list_that_comes_with_it_takes_any_data(shape: tuple[int, ...]) -> None:
    layers: Any = OmegaConf.to_container(OmegaConf.load(CONF / "model" / "sequential.yaml").layers)
    assert Sequential(shape, 4, layers)(torch.randn(3, *shape)).shape == (3, 4)


@pytest.mark.parametrize(
    ("shape", "layers", "features"),
    [
        (TABLE, [], 13),
        (
            TABLE,
            [{"Linear": 8}, "BatchNorm1d", "ReLU", {"Dropout": 0.5}, {"Linear": [5, False]}, "LayerNorm"],
            5,
        ),
        (
            IMAGE,
            [{"Conv2d": [6, 3]}, "BatchNorm2d", {"GroupNorm": 2}, {"MaxPool2d": 2}, CONVOLUTION],
            8 * 3 * 3,
        ),
        (IMAGE, [{"ConvTranspose2d": [4, 2]}, "InstanceNorm2d", {"AdaptiveAvgPool2d": 1}], 4),
        (IMAGE, ["Flatten", {"Unflatten": [1, [4, 4, 4]]}], 64),
        (IMAGE, [{"Upsample": {"scale_factor": [2, 1]}}], 128),
        (SEQUENCE, [{"LSTM": 5}, "Last"], 5),
        (SEQUENCE, [{"GRU": {"hidden_size": 5, "num_layers": 2, "bidirectional": True}}, "Mean"], 10),
        (SEQUENCE, [{"RNN": 5}, {"Linear": 2}], 18),
        (SEQUENCE, ["Transpose", {"Conv1d": [4, 3]}, "BatchNorm1d"], 4 * 7),
        (SEQUENCE, [ENCODER, "Mean"], 3),
        (TABLE, [{"Linear": {"in_features": 13, "out_features": 6}}, {"ReLU": None}], 6),
    ],
)
def test_sizes_are_found(shape: tuple[int, ...], layers: list[Any], features: int) -> None:
    net = Sequential(shape, 4, layers)
    assert net(torch.randn(5, *shape)).shape == (5, 4)
    head = list(net.modules())[-1]
    assert isinstance(head, nn.Linear)
    assert (head.in_features, head.out_features) == (features, 4)


def test_it_is_the_network_that_torch_would_make() -> None:
    torch.manual_seed(1)
    net = Sequential((13,), 2, [{"Linear": 6}, {"LeakyReLU": 0.3}, {"Linear": 4}])
    torch.manual_seed(1)
    torchs = nn.Sequential(nn.Linear(13, 6), nn.LeakyReLU(0.3), nn.Linear(6, 4), nn.Linear(4, 2))
    x = torch.randn(3, 13)
    assert torch.equal(net(x), torchs(x))
    assert list(net.state_dict()) == list(torchs.state_dict())


def test_a_recurrent_layer_gives_its_whole_sequence_batch_first() -> None:
    net, x = Sequential(SEQUENCE, 2, [{"LSTM": 5}, "Last"]), torch.randn(4, *SEQUENCE)
    steps, _ = net[0].recurrent(x)
    assert steps.shape == (4, 9, 5)
    assert torch.equal(net[0](x), steps)
    assert torch.equal(net[1](steps), steps[:, -1])


def test_mean_is_taken_over_the_steps() -> None:
    net, x = Sequential(SEQUENCE, 2, ["Mean"]), torch.randn(4, *SEQUENCE)
    torch.testing.assert_close(net[0](x), x.sum(1) / 9)


def test_no_layer_mixes_the_samples_of_a_batch() -> None:
    for layers in ([{"LSTM": 5}], [{"GRU": 5}, "Mean"], [ENCODER], ["Transpose", {"Conv1d": [4, 3]}]):
        net, x = Sequential(SEQUENCE, 2, layers).eval(), torch.randn(4, *SEQUENCE)
        torch.testing.assert_close(net(x)[1:2], net(x[1:2]))


def test_nothing_is_left_of_the_try_that_finds_the_sizes() -> None:
    net = Sequential(IMAGE, 2, [{"Conv2d": [4, 3]}, "BatchNorm2d", {"Dropout": 0.5}])
    assert all(layer.training for layer in net.modules())
    assert net[1].num_batches_tracked == 0
    assert net[1].running_mean.tolist() == [0] * 4
    assert all(not isinstance(weight, nn.UninitializedParameter) for weight in net.parameters())
    assert not any("Lazy" in type(layer).__name__ for layer in net.modules())
    assert all(weight.grad_fn is None for weight in net.parameters())


def test_its_weights_round_trip() -> None:
    first, second = (Sequential(SEQUENCE, 2, [{"LSTM": 4}, "Last", "BatchNorm1d"]) for _ in range(2))
    second.load_state_dict(first.state_dict())
    x = torch.randn(3, *SEQUENCE)
    assert torch.equal(first.eval()(x), second.eval()(x))


@pytest.mark.parametrize(
    ("shape", "layers", "words"),
    [
        (
            SEQUENCE,
            ["ReLU", {"Conv2d": [4, 3]}],
            r"layers\[1\]: Conv2d, reached by \(batch, 9, 3\): expected 4 axes",
        ),
        (IMAGE, [{"Conv2d": [4, 9]}], r"layers\[0\]: Conv2d, reached by \(batch, 1, 8, 8\): .*Kernel size"),
        (
            TABLE,
            [{"LSTM": 4}],
            r"layers\[0\]: LSTM, reached by \(batch, 13\): expected 3 axes with the batch",
        ),
        ((2,), [{"Conv1d": [4, 1]}], r"Conv1d, reached by \(batch, 2\): expected 3 axes"),
        (TABLE, [{"Dropout1d": 0.5}], r"Dropout1d, .*expected 3 axes"),
        (SEQUENCE, ["Last", "Last"], r"layers\[1\]: Last, reached by \(batch, 3\): expected 3 axes"),
        (SEQUENCE, [{"LSTM": {"hidden_size": 4, "batch_first": False}}], r"LSTM, .*batch_first"),
        (
            TABLE,
            ["Flatten", {"Liner": 3}],
            r"layers\[1\]: expected a layer of torch.nn.*got Liner; did you mean Linear",
        ),
        (TABLE, ["LazyLinear"], r"got LazyLinear; did you mean Linear"),
        (TABLE, ["CrossEntropyLoss"], r"expected a layer of torch.nn.*got CrossEntropyLoss"),
        (TABLE, ["Sequential"], r"expected a layer of torch.nn.*got Sequential"),
        (TABLE, ["init"], r"expected a layer of torch.nn.*got init"),
        (TABLE, [{"Softmax": 1}], r"layers\[0\]: Softmax: .*leave it out"),
        (
            TABLE,
            [{"Linear": 3, "ReLU": None}],
            r"layers\[0\]: expected a layer such as ReLU or {Linear: 128}",
        ),
        (TABLE, [3], r"layers\[0\]: expected a layer such as .*got 3"),
        (TABLE, ["softmax"], r"layers\[0\]: softmax: .*leave it out"),
        (TABLE, ["Linear"], r"Linear, .*'out_features'"),
        (TABLE, [{"Linear": [13, 128]}], r"Linear, .*bias: expected true or false, got 128"),
        (TABLE, [{"Linear": {"units": 3}}], r"Linear, .*'units'"),
        (TABLE, [{"Dropout": 1.5}], r"Dropout, .*between 0 and 1"),
        (TABLE, [{"BatchNorm1d": 64}], r"BatchNorm1d, reached by \(batch, 13\): .*64"),
        (IMAGE, [{"Flatten": 0}], r"Flatten, .*expected a row for each of 2 samples, got \(128,\)"),
        (
            IMAGE,
            [{"MaxPool2d": {"kernel_size": 2, "return_indices": True}}],
            r"MaxPool2d, .*one tensor, got tuple",
        ),
    ],
)
def test_a_wrong_layer_is_told_with_its_place_and_what_reached_it(
    shape: tuple[int, ...], layers: list[Any], words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        Sequential(shape, 2, layers)
    assert str(caught.value).startswith("model.layers[")


def test_only_layers_are_known() -> None:
    known = known_layers()
    assert {"Linear", "Conv2d", "LSTM", "Last", "Mean"} <= set(known)
    assert not [name for name in known if name.startswith("Lazy") or name.endswith(("Loss", "List", "Dict"))]
    assert all(issubclass(kind, nn.Module) for kind in known.values())


def test_a_setting_of_other_networks_is_not_its_own(mistakes: Callable[..., str]) -> None:
    told = mistakes("model=sequential", "regularizer=[dropout]")
    assert told.startswith("regularizer=[dropout]: sets model.dropout, but model=sequential has no such")
