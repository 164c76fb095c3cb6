"""SQL over every stream's landing table, made from the catalogue: a new event type is counted without a change here."""

from schemas.catalogue import event_types, table

FRESH_SECONDS = 60
"""How long a cell of mart.daily may be behind what landed before that counts as a fault."""


def recount() -> str:
    """A SELECT in mart.daily's columns that counts all streams anew from the current state; voided documents are left out."""
    return _of_each_stream(
        "SELECT '{stream}' AS stream, day, department, m_town AS town, m_category AS category, toInt64(count()) AS events, "
        "sum(m_pieces) AS pieces, sum(m_net_kg) AS net_kg, sum(m_amount_yuan) AS amount_yuan "
        "FROM landing.{table}_current WHERE status != 'voided' GROUP BY day, department, town, category"
    )


def arrivals() -> str:
    """A SELECT of (stream, day, newest) for the cells that received something within the last FRESH_SECONDS."""
    return _of_each_stream(
        "SELECT '{stream}' AS stream, day, max(received_at) AS newest FROM landing.{table} "
        f"WHERE received_at > now64(3) - INTERVAL {FRESH_SECONDS} SECOND GROUP BY day"
    )


def _of_each_stream(select: str) -> str:
    return " UNION ALL ".join(select.format(stream=event_type, table=table(event_type)) for event_type in event_types())
