"""A fast recipe for MNIST by train.py: python scripts/benchmark/training/recipe.py ROOT NETWORK SEED."""

from pathlib import Path

from ours import imported, run
from timed import told

EXPERIMENTS = {"mlp": "mnist_fast", "cnn": "mnist_cnn_fast"}


def train(root: Path, network: str, seed: int) -> float:
    """Accuracy on the test split."""
    words = [f"experiment={EXPERIMENTS[network]}", f"seed={seed}", f"data.root={root}", "trainer=cpu"]
    return run(root, words)


if __name__ == "__main__":
    imported()
    told(train)
