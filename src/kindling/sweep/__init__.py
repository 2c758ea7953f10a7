"""Many runs as one: what to try, in which folders, how they ended, and what to make of it."""
