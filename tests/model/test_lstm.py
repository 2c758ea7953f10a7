"""Sequences, and images read row by row."""

import pytest
import torch

from kindling.error import ConfigError, UnsuitableError
from kindling.model.lstm import LSTM


@pytest.mark.parametrize("shape", [(9, 3), (1, 8, 6), (3, 4, 5)])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("pooling", ["last", "mean"])
def test_it_takes_sequences_and_images(shape: tuple[int, ...], bidirectional: bool, pooling: str) -> None:
    net = LSTM(shape, 5, hidden=7, layers=2, bidirectional=bidirectional, pooling=pooling, dropout=0.1)  # type: ignore[arg-type]
    assert net(torch.randn(2, *shape)).shape == (2, 5)


def test_the_rows_of_an_image_are_the_steps() -> None:
    net, image = LSTM((2, 4, 3), 1, hidden=5).eval(), torch.randn(1, 2, 4, 3)
    as_sequence = torch.cat([image[:, 0], image[:, 1]], 2)  # (batch, height, channels * width)
    assert torch.equal(net(image), net.head(net.lstm(as_sequence)[0][:, -1]))


def test_both_directions_have_read_everything_at_their_last_step() -> None:
    net, x = LSTM((6, 2), 3, hidden=4, bidirectional=True).eval(), torch.randn(1, 6, 2)
    steps, _ = net.lstm(x)
    summary = torch.cat([steps[:, -1, :4], steps[:, 0, 4:]], 1)
    torch.testing.assert_close(net(x), net.head(summary))


def test_the_last_layer_is_the_one_that_is_read() -> None:
    net, x = LSTM((6, 2), 3, hidden=4, layers=3).eval(), torch.randn(1, 6, 2)
    torch.testing.assert_close(net(x), net.head(net.lstm(x)[0][:, -1]))


def test_forget_gates_start_open() -> None:
    net = LSTM((6, 2), 3, hidden=4)
    bias = dict(net.lstm.named_parameters())["bias_ih_l0"]
    assert bias[4:8].tolist() == [1.0] * 4  # torch's order of the gates: input, forget, cell, output
    assert bias[:4].abs().max() <= 0.5


def test_rows_without_steps_and_unknown_poolings_are_refused() -> None:
    with pytest.raises(UnsuitableError):
        LSTM((13,), 3, hidden=4)
    with pytest.raises(ConfigError, match=r"model.pooling: expected one of last, mean; got max"):
        LSTM((6, 2), 3, hidden=4, pooling="max")  # type: ignore[arg-type]
