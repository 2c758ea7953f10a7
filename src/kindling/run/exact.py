"""The same bits each time, where that costs nothing."""

import torch


def be_exact(device: torch.device) -> None:
    """Have torch add up in a fixed order on the CPU, where it takes no longer.

    On a GPU it takes longer, and trainer.deterministic asks for it, as Lightning has it.
    """
    if device.type == "cpu" and not torch.are_deterministic_algorithms_enabled():
        torch.use_deterministic_algorithms(True, warn_only=True)
        # which would take 7 % of an LSTM's time; no memory is read before it is written
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
