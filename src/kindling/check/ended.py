"""How a Hydra program ends by what is the user's to mend."""

from kindling.check.stream import say
from kindling.error import UserError
from kindling.run.naming import is_first_rank


class Ended(SystemExit):
    """Leaves by these errors; Hydra lets a SystemExit pass, and would add lines to anything else."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__(min(error.exit_code for error in errors))
        self.errors = errors

    def tell(self) -> None:
        """Say each once."""
        if is_first_rank():
            say(*self.errors, *(line for error in self.errors for line in getattr(error, "jobs", ())))
