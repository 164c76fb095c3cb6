"""From payments as a source describes them to what the rules would ask: validated as events are, then judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clickhouse_driver import Client
from pydantic import ValidationError

from huanxin.errors import RejectedError
from ingest.sources import Source
from schemas.catalogue import event_types
from schemas.identity import EventId, Identifier
from schemas.rejection import rejection
from warehouse.precheck import Check, Payment, check

PAYMENT = "subsidy.paid"
MOST = 500
"""Payments of one question: they are judged together."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Answers for the sources that pay."""

    identifier: Identifier

    def check(self, client: Client, source: Source, documents: Sequence[Any]) -> list[Check | RejectedError]:
        """One answer per document, in order: `data` of subsidy.paid as it would be sent. Nothing is stored."""
        read = [self._read(source, document) for document in documents]
        payments = [payment for payment in read if isinstance(payment, Payment)]
        answers = iter(check(client, self.identifier, payments) if payments else ())
        return [next(answers) if isinstance(payment, Payment) else payment for payment in read]

    def _read(self, source: Source, document: Any) -> Payment | RejectedError:
        model = event_types()[PAYMENT]
        try:
            data = model.model_validate({**document, "pay_result": "成功"})  # the question is what if it succeeds
        except ValidationError as error:
            return rejection(error, "data")
        event_id = EventId(data.day, self.identifier.id(source.id, PAYMENT, data.natural_key), 1)
        return Payment(event_id, source.id, source.department, data)
