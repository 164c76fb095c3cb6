"""报废机动车回收证明: a recycler takes a car in and certifies it through the national vehicle-circulation system."""

from typing import Annotated

from schemas.event import EventData
from schemas.fields import Address, Code, Day, Division, Kilograms, PersonId, PersonName, Phone, Plate, Text, Town, Uscc, Vin
from schemas.marks import CodeList


class ScrappageCertified(EventData, event_type="scrappage.certified", key=("cert_no", "issued_on"), day="issued_on"):
    """Source: the recycler; lead department 县科技局. Its code systems are the certificate's, not the police's."""

    cert_no: Code
    """回收证明编号."""
    issued_on: Day
    """开具日期."""
    replaces_cert_no: Code | None = None
    """The certificate this one is reissued for, where it is."""
    recycler: Text
    """回收企业名称."""
    recycler_uscc: Uscc
    recycler_division: Division
    """Where the recycler is: the target counts by this place and by the place of registration."""
    vin: Vin
    plate: Plate
    vehicle_class: Annotated[str, CodeList("vehicle_class")]
    use_code: Annotated[str, CodeList("use_certificate")]
    """使用性质, in the certificate's code system."""
    fuel_code: Annotated[str, CodeList("fuel_certificate")]
    """动力类别, in the certificate's code system."""
    model: Text
    """品牌型号."""
    kerb_kg: Kilograms
    """整备质量, kg."""
    emission_stage: Annotated[str, CodeList("emission_stage")]
    first_registered_on: Day
    """注册登记日期."""
    handed_over_on: Day
    """交车日期."""
    engine_no: Code | None = None
    battery_code: Code | None = None
    """动力电池编码, for electric cars."""
    owner: PersonName
    owner_id: PersonId | None = None
    phone: Phone | None = None
    address: Address | None = None
    town: Town
    """The owner's town."""
