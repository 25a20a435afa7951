"""What is wrong with a flow, each with its path, in the user's words."""

from collections.abc import Mapping


class FlowError(ValueError):
    """A flow that cannot be read; `errors` maps each path to what is wrong there."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {words}" if path else words for path, words in errors.items()))
        self.errors = dict(errors)
