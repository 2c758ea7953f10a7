"""A template for deep learning: any network on any data, one word a choice."""
