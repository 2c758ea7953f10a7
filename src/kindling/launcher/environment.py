"""The variables that a job in a process of its own gets: its share of the machine, and no rank of another."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from kindling.error import MachineError

PREFIXES = ("SLURM_", "TORCHELASTIC_", "OMPI_", "PMI_", "GROUP_", "ROLE_", "RAY_JOB_")
RANKS = {
    *("RANK", "LOCAL_RANK", "NODE_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE"),
    *("MASTER_ADDR", "MASTER_PORT"),
}
VISIBLE = "CUDA_VISIBLE_DEVICES"


def job_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a job takes over: nothing that numbers the processes of which its sweep may be one."""
    return {
        name: value
        for name, value in environment.items()
        if name not in RANKS and not name.startswith(PREFIXES)
    }


def usable_cores() -> int:
    """Those that this process may use, which a queue or a container may have made fewer."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def visible_gpus(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The GPUs as CUDA_VISIBLE_DEVICES names them; of NVIDIA's tool, as importing torch takes seconds."""
    if VISIBLE in environment:
        return [one.strip() for one in environment[VISIBLE].split(",") if one.strip() not in ("", "-1")]
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    try:
        told = subprocess.run([tool, "--list-gpus"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return []
    lines = [line for line in told.stdout.splitlines() if line.startswith("GPU ")]
    return [str(number) for number, _ in enumerate(lines)] if told.returncode == 0 else []


def chosen_gpus(numbers: Sequence[int] | None, visible: Sequence[str]) -> list[str]:
    """Those that a sweep may use; raises MachineError where one isn't there."""
    for number in numbers or ():
        if not 0 <= number < len(visible):
            has = f"this machine shows {len(visible)}"
            raise MachineError(f"launcher.gpus: expected numbers of GPUs, got {number}; {has}")
    return [*visible] if numbers is None else [visible[number] for number in numbers]


def share(gpus: Sequence[str], each: int, places: int) -> list[list[str]]:
    """The GPUs of each of the places where a job can run; with fewer GPUs than that, jobs share one."""
    if each > max(1, len(gpus)):
        raise MachineError(
            f"launcher.gpus_per_job: expected {max(1, len(gpus))} or less, got {each}; {len(gpus)} are there"
        )
    if not gpus or not each:
        return [[*gpus] for _ in range(places)]
    return [[gpus[(place * each + one) % len(gpus)] for one in range(each)] for place in range(places)]
