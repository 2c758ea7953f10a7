"""What the checks say of Lightning's Trainer is what Lightning does."""

import re
from typing import Any

import pytest
from pytorch_lightning import Trainer
from pytorch_lightning.accelerators import AcceleratorRegistry
from pytorch_lightning.utilities.exceptions import MisconfigurationException

from kindling.check.fit import fits
from kindling.check.job import Job
from kindling.check.option import Conf
from kindling.check.trainer import NEEDS, TAKES, TRAINER, wrong_trainer
from kindling.error import MachineError, as_user_error
from tests.conftest import CONF

VALUES = [-1, 0, 1, 3, 0.0, 0.5, 1.0, 1.5, "simple", "advanced", "pytorch", "norm", "value", "no_such"]
QUIET: dict[str, Any] = {
    "accelerator": "cpu",
    "logger": False,
    "enable_checkpointing": False,
    "barebones": False,
}
NONSENSE = {  # which Lightning takes, and which trains or validates nothing
    ("limit_train_batches", 0),
    ("limit_train_batches", 0.0),
    ("val_check_interval", 0),
    ("val_check_interval", 0.0),
}


def told(**settings: Any) -> list[str]:
    job = Job(Conf(CONF), [], {}, {"trainer": {"_target_": TRAINER, **settings}, "monitor": {}})
    return [str(one) for one in wrong_trainer(job)]


def accepts(**settings: Any) -> bool:
    """Whether Lightning builds a trainer of them."""
    try:
        Trainer(**QUIET | settings)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("name", TAKES)
@pytest.mark.filterwarnings("ignore")
def test_lightning_refuses_what_the_checks_refuse_and_nothing_else(name: str) -> None:
    kinds = str if "enum" in TAKES[name][0] else int | float
    for value in VALUES:
        if isinstance(value, kinds) and (name, value) not in NONSENSE:
            assert accepts(**{name: value}) == (told(**{name: value}) == []), value
    assert fits(None, TAKES[name][0]) is False
    assert told(**{name: None}) == []


@pytest.mark.parametrize("value", [1, 2, "1", -1, 0, "0", [0], [], "cuda", "auto"])
@pytest.mark.filterwarnings("ignore")
def test_devices_of_the_cpu(value: Any) -> None:
    assert accepts(devices=value) == (told(accelerator="cpu", devices=value) == [])


@pytest.mark.parametrize("value", ["00:01:00:00", "5", "1:1:1:1", {"hours": 1}, {"hour": 1}, {}, 5])
@pytest.mark.filterwarnings("ignore")
def test_the_longest_time(value: Any) -> None:
    assert accepts(max_time=value) == (told(max_time=value) == [])


def test_words_that_need_a_package_are_ones_of_lightning() -> None:
    assert "tpu" in AcceleratorRegistry.available_accelerators()
    for setting, word in (
        ("accelerator", "tpu"),
        ("precision", "transformer-engine"),
        ("strategy", "deepspeed"),
    ):
        (line,) = told(**{setting: word})
        package = next(one for pattern, one in NEEDS.items() if re.search(pattern, word))
        assert line.startswith(f"trainer.{setting}: {word} needs the package {package}")


@pytest.mark.parametrize(
    ("settings", "start", "code"),
    [
        ({"strategy": "dpp"}, "trainer.strategy: expected one of auto, ddp,", 2),
        ({"accelerator": "tpus"}, "trainer.accelerator: You selected an invalid accelerator", 2),
        ({"devices": [0]}, "trainer.devices: expected a GPU that torch can use, got none", 6),
        ({"num_nodes": 0}, "trainer.num_nodes: `num_nodes` must be a positive integer", 2),
        ({"strategy": "deepspeed"}, "trainer=auto: To use the `DeepSpeedStrategy`", 6),
        ({"strategy": "fsdp"}, "trainer.strategy: The strategy `fsdp` requires a GPU", 2),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_lightning_says_itself_names_the_setting(
    settings: dict[str, Any], start: str, code: int
) -> None:
    with pytest.raises((ValueError, TypeError, MisconfigurationException)) as raised:
        Trainer(**QUIET | settings)
    known = as_user_error(raised.value, "trainer=auto")
    assert known is not None
    assert (str(known).startswith(start), known.exit_code) == (True, code), str(known)


def test_a_bug_in_lightning_stays_one() -> None:
    error = ValueError("something else")
    error.__traceback__ = None
    assert as_user_error(error) is None


def test_a_graphics_card_that_is_not_there_is_the_machines() -> None:
    kind = type("MisconfigurationException", (Exception,), {})
    error = kind("You requested gpu: [3]\n But your machine only has: [0]")
    assert isinstance(as_user_error(error, "trainer=gpu"), MachineError)
