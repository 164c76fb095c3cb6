"""Kinds of cars as data: what is scrapped, what is traded, what is bought new."""

from collections.abc import Mapping
from dataclasses import dataclass

CERTIFICATE_USE: Mapping[str, str] = {"A": "A", "B": "B", "C": "C", "D": "D", "E": "F", "F": "G", "G": "E"}
"""使用性质: the police's letter → the certificate's; E, F and G differ."""

CERTIFICATE_FUEL: Mapping[str, str] = {"A": "1", "B": "2", "C": "9", "E": "4", "F": "3", "O": "8", "Y": "D"}
"""燃料种类: the police's letter → the certificate's 动力类别."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of car: its class, its use, its fuels and its mass."""

    vehicle_class: str
    use: str
    fuels: tuple[tuple[str, float], ...]
    """Police fuel letter and its share."""
    kerb: tuple[float, float, float, float]
    """Kerb mass in kg: mean, deviation, least, most."""
    models: tuple[str, ...]
    age: tuple[float, float] = (15.0, 3.0)
    """Years in service when scrapped: mean, deviation."""
    litres: tuple[int, ...] = ()
    """Displacements in ml."""


_CAR_MODELS = (
    "演示牌YS6371微型客车",
    "演示牌YS6400多用途乘用车",
    "演示牌YS7150轿车",
    "演示牌YS7180轿车",
    "演示牌YS6460运动型乘用车",
)

CAR = Kind(
    "K", "A", (("A", 0.985), ("B", 0.015)), (1150, 180, 640, 2100), _CAR_MODELS, litres=(998, 1198, 1497, 1598, 1798, 1998)
)
OLD_NEV = Kind("K", "A", (("C", 0.9), ("O", 0.1)), (1250, 150, 700, 2000), ("演示牌YS7000BEV纯电动轿车",), (7.0, 0.8), (1498,))
CAB = Kind("K", "D", (("A", 1.0),), (1120, 60, 950, 1300), ("演示牌YS7160出租轿车",), (8.0, 0.4), (1598,))
LIGHT_TRUCK = Kind(
    "H", "F", (("B", 0.6), ("A", 0.4)), (2100, 220, 1700, 2500), ("演示牌YS1040轻型货车",), (13.5, 1.5), (1798, 2771)
)
HEAVY_TRUCK = Kind("H", "F", (("B", 1.0),), (7800, 1600, 5000, 12000), ("演示牌YS3160自卸货车",), (12.8, 1.5), (6494, 9726))
TRACTOR_UNIT = Kind("Q", "F", (("B", 1.0),), (8600, 600, 7000, 9800), ("演示牌YS4250牵引汽车",), (12.8, 1.5), (9726, 11596))
WORK_TRUCK = Kind("Z", "A", (("B", 1.0),), (5200, 1300, 2500, 9000), ("演示牌YS5070专项作业车",), (14.0, 2.0), (3990, 5193))
THREE_WHEELER = Kind("N", "A", (("B", 1.0),), (900, 110, 700, 1250), ("演示牌7YP-1450三轮汽车",), (11.0, 1.0), (1194,))
TRAILER = Kind("B", "F", (("Y", 1.0),), (6500, 500, 5200, 7800), ("演示牌YS9400半挂车",), (13.5, 1.2))

SCRAPPED: Mapping[Kind, float] = {
    CAR: 0.79,
    OLD_NEV: 0.02,
    CAB: 0.01,
    LIGHT_TRUCK: 0.10,
    HEAVY_TRUCK: 0.04,
    TRACTOR_UNIT: 0.02,
    WORK_TRUCK: 0.008,
    THREE_WHEELER: 0.006,
    TRAILER: 0.006,
}
"""What is scrapped: 82 % cars, 10 % light trucks, 6 % medium and heavy, 2 % other."""

NEW_FUEL = Kind(
    "K",
    "A",
    (("A", 1.0),),
    (1420, 150, 1000, 1900),
    ("演示牌YS7153轿车", "演示牌YS6480乘用车"),
    (0, 0),
    (1497, 1498, 1969, 1998),
)
NEW_NEV = Kind("K", "A", (("C", 0.62), ("O", 0.38)), (1650, 200, 1000, 2300), ("演示牌YS7002BEV轿车",), (0, 0), (1498,))
NEW_BIG = Kind("K", "A", (("A", 1.0),), (1900, 150, 1600, 2400), ("演示牌YS6521越野乘用车",), (0, 0), (2487, 2993))
NEW_TRUCK = Kind(
    "H", "F", (("B", 0.85), ("C", 0.15)), (8800, 1500, 5200, 12000), ("演示牌YS3250自卸货车",), (0, 0), (9726, 12540)
)
