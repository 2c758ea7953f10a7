"""scripts/add.py: a mistake is told in one line, and nothing is written."""

from importlib.machinery import SourceFileLoader
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

from tests.added import copied
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, which stays as it is."""
    return copied(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def script(copy: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script in this process, about the copy."""
    monkeypatch.syspath_prepend(PROJECT / "scripts")
    loader = SourceFileLoader("add", str(PROJECT / "scripts" / "add.py"))
    module = ModuleType("add")
    module.__file__ = str(PROJECT / "scripts" / "add.py")
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", copy)
    return module


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["model", "cnn"], "model=cnn: is there already, as conf/model/cnn.yaml; choose another name"),
        (["model", "linear"], "model=linear: is there already, as tests/own/conf/model/linear.yaml; "),
        (["model", "base"], "NAME: base: means something else already"),
        (["data", "base"], "NAME: base: means something else already"),
        (["data", "divide"], "data=divide: is there already, as src/kindling/data/divide.py; "),
        (["model", "class"], "NAME: class: means something else already"),
        (["model", "nan"], "NAME: nan: means something else already"),
        (["loss", "float"], "NAME: float: means something else already"),
        (["model", "test_net"], "NAME: test_net: pytest would take its class for tests"),
        (
            ["model", "My-Net"],
            "NAME: expected a name such as my_network, of small letters, digits and _, ",
        ),
        (["model", "a" * 31], "NAME: expected a name such as my_network"),
        (["model", "../x"], "NAME: expected a name such as my_network"),
        (["model", ""], "NAME: expected a name such as my_network"),
        (["data", "split"], "data=split: the example imports something of that name; choose another"),
        (["task", "data_spec"], "task=data_spec: the example imports something of that name"),
        (["loss", "math"], "loss=math: the example imports something of that name"),
        (["loss", "huber"], "loss=huber: a task knows that name already; choose another"),
        (["metric", "rmse"], "metric=rmse: is there already, as src/kindling/metric/rmse.py; "),
        (["modle", "x"], "scripts/add.py: argument KIND: expected one of model, data, task"),
        (
            ["model", "x", "--like", "liner"],
            "--like: expected one of subclass, linear, two_branches; got ",
        ),
        (["model"], "scripts/add.py: the following arguments are required: NAME; see scripts/add.py -h"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(words: list[str], told: str, script: ModuleType) -> None:
    before = content(script.ROOT)
    with pytest.raises(script.ConfigError) as caught:
        script.main(words)
    assert str(caught.value).startswith(told)
    assert content(script.ROOT) == before


@pytest.fixture
def apart(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The same about a copy to write to."""
    monkeypatch.setattr(script, "ROOT", copied(tmp_path))
    return script


def test_two_optimizers_of_one_kind_are_refused(apart: ModuleType) -> None:
    apart.main(["optimizer", "first"])
    with pytest.raises(apart.ConfigError, match=r"optimizer=first: builds torch.optim.Adamax, which opti"):
        apart.main(["optimizer", "second"])


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt()])
def test_what_cannot_be_finished_is_not_begun(
    error: BaseException, script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise error

    before = content(script.ROOT)
    monkeypatch.setattr(script.make_schema, "write", fail)
    with pytest.raises(type(error)):
        script.main(["model", "mine"])
    assert content(script.ROOT) == before


@pytest.mark.parametrize("told", [True, False])
def test_a_disk_that_is_full_on_the_way_cuts_nothing_off(
    told: bool, apart: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for schema in () if told else (apart.ROOT / ".vscode/schema").glob("*.json"):
        schema.unlink()  # as in a project that was made with --bare
    before, renames = content(apart.ROOT), count(1)
    whole = Path.replace

    def full(path: Path, target: Path) -> Path:
        if next(renames) == 6:  # amid the schemas
            raise OSError("full")
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="full"):
        apart.main(["model", "mine"])
    assert content(apart.ROOT) == before


def test_a_readme_without_the_table_is_left_alone(apart: ModuleType) -> None:
    (apart.ROOT / "README.md").write_text("# Mine\n")
    apart.main(["model", "mine"])
    assert (apart.ROOT / "README.md").read_text() == "# Mine\n"


@pytest.mark.parametrize(
    ("group", "row"),
    [
        ("task", "`one`, `other`HERE; the data picks it | `task.loss=focal` |"),
        ("model", "**`one`**, `other` (images)HERE | `model.hidden=[5]` |"),
        ("callback", "**`one`, `other`**HERE | |"),
        ("logger", "`one`, `other` (offline; `pip install them`)HERE | |"),
        ("augmentation", "`one`, `other` (`'x.transforms=[{Rotation:{degrees:30}}]'`)HERE | with `one` |"),
    ],
)
def test_a_new_word_stands_last_in_its_row(group: str, row: str, script: ModuleType) -> None:
    lists = "[…]" * (group in ("callback", "logger"))
    table = f"# Mine\n\n| word | options |\n|---|---|\n| `{group}={lists}` | {row}\n| `else=` | `a` | |\n"
    readme = table.replace("HERE", "")
    assert script.with_word(readme, group, "new") == table.replace("HERE", ", `new`")


@pytest.mark.parametrize(
    "group", ["model", "data", "task", "optimizer", "regularizer", "callback", "experiment"]
)
def test_the_readme_has_a_row_of_each(group: str, script: ModuleType) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    named = script.with_word(readme, group, "new")
    assert named != readme
    assert named.replace(", `new`", "") == readme
