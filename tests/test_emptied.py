"""Every YAML that is not empty by intent is looked at: emptied, it fails a test of all options."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from kindling.build import build
from kindling.error import UserError
from tests.conftest import CONF
from tests.stand_in import stand_in
from tests.test_conf import OPTIONS, changes, name, words

pytestmark = pytest.mark.full
BY_INTENT = {"scheduler/none", "task/auto"}  # the plugin fills in the one: tests/hydra_plugins
NOTICED = (HydraException, OmegaConfBaseException, UserError)


@pytest.fixture
def emptied(path: Path, tmp_path: Path) -> Iterator[Callable[..., DictConfig]]:
    """What composes where one file has nothing but its description."""
    copy = tmp_path / "conf" / path.relative_to(CONF)
    shutil.copytree(CONF, tmp_path / "conf")
    comments = [line for line in copy.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    copy.write_text("\n".join([*comments, ""]), encoding="utf-8")
    with initialize_config_dir(str(tmp_path / "conf"), version_base="1.3"):
        yield lambda *words: compose("config", list(words))


@pytest.mark.parametrize("path", [path for path in OPTIONS if name(path) not in BY_INTENT], ids=name)
def test_an_emptied_yaml_is_noticed(
    path: Path, emptied: Callable[..., DictConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = stand_in(name(path), tmp_path, monkeypatch)
    try:
        if changes(path, files, emptied):  # else test_an_option_changes_the_configuration fails
            data, module, trainer = build(emptied(*words(path, files)), tmp_path)
            trainer.fit(module, data)  # as test_an_option_trains_one_batch does
            pytest.fail("no test would see it")
    except NOTICED:
        pass
