"""A synthetic county: one true world of people, cars, recyclers and shops, and the documents its departments would send.

Nothing in it is real. The world yields true documents; stages may change them on their way; the export writes them.
"""

from huanxin.simulator.document import Document
from huanxin.simulator.options import Options, Summary
from huanxin.simulator.run import Stage, simulate

__all__ = ["Document", "Options", "Stage", "Summary", "simulate"]
