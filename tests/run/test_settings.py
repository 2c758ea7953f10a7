"""A run's config.yaml is read as text that anybody may have written."""

import re
from pathlib import Path

import pytest
import yaml

from kindling.error import RunError
from kindling.run.settings import read_settings

BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join(f'*{a}' for _ in range(9))}]\n" for a, b in
                                  zip("abcdefghijklm", "bcdefghijklmn", strict=True))  # fmt: skip
MERGED = "a: &a {x: 1}\n" + "".join(f"{b}: &{b} {{<<: [{', '.join([f'*{a}'] * 9)}]}}\n" for a, b in
                                    zip("abcdefghijklm", "bcdefghijklmn", strict=True))  # fmt: skip
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "broken": ("a: [", "can't be read"),
    "two documents": ("a: 1\n---\nb: 2\n", "expected a single document"),
    "references to references": (BOMB, "found a reference or a tag .* line 1"),
    "merged references": (MERGED, "found a reference or a tag"),
    "a name for a reference": ("a: &x 1\n", "found a reference or a tag"),
    "itself": ("a: &x [*x]\n", "found a reference or a tag"),
    "an unknown reference": ("a: *x\n", "can't be read"),
    "a command": ("a: !!python/object/apply:os.system [id]\n", "found a reference or a tag"),
    "an object": ("!!python/object:os.system {}\n", "found a reference or a tag"),
    "a module": ("a: !!python/module:os x\n", "found a reference or a tag"),
    "a key with a tag": ("!!str _target_: os.system\n", "found a reference or a tag"),
    "a set": ("a: !!set {x}\n", "found a reference or a tag"),
    "an empty number": ("a: !!int ''\n", "found a reference or a tag"),
    "a tag of one's own": ("%TAG ! tag:x,2026:\n---\na: !x 1\n", "found a reference or a tag"),
    "no date": ("a: 2026-99-99\n", "can't be read"),
    "a number of 5000 digits": (f"a: {'1' * 5000}\n", "can't be read"),
    "a number of 100 parts": (f"a: {'1:' * 300}1.5\n", "can't be read"),
    "a value too long": (f"a: {'1:' * 6000}1\n", "found a value too deep or too long"),
    "a key twice": ("model: {_target_: a.B, _target_: os.system}\n", "found a key twice"),
    "a list as a key": ("? [a]\n: 1\n", "can't be read"),
    "lists in lists": (f"a: {'[' * 50_000}", "found a value too deep or too long"),
    "mappings in mappings": (f"a: {'{a: ' * 40_000}", "found a value too deep or too long"),
    "indented lists": (f"a:\n{'- ' * 20_000}x\n", "found a value too deep or too long"),
    "another encoding": ("a: ä\n".encode("latin-1"), "can't be read"),
    "two bytes a character": ("a: 1\n".encode("utf-16"), "can't be read"),
    "no text": (bytes(range(256)), "can't be read"),
    "a control character": ("a: \x1b[2J\n", "can't be read"),
    "a null byte": ("a: \0\n", "can't be read"),
    "too large": ("a: 1\n# " + "x" * 200_000, "expected 200,000 bytes or fewer, got more"),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_what_no_run_writes_is_refused_in_a_line(why: str, tmp_path: Path) -> None:
    content, reason = REFUSED[why]
    path = tmp_path / "config.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(RunError) as told:
        read_settings(path)
    assert re.search(reason, str(told.value))
    assert str(told.value).startswith(f"{path}: ")
    assert str(told.value).endswith("; name another run")
    assert str(told.value).isprintable()
    assert told.value.exit_code == 5


def test_what_a_run_writes_comes_back(tmp_path: Path) -> None:
    same = ["twice"]
    values = {
        "text": [
            "",
            " ",
            "x: y",
            "1",
            "yes",
            "null",
            "~",
            "2026-01-01",
            "1:30",
            "*x",
            "&x",
            "!x",
            "<<",
            "# x",
        ],
        "letters": "Größe 大小 \u2028 \x1b\n\t",
        "numbers": [0, -1, 1.5, 1e-8, 1e300, float("inf"), 2**80],
        "others": [None, True, False, [], {}],
        "deep": {"a": {"b": [{"c": [[1]]}]}},
        "<<": "merged by no one",
        "same": [same[0], same[0]],
    }
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), encoding="utf-8")
    assert read_settings(path) == values
