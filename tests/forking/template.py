"""A small template with a git history, and the whole one as it lies here."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from tests.conftest import PROJECT

WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")


def book(*texts: str) -> str:
    """A notebook of prose."""
    cells = [{"cell_type": "markdown", "id": text[:4], "metadata": {}, "source": [text]} for text in texts]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


FILES = {
    "README.md": """\
# Kindling

A template.
Of two lines.

```bash
scripts/run python train.py model=cnn     # trains
scripts/run pytest
```

| word | options | one setting |
|---|---|---|
| `model=` | **`mlp`**, `cnn` (images), `lstm` | `model.hidden=3` |
| `experiment=` | `best`, `complete_model` | |

It trains. A sequence wants `model=lstm`. See `experiment=best`:

| experiment=best | 99 % |
|---|---|
| yes | no |

## A section of `experiment=best`

MIT licence.
""",
    "LICENSE": "MIT License\n\nCopyright (c) 2026 The Kindling authors\n\nPermission …\n",
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- Much.\n",
    "pyproject.toml": '[project]\nname = "kindling"\ndescription = "A"\nlicense = "MIT"\n',
    "notebooks/lstm.ipynb": book("`model=lstm` for a series."),
    "notebooks/start.ipynb": book("Train. More in [lstm](lstm.ipynb).", "Next: [lstm](lstm.ipynb)."),
    "requirements.lock": f"numpy==2.0\nruff=={version('ruff')}\n",
    ".vscode/settings.json": '{"yaml.schemas": {"a": "conf/model/*.yaml", "b": "conf/experiment/*.yaml"}}\n',
    "train.py": "from kindling.model.mlp import MLP\n\nprint(MLP)\n",
    "conf/config.yaml": "defaults:\n  - model: mlp\n  - data: digits\n  - experiment: null\n",
    "conf/model/mlp.yaml": "# Any.\n_target_: kindling.model.mlp.MLP\nhidden: 3\n",
    "conf/model/cnn.yaml": "# Images.\n_target_: kindling.model.cnn.CNN\n",
    "conf/model/lstm.yaml": "# Sequences.\n_target_: kindling.model.lstm.LSTM\n",
    "conf/data/digits.yaml": "# Digits.\nname: digits\n",
    "conf/data/wine.yaml": "# Wine.\nname: wine\n",
    "conf/data/csv.yaml": "# Yours.\npath: ???\n",
    "conf/experiment/best.yaml": "# @package _global_\n# Best.\ndefaults:\n  - override /model: lstm\n",
    "conf/experiment/complete_model.yaml": "# @package _global_\n# Whole.\n",
    "src/kindling/model/mlp.py": '"""The KINDLING of it."""\n\n\nclass MLP:\n    """Kindling."""\n',
    "src/kindling/model/cnn.py": "from kindling.model.mlp import MLP\n\n\nclass CNN(MLP):\n    pass\n",
    "src/kindling/model/lstm.py": "class LSTM:\n    pass\n",
    "src/kindling/data/table/wine.csv.gz": b"\x1f\x8b\xff",
    "tests/test_train.py": "def test_it():\n    1, 'data=wine'\n\n\ndef test_lstm():\n    1, 'model=lstm'\n",
    "scripts/run": "#!/bin/sh\n",
}


def git(folder: Path, *words: str) -> str:
    """What git prints in a folder."""
    done = subprocess.run(["git", *WHO, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def commit(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts by their paths, and commit all."""
    for path, text in texts.items():
        (folder / path).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=x")


def small(folder: Path) -> Path:
    """A template of a few files, with the programs that make projects of it."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for name in ("new_project.py", "update_from_template.py"):
        shutil.copy(PROJECT / "scripts" / name, folder / "scripts")
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "scripts" / "forking", folder / "scripts" / "forking", ignore=without)
    (folder / "scripts" / "run").chmod(0o755)
    git(folder, "init", "--quiet")
    commit(folder, {})
    return folder


def whole(folder: Path) -> Path:
    """This project as it lies here, with what isn't committed yet."""
    names = git(PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for path in (Path(name) for name in names if name and (PROJECT / name).is_file()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / path, folder / path)
    git(folder, "init", "--quiet")
    commit(folder, {})
    return folder
