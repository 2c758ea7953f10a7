"""A trained network as one file for other programs, kept only if it gives what the network gives."""
