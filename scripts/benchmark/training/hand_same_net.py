"""The same loop around the network that train.py builds: what is left is what the framework takes."""

from pathlib import Path

import hand
import network
import torch
from timed import told

from kindling.model.cnn import CNN
from kindling.model.lstm import LSTM
from kindling.model.mlp import MLP

SHAPE, CLASSES = (1, 28, 28), 10
MAKE = {
    "mlp": lambda: MLP(SHAPE, CLASSES, [512, 256], dropout=0.2),
    "cnn": lambda: CNN(SHAPE, CLASSES, [32, 64], dropout=[0.0, 0.5]),
    "lstm": lambda: LSTM(SHAPE, CLASSES, network.UNITS),
}


def train(folder: Path, name: str, epochs: int) -> float:
    """Accuracy on the test split, with the weights of the best epoch."""
    hand.make = lambda name: MAKE[name]().to(memory_format=torch.channels_last)
    return hand.train(folder, name, epochs)


if __name__ == "__main__":
    told(train)
