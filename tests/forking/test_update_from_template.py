"""What the template has changed comes into a project of its own: merged, or as git's conflict."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.forking.template import commit, git, small

MLP = "conf/model/mlp.yaml"
Update = Callable[..., tuple[int, str, str]]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return small(tmp_path / "template")


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    """Made of the template, without its sequences."""
    words = ["my-own", str(tmp_path / "my own"), "--keep=model=cnn"]
    subprocess.run([sys.executable, str(template / "scripts" / "new_project.py"), *words], check=True)
    return tmp_path / "my own"


@pytest.fixture
def update(project: Path, tmp_path: Path) -> Update:
    """Call the command of the project: exit code, output and errors."""

    def call(*words: str) -> tuple[int, str, str]:
        command = [sys.executable, str(project / "scripts" / "update_from_template.py"), *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    return call


def test_what_does_not_overlap_is_merged_under_the_projects_name(
    update: Update, template: Path, project: Path
) -> None:
    commit(project, {MLP: "# Any.\n_target_: my_own.model.mlp.MLP\nhidden: 5\n"})
    train = "from kindling.model.cnn import CNN\n\nprint(CNN)\n"
    commit(template, {"train.py": train, "conf/model/lstm.yaml": "# Changed.\n"})

    code, output, _ = update()

    assert code == 0
    assert "merged" in output
    assert git(project, "branch", "--show-current").startswith("template-")
    assert (project / "train.py").read_text() == "from my_own.model.cnn import CNN\n\nprint(CNN)\n"
    assert "hidden: 5" in (project / MLP).read_text()
    assert not (project / "conf/model/lstm.yaml").exists()
    assert git(project, "status", "--porcelain") == ""
    assert update()[:2] == (0, f"{git(template, 'rev-parse', 'HEAD')[:9]}: is in already; nothing new\n")


def test_what_overlaps_is_left_as_gits_conflict(update: Update, template: Path, project: Path) -> None:
    commit(project, {MLP: "# Any.\n_target_: my_own.model.mlp.MLP\nhidden: 5\n"})
    commit(template, {MLP: "# Any.\n_target_: kindling.model.mlp.MLP\nhidden: 7\n"})

    code, output, _ = update()

    assert code == 1
    assert "conflicts in conf/model/mlp.yaml" in output
    assert git(project, "status", "--porcelain", "conf").startswith("UU ")
    found = (project / MLP).read_text()
    assert "<<<<<<< yours\nhidden: 5\n=======\nhidden: 7\n>>>>>>> template-" in found


def test_what_was_left_out_comes_back(update: Update, project: Path) -> None:
    commit(project, {MLP: "# Any.\n_target_: my_own.model.mlp.MLP\nhidden: 5\n"})
    assert not (project / "conf/model/lstm.yaml").exists()
    commit_of_template = json.loads((project / ".template.json").read_text())["commit"]
    git(project, "branch", f"template-{commit_of_template[:9]}")  # of an update before
    assert update("--keep", "model=cnn,lstm")[0] == 0
    assert "my_own.model.lstm.LSTM" in (project / "conf/model/lstm.yaml").read_text()
    assert (project / "src/my_own/model/lstm.py").exists()
    assert "`lstm`" in (project / "README.md").read_text()
    assert "hidden: 5" in (project / MLP).read_text()
    git(project, "switch", "--quiet", "main")
    git(project, "merge", "--quiet", git(project, "branch", "--list", "*lstm").strip())
    assert "is in already" in update()[1]


def test_a_template_that_has_moved_is_remembered(update: Update, template: Path, project: Path) -> None:
    commit(template, {"train.py": "print(1)\n"})
    template.rename(template.parent / "elsewhere")
    code, _, errors = update()
    assert (code, errors.count("\n")) == (6, 1)
    assert "if it lies elsewhere now, add --template PLACE" in errors
    assert update("--template", "elsewhere")[0] == 0  # below the folder where it is called
    assert (project / "train.py").read_text() == "print(1)\n"
    assert "is in already" in update()[1]


def test_what_the_template_gives_up_leaves_and_nothing_older_comes(
    update: Update, template: Path, project: Path
) -> None:
    older = git(template, "rev-parse", "HEAD").strip()
    for path in ("conf/model/cnn.yaml", "src/kindling/model/cnn.py"):
        (template / path).unlink()
    commit(template, {"train.py": "print(1)\n"})
    assert update()[0] == 0
    assert not (project / "conf/model/cnn.yaml").exists()
    assert (project / "train.py").read_text() == "print(1)\n"
    assert update("--to", older)[1] == f"{older[:9]}: is in already; nothing new\n"


@pytest.mark.parametrize("theirs", ["notes", "notes/theirs.txt"])
def test_a_file_that_git_ignores_is_never_written_over(
    theirs: str, update: Update, template: Path, project: Path
) -> None:
    (template / theirs).parent.mkdir(exist_ok=True)
    commit(template, {theirs: "theirs"})
    (project / ".git" / "info" / "exclude").write_text("notes\n")
    (project / "notes").write_text("mine")
    code, _, errors = update()
    assert (code, errors.count("\n")) == (2, 1)
    assert errors.startswith("notes: comes from the template")
    assert (project / "notes").read_text() == "mine"
    assert git(project, "branch", "--show-current") == "main\n"


def test_what_comes_back_takes_nothing_away(update: Update, template: Path, tmp_path: Path) -> None:
    script = str(template / "scripts" / "new_project.py")
    subprocess.run([sys.executable, script, "my-own", str(tmp_path / "bare"), "--bare"], check=True)
    call = [sys.executable, str(tmp_path / "bare/scripts/update_from_template.py"), "--keep"]
    done = subprocess.run([*call, "data=csv"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "--keep data=csv: is here already; leave that word out\n")
    subprocess.run([*call, "data=wine"], check=True)
    assert {path.stem for path in (tmp_path / "bare/conf/data").iterdir()} == {"digits", "csv", "wine"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program at once")
@pytest.mark.parametrize(
    ("at", "does", "code", "told"),
    [
        ("merge-recursive", "kill -TERM $PPID; sleep 1", 143, "stopped by SIGTERM"),
        ("switch", "kill -TERM $PPID; sleep 1", 143, "stopped by SIGTERM"),
        ("switch", "rm more.py", 6, "more.py: can't be written; mend that, and type it again"),
    ],
)
def test_a_signal_or_a_git_that_fails_leaves_all_as_it_was(
    at: str, does: str, code: int, told: str, template: Path, project: Path, tmp_path: Path
) -> None:
    commit(template, {"train.py": "print(1)\n", "more.py": ""})
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    stops = f'case " $* " in *" {at} "*) rm "{program}"; {does};; esac\n'
    program.write_text(f'#!/bin/sh\n"{shutil.which("git")}" "$@"\ncode=$?\n{stops}exit $code\n')
    program.chmod(0o755)
    command = [sys.executable, str(project / "scripts" / "update_from_template.py")]
    found = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, env=found, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, f"{told}\n")
    assert git(project, "branch", "--list") == "* main\n"
    assert git(project, "status", "--porcelain", "--ignored") == ""
    assert git(project, "worktree", "list").count("\n") == 1


def test_a_branch_of_the_template_is_found_and_no_signature_is_asked_for(
    update: Update, template: Path, project: Path
) -> None:
    git(template, "switch", "--quiet", "--create", "dev")
    commit(template, {"train.py": "print(1)\n"})
    git(template, "switch", "--quiet", "-")
    git(project, "config", "commit.gpgsign", "true")
    git(project, "config", "gpg.program", "/nothing/there")
    assert update("--to", "dev")[0] == 0
    assert (project / "train.py").read_text() == "print(1)\n"


def test_a_project_within_another_repository_is_refused(update: Update, project: Path) -> None:
    (project / ".git").rename(project.parent / ".git")
    code, _, errors = update()
    assert (code, errors.count("\n")) == (2, 1)
    assert "expected a git repository of its own" in errors


def test_changes_that_are_not_committed_are_never_overwritten(
    update: Update, template: Path, project: Path
) -> None:
    commit(template, {"train.py": "print(1)\n"})
    (project / "train.py").write_text("mine")
    code, _, errors = update()
    assert (code, errors.count("\n")) == (2, 1)
    assert "aren't committed (train.py" in errors
    assert (project / "train.py").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "text", "told"),
    [
        (["--template=/nothing/there"], None, "git clone: "),
        (["--to=nothing"], None, "nothing: no such commit"),
        ([], "{}", ".template.json: can't be read"),
        ([], '{"template": 3, "commit": "", "name": "", "words": []}', "template is no str"),
        (["--tu=x"], None, "unrecognized"),
        (["--keep=model=cn"], None, "--keep model=cn: no such option cn"),
    ],
)
def test_what_is_wrong_is_one_line(
    words: list[str], text: str | None, told: str, update: Update, project: Path
) -> None:
    if text:
        (project / ".template.json").write_text(text)
    code, _, errors = update(*words)
    assert (code, errors.count("\n")) == (6 if "clone" in told else 2, 1)
    assert told in errors
    assert git(project, "branch", "--show-current") == "main\n"
