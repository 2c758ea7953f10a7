"""Learning rates side by side, which conf/sweep/learning_rate.yaml lists."""

from kindling.sweep.grid import Grid


class LearningRate(Grid):
    """Tries each, with every combination of what else is swept over."""
