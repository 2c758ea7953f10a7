"""The same in Keras, whose backend KERAS_BACKEND names, on arrays in memory; its compiling does not count."""

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
if hasattr(os, "sched_setaffinity"):  # XLA asks the machine how many threads there are
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import keras
from timed import BATCH, Arrays, read, told

if keras.backend.backend() == "tensorflow":
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)

layers = keras.layers


def make(name: str) -> Any:
    """The network of that name."""
    bodies = {
        "mlp": lambda: [
            *(layers.Flatten(), layers.Dense(512, "relu"), layers.Dropout(0.2)),
            *(layers.Dense(256, "relu"), layers.Dropout(0.2)),
        ],
        "cnn": lambda: [
            *(layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(2)),
            *(layers.Conv2D(64, 3, padding="same", activation="relu"), layers.MaxPooling2D(2)),
            *(layers.Dropout(0.5), layers.Flatten()),
        ],
        "lstm": lambda: [layers.Reshape((28, 28)), layers.LSTM(128)],
    }
    return keras.Sequential([layers.Input((28, 28, 1)), *bodies[name](), layers.Dense(10)])


def train(folder: Path, network: str, epochs: int) -> float:
    """Accuracy on the test split."""
    arrays = read(folder)
    pixels = arrays["train"].images.astype("float32")
    mean, deviation = pixels.mean(), pixels.std()
    data = {name: (scaled(split, mean, deviation), split.labels) for name, split in arrays.items()}
    MODEL.fit(*data["train"], batch_size=BATCH, epochs=epochs, validation_data=data["val"], verbose=2)
    return float(MODEL.evaluate(*data["test"], batch_size=BATCH, verbose=0)[1])


def scaled(split: Arrays, mean: float, deviation: float) -> Any:
    """Standardised images (rows, 28, 28, 1)."""
    return ((split.images.astype("float32") - mean) / deviation)[..., None]


def compiled(network: str) -> Any:
    """The network with its loss, optimizer and metric, after its first steps of each kind."""
    model = make(network)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    images, labels = keras.ops.zeros((BATCH, 28, 28, 1)), keras.ops.zeros((BATCH,), "int64")
    first = keras.ops.convert_to_numpy(images), keras.ops.convert_to_numpy(labels)
    weights = model.get_weights()
    model.fit(*first, batch_size=BATCH, validation_data=first, verbose=0)
    model.set_weights(weights)
    return model


if __name__ == "__main__":
    import sys

    keras.utils.set_random_seed(0)
    MODEL = compiled(sys.argv[2])
    told(train)
