"""Whether a text speaks of what leaves: an option, or another word such as a module, a file or a test."""

import re
from collections.abc import Iterable
from functools import cache

LISTS = ("regularizer", "callback", "logger")
FILLED = "penalties|mixers|callback"  # where a regularizer's settings lie


class Mention:
    """Knows what leaves, and finds it in command lines, paths, dotted names and YAML."""

    def __init__(
        self, options: Iterable[tuple[str, str]], words: Iterable[str], stay: Iterable[str] = ()
    ) -> None:
        self.options, self.words, self.stay = set(options), set(words), set(stay)
        self.names = {name for _, name in self.options} - self.stay  # another group may have it too
        self.within = cache(self.search)  # many texts are asked for again and again
        self.patterns = [re.compile("|".join(one)) for one in (self.told(), self.bare()) if one]

    def plus(self, words: Iterable[str]) -> "Mention":
        """The same, and more words that leave."""
        return Mention(self.options, {*self.words, *words}, self.stay)

    def told(self) -> list[str]:
        """How each is written where there is no doubt."""
        found = []
        for group, name in sorted(self.options):
            found += [
                rf"(?<![\w.]){group}=[\w,\[\]]*?(?<!\w){name}(?![\w.])",
                rf"\b{group}/(?:test_)?{name}\b",
                rf"/{group}(?:@[\w.]+)?: [\w, \[]*\b{name}\b",
            ]
            if group in LISTS:
                found.append(rf"\b(?:{group}|{FILLED})\.{name}\b")
        return found + [rf"(?:(?<![\w.])|(?=::)){re.escape(word)}(?!\w)" for word in sorted(self.words)]

    def bare(self) -> list[str]:
        """Each name as a word of its own."""
        return [rf"(?<![\w.-]){name}(?![\w-])" for name in sorted(self.names)]

    def search(self, text: str) -> bool:
        """Whether a text speaks of any."""
        return bool(self.patterns) and self.patterns[0].search(text) is not None

    def near(self, text: str) -> bool:
        """The same, or a name alone, which may mean something else as well."""
        return self.within(text) or (len(self.patterns) > 1 and self.patterns[1].search(text) is not None)
