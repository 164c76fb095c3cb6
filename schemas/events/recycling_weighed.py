"""再生资源过磅: one ticket of a weighbridge, in or out."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.event import EventData
from schemas.fields import Code, Kilograms, PersonId, PersonName, Pieces, Plate, PositiveYuan, Town, Uscc, Vin
from schemas.marks import CodeList, Unit

SCALE_DIVISION_KG = Decimal(20)
"""检定分度值 of the county's weighbridges: what a ticket's own sum may be off by."""


class RecyclingWeighed(
    EventData, event_type="recycling.weighed", key=("site_id", "ticket_no", "out_at"), day="out_at", amount="amount_yuan"
):
    """Source: recyclers and 县供销联社; lead department 县科技局. Ticket numbers restart each year."""

    site_id: Code
    ticket_no: Code
    """磅单号."""
    in_at: AwareDatetime
    """进场时间."""
    out_at: AwareDatetime
    """出场时间; its day is the ticket's."""
    direction: Literal["收", "售"]
    """收 bought in, 售 sold on."""
    category: Annotated[str, CodeList("recycling_category")]
    gross_kg: Kilograms
    tare_kg: Kilograms
    deduct_kg: Kilograms = Decimal(0)
    """扣杂."""
    net_kg: Kilograms
    pieces: Pieces = 0
    """件数, for appliances, cars and batteries."""
    unit_price_yuan: Annotated[Decimal, Field(max_digits=12, decimal_places=4, ge=0), Unit("yuan per kg")]
    """yuan per kg."""
    amount_yuan: PositiveYuan
    truck_plate: Plate
    scale_id: Code
    operator: PersonName
    """过磅员: a person too, though the form does not mark the field."""
    seller: PersonName
    seller_id: PersonId | None = None
    """Absent where the seller is an organisation."""
    reverse_invoice_no: Code | None = None
    """反向开票 number, from 2024-04-29, where a natural person sells."""
    site_uscc: Uscc | None = None
    """The site's operator: leads from a dismantler's tickets to its certificates."""
    vin: Vin | None = None
    """For a scrapped car: the car weighed."""
    town: Town
    """The site's town."""

    @model_validator(mode="after")
    def _weights_agree(self) -> Self:
        if abs(self.gross_kg - self.tare_kg - self.deduct_kg - self.net_kg) > SCALE_DIVISION_KG:
            raise PydanticCustomError(
                "net_kg", "gross − tare − deduct differs from net by more than one scale division (20 kg)"
            )
        return self
