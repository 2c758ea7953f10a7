"""Deep-learning experiments from the command line, on PyTorch Lightning and Hydra."""

__version__ = "0.1.0"
