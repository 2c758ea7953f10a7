"""AdamW that averages its weights in place of a schedule (Defazio et al., arXiv 2405.15682); an extra."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from torch.optim import Optimizer

from kindling.error import MachineError, one_line
from kindling.typed import install


def schedule_free(
    params: Iterable[Any],
    lr: float = 2.5e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    weight_decay: float = 0.0,
    warmup_steps: int = 0,
) -> Optimizer:
    """The optimizer; its methods `train` and `eval` lead from the average of the weights and back to it.

    Raises MachineError where the package is missing.
    """
    try:
        package = import_module("schedulefree")
    except ImportError as error:
        text = f"schedulefree can't be imported ({one_line(error)})"
        raise MachineError(f"optimizer: {text}; type: {install('schedulefree')}") from error
    made: Optimizer = package.AdamWScheduleFree(
        params, lr, betas, weight_decay=weight_decay, warmup_steps=warmup_steps
    )
    return made
