"""The fault matrix: each kind is a function that injects one fault, proves it and heals it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from huanxin.chaos.trial import Trial

Function = Callable[[Trial], None]
_KINDS: "dict[str, Kind]" = {}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. `order` puts those first that read everything again, and last those that leave a changed stack."""

    name: str
    inject: Function
    order: int = 50

    @property
    def title(self) -> str:
        """The first line of the function's docstring."""
        return (self.inject.__doc__ or "").strip().splitlines()[0].rstrip(".")


def fault(name: str, order: int = 50) -> Callable[[Function], Function]:
    """Register a kind."""

    def register(function: Function) -> Function:
        _KINDS[name] = Kind(name, function, order)
        return function

    return register


@cache
def kinds() -> Mapping[str, Kind]:
    """Name → kind, in the order of a run."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_KINDS.items(), key=lambda item: (item[1].order, item[0])))
