"""What a person is told when a file, rule, decision or entry cannot be used: one sentence, never a traceback."""


class Refused(Exception):
    """Something the user gave cannot be used; the message says what, where, what was expected and what to do."""


class Broken(Exception):
    """A promise of the model does not hold: a fault of ours, so the run stops and nothing is written."""
