"""The dirt that departments' files really carry, and the answer key of what an honest reader makes of each file.

The key is made here, by what was done to each row; no reader is asked. Rates are those seen in practice; every kind of
dirt that a file allows stands in the export at least once.
"""

from huanxin.simulator.dirty.injector import Injector

__all__ = ["Injector"]
