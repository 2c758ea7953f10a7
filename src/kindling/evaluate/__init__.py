"""A trained network on rows whose targets are known: what it scores, where it errs, and by how much."""
