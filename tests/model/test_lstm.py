"""Sequences, and images read row by row."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from kindling.error import UnsuitableError
from kindling.model.lstm import LSTM


@pytest.mark.parametrize("shape", [(9, 3), (1, 8, 6), (3, 4, 5)])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("pooling", ["last", "mean", "max"])
@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_it_takes_sequences_and_images(
    shape: tuple[int, ...], bidirectional: bool, pooling: Any, cell: Any, norm: str
) -> None:
    net = LSTM(shape, 5, 7, 2, bidirectional, pooling, norm, dropout=0.1, cell=cell)
    assert net(torch.randn(2, *shape)).shape == (2, 5)
    assert list(net.named_parameters())[-1][0] == "head.bias", "the head is registered last"


def test_the_rows_of_an_image_are_the_steps() -> None:
    net, image = LSTM((2, 4, 3), 1, hidden=5).eval(), torch.randn(1, 2, 4, 3)
    as_sequence = torch.cat([image[:, 0], image[:, 1]], 2)  # (batch, height, channels * width)
    assert torch.equal(net(image), net.head(net.recurrent(as_sequence)[0][:, -1]))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_both_directions_have_read_everything_at_their_last_step(cell: Any) -> None:
    net, x = LSTM((6, 2), 3, hidden=4, bidirectional=True, cell=cell).eval(), torch.randn(1, 6, 2)
    steps, _ = net.recurrent(x)
    summary = torch.cat([steps[:, -1, :4], steps[:, 0, 4:]], 1)
    torch.testing.assert_close(net(x), net.head(summary))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_last_layer_is_the_one_that_is_read(cell: Any) -> None:
    net, x = LSTM((6, 2), 3, hidden=4, layers=3, cell=cell).eval(), torch.randn(1, 6, 2)
    torch.testing.assert_close(net(x), net.head(net.recurrent(x)[0][:, -1]))


def test_pooling_takes_the_mean_or_the_largest_over_the_steps() -> None:
    x = torch.randn(3, 6, 2)
    for pooling, expected in (
        ("mean", lambda steps: steps.sum(1) / 6),
        ("max", lambda steps: steps.max(1)[0]),
    ):
        net = LSTM((6, 2), 3, hidden=4, pooling=pooling).eval()  # type: ignore[arg-type]
        torch.testing.assert_close(net(x), net.head(expected(net.recurrent(x)[0])))


def test_forget_gates_start_open() -> None:
    net = LSTM((6, 2), 3, hidden=4, layers=2, bidirectional=True)
    biases = [bias for name, bias in net.recurrent.named_parameters() if name.startswith("bias_ih")]
    assert len(biases) == 4
    for bias in biases:
        assert bias[4:8].tolist() == [1.0] * 4  # torch's order of the gates: input, forget, cell, output
        assert bias[:4].abs().max() <= 0.5


def test_a_gru_has_three_gates_and_the_biases_that_torch_gives_it() -> None:
    torch.manual_seed(1)
    net = LSTM((6, 2), 3, hidden=4, cell="gru")
    torch.manual_seed(1)
    torchs = nn.GRU(2, 4, batch_first=True)
    for name, weight in torchs.named_parameters():
        assert torch.equal(net.recurrent.get_parameter(name), weight)
    assert torchs.weight_ih_l0.shape == (12, 2)


def test_dropout_acts_in_training_alone() -> None:
    net, x = LSTM((6, 2), 3, hidden=16, dropout=0.5), torch.randn(4, 6, 2)
    assert not torch.equal(net(x), net(x))
    net.eval()
    assert torch.equal(net(x), net(x))


def test_rows_without_steps_are_refused() -> None:
    with pytest.raises(UnsuitableError):
        LSTM((13,), 3, hidden=4)


@pytest.mark.parametrize(
    "word", ["model.pooling=min", "model.cell=rnn", "model.norm=[batch]", "model.dropout=[0.1]"]
)
def test_words_that_it_does_not_know_are_told(word: str, mistakes: Callable[..., str]) -> None:
    assert mistakes("model=lstm", word).startswith(f"{word.partition('=')[0]}: expected ")
