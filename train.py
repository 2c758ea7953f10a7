"""Train, test and record one configuration: python train.py model=cnn optimizer=sgd."""

import sys
from typing import Any

try:
    import hydra
    from omegaconf import DictConfig

    from kindling.check.launch import launch, recorded
    from kindling.run.folder import Run
except ModuleNotFoundError as lack:
    told = f"{lack.name}: is not installed for {sys.executable}"
    print(f"{told}; type: scripts/run python train.py", file=sys.stderr)
    raise SystemExit(6) from None


def train(cfg: DictConfig, run: Run) -> float:
    """Fit, test the best weights, and return the monitored value, so that a sweep can compare."""
    # torch and Lightning take seconds: only once the words are right
    from kindling.build import build
    from kindling.evaluate.out_of_fold import write_out_of_fold
    from kindling.logger.close import closing

    data, module, trainer = build(cfg, run.folder, run.stop, run.trial)
    kept = run.go_on(data.identity, trainer)

    with closing(trainer.loggers):
        trainer.fit(module, data, ckpt_path=kept)

        keep: Any = trainer.checkpoint_callbacks[-1]
        module.restore(keep.best)
        trainer.test(module, data, verbose=False)

    if data.fold:
        write_out_of_fold(data, module, trainer, run.folder)
    if data.unlabelled:
        outputs: Any = trainer.predict(module, data)
        data.write_predictions(run.folder, outputs)
    return float(keep.best_score)


@hydra.main(version_base="1.3", config_path="conf", config_name="config")
def main(cfg: DictConfig) -> float | None:
    """Run one job: the only one, or one of a sweep."""
    return recorded(cfg, train)


if __name__ == "__main__":
    launch(main)
