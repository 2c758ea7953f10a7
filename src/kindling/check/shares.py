"""What can't be right where several processes train one network, or share out its weights."""

from collections.abc import Iterator

from kindling.check.job import Job

SHARED = "kindling.trainer.fsdp.FullyShared"
WHOLE = ("max_norm", "ema", "weight_averaging")  # callbacks that need whole weights
LIGHTNINGS = ("fsdp", "model_parallel", "deepspeed")  # begin the names of those that save in their own way


def wrong_shares(job: Job) -> Iterator[str]:
    """Parts that would need the whole network in each process, or another number of steps in each."""
    strategy = job.at("trainer.strategy")
    if isinstance(strategy, str) and strategy.startswith(LIGHTNINGS):
        expected = "expected a strategy whose checkpoints a run goes on from"
        yield f"{job.where('trainer.strategy')}: {expected}, got {strategy}; write trainer=fsdp"
    if job.at("optimizer._target_") == "torch.optim.LBFGS" and strategy not in (None, "auto"):
        yield f"{job.named('optimizer')}: searches in one process; leave out {job.named('trainer')}"
    if job.at("trainer.strategy._target_") == SHARED:
        whole = [name for name in WHOLE if job.at(f"callback.{name}")]
        whole += ["muon"] if job.at("optimizer._target_") == "kindling.optimizer.muon.Muon" else []
        for name in [*whole, *(job.at("penalties") or ())]:
            yield f"trainer=fsdp: {name} needs whole weights, and each process holds a share; leave it out"
