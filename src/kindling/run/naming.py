"""The name of a run's folder: never the same for two runs, always the same for all ranks of one."""

import hashlib
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

from kindling.run.word import read_status

LAUNCHERS = {  # the variable that counts a launcher's processes, and those that number them
    "WORLD_SIZE": ("RANK", "LOCAL_RANK", "NODE_RANK"),
    "SLURM_NTASKS": ("SLURM_PROCID",),
}


@cache  # Lightning takes the variables away at the end
def is_first_rank() -> bool:
    """Whether this process keeps the record; known before torch is imported."""
    get = os.environ.get
    several = [ranks for count, ranks in LAUNCHERS.items() if get(count, "1") != "1"]
    numbers = [get(rank, "0") for ranks in several for rank in ranks]
    return all(number == "0" or not number.isdecimal() for number in numbers)  # one that is none is told


@cache
def run_folder() -> str:
    """`outputs/<date>/<time>-<6 hex>`, drawn once a process or once a job of several processes."""
    name = f"outputs/{datetime.now():%Y-%m-%d/%H-%M-%S}-{secrets.token_hex(3)}"
    job = job_key(os.environ, os.getppid())
    return agree(Path("outputs/.job"), job, name) if job else name


def job_key(environment: Mapping[str, str], parent: int) -> str | None:
    """What all processes of one torchrun or srun share, and no other job does; None for a single one."""
    get = environment.get
    if "TORCHELASTIC_RUN_ID" in environment:
        one_node = get("GROUP_WORLD_SIZE", "1") == "1"
        facts = [get(name) for name in ("TORCHELASTIC_RUN_ID", "MASTER_ADDR", "MASTER_PORT")]
        facts.append(str(parent) if one_node else None)  # over several nodes the run id must be unique
    elif int(get("SLURM_STEP_NUM_TASKS", "1")) > 1:
        facts = [get(name) for name in ("SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_RESTART_COUNT")]
    else:
        return None
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def agree(folder: Path, job: str, name: str) -> str:
    """The name that the first process of the job proposed; another one where a job of that key has ended."""
    folder.mkdir(parents=True, exist_ok=True)
    for start in count(1):
        place = folder / f"{job}-{start}"
        with suppress(FileExistsError), place.open("x", encoding="utf-8") as file:
            file.write(name)
        while not (agreed := place.read_text(encoding="utf-8")):
            time.sleep(0.01)  # the first one is about to write
        if read_status(Path(agreed)).get("exit_code") is None:
            break
    return agreed
