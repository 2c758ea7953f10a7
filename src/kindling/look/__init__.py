"""A look at a set before it is trained on: facts and pictures."""
