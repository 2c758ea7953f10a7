"""The loop that one writes by hand on tensors in memory, with the best weights kept and nothing else."""

import copy
from collections.abc import Callable
from pathlib import Path

import torch
from network import make
from timed import BATCH, Arrays, read, told
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

Split = tuple[Tensor, Tensor]


def train(folder: Path, network: str, epochs: int, make: Callable[[str], nn.Module] = make) -> float:
    """Accuracy on the test split, with the weights of the best epoch."""
    torch.manual_seed(0)
    arrays = read(folder)
    pixels = torch.from_numpy(arrays["train"].images).float()
    splits = {name: tensors(split, pixels.mean(), pixels.std()) for name, split in arrays.items()}
    return fit(make(network), splits, epochs)


def fit(net: nn.Module, splits: dict[str, Split], epochs: int) -> float:
    """Train it, and test the best weights."""
    inputs, targets = splits["train"]
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
    best, kept = float("inf"), copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        net.train()
        for rows in torch.randperm(len(targets)).split(BATCH):
            optimizer.zero_grad()
            cross_entropy(net(inputs[rows]), targets[rows]).backward()
            optimizer.step()
        loss, _ = evaluate(net, splits["val"])
        if loss < best:
            best, kept = loss, copy.deepcopy(net.state_dict())
    net.load_state_dict(kept)
    return evaluate(net, splits["test"])[1]


def tensors(split: Arrays, mean: Tensor, deviation: Tensor) -> Split:
    """Standardised images (rows, 1, 28, 28), and their classes."""
    images = torch.from_numpy(split.images).float().sub_(mean).div_(deviation)
    return images.unsqueeze(1), torch.from_numpy(split.labels)


@torch.no_grad()
def evaluate(net: nn.Module, split: Split) -> tuple[float, float]:
    """Mean loss, and share of rows that are right."""
    net.eval()
    loss, right = 0.0, 0
    for inputs, targets in zip(split[0].split(BATCH), split[1].split(BATCH), strict=True):
        outputs = net(inputs)
        loss += float(cross_entropy(outputs, targets, reduction="sum"))
        right += int((outputs.argmax(1) == targets).sum())
    return loss / len(split[1]), right / len(split[1])


if __name__ == "__main__":
    told(train)
