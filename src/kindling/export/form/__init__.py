"""The kinds of files, a module each: `write` gives its content, and `read` a function that runs such a file.

Nothing heavy is imported before one of them is called.
"""
