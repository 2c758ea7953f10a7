"""Raw inputs of each kind, read a batch at a time, and predictions, written as they come."""
