"""Ends in one line where this Python lacks the packages; each command imports it before them."""

import sys
from importlib.util import find_spec
from pathlib import Path

NEEDED = ("hydra", "kindling", "yaml", "tqdm", "filelock")  # before a word is read; others are told when due

for name in NEEDED:
    if find_spec(name) is None:
        told = f"{name}: is not installed for {sys.executable}"
        print(f"{told}; type: scripts/run python scripts/{Path(sys.argv[0]).name}", file=sys.stderr)
        raise SystemExit(6)
