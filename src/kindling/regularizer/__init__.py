"""What keeps a network from learning its training rows by heart: penalties, mixers and callbacks."""
