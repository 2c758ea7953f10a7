"""Tasks: how the outputs of a network are scored."""
