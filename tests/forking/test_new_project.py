"""A project of somebody's own: renamed whole, or not begun at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.forking.option import GROUPS
from tests.conftest import run_train
from tests.forking.conftest import Begin
from tests.forking.template import commit, git, whole

FORMS = {
    "plain": [],
    "bare": ["--bare"],
    "kept": ["--keep", "model=cnn,lstm", "data=csv"],
    "least": ["--bare", "--keep", *(f"{group}=" for group in GROUPS)],
}


def test_it_has_the_new_name_everywhere_and_says_where_it_came_from(begin: Begin, tmp_path: Path) -> None:
    assert begin("my-thing", "my thing", "--author=Ada", "--description=Says more.") == (0, "")
    made = tmp_path / "my thing"
    assert git(made, "grep", "-i", "-l", "kindling") == ".template.json\n"
    assert (made / "README.md").read_text().startswith("# My Thing\n\nSays more.\n\n```bash\n")
    text = '"""The MY_THING of it."""\n\n\nclass MLP:\n    """MyThing."""\n'
    assert (made / "src/my_thing/model/mlp.py").read_text() == text
    assert "_target_: my_thing.model.cnn.CNN" in (made / "conf/model/cnn.yaml").read_text()
    assert "Copyright (c) 2026 Ada\n" in (made / "LICENSE").read_text()
    assert git(made, "ls-files", "-s", "scripts/run").startswith("100755")
    assert git(made, "log", "--format=%s").count("\n") == 1
    assert git(made, "status", "--porcelain") == ""
    origin = json.loads((made / ".template.json").read_text())
    assert origin["commit"] == git(tmp_path / "kindling", "rev-parse", "HEAD").strip()
    kept = {path.name for path in (made / "scripts" / "forking").glob("*.py")}
    assert kept == {"command.py", "merge.py"}  # what an update needs


def test_nothing_of_the_users_git_gets_in_its_way(begin: Begin, tmp_path: Path) -> None:
    home, hook = tmp_path / "home", tmp_path / "home" / "hooks" / "prepare-commit-msg"
    hook.parent.mkdir(parents=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (home / "ignored").write_text("*.gz\n*.yaml\n")
    told = f"excludesFile={home}/ignored\nhooksPath={hook.parent}\n[user]\nuseConfigOnly=true\nemail=a@b.c\n"
    (home / ".gitconfig").write_text(f"[core]\n{told}")
    variables = {"HOME": str(home), "GIT_DIR": str(tmp_path / "elsewhere"), "GIT_CONFIG_NOSYSTEM": "1"}
    assert begin("mine", "made", **variables) == (0, "")
    names = git(tmp_path / "made", "ls-files").splitlines()
    assert {"conf/model/cnn.yaml", "src/mine/data/table/wine.csv.gz"} <= {*names}
    assert not (tmp_path / "elsewhere").exists()


def test_bare_has_no_examples_and_no_test_of_them(begin: Begin, tmp_path: Path) -> None:
    assert begin("mine", "made", "--bare") == (0, "")
    made = tmp_path / "made"
    assert sorted(path.name for path in made.glob("conf/*/*")) == [
        *("cnn.yaml", "complete_model.yaml", "csv.yaml", "digits.yaml", "lstm.yaml", "mlp.yaml")
    ]
    assert not list(made.rglob("wine*"))
    assert "'data=digits'" in (made / "tests/test_train.py").read_text().replace('"', "'")
    assert "best" not in (made / "README.md").read_text()
    assert not (made / "notebooks").exists()


def test_of_a_group_what_is_kept_stays_beside_the_default(begin: Begin, tmp_path: Path) -> None:
    assert begin("mine", "made", "--keep", "model=cnn") == (0, "")
    made = tmp_path / "made"
    assert {path.stem for path in made.glob("src/mine/model/*.py")} == {"mlp", "cnn"}
    assert {path.stem for path in made.glob("conf/experiment/*")} == {"complete_model"}
    assert "def test_lstm" not in (made / "tests/test_train.py").read_text()
    (notebook,) = (made / "notebooks").iterdir()
    assert [cell["source"] for cell in json.loads(notebook.read_text())["cells"]] == [["Train."]]
    readme = (made / "README.md").read_text()
    assert "| `model=` | **`mlp`**, `cnn` (images) | `model.hidden=3` |" in readme
    assert "It trains.\n" in readme
    assert "99 %" not in readme


def test_what_is_kept_of_a_group_adds_up(begin: Begin, tmp_path: Path) -> None:
    assert begin("mine", "made", "--keep", "model=cnn", "model=lstm") == (0, "")
    assert {path.stem for path in (tmp_path / "made/src/mine/model").glob("*.py")} == {"mlp", "cnn", "lstm"}


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://u:p@ss@host/x.git", "https://host/x.git"),
        ("git+ssh://u:pw@host/x", "git+ssh://u@host/x"),
        ("ssh://git@host/me/t@1.git", "ssh://git@host/me/t@1.git"),
        ("git@host:me/t.git", "git@host:me/t.git"),
    ],
)
def test_no_password_is_written_down(
    url: str, kept: str, begin: Begin, template: Path, tmp_path: Path
) -> None:
    git(template, "remote", "add", "origin", url)
    git(template, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert begin("mine", "made") == (0, "")
    assert json.loads((tmp_path / "made" / ".template.json").read_text())["template"] == kept


def test_a_commit_that_only_this_clone_has_is_looked_for_here(
    begin: Begin, template: Path, tmp_path: Path
) -> None:
    git(template, "remote", "add", "origin", "https://host/x.git")
    git(template, "update-ref", "refs/remotes/origin/main", "HEAD")
    commit(template, {"train.py": "print(1)\n"})
    assert begin("mine", "made") == (0, "")
    origin = json.loads((tmp_path / "made" / ".template.json").read_text())
    assert origin["template"] == template.resolve().as_posix()


def test_the_first_command_goes_without_a_word_that_is_no_more(begin: Begin, tmp_path: Path) -> None:
    assert begin("mine", "made", "--keep", "model=") == (0, "")
    assert "\nscripts/run python train.py     # trains\n" in (tmp_path / "made" / "README.md").read_text()


def test_an_empty_folder_is_filled_and_stays_itself(begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir(mode=0o700)
    before = (tmp_path / "made").stat()
    assert begin("mine", "made", "--license=mit") == (0, "")
    after = (tmp_path / "made").stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert not list((tmp_path / "made").glob(".made-*"))
    assert git(tmp_path / "made", "status", "--porcelain") == ""
    assert "Copyright (c) 2026 the authors of the template" in (tmp_path / "made/LICENSE").read_text()


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole(tmp_path_factory.mktemp("here") / "kindling")


def made_of(here: Path, folder: Path, name: str, words: list[str]) -> Path:
    command = [sys.executable, str(here / "scripts" / "new_project.py"), name, str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for tool in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *tool, "--no-cache", "."]
        done = subprocess.run(ruff, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
    assert git(folder, "grep", "-i", "-l", "kindling") == ".template.json\n"
    return folder


@pytest.mark.parametrize(("name", "form"), [("ab", "plain"), ("a_name_of_thirty_letters_or_so", "bare")])
def test_this_project_passes_its_linters_under_another_name(
    name: str, form: str, here: Path, tmp_path: Path
) -> None:
    made_of(here, tmp_path / "my own", name, FORMS[form])


@pytest.mark.full
@pytest.mark.parametrize("form", FORMS)
def test_this_project_trains_and_passes_its_tests_under_another_name(
    form: str, here: Path, tmp_path: Path
) -> None:
    made = made_of(here, tmp_path / "my own", "my_own", FORMS[form])
    found = {"PYTHONPATH": str(made / "src")}
    words = (made / "README.md").read_text().split("train.py", 1)[1].partition("#")[0].split()
    assert run_train(tmp_path, *words, program=made / "train.py", **found).returncode == 0
    for tool in (["mypy"], ["pytest", "-q", "-x"]):
        command = [sys.executable, "-m", *tool]
        done = subprocess.run(command, cwd=made, env={**os.environ, **found}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:]
