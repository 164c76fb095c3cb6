"""机动车注销: the police's vehicle office strikes a car from the register (机动车注销证明书)."""

from typing import Annotated, Literal

from schemas.event import EventData
from schemas.fields import Code, Day, Division, Kilograms, Millilitres, PersonId, PersonName, Plate, Text, Town, Vin
from schemas.marks import CodeList


class ScrappageDeregistered(EventData, event_type="scrappage.deregistered", key=("vin", "cancelled_on"), day="cancelled_on"):
    """Source: 县公安局 车管, field names of the 机动车登记 system in the docstrings."""

    vin: Vin
    """clsbdh 车辆识别代号."""
    cancelled_on: Day
    """注销日期."""
    plate_kind: Annotated[str, CodeList("plate_kind")]
    """hpzl 号牌种类."""
    plate: Plate
    """hphm 号牌号码, with the province."""
    vehicle_class: Annotated[str, CodeList("vehicle_class")]
    """First letter of cllx 车辆类型; K H Q Z count as 汽车, N as the settings say."""
    use_code: Annotated[str, CodeList("use_police")]
    """syxz 使用性质, in the police's code system."""
    fuel_code: Annotated[str, CodeList("fuel_police")]
    """rlzl 燃料种类, in the police's code system."""
    displacement_ml: Millilitres | None = None
    """pl 排量, ml."""
    kerb_kg: Kilograms
    """zbzl 整备质量, kg."""
    gross_kg: Kilograms | None = None
    """zzl 总质量, kg."""
    first_registered_on: Day
    """ccdjrq 初次登记日期."""
    compulsory_scrap_on: Day | None = None
    """qzbfqz 强制报废期止."""
    emission_stage: Annotated[str, CodeList("emission_stage")]
    cancel_reason: Literal["报废", "灭失", "退车", "出境"]
    state: Code
    """zt 机动车状态, several characters; holds E once deregistered."""
    authority: Code
    """glbm 管理部门 code: what proves the county, a plate never does."""
    division: Division
    """登记地行政区划."""
    engine_no: Code | None = None
    """fdjh 发动机号."""
    owner: PersonName
    owner_id: PersonId | None = None
    """Absent for organisations."""
    model: Text | None = None
    """品牌型号."""
    town: Town
