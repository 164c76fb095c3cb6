"""新车登记: a new car's unified invoice and its first registration."""

from typing import Annotated

from pydantic import Field

from schemas.event import EventData
from schemas.fields import (
    Code,
    Day,
    Division,
    Kilograms,
    Millilitres,
    PersonId,
    PersonName,
    PositiveYuan,
    Text,
    Town,
    Uscc,
    Vin,
)
from schemas.marks import CodeList


class NewcarRegistered(
    EventData, event_type="newcar.registered", key=("vin", "registered_on"), day="registered_on", amount="price_yuan"
):
    """Sources: 机动车销售统一发票 (县税务局) and 注册登记 (县公安局)."""

    vin: Vin
    registered_on: Day
    """注册登记日期."""
    invoice_no: Code
    invoiced_on: Day
    invoice_status: Annotated[str, CodeList("invoice_status")]
    price_yuan: PositiveYuan
    """价税合计, yuan."""
    tax_yuan: PositiveYuan
    """增值税额, yuan."""
    seller: Text
    seller_uscc: Uscc
    seller_county: Division
    """By the 主管税务机关."""
    vehicle_class: Annotated[str, CodeList("vehicle_class")]
    model: Text
    conformity_no: Code
    """合格证编号."""
    engine_no: Code | None = None
    displacement_ml: Millilitres
    """排量, ml; 0 for electric cars."""
    axles: Annotated[int, Field(ge=2, le=8)] | None = None
    """轴数, for trucks: what a new truck's subsidy goes by."""
    emission_stage: Annotated[str, CodeList("emission_stage")] | None = None
    gross_kg: Kilograms | None = None
    """总质量, kg: tells a heavy truck (12,000 kg and more) from a medium one."""
    fuel_code: Annotated[str, CodeList("fuel_police")]
    nev_catalogue: bool
    """In the 新能源汽车 catalogue."""
    buyer: PersonName
    buyer_id: PersonId | None = None
    town: Town
