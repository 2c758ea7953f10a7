"""The floor: the products of matrices that such a training cannot do without, and nothing else."""

from pathlib import Path

import torch
from timed import BATCH, read, told

Product = tuple[int, int, int, int]  # rows, inner and columns of a product, and how often a batch has it
PRODUCTS: dict[str, list[Product]] = {
    "mlp": [(BATCH, 784, 512, 1), (BATCH, 512, 256, 1), (BATCH, 256, 10, 1)],
    "cnn": [(BATCH * 784, 9, 32, 1), (BATCH * 196, 288, 64, 1), (BATCH, 3136, 10, 1)],
    "lstm": [(BATCH * 28, 28, 512, 1), (BATCH, 128, 512, 28), (BATCH, 128, 10, 1)],
}


def train(folder: Path, network: str, epochs: int) -> float:
    """Forward, and for all but the first product backward to inputs as well as to weights; learns nothing."""
    rows = {name: len(split.labels) for name, split in read(folder).items()}
    steps, looks = epochs * rows["train"] // BATCH, (epochs * rows["val"] + rows["test"]) // BATCH
    first, *others = PRODUCTS[network]
    for product, into_inputs in ((first, False), *((other, True) for other in others)):
        multiply(product, steps, looks, into_inputs)
    return 0.0


def multiply(product: Product, steps: int, looks: int, into_inputs: bool) -> None:
    """One layer's products of the whole training."""
    rows, inner, columns, times = product
    inputs, weights = torch.randn(rows, inner), torch.randn(inner, columns)
    outputs = torch.randn(rows, columns)
    back, gradient = torch.empty_like(inputs), torch.empty_like(weights)
    result = torch.empty_like(outputs)
    for _ in range((steps + looks) * times):
        torch.mm(inputs, weights, out=result)
    for _ in range(steps * times):
        torch.mm(inputs.t(), outputs, out=gradient)
        if into_inputs:
            torch.mm(outputs, weights.t(), out=back)


if __name__ == "__main__":
    told(train)
