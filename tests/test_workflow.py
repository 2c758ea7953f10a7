"""GitHub's files are as its schemas say, and the commands of the workflows are such as exist."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts import release_notes
from tests.conftest import PROJECT

GITHUB = PROJECT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = [path for path in sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if path.stem != "config"]
SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "github-issue-forms": FORMS,
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "dependabot": [GITHUB / "dependabot.yml"],
}
EXTRAS = (
    "python scripts/run pip install --constraint requirements.lock "
    "mlflow-skinny wandb onnxruntime onnxscript safetensors"
)
TRIED = {  # what runs these very tests, and what the tests named here run
    *("python scripts/check", "python scripts/check --full", "pytest", "pip list"),
    EXTRAS,  # .ci/run
    "pip install --upgrade --upgrade-strategy eager --editable '.[dev]'",  # the README's own
    'python scripts/run python scripts/bench.py guard --against "$AGAINST"',  # test_bench_guard
    'python scripts/release_notes.py "$TAG" > notes.md',  # below
    'gh release create "$TAG" --verify-tag --title "$TAG" --notes-file notes.md',  # GitHub's own
}
CHANGELOG = "# Changelog\n\n## Unreleased\n\n- new\n\n## 1.2.0 (May)\n\n- old\n\n## 1.1.0\n\n"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_of_github_fit_its_schemas(schema: str) -> None:
    pytest.importorskip("check_jsonschema", reason="the schemas come with check-jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    result = subprocess.run([*command, *map(str, SCHEMAS[schema])], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_of_a_workflow_is_tried_somewhere(path: Path) -> None:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    commands = {step["run"] for job in told["jobs"].values() for step in job["steps"] if "run" in step}
    assert commands <= TRIED


def test_the_workflow_installs_the_extras_that_ci_does() -> None:
    words = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").replace("\\\n", " ").split()
    assert EXTRAS.split()[-5:] == words[words.index("requirements.lock") + 1 :][:5]


def released(folder: Path, version: str, tag: str) -> str:
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    return release_notes.notes(tag, folder)


def test_a_release_has_the_notes_of_its_version(tmp_path: Path) -> None:
    assert released(tmp_path, "1.2.0", "v1.2.0") == "- old"


@pytest.mark.parametrize(
    ("version", "tag", "told"),
    [
        *(("1.2.0", tag, f"tag: expected v1.2.0, .* got {tag};") for tag in ("1.2.0", "v1.1.0")),
        *((version, f"v{version}", f"expected a section ## {version},") for version in ("1.1.0", "1.3.0")),
    ],
)
def test_a_tag_without_its_version_or_notes_is_not_released(
    version: str, tag: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=told):
        released(tmp_path, version, tag)
