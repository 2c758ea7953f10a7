"""The README's pictures are what the program draws today."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import PROJECT

KEPT = PROJECT / ".github"
NAMES = sorted(path.name for path in KEPT.glob("*.png"))
MOST = 150_000  # bytes: a clone brings them along


def test_the_readme_shows_each_of_them() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"](.github/{name})" not in readme] == []
    assert [name for name in NAMES if (KEPT / name).stat().st_size > MOST] == []


@pytest.mark.full
def test_they_come_out_the_same_today(tmp_path: Path) -> None:
    command = [sys.executable, str(PROJECT / "scripts" / "pictures.py"), "--output", str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == NAMES
    for name in NAMES:
        made, kept = (np.asarray(Image.open(path / name).convert("L"), float) for path in (tmp_path, KEPT))
        assert made.shape == kept.shape, name
        assert np.abs(made - kept).mean() < 0.03 * 255, name  # another font, or another rounding
