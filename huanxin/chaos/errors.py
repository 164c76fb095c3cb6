"""What makes a run fail besides a loss or a double effect."""

from huanxin.errors import HuanxinError


class UnprovenError(HuanxinError):
    """A fault was injected and nothing shows that it took effect: the trial proves nothing."""


class UnmetError(HuanxinError):
    """The system did not come back to the right state within the bounded wait."""
