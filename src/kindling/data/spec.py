"""What a dataset tells the rest of the program."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class DataSpec:
    """The facts that a network and a task need; nothing else crosses from data to model."""

    input_shape: tuple[int, ...]  # one sample: (features), (time, features) or (channels, height, width)
    target: Literal["class", "real"]
    num_targets: int  # how many classes, or how many numbers to predict
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes by name, or by number where the set gives none; nothing for numbers to predict."""
        if self.target == "real":
            return ()
        return self.class_names or tuple(map(str, range(self.num_targets)))

    def describe_target(self) -> str:
        """The target in words, for messages."""
        return f"{self.num_targets} classes" if self.target == "class" else "numbers to predict"


def describe_shape(shape: tuple[int, ...]) -> str:
    """One sample in words, for messages."""
    if len(shape) == 1:
        return f"rows of {shape[0]} number{'s' if shape[0] > 1 else ''}"
    if len(shape) == 2:
        return f"sequences of {shape[0]} steps of {shape[1]} number{'s' if shape[1] > 1 else ''}"
    return "images of " + "×".join(map(str, shape))
