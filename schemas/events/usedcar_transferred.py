"""二手车转让登记: a used car changes hands."""

from typing import Annotated, Literal

from schemas.event import EventData
from schemas.fields import (
    Address,
    Code,
    Day,
    Division,
    Kilometres,
    PersonId,
    PersonName,
    Phone,
    Plate,
    PositiveYuan,
    Text,
    Town,
    Vin,
)
from schemas.marks import CodeList


class UsedcarTransferred(
    EventData,
    event_type="usedcar.transferred",
    key=("vin", "transferred_on", "serial_no"),
    day="transferred_on",
    amount="price_yuan",
):
    """Sources: 转让登记 (县公安局), 二手车销售统一发票 (县税务局), dealers (县市场监管局)."""

    vin: Vin
    transferred_on: Day
    """转让登记日期."""
    serial_no: Code
    """业务流水号."""
    plate: Plate
    vehicle_class: Annotated[str, CodeList("vehicle_class")]
    model: Text
    first_registered_on: Day
    in_out: Literal["本地", "转入", "转出"]
    from_division: Division
    to_division: Division
    to_authority: Text
    """转入地车管所."""
    price_yuan: PositiveYuan
    """车价合计, yuan."""
    market: Text | None = None
    """交易市场 or dealer."""
    invoice_no: Code | None = None
    """发票号码; digital invoices have 20 digits."""
    invoice_status: Annotated[str, CodeList("invoice_status")]
    mileage_km: Kilometres | None = None
    seller: PersonName
    seller_id: PersonId | None = None
    seller_address: Address | None = None
    seller_phone: Phone | None = None
    buyer: PersonName
    buyer_id: PersonId | None = None
    buyer_address: Address | None = None
    buyer_phone: Phone | None = None
    town: Town
    """The buyer's town, or the seller's where the car leaves the county."""
