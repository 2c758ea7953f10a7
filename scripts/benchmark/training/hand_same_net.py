"""The same loop around the network that train.py builds: what is left is what the framework takes."""

from functools import partial

import network
import torch
from hand import train
from timed import told
from torch import nn

from kindling.model.cnn import CNN
from kindling.model.lstm import LSTM
from kindling.model.mlp import MLP

SHAPE, CLASSES = (1, 28, 28), 10
MAKE = {
    "mlp": lambda: MLP(SHAPE, CLASSES, [512, 256], dropout=0.2),
    "cnn": lambda: CNN(SHAPE, CLASSES, [32, 64], dropout=[0.0, 0.5]),
    "lstm": lambda: LSTM(SHAPE, CLASSES, network.UNITS),
}


def make(name: str) -> nn.Module:
    """The network as LitModule holds it."""
    return MAKE[name]().to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


if __name__ == "__main__":
    told(partial(train, make=make))
