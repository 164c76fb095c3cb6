"""Documents that a department never hands in again after their row was refused: what supervision then rightly asks about.

A stage before the anomalies, over the true county alone. The rest of what dirt refuses comes in a later file (补报).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.dice import Dice
from huanxin.simulator.document import NEVER, Document
from huanxin.simulator.options import Options
from ingest.sources import sources
from schemas.events.indicator_reported import IndicatorReported
from schemas.events.scrappage_certified import ScrappageCertified
from schemas.events.scrappage_deregistered import ScrappageDeregistered
from schemas.events.subsidy_paid import SubsidyPaid

_RATE = 0.002
"""Share of documents, about one in fifteen of those whose row is refused."""
_JUDGED_BY_CERTIFICATE = ("car_scrap", "truck")


def losses(options: Options) -> Callable[[Iterator[Document]], Iterator[Document]]:
    """The stage. The treasury's books must close, so of payouts every row comes in the end; so do reported figures."""

    def stage(documents: Iterator[Document]) -> Iterator[Document]:
        dice = Dice(options.seed)
        certified: set[str] = set()
        lost: set[str] = set()
        for document in documents:
            data = document.data
            if isinstance(data, SubsidyPaid):
                asked = data.old_vin in lost and data.item_code in _JUDGED_BY_CERTIFICATE and data.pay_result == "成功"
                yield _marked(document, Answer("A01", "open", f"apply:{data.apply_no}")) if asked else document
                continue
            never = _can_be_lost(document) and dice.happens(_RATE)
            if isinstance(data, ScrappageCertified):
                (lost if never else certified).add(data.vin)
            unanswered = never and isinstance(data, ScrappageDeregistered) and data.vin in certified
            answers = [Answer("A02", "open", f"vin:{data.vin}")] if unanswered else []  # type: ignore[attr-defined]  # has one
            yield _marked(document, NEVER, *answers) if never else document

    return stage


def _can_be_lost(document: Document) -> bool:
    return sources()[document.source].surface == "file" and not isinstance(document.data, SubsidyPaid | IndicatorReported)


def _marked(document: Document, *faults: object) -> Document:
    return replace(document, faults=(*document.faults, *map(str, faults)))
