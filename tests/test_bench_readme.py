"""The README's figures are those that were measured."""

from pathlib import Path

from scripts.benchmark.measure import Row
from scripts.benchmark.readme import renew


def test_the_readme_gets_the_figures_of_the_rows_that_it_names(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    before = (
        "text ÷ x\n| what | ratio | rounds |\n|---|---|---|\n| a ÷ b | 9 | 8 to 9 |\n| c ÷ d | 7 | 7 to 7 |\n"
    )
    readme.write_text(before, encoding="utf-8")
    assert renew(readme, [Row("a", "b", 1.2345, 1.1, 1.3), Row("a", "e", 4, 4, 4)]) == 1
    assert readme.read_text(encoding="utf-8") == before.replace("| 9 | 8 to 9 |", "| 1.23 | 1.1 to 1.3 |")
