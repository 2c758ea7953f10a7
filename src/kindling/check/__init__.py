"""What is wrong with a command line, in one line a mistake; nothing heavy is imported here."""
