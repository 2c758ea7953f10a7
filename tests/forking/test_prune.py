"""What names an option that leaves is taken out of tests and programs, with all that needs it."""

from textwrap import dedent

import pytest

from scripts.forking.mention import Mention
from scripts.forking.prune import pruned, replaced

GONE = Mention({("data", "wine"), ("model", "lstm"), ("callback", "pictures")}, {"kindling.model.lstm"})


def left_of(**texts: str) -> dict[str, str | None]:
    """What is left of tests by their stems; a text that stays as it is isn't among them."""
    modules = {f"tests/{name}.py": dedent(text) for name, text in texts.items()}
    return {path[6:-3]: text for path, text in pruned(modules, GONE, [])[0].items()}


@pytest.mark.parametrize(
    "said",
    [
        "'data=wine'",
        "'-m', 'model=mlp,lstm'",
        "f'model=[{1}]', 'model=[mlp,lstm]'",
        "'conf/data/wine.yaml'",
        "'tests/model/test_lstm.py'",
        "'override /data: wine'",
        "'wine'",
        "'callback.pictures.every=3'",
        "'kindling.model.lstm.LSTM'",
    ],
)
def test_a_test_that_speaks_of_it_leaves(said: str) -> None:
    found = left_of(test_a=f"def test_it():\n    run({said})\n\n\ndef test_other():\n    run()\n")
    assert found == {"test_a": "\n\ndef test_other():\n    run()\n"}


@pytest.mark.parametrize(
    "said", ["'data=wines'", "'the wine is red'", "'model=lstm_two'", "'other.data=wine'", "'wine.csv'"]
)
def test_another_word_leaves_nothing(said: str) -> None:
    assert left_of(test_a=f"def test_it():\n    run({said})\n") == {}


def test_what_says_what_a_file_is_for_stays() -> None:
    said = '"""As data=wine does."""\n'
    test = "def test_it():\n    run('data=wine')\n\n\n"
    assert left_of(test_a=f"{said}\n\n{test}def test_other():\n    run()\n") == {
        "test_a": f"{said}\n\n\n\ndef test_other():\n    run()\n"
    }
    assert left_of(test_a=f"{said}\n\n{test}") == {"test_a": None}


def test_a_case_leaves_alone() -> None:
    text = """\
    @pytest.mark.parametrize("words", [["data=wine"], ["data=digits"], ["x", "model=lstm"]])
    def test_it(words):
        run(words)


    CASES = {
        "a": "data=digits",
        "b": "data=wine",  # of a table
        **dict.fromkeys(["wine"], 1),
    }


    def test_cases():
        run(CASES)
    """
    found = left_of(test_a=text)["test_a"] or ""
    assert '[["data=digits"], ])' in found
    assert [line for line in found.splitlines() if ":" in line and "=" in line] == ['    "a": "data=digits",']


def test_a_command_is_no_list_of_cases() -> None:
    text = 'WORDS = ["data=wine", "model=mlp"]\n\n\ndef test_it():\n    run(*WORDS)\n'
    assert left_of(test_a=text) == {"test_a": None}


def test_what_used_it_leaves_and_what_served_it_alone() -> None:
    found = left_of(
        conftest='@pytest.fixture(name="trained")\ndef train_once():\n    return run("data=wine")\n',
        helper='def words():\n    return ["model=lstm"]\n\n\ndef number():\n    return 1\n',
        test_a="""\
        from tests.helper import number, words

        SERVES = 3


        def help_it():
            return SERVES


        def test_fixture(trained):
            return help_it()


        def test_words():
            return words()


        def test_number():
            return number()
        """,
    )
    assert found["conftest"] is None
    assert found["helper"] == "\n\ndef number():\n    return 1\n"
    assert (found["test_a"] or "").split() == [
        *("from", "tests.helper", "import", "number"),
        *("def", "test_number():", "return", "number()"),
    ]


def test_a_test_that_another_names_leaves_it_too() -> None:
    found = left_of(
        test_a="def test_it():\n    run('data=wine')\n\n\ndef test_b():\n    pass\n",
        test_c="NEEDED = {'a': 'a.py::test_it', 'b': 'a.py::test_b'}\n\n\ndef test_c():\n    NEEDED\n",
    )
    assert "{'b': 'a.py::test_b'}" in (found["test_c"] or "")


def test_a_text_of_cases_loses_a_block() -> None:
    text = (
        'CASES = r"""\n$ data=wine\nno\n$ data=digits\nyes\n$ lstm\nno\n"""\n\n\ndef test_it():\n    CASES\n'
    )
    assert 'r"""\n$ data=digits\nyes\n"""' in (left_of(test_a=text)["test_a"] or "")


def test_a_program_that_lacks_a_function_leaves_whole() -> None:
    texts = {
        "scripts/a.py": "from kindling.model.lstm import LSTM\n\n\ndef main():\n    LSTM()",
        "scripts/b.py": "WORDS = {'a': 'data=wine', 'b': 1}\n\n\ndef main():\n    'data=wine'\n",
        "tests/test_a.py": "def test_it():\n    run('scripts/a.py')\n",
    }
    found, mention = pruned(texts, GONE, [])
    assert found["scripts/a.py"] is None
    assert (found["scripts/b.py"] or "").startswith("WORDS = {'b': 1}\n")
    assert found["tests/test_a.py"] is None
    assert mention.within("see `scripts/a.py`")


def test_a_set_that_a_test_takes_at_random_is_another() -> None:
    text = "run('data=wine'); told('data=wine has rows')"
    assert replaced("tests/a.py", text, GONE) == "run('data=digits'); told('data=wine has rows')"
    assert replaced("tests/a.py", text, Mention([], ["x"])) == text


def test_an_example_of_a_command_has_words_that_stay() -> None:
    gone = Mention([("model", "cnn")], [])
    assert replaced("train.py", '"""train.py model=cnn."""', gone) == '"""train.py model=mlp."""'
    for path in ("tests/a.py", "README.md"):
        assert replaced(path, "train.py model=cnn", gone) == "train.py model=cnn"
