"""What happens beside the training: progress, history, the watch over the numbers."""
