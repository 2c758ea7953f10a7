"""What is wrong with a command line, in one line a mistake; nothing heavy is imported here."""

from kindling.check.later import quiet

quiet()  # ahead of the decorator in train.py
