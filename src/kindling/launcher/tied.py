"""Become a command that is asked to stop when its parent dies: python tied.py PARENT COMMAND …

On Linux alone. A program of its own, as code between fork and exec must not run beside threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """The tie outlasts the exec; a parent that died before it was made is known by the new one."""
    parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        raise SystemExit(128 + signal.SIGTERM)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)  # Slurm sends it to all processes, and it is for the parent
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
