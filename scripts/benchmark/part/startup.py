"""How long a command takes before it trains: help, completion, refused lines, one batch."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from benchmark.measure import Aim, Row, Seconds, compare, in_rotation, ratios

TRAIN = Path(__file__).parents[3] / "train.py"
AGAINST = "import torch"
REFUSED = """
model=cnnn
optmizer=sgd
regularizer=[dropuot]
model=cnn model.chanels=[8]
model.hiden=[8]
modle=cnn
lr=0.1
epochs=5
+lr=0.1
scheduler=step scheduler.gamma=0.1
trainer.precision=32-tru
data.path=grün.csv
seed=[1
seed=two
experiment=null
model
data.batch_size=0
data.batch_size=???
data.val_fraction=1.5
optimizer.lr=-1
optimizer.lr=fast
optimizer.lr=nan
trainer.max_epochs=ten
monitor.metric=val/acuracy
monitor.metric=${nothing}
data=diabetes task=classification
data=wine model=cnn
model.activation=relus
task.loss=crossentropy
optimizer._target_=torch.optim.Adan
data=csv
data=csv data.path=missing.csv data.target=price
init_from=missing
freeze=body
-m model=mlp,cnnn seed=0,1
-m optimizer.lr=0.1,0,-1 model=mlp,cnn
--epochs=5
regularizer=[l1,l2] penalties=1
""".strip().splitlines()
REFUSALS = (2, 3, 5, 6)  # exit codes
QUERY = {"COMP_LINE": "python train.py model=", "COMP_POINT": "22"}  # as bash tells what was typed
Start = Callable[..., Seconds]


def measure(rounds: int, quick: bool) -> Iterator[Row]:
    """One row after the other."""
    with tempfile.TemporaryDirectory() as folder:
        start = partial(run, Path(folder))
        yield from measure_commands(start, rounds)
        yield from measure_refused(start, rounds, REFUSED[:2] if quick else REFUSED)


def run(folder: Path, *words: str, codes: tuple[int, ...] = (0,), **variables: str) -> Seconds:
    """What a Python that gets these words takes until it has ended; it ends with one of the codes."""
    before, start = os.times(), time.perf_counter()
    result = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
        capture_output=True,
        encoding="utf-8",
    )
    wall, after = time.perf_counter() - start, os.times()
    if result.returncode not in codes or not (result.stdout + result.stderr or words[0] == "-c"):
        raise RuntimeError(f"{' '.join(words)}: exit code {result.returncode}, {result.stderr}")
    cpu = sum(getattr(after, name) - getattr(before, name) for name in ("children_user", "children_system"))
    return Seconds(cpu or wall, wall)  # Windows counts no children


def taken(variants: Mapping[str, Callable[[], Seconds]], rounds: int) -> dict[str, list[Seconds]]:
    """Seconds of each variant in each round, after a round that does not count."""
    return {name: times[1:] for name, times in in_rotation(variants, rounds + 1).items()}


def measure_commands(start: Start, rounds: int) -> Iterator[Row]:
    """Commands that do what they say."""
    train = partial(start, str(TRAIN))
    aims = {
        "--help": Aim("≤", 0.35),
        "--cfg job": Aim("≤", 0.35),
        "tab completion": None,
        "import pytorch_lightning": None,
        "debug=one_batch": Aim("≤", 3.3),
    }
    variants = {
        AGAINST: partial(start, "-c", AGAINST),
        "tab completion": partial(train, "-sc", "query=bash", **QUERY),
        "import pytorch_lightning": partial(start, "-c", "import pytorch_lightning"),
        **{words: partial(train, *words.split()) for words in ("--help", "--cfg job", "debug=one_batch")},
    }
    times = taken(variants, rounds)
    for name, aim in aims.items():
        yield compare(times, name, AGAINST, "until the end", aim)


def measure_refused(start: Start, rounds: int, lines: list[str]) -> Iterator[Row]:
    """Lines with a mistake, until it is told."""
    variants = {line: partial(start, str(TRAIN), *line.split(), codes=REFUSALS) for line in lines}
    times = taken({AGAINST: partial(start, "-c", AGAINST), **variants}, rounds)
    each = [[times[line][number] for line in lines] for number in range(rounds)]
    middle = [Seconds(median(one.cpu for one in told), median(one.wall for one in told)) for told in each]
    sides = {"the median of them": middle, AGAINST: times[AGAINST]}
    yield compare(sides, "the median of them", AGAINST, f"{len(lines)} refused lines", Aim("≤", 0.4))
    late = [quantiles([one.wall for one in told], n=20)[-1] for told in each]
    for name, walls, most in (
        ("median", [one.wall for one in middle], 0.8),
        ("95th percentile", late, 1.5),
    ):
        yield on_the_wall(f"{len(lines)} refused lines: {name}", walls, most)


def on_the_wall(name: str, walls: list[float], most: float) -> Row:
    """Seconds of each round, beside those that it may take."""
    each = ratios(walls, [most] * len(walls))
    ratio, told = median(each), f"{median(walls):.3g} s by wall"
    return Row(
        name,
        f"{most:g} s",
        ratio,
        min(each),
        max(each),
        "≤ 1",
        ratio <= 1,
        medians=told,
        rounds={"wall": walls},
    )
