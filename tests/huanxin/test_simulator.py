"""A small county: the same every time, every row valid, and its answer key in step with its files."""

import csv
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from huanxin.simulator import Document, Options, simulate
from huanxin.simulator.rules import FIRST_AMOUNTS
from huanxin.simulator.truth import measures
from ingest.sources import sources
from schemas.catalogue import event_types
from schemas.check_digits import vin_check_digit
from schemas.envelope import Envelope
from schemas.event import EventData

Row = tuple[str, Envelope, Any]


def options(out: Path, seed: int = 7) -> Options:
    return Options(seed, date(2024, 5, 1), date(2024, 11, 30), 0.1, out)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("county")
    simulate(options(out))
    return out


@pytest.fixture(scope="module")
def rows(county: Path) -> list[Row]:
    return [*read(county)]


def read(out: Path) -> Iterator[Row]:
    """Every exported row as its envelope and its validated data, with its file's month."""
    for source in sources().values():
        for path in sorted((out / source.id).glob("*-*")):
            with path.open(encoding="utf-8", newline="") as file:
                lines = csv.DictReader(file) if source.surface == "file" else map(json.loads, file)
                for line in lines:
                    raw = from_row(source.id, line) if source.surface == "file" else line
                    envelope = Envelope.model_validate(raw)
                    yield path.stem, envelope, event_types()[envelope.type].model_validate(envelope.data)


def from_row(source_id: str, row: dict[str, str]) -> dict[str, Any]:
    """Read a file's row as an envelope."""
    source = sources()[source_id]
    values = {source.columns[header]: {"是": True, "否": False}.get(cell, cell) for header, cell in row.items() if cell}
    head = {name: values.pop(f"@{name}") for name in ("time", "reportedat")} | {"revision": int(values.pop("@revision"))}
    return {"specversion": "1.0", "id": "row", "source": source_id, "type": source.event_types[0], **head, "data": values}


def truth(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def digest(out: Path) -> dict[str, str]:
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_one_seed_gives_the_same_bytes(county: Path, tmp_path: Path) -> None:
    simulate(options(tmp_path / "again"))
    assert digest(tmp_path / "again") == digest(county)


def test_another_seed_gives_another_county(county: Path, tmp_path: Path) -> None:
    simulate(options(tmp_path / "other", seed=8))
    assert digest(tmp_path / "other")["truth.jsonl"] != digest(county)["truth.jsonl"]


def test_all_seven_types_appear(rows: list[Row]) -> None:
    assert {envelope.type for _, envelope, _ in rows} == set(event_types())


def test_rows_lie_in_their_month_and_day_in_order_of_time(rows: list[Row]) -> None:
    last: dict[tuple[str, str], Any] = {}
    for month, envelope, data in rows:
        assert f"{data.day:%Y-%m}" == month
        assert envelope.time.date() == data.day
        assert envelope.reportedat is not None
        assert envelope.reportedat >= envelope.time
        assert envelope.revision == 1
        previous = last.get((envelope.source, month), envelope.time)
        assert previous <= envelope.time
        last[envelope.source, month] = envelope.time


def test_no_document_is_there_twice(rows: list[Row]) -> None:
    keys = Counter((envelope.source, data.natural_key) for _, envelope, data in rows)
    assert max(keys.values()) == 1


def test_truth_is_what_the_files_say(county: Path, rows: list[Row]) -> None:
    def line(source: str, data: EventData) -> tuple[Any, ...]:
        category, pieces, net, amount = measures(data)
        return source, str(data.day), category, pieces, net, amount, data.natural_key

    stated = Counter(
        (t["source"], t["day"], t["category"], t["pieces"], Decimal(t["net_kg"]), Decimal(t["amount_yuan"]), tuple(t["key"]))
        for t in truth(county)
    )
    assert stated == Counter(line(envelope.source, data) for _, envelope, data in rows)
    assert all(t["events"] == 1 and t["faults"] == [] for t in truth(county))
    assert all(t["department"] == sources()[t["source"]].department for t in truth(county))


def test_manifest_counts(county: Path, rows: list[Row]) -> None:
    manifest = json.loads((county / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["synthetic"] is True
    assert manifest["by_source"] == dict(sorted(Counter(envelope.source for _, envelope, _ in rows).items()))


def test_vins_have_their_check_digit(rows: list[Row]) -> None:
    vins = [vin for _, _, data in rows if (vin := getattr(data, "vin", None))]
    assert vins
    assert all(vin_check_digit(vin) == vin[8] for vin in vins)


def test_a_car_case_hangs_together(rows: list[Row]) -> None:
    by_type: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for _, envelope, data in rows:
        by_type[envelope.type][getattr(data, "vin", "")] = data
    paid = [data for _, envelope, data in rows if envelope.type == "subsidy.paid" and data.item_code == "car_scrap"]
    assert paid
    for payment in paid:
        certificate = by_type["scrappage.certified"][payment.old_vin]
        struck = by_type["scrappage.deregistered"][payment.old_vin]
        bought = by_type["newcar.registered"][payment.new_vin]
        assert certificate.cert_no == payment.cert_no
        assert bought.invoice_no == payment.invoice_no
        assert {certificate.owner_id, struck.owner_id, bought.buyer_id} == {payment.applicant_id}
        assert certificate.first_registered_on <= certificate.handed_over_on <= certificate.issued_on <= struck.cancelled_on


def test_a_topup_completes_what_was_paid_first(rows: list[Row]) -> None:
    paid: dict[str, Any] = {data.pay_no: data for _, envelope, data in rows if envelope.type == "subsidy.paid"}
    topups = [data for data in paid.values() if data.payout_kind == "topup"]
    assert topups
    for topup in topups:
        first = paid[topup.original_pay_no]
        assert first.amount_yuan in FIRST_AMOUNTS
        assert first.amount_yuan + topup.amount_yuan in (20_000, 15_000)


def test_baselines_of_the_streams_need_the_whole_of_2023(county: Path) -> None:
    assert not {t["category"] for t in truth(county)} & {"T4", "T5", "T6"}


def test_baselines_equal_what_was_simulated(tmp_path: Path) -> None:
    simulate(Options(3, date(2023, 1, 1), date(2024, 1, 31), 0.03, tmp_path))
    data = [data for _, envelope, data in read(tmp_path) if envelope.type == "indicator.reported"]
    baseline = {
        getattr(d, "indicator_code", ""): int(d.model_dump()["value"]) for d in data if getattr(d, "period", "") == "2023"
    }
    year = [t for t in truth(tmp_path) if t["day"].startswith("2023")]
    assert baseline["T4"] == sum(t["type"] == "scrappage.certified" and t["category"] in "KHQZN" for t in year)
    assert baseline["T5"] == sum(t["type"] == "usedcar.transferred" for t in year)
    assert baseline["T6"] == sum(t["pieces"] for t in year if t["category"] in ("冰箱", "洗衣机", "电视", "空调", "电脑"))


def test_a_stage_stands_between_world_and_export(tmp_path: Path) -> None:
    def nothing_but_indicators(documents: Iterator[Document]) -> Iterator[Document]:
        return (document for document in documents if document.source == "office.indicator")

    summary = simulate(options(tmp_path), [nothing_but_indicators])
    assert [*summary.by_type] == ["indicator.reported"]


@pytest.mark.parametrize(
    ("first", "last", "scale"),
    [
        (date(2022, 12, 1), date(2023, 1, 31), 1.0),
        (date(2023, 1, 2), date(2023, 1, 31), 1.0),
        (date(2023, 2, 1), date(2023, 1, 31), 1.0),
        (date(2023, 1, 1), date(2023, 1, 31), 0.0),
    ],
)
def test_options_that_make_no_county(tmp_path: Path, first: date, last: date, scale: float) -> None:
    with pytest.raises(ValueError, match="must"):
        Options(1, first, last, scale, tmp_path)
