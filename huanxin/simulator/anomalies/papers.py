"""A01–A03: a payout without its certificate, a certificate without a deregistration, two live certificates of one car."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import handed_over, scrap_case
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, corrected, late, voided
from huanxin.simulator.document import Document
from huanxin.simulator.firms import RECYCLERS
from huanxin.simulator.scrappage import certificate, deregistration
from schemas.check_digits import vin_check_digit


def a01(plant: Plant) -> Iterator[Document]:
    """Near: the certificate comes late, or was reissued under another number. Corrected: a slip in the certificate's VIN."""
    for expected, number in cases():
        case = scrap_case(plant)
        answer = Answer("A01", expected, case.apply)
        case.payouts[0] = answered(case.payouts[0], answer)
        if expected == "open" and number % 2:
            yield changed(case.certificate, cert_no=f"{case.car.cert_no}9")  # the payout names a number that nobody issued
        elif expected == "near" and number % 2:
            yield late(case.certificate, 75)
        elif expected == "near":
            yield voided(case.certificate)
            yield case.certificate
            yield changed(case.certificate, cert_no=f"{case.car.cert_no}B", replaces_cert_no=case.car.cert_no)
        elif expected == "closed":
            yield changed(case.certificate, vin=_slip(case.car.vehicle.vin))
            yield corrected(changed(case.certificate, vin=_slip(case.car.vehicle.vin)), vin=case.car.vehicle.vin)
        else:
            plant.cars.remove(case.car)  # no certificate, so nothing was weighed
        yield from (case.deregistration, case.registration, *case.payouts)


def a02(plant: Plant) -> Iterator[Document]:
    """Near: struck off on the thirtieth day, or late but in the end. Corrected: a deregistration voided, then restored."""
    for expected, number in cases():
        case = handed_over(plant, plant.day(date(2023, 3, 1), date(2024, 9, 30)), recycler=number % 2)
        answer = Answer("A02", expected, f"vin:{case.vehicle.vin}")
        yield answered(certificate(plant.county, case), answer)
        lag = 30 if number % 2 else 44
        struck = deregistration(plant.county, case.vehicle, case.owner, case.issued + timedelta(days=lag))
        if expected == "near":
            yield struck
        elif expected == "closed":
            yield struck
            yield (gone := voided(struck))
            yield corrected(gone)
        elif number % 3 == 0:
            yield struck
            yield voided(struck)


def a03(plant: Plant) -> Iterator[Document]:
    """Near: the second is a reissue of the first. Corrected: one of the two is voided."""
    for expected, number in cases():
        case = handed_over(plant, plant.day(date(2023, 3, 1), date(2024, 10, 31)), recycler=number % 2)
        first = certificate(plant.county, case)
        day = case.issued + timedelta(days=6)
        other = RECYCLERS[(number + (expected == "open")) % 2]
        second = certificate(
            plant.county, replace(case, cert_no=plant.county.numbers.dated("HSZM", day), issued=day, recycler=other)
        )
        if expected == "near":
            second = changed(second, replaces_cert_no=case.cert_no)
        elif expected == "open":
            plant.cars.append(replace(case, recycler=other))  # weighed there too, or A21 would ask as well
        yield answered(first, Answer("A03", expected, f"vin:{case.vehicle.vin}"))
        yield second
        if expected == "closed":
            yield voided(second)
        yield deregistration(plant.county, case.vehicle, case.owner, case.cancelled)


def _slip(vin: str) -> str:
    """Another car's VIN, valid, one digit off."""
    draft = f"{vin[:3]}{(int(vin[3]) + 1) % 10}{vin[4:]}"
    return f"{draft[:8]}{vin_check_digit(draft)}{draft[9:]}"
