"""Command lines by chance, from right to absurd: values off a range, misspelt names, open brackets."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from kindling.check.option import Conf
from kindling.check.setting import Setting

LINES_OF_A_SCENE = 25  # with the same choices, which takes less time than others each time
LETTERS = "abcxyz019_.=,:;@~+-*/\\|!?%&#$^<>()[]{}'\"` \t\nüé漢🙂\u200b"
FILES = [
    "missing.csv",
    "empty.csv",
    "folder",
    "good.csv",
    "zeros.npy",
    "''",
    "null",
    "3",
    "[good.csv]",
    "last",
]
TARGETS = """
    torch.nn.Linear torch.optim.Adam torch.nn.Nothing kindling.model.mlp.MLP kindling.model torch ${model}
    kindling.nothing.There kindling.module.LitModule antigravity.Fly this.s turtle.Turtle
    no_such_package.Class builtins.dict Adam '' null 3 a..b [a] {a:1} .torch.nn Ünder.Scöre"""
ODD = """
    1 -1 0 0.5 1.5 1e-3 1e400 -1e309 nan inf -inf 1_000 0x10 true yes null ~ '' "" a 'a,b' [] {} [1] [null]
    [1,[2,[3]]] {a:1} {a:{b:[c,{d:1}]}} [a,1,true,null] [nan] ${seed} ${nothing} ${data.seed} ${a $ ${.seed}
    ${oc.env:HOME} ${oc.env:NOT_THERE} ${no_resolver:1} ${monitor.metric}x grün 漢字 🙂 '🙂' {a: 1] [1 'open
    "open (1) a=b \\ \\, int(3.7) str(1) sort(3,1) shuffle(1,2) 2020-01-01 1:30 !!python/x ??? 1,2 a,b
    range(3) glob(*)"""
SWEEPS = """
    1,2 a,b choice(1,2,null) range(1,4) range(3) range(1,2,0.25) interval(0,1) glob(*) shuffle(1,2) sort(2,1)
    glob([a*,m*],exclude=*n) tag(a,choice(1,2)) [1],[2] range(5,1) interval(1,a) choice() range(1,9,0) ''
    tag(interval(1e-4,0.1)) float(1,2) interval(1,null) glob(cnn) 1e-3,1e-2 true,false {a:1},{a:2}"""
HYDRA = """
    hydra.run.dir=elsewhere hydra.sweep.dir=1 hydra.job.num=1 hydra.nothing=1 +hydra.new=1 hydra=default
    hydra/launcher=basic hydra/launcher=joblib hydra/sweeper=nothing hydra/job_logging=none hydra=nothing
    hydra.searchpath=[file:///none] hydra.verbose=[a] hydra.mode=MULTIRUN hydra.output_subdir=null ~hydra
    hydra/output=a/b hydra.job.chdir=true hydra.run.dir=${nothing} hydra.searchpath=1 hydra=null"""
LONG = ["9" * 400, "a" * 10_000, f"'{'ü' * 10_000}'", "a b", "'a\nb'", "${" * 500, "[" * 50 + "]" * 50]
LONG += [f"[{'1,' * 2_000}1]", "[" * 2_000 + "]" * 2_000, "{a:" * 60 + "1" + "}" * 60, "f(" * 99 + ")" * 99]


class Fuzz:
    """Draws command lines; the same seed gives the same."""

    def __init__(self, conf: Conf, seed: int) -> None:
        self.conf = conf
        self.draw = random.Random(seed)
        kinds: dict[Callable[[], str], int] = {  # with how often each is drawn
            **{
                self.near: 34,
                self.odd: 20,
                self.misspelt: 14,
                self.prefixed: 10,
                self.choice: 7,
                self.target: 5,
            },
            **{self.noise: 4, self.file: 3, self.package: 2, self.hydra: 2},
        }
        self.kinds = [*kinds], [*kinds.values()]

    def lines(self) -> Iterator[list[str]]:
        """Lists of words without an end."""
        while True:
            scene = self.scene()
            self.settings = list(self.conf.settings(self.chosen(scene)).values())
            for _ in range(LINES_OF_A_SCENE):
                number = self.draw.choice([0, 1, 1, 1, 2, 3, 6])
                words = [*scene, *(make() for make in self.draw.choices(*self.kinds, k=number))]
                yield [*words, *words[-1:]] if self.draw.random() < 0.05 else words

    def scene(self) -> list[str]:
        """Right choices for a few groups."""
        groups = self.draw.sample(self.conf.groups, self.draw.randint(0, 4))
        return [self.right_choice(group) for group in groups]

    def chosen(self, scene: list[str]) -> dict[str, Any]:
        """The words of all groups."""
        told = dict(word.split("=") for word in scene)
        several = {group: word.strip("[]").split(",") for group, word in told.items() if word.startswith("[")}
        return self.conf.contents | told | several

    def right_choice(self, group: str) -> str:
        """A group with a word, or words, that it has."""
        options = list(self.conf.options(group))
        if self.conf.takes_list(group):
            return (
                f"{group}=[{','.join(self.draw.sample(options, self.draw.randint(0, min(3, len(options)))))}]"
            )
        return f"{group}={self.draw.choice(options)}"

    def setting(self) -> Setting:
        """A setting that the choices have, most likely."""
        return self.draw.choice(self.settings)

    def near(self) -> str:
        """A setting with a value of its kind, or one just beside its range."""
        one = self.setting()
        return f"{one.name}={self.beside(one)}"

    def beside(self, one: Setting) -> str:
        """A value like the file's own, a word or a bound of its comment, or one a little off."""
        numbers = [0, 1, -1, *one.bounds.values()]
        own_value = one.value
        if isinstance(own_value, int | float) and not isinstance(own_value, bool):
            numbers += [own_value] * 4
        steps = [0, 0, 1, -1, 0.5, 1e-6, -1e-6]
        near = [f"{self.draw.choice(numbers) + self.draw.choice(steps):.7g}" for _ in range(3)]
        words = [str(word).lower() if isinstance(word, bool) else str(word) for word in one.words]
        found = self.draw.choice([near, words or near, [one.text], ["true", "false", "null"]])
        value = self.draw.choice(found)
        return f"[{value},{value}]" if isinstance(own_value, list) and self.draw.random() < 0.7 else value

    def any(self) -> str:
        """Any value at all, now and then a long one."""
        return self.draw.choice(LONG if self.draw.random() < 0.05 else ODD.split())

    def odd(self) -> str:
        """A setting with any value at all."""
        return f"{self.setting().name}={self.any()}"

    def choice(self) -> str:
        """A group with a word, or with something else in its place."""
        group = self.draw.choice(self.conf.groups)
        word = self.right_choice(group)
        if self.draw.random() < 0.5:
            return word
        return self.draw.choice(
            [f"{group}={self.any()}", self.misspell(word), f"{group}=", group, f"~{word}"]
        )

    def misspelt(self) -> str:
        """A setting or a whole word with a letter or two wrong."""
        one = self.setting()
        if self.draw.random() < 0.5:
            return f"{self.misspell(one.name)}={self.beside(one)}"
        return self.misspell(f"{one.name}={self.beside(one)}")

    def misspell(self, word: str) -> str:
        """Leave out, double, change or exchange letters."""
        for _ in range(self.draw.randint(1, 2)):
            at = self.draw.randrange(len(word) + 1)
            before, after = word[:at], word[at:]
            letter = self.draw.choice(word + LETTERS)
            changed = [before + after[1:], before + letter + after, before + letter + after[1:]]
            word = self.draw.choice([*changed, before + after[1:2] + after[:1] + after[2:]])
        return word

    def prefixed(self) -> str:
        """Something added or taken away."""
        one, sign = self.setting(), self.draw.choice(["+", "++", "~", "+~", "++", "+", "~~"])
        groups = self.conf.groups
        deep = [
            one.name,
            f"{one.name}.new",
            f"{self.draw.choice(groups)}.new",
            f"{self.draw.choice(groups)}.a.b.c",
            "new",
        ]
        value = self.draw.choice(["", f"={self.beside(one)}", f"={self.any()}"])
        return f"{sign}{self.draw.choice(deep)}{value}"

    def target(self) -> str:
        """A part made of something else."""
        group = self.draw.choice([*self.conf.groups, "module", "scheduler.scheduler", "callback.progress"])
        inner = self.draw.choice(["", "", "+", "++"])
        return f"{inner}{group}._target_={self.draw.choice(TARGETS.split())}"

    def package(self) -> str:
        """A choice put elsewhere."""
        group, _, word = self.right_choice(self.draw.choice(self.conf.groups)).partition("=")
        place = self.draw.choice(["other", "_global_", "", "a.b", "model", "_group_", "ü", ":other", "a:b"])
        return f"{self.draw.choice(['', '', '+', '~'])}{group}@{place}={word}"

    def hydra(self) -> str:
        """What Hydra keeps for itself."""
        return self.draw.choice(HYDRA.split())

    def file(self) -> str:
        """A table of one's own, that is there or not."""
        name = self.draw.choice(
            ["data.path", "data.target_path", "data.test_path", "init_from", "data.target"]
        )
        return f"{name}={self.draw.choice(FILES)}"

    def noise(self) -> str:
        """Letters without a sense, or none."""
        return "".join(self.draw.choices(LETTERS, k=self.draw.choice([0, 1, 2, 5, 20, 100])))

    def sweep(self, words: list[str]) -> list[str]:
        """The same with some values swept over."""
        return [
            f"{word.partition('=')[0]}={self.draw.choice(SWEEPS.split())}"
            if self.draw.random() < 0.4
            else word
            for word in words
        ]
