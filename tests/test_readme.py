"""What the README says is done, word for word."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.added import FILES
from tests.conftest import CONF, PROJECT, Train, run_train
from tests.stand_in import csv, image_folder, npy

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
COMMANDS = [line.partition("#")[0].strip() for block in BLOCKS for line in block.splitlines()]
SHORT = ["trainer.max_epochs=2"]
TRAININGS = [command for command in COMMANDS if "python train.py" in command]
HERE = ("add.py", "new_project.py", "update_from_template.py")  # alter a project: each has a test of its own
OTHERS = [
    command for command in COMMANDS if " scripts/" in command and not any(one in command for one in HERE)
]
CHANGES = [command for command in COMMANDS if any(one in command for one in HERE)]


def test_it_is_short_and_begins_with_the_two_commands() -> None:
    assert README.count("\n") <= 200
    assert COMMANDS[:2] == ["scripts/run python train.py model=cnn optimizer=sgd", "scripts/run pytest"]


@pytest.fixture
def own_files(tmp_path: Path) -> None:
    """What the README's reader has."""
    (tmp_path / "houses.csv").write_text("size,price\n" + "".join(f"{n},{n * n}.5\n" for n in range(40)))
    (tmp_path / "sales.csv").write_text("sales\n" + "".join(f"{n % 7}\n" for n in range(100)))
    npy(tmp_path)
    image_folder(tmp_path)
    csv(tmp_path)
    (tmp_path / "table.csv").rename(tmp_path / "new.csv")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, to copy."""
    folder = tmp_path_factory.mktemp("trained")
    assert run_train(folder, "data=csv", *csv(folder), *SHORT).returncode == 0
    return folder


@pytest.mark.usefixtures("own_files")
@pytest.mark.parametrize("command", TRAININGS)
def test_a_command_trains(command: str, train: Train, trained: Path, tmp_path: Path) -> None:
    words = shlex.split(command)
    words = [*words[words.index("train.py") + 1 :], *SHORT, "data.root=cache"]
    words = [re.sub(r"^(sweep\.trials|seeds|cv)=.*", r"\1=2", word) for word in words]
    if {"init_from=last", "resume=last"} & set(words):
        shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
        words[words.index(*SHORT)] = "trainer.max_epochs=3"
    result = train(*words)
    assert result.returncode == 0, result.stderr


@pytest.mark.usefixtures("own_files")
@pytest.mark.parametrize("command", OTHERS)
def test_a_command_of_scripts_runs(command: str, tmp_path: Path, trained: Path) -> None:
    _, script, *words = shlex.split(command)
    if "--run" in words or "runs.py" in script:
        shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    run = [sys.executable, str(PROJECT / script), *words]
    result = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("command", CHANGES)
def test_a_command_that_alters_a_project_takes_its_words(command: str) -> None:
    _, script, *words = shlex.split(command)
    run = [sys.executable, str(PROJECT / script), "-h"]
    told = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert [word for word in words if word.startswith("--") and word not in told] == []


def test_every_other_command_is_one_that_there_is() -> None:
    assert set(COMMANDS) - {*TRAININGS, *OTHERS, *CHANGES} == {"scripts/run pytest"}


def test_the_table_names_every_option() -> None:
    rows = re.findall(r"^\| `(\w+)=(?:\[…\])?` \| (.*?) \|", README, re.MULTILINE)
    named = {group: set(re.findall(r"`(\w+)`", options)) for group, options in rows}
    found = {
        folder.name: {path.stem for path in folder.glob("*.yaml")}
        for folder in CONF.iterdir()
        if folder.is_dir() and folder.name != "hydra"
    }
    assert named == found


def test_every_setting_in_the_table_exists(train: Train) -> None:
    settings = re.findall(r"\|(?: with \S+)? `([a-z_0-9.]+=\S+)` \|$", README, re.MULTILINE)
    assert settings
    several = ("sweep.", "launcher.")
    single = [word for word in settings if not word.startswith(several)]
    result = train("scheduler=step", "augmentation=affine", "regularizer=[l1]", *single, "check=true")
    assert result.returncode == 0, result.stderr
    words = [word for word in settings if word.startswith(several)]
    result = train("-m", "sweep=random", "launcher=process", "seed=1,2", *words, "check=true")
    assert result.returncode == 0, result.stderr


def test_the_tree_names_what_there_is() -> None:
    tree = re.findall(r"```text\n(train.py .*?)```", README, re.DOTALL)[0]
    folders = re.search(r"^  (data/ .*/)$", tree, re.MULTILINE)
    assert folders is not None
    source = PROJECT / "src" / "kindling"
    assert all((source / folder).is_dir() for folder in folders[1].split())
    assert all((source / name).is_file() for name in ("build.py", "module.py"))


def test_the_program_is_read_in_the_lines_that_it_says() -> None:
    files = ("train.py", "src/kindling/build.py", "src/kindling/module.py")
    assert sum(len((PROJECT / name).read_text().splitlines()) for name in files) <= 335


def test_it_names_every_file_that_shows_how_to_add_one_and_no_other() -> None:
    section = README.partition("| to add |")[2]
    named = {name for name in re.findall(r"`([\w/]+)`", section) if "/" in name or name == "gan"}
    roots = ("conf/", "src/kindling/")
    named -= {f"tests/own/{root}" for root in roots}
    found = {path.with_suffix("").as_posix().removeprefix(root) for path in FILES for root in roots}
    assert named == {name for name in found if not name.startswith(roots)}


def test_the_regularizers_that_it_compares_are_those_of_the_script() -> None:
    told = README.partition("Against overfitting")[2].partition("## Sweeps")[0]
    script = (PROJECT / "scripts" / "regularizer_table.py").read_text()
    words = re.findall(r"`(regularizer=\S*)`", told)
    assert len(words) == 2
    assert all(f'"{word}"' in script for word in words)
