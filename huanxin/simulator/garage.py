"""Cars: valid VINs under a made-up maker's code, plates of 晋E, and a past that fits their kind."""

from dataclasses import dataclass
from datetime import date, timedelta

from huanxin.simulator.dice import Dice
from huanxin.simulator.kinds import Kind
from schemas.check_digits import vin_check_digit

_MAKER = "L0Y"
_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"
"""Position 10 of a VIN, in turn from 2010; the cycle has thirty letters."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One car as the police's register knows it; codes are the police's."""

    vin: str
    plate: str
    plate_kind: str
    kind: Kind
    fuel: str
    displacement_ml: int
    kerb_kg: int
    gross_kg: int
    registered: date
    stage: str
    model: str
    engine_no: str | None
    battery_code: str | None

    @property
    def electric(self) -> bool:
        """Pure electric or hybrid: a 新能源 car."""
        return self.fuel in ("C", "O")


class Garage:
    """Makes cars, no two with one VIN."""

    def __init__(self, dice: Dice, second: bool = False) -> None:
        """`second`: a second garage beside the first, none of whose VINs meets the first's."""
        self._dice = dice
        self._made = 9_000_000 if second else 0

    def new(self, kind: Kind, registered: date) -> Vehicle:
        """A car of this kind, first registered on this day."""
        dice = self._dice
        self._made += 1
        fuel = dice.one_of(dict(kind.fuels))
        kerb = round(dice.between(*kind.kerb))
        return Vehicle(
            vin=self._vin(registered.year),
            plate=self._plate(kind, fuel),
            plate_kind=("5" if fuel in "CO" else "0") + ("2" if kind.vehicle_class in "KN" or kerb < 2600 else "1"),
            kind=kind,
            fuel=fuel,
            displacement_ml=0 if fuel in "CY" else dice.choice(kind.litres),
            kerb_kg=kerb,
            gross_kg=round(kerb * (1.35 if kind.vehicle_class == "K" else 2.2)),
            registered=registered,
            stage=emission_stage(fuel, registered),
            model=dice.choice(kind.models),
            engine_no=None if fuel == "Y" else f"YS{self._made:07d}",
            battery_code=f"0YSDEMO{self._made:017d}" if fuel in "CO" else None,
        )

    def aged(self, kind: Kind, day: date) -> Vehicle:
        """A car of this kind at the end of its service on this day."""
        years = self._dice.between(*kind.age, 4.0, 24.0)
        return self.new(kind, day - timedelta(days=round(years * 365.25)))

    def _vin(self, year: int) -> str:
        plant, serial = divmod(self._made, 1_000_000)
        draft = f"{_MAKER}{self._dice.randrange(100_000):05d}0{_YEARS[(year - 2010) % 30]}{_LETTERS[plant]}{serial:06d}"
        # The ninth character weighs nothing in its own sum, so the draft's 0 does not change the result.
        return f"{draft[:8]}{vin_check_digit(draft)}{draft[9:]}"

    def _plate(self, kind: Kind, fuel: str) -> str:
        number = f"{self._dice.randrange(10_000):04d}"
        letter = self._dice.choice(_LETTERS.replace("I", "").replace("O", ""))
        if fuel in "CO":
            kind_letter = "D" if fuel == "C" else "F"
            small = kind.vehicle_class == "K"
            return f"晋E{kind_letter}0{number}" if small else f"晋E0{number}{kind_letter}"
        return f"晋E{number}挂" if kind.vehicle_class == "B" else f"晋E{letter}{number}"


_PETROL = ((2000, 1, "国零"), (2004, 7, "国一"), (2007, 7, "国二"), (2011, 7, "国三"), (2017, 1, "国四"), (2020, 7, "国五"))
_DIESEL = ((2000, 9, "国零"), (2003, 9, "国一"), (2008, 1, "国二"), (2013, 7, "国三"), (2017, 7, "国四"), (2021, 7, "国五"))


def emission_stage(fuel: str, registered: date) -> str:
    """The stage in force when the car was registered: petrol by one calendar, the rest by diesel's."""
    if fuel in "CY":
        return "国六"
    for year, month, stage in _PETROL if fuel in "AO" else _DIESEL:
        if registered < date(year, month, 1):
            return stage
    return "国六"
