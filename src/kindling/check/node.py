"""How many processes and nodes the trainer, the launcher and what started this process speak of."""

import os
from collections.abc import Iterator

from kindling.check.job import Job


def wrong_nodes(job: Job, in_sweep: bool) -> Iterator[str]:
    """Numbers that differ, so that some processes would wait for others for ever, or do their work again."""
    nodes, each = job.at("trainer.num_nodes") or 1, processes_of_each(job)
    if not isinstance(nodes, int) or nodes < 1:
        return  # which is told elsewhere
    if in_sweep:
        is_slurm = str(job.at("launcher._target_")).endswith(".Slurm")
        yield from in_queue(job, nodes, each) if is_slurm else in_one(nodes)
    elif (started := world()) > 1:
        is_told = each == 1 and job.at("trainer.strategy") in (None, "auto")  # as processes that train alone
        if not is_told and each is not None and each * nodes != started:
            told = f"{started} processes of torchrun or srun, got {each} × {nodes}"
            yield f"trainer: expected devices × num_nodes to be the {told}; set both"
    elif nodes > 1:
        write = f"torchrun --nnodes={nodes} …, or as a sweep by launcher=slurm"
        yield f"trainer.num_nodes: expected one start on each of {nodes} nodes, got this alone; type {write}"


def in_one(nodes: int) -> Iterator[str]:
    """A sweep that starts each job on one machine."""
    if nodes > 1:
        write = f"add launcher=slurm launcher.nodes={nodes}"
        yield f"trainer.num_nodes: expected 1 in a sweep of this machine, got {nodes}; {write}"


def in_queue(job: Job, nodes: int, each: int | None) -> Iterator[str]:
    """A sweep that asks Slurm for other numbers than its jobs train with."""
    asked, tasks = job.at("launcher.nodes"), job.at("launcher.tasks")
    if asked != nodes:
        expected = f"as many as trainer.num_nodes, {nodes}, got {asked}"
        yield f"launcher.nodes: expected {expected}; set both"
    elif each is not None and tasks != each and (tasks, nodes) != (1, 1):  # one starts the others
        yield f"launcher.tasks: expected as many as trainer.devices, {each}, got {tasks}; set both"


def processes_of_each(job: Job) -> int | None:
    """How many processes train on a node; None where the words don't tell."""
    told = job.at("trainer.devices")
    if isinstance(told, list):
        return len(told)
    return told if isinstance(told, int) and told > 0 else None


def world() -> int:
    """How many processes were started along with this one."""
    return int(os.environ.get("WORLD_SIZE") or os.environ.get("SLURM_STEP_NUM_TASKS") or 1)
