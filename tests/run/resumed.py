"""A run and what resumes it, each in a copied process, and what is looked at afterwards."""

from collections.abc import Callable
from pathlib import Path

from scripts.benchmark.same import differences
from tests.copied import Ended, run_copy

WORDS = ["data=wine", "data.train_rows=100", "callback=[]", "trainer=cpu", "save_interval=0", "logger=[csv]"]
STEP = "kindling.module.LitModule.training_step"
Copy = Callable[[str], Path]


def run(folder: Path, *words: str) -> Ended:
    return run_copy(folder, *WORDS, f"hydra.run.dir={folder / 'run'}", *words)


def resume(folder: Path, *words: str) -> Ended:
    return run_copy(folder, f"resume={folder / 'run'}", *words)


def content(folder: Path) -> dict[Path, bytes]:
    """All that a run has left, but for what it was told since."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "log.txt")
    return {path: path.read_bytes() for path in files}


def altered(folder: Path, reference: Path) -> list[str]:
    """In what it differs, but for the words that resumed it."""
    return [
        place for place in differences(folder, reference) if not place.endswith("/kindling/config/resume")
    ]
