"""From the true world to the files: world → stages → export."""

from collections.abc import Callable, Iterable, Iterator

from huanxin.simulator.document import Document
from huanxin.simulator.export import export
from huanxin.simulator.options import Options, Summary
from huanxin.simulator.world import world

Stage = Callable[[Iterator[Document]], Iterator[Document]]
"""Changes documents on their way: plants anomalies, sends one late, voids one. It names in `faults` what it did."""


def simulate(options: Options, stages: Iterable[Stage] = ()) -> Summary:
    """Simulate the county and write its departments' files into `options.out`; without stages every document is true."""
    documents = world(options)
    for stage in stages:
        documents = stage(documents)
    return export(options, documents)
