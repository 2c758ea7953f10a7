"""Train, test and record one configuration: python train.py model=cnn optimizer=sgd."""

from typing import Any

import hydra
from omegaconf import DictConfig

from kindling.check import launch, open_run


@hydra.main(version_base="1.3", config_path="conf", config_name="config")
def main(cfg: DictConfig) -> float | None:
    """Return the best monitored value, so that a sweep can compare."""
    with open_run(cfg) as run:
        from kindling.build import build  # torch and Lightning take seconds: only once the words are right

        data, module, trainer = build(cfg, run.folder)
        run.note(data=data.describe())

        trainer.fit(module, data)

        best: Any = trainer.checkpoint_callback
        trainer.test(module, data, ckpt_path=best.best_model_path, weights_only=True, verbose=False)
        return float(best.best_model_score)


if __name__ == "__main__":
    launch(main)
