"""The loop that one writes by hand, on digits, with nothing kept: python by_hand.py RUNS EPOCHS."""

import copy
import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

TABLE = Path(__file__).parents[2] / "src/kindling/data/table/digits.csv.gz"


def load(seed: int) -> dict[str, TensorDataset]:
    """The splits of train.py's sizes, standardised."""
    with gzip.open(TABLE, "rt", encoding="utf-8") as file:
        rows = torch.from_numpy(np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.float32))
    rows = rows[torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))]
    inputs, targets = rows[:, :-1], rows[:, -1].long()
    test, val = round(0.2 * len(rows)), round(0.15 * len(rows))
    parts = {"test": slice(test), "val": slice(test, test + val), "train": slice(test + val, None)}
    train = inputs[parts["train"]]
    scale = train.std(0)
    inputs = (inputs - train.mean(0)) / torch.where(scale > 0, scale, 1.0)  # some pixels are never lit
    return {name: TensorDataset(inputs[part], targets[part]) for name, part in parts.items()}


def train(seed: int, epochs: int) -> tuple[float, float]:
    """Loss and accuracy on the test split, with the weights of the best epoch."""
    torch.manual_seed(seed)
    splits = load(seed)
    batches = {name: DataLoader(split, 32, shuffle=name == "train") for name, split in splits.items()}
    net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    best, kept = float("inf"), copy.deepcopy(net.state_dict())
    for _ in range(epochs):
        net.train()
        for inputs, targets in batches["train"]:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(inputs), targets).backward()
            optimizer.step()
        loss, _ = evaluate(net, batches["val"])
        if loss < best:
            best, kept = loss, copy.deepcopy(net.state_dict())
    net.load_state_dict(kept)
    return evaluate(net, batches["test"])


@torch.no_grad()
def evaluate(net: nn.Module, batches: DataLoader[tuple[Tensor, ...]]) -> tuple[float, float]:
    """Mean loss, and share of rows that are right."""
    net.eval()
    loss, right, count = 0.0, 0, 0
    for inputs, targets in batches:
        outputs = net(inputs)
        loss += float(nn.functional.cross_entropy(outputs, targets, reduction="sum"))
        right += int((outputs.argmax(1) == targets).sum())
        count += len(targets)
    return loss / count, right / count


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        print(train(number, int(sys.argv[2])))
