"""After a stop the best weights are what is tested, and not the last."""

from collections.abc import Callable
from typing import Any

import torch


def test_the_best_weights_come_back_bit_for_bit(fitted: Callable[..., tuple[Any, Any, Any]]) -> None:
    words = ["callback=[early_stopping]", "callback.early_stopping.patience=2", "trainer.max_epochs=30"]
    data, module, trainer = fitted("data=wine", *words, "trainer.limit_val_batches=1.0", "optimizer.lr=0.3")
    best = trainer.checkpoint_callbacks[-1]
    assert trainer.current_epoch < 30
    kept = torch.load(best.best, weights_only=True)
    assert kept["epoch"] == trainer.current_epoch - 3  # the last epoch is patience after the best
    last = {name: value.clone() for name, value in module.state_dict().items()}
    assert any(not torch.equal(last[name], value) for name, value in kept["state_dict"].items())

    module.restore(best.best)

    restored = module.state_dict()
    assert restored.keys() == kept["state_dict"].keys()
    assert all(torch.equal(restored[name], value) for name, value in kept["state_dict"].items())
    (again,) = trainer.validate(module, data, verbose=False)
    assert again["val/loss"] == float(best.best_score)
