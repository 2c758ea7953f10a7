"""What optimizers need beyond torch: the groups that parameters fall into."""
