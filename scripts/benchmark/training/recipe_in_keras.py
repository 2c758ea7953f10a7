"""The same by the recipe of the Keras introductions: recipe_in_keras.py FOLDER NETWORK SEED.

The first 10,000 rows of the folder's x.npy and y.npy are the test split.
"""

import sys
from pathlib import Path

import keras
import numpy as np
from in_keras import compiled
from timed import told

EPOCHS = {"mlp": 20, "cnn": 8}
TEST = 10_000


def train(folder: Path, network: str, seed: int) -> float:
    """Accuracy on the test split."""
    images = np.load(folder / "x.npy")[:, 0, ..., None].astype("float32") / 255
    labels = np.load(folder / "y.npy")
    MODEL.fit(images[TEST:], labels[TEST:], batch_size=128, epochs=EPOCHS[network], verbose=2)
    return float(MODEL.evaluate(images[:TEST], labels[:TEST], batch_size=128, verbose=0)[1])


if __name__ == "__main__":
    keras.utils.set_random_seed(int(sys.argv[3]))
    MODEL = compiled(sys.argv[2])
    told(train)
