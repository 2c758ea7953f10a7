"""Random words from all groups at once: each command takes three steps, or is refused in one line."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kindling.build import build
from kindling.check.compose import Composer
from kindling.check.launch import known_error
from kindling.check.option import Conf
from kindling.check.words import own
from kindling.error import UserError
from tests.conftest import CONF
from tests.stand_in import stand_in
from tests.test_conf import NEEDS

STEPS = 3
FEW, MANY = 60, 600  # commands, here and with --full
PARTS = 4  # that they are shared out to
IMAGES = {"cifar10", "digits", "fashion_mnist", "image_folder", "mnist"}
SUITS_ANY = {"model": ["mlp", "sequential"], "augmentation": ["none", "noise"]}
LISTS = {"regularizer": 3, "callback": 2, "logger": 1}  # how many words of each at most
SLOW = ("mlflow", "wandb")  # they start services: tests/logger
SHORT = [
    "trainer=cpu",
    "trainer.max_epochs=1",
    f"+trainer.limit_train_batches={STEPS}",
    "+trainer.limit_val_batches=1",
    "+trainer.limit_test_batches=1",
    "data.batch_size=8",
]
Outcome = tuple[bool, str]  # whether it trained, and why not


def options(group: str) -> list[str]:
    return sorted(path.stem for path in (CONF / group).glob("*.yaml") if path.stem not in SLOW)


def command(draw: random.Random) -> list[str]:
    """One word of each group; of each list a few, in any order; now and then what doesn't fit."""
    data = draw.choice(options("data"))
    words = [f"data={data}"]
    for group in ("model", "augmentation", "optimizer", "scheduler"):
        careful = data not in IMAGES and draw.random() < 0.8
        found = SUITS_ANY.get(group, options(group)) if careful else options(group)
        words.append(f"{group}={draw.choice(found)}")
    for group, most in LISTS.items():
        found = options(group)
        words.append(f"{group}=[{','.join(draw.sample(found, draw.randint(0, min(most, len(found)))))}]")
    if draw.random() < 0.1:
        words.append(f"task={draw.choice([task for task in options('task') if task != 'auto'])}")
    if draw.random() < 0.2:
        words.append("+trainer.accumulate_grad_batches=2")
    return words


@pytest.fixture(scope="module")
def prepare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], list[str]]]:
    """The files that a data set can't go without, and the words that name them."""
    patch = pytest.MonkeyPatch()
    found: dict[str, list[str]] = {}

    def words(data: str) -> list[str]:
        if data not in found:
            folder = tmp_path_factory.mktemp(data)
            found[data] = NEEDS.get(f"data/{data}") or stand_in(f"data/{data}", folder, patch)
        return found[data]

    yield words
    patch.undo()


def attempt(words: list[str], composer: Composer, folder: Path) -> Outcome:
    """Train and test, as train.py does; raises what is neither training nor a refusal."""
    cfg, wrong = composer.check(words)
    if cfg is None or wrong:
        assert all(len(str(one).splitlines()) == 1 for one in wrong)
        return False, "; ".join(map(str, wrong))
    try:
        data, module, trainer = build(own(cfg), folder)
        trainer.fit(module, data)
        best = trainer.checkpoint_callbacks[-1]
        module.restore(best.best)
        trainer.test(module, data, verbose=False)
    except Exception as error:
        known = known_error(error)
        if not isinstance(known, UserError):
            raise
        assert "\n" not in str(known)
        return False, str(known)
    assert trainer.global_step >= 1
    return True, ""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.filterwarnings("ignore")
def test_it_trains_or_says_why_not(
    part: int,
    prepare: Callable[[str], list[str]],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kindling.run.record.draw_curves", lambda *_: None)  # the dearest part of such a run
    draw = random.Random(part)
    trained, refused = 0, []
    for number in range((MANY if request.config.getoption("--full") else FEW) // PARTS):
        words = command(draw)
        data = words[0].partition("=")[2]
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            with Composer(Conf(CONF)) as composer:
                done, why = attempt([*SHORT, *words, *prepare(data)], composer, folder)
        except BaseException as error:
            error.add_note(" ".join(words))
            raise
        trained += done
        refused += [] if done else [f"{' '.join(words)}: {why}"]
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join([f"{trained} trained, {len(refused)} refused:", *refused]))
    assert trained >= len(refused) / 2, "words that mostly do not go together prove little"
