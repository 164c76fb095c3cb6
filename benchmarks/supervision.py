"""How long the supervision rules take over many payouts: all rules at once, and one touched case at a time.

    python -m benchmarks.supervision --payouts 10000000

Fills a warehouse of its own with synthetic documents made by the server (INSERT … SELECT FROM numbers), nine in ten payouts for
appliances, as in the county, the rest for scrapped and replaced cars with their papers; one scrapped car in 500 has no
certificate. Wall time and the server's CPU time are printed, because a machine that does other things too stretches the first.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable

from clickhouse_driver import Client

from huanxin.score.scratch import scratch_warehouse
from huanxin.settings import settings
from warehouse.client import connection
from warehouse.relations import WHOLE, gather_all, needed
from warehouse.rulebook import rulebook
from warehouse.supervise import FOUND, find_statement, run_all, run_cases

HEAD = "day, id, revision, payload_hash, source, department, occurred_at, reported_at, received_at, schema_version, status"
"""The columns every landing table begins with; those of Kafka stay 0."""

DOCUMENT = """
    {day} AS day, sipHash128('{name}', number) AS id, 1 AS revision, id AS payload_hash, 'benchmark' AS source,
    '演示' AS department, toDateTime64(day, 3) AS occurred_at, occurred_at AS reported_at, now64(3) AS received_at,
    1 AS schema_version, 'registered' AS status
"""

DAY = "toDate('2024-09-01') + number % 100"
ITEM = "multiIf(number % 20 < 18, 'appliance', number % 20 = 18, 'car_scrap', 'car_replace')"
CAR, SCRAPPED, REPLACED = "number % 20 >= 18", "number % 20 = 18", "number % 20 = 19"

TABLES: dict[str, tuple[str, dict[str, str], str]] = {
    "subsidy_paid": (
        f"{DAY} + 30",
        {
            "pay_no": "concat('ZF', toString(number))",
            "paid_at": "toDateTime64(day, 3) + 36000",
            "apply_no": "concat('SQ', toString(number))",
            "payout_kind": "'initial'",
            "item_code": ITEM,
            "amount_yuan": "multiIf(number % 20 < 18, 600, number % 20 = 18, if(number % 40 < 20, 20000, 15000), 8888)",
            "pay_result": "'成功'",
            "applied_on": "day - 20",
            "reviewed_on": "day - 10",
            "fund_source": "'central'",
            "payee_token": "sipHash128('name', number)",
            "account_token": "sipHash128('account', number)",
            "account_masked": "'***1234'",
            "account_kind": "if(number % 20 < 18, '商户', '个人')",
            "applicant_token": "sipHash128('name', number)",
            "applicant_masked": "'张***'",
            "applicant_id_token": "sipHash128('person', number)",
            "applicant_id_masked": "'140***0011'",
            "applicant_check": "'valid'",
            "phone_token": "sipHash128('phone', number)",
            "phone_masked": "'100***0001'",
            "old_vin_token": f"if({CAR}, sipHash128('old', number), NULL)",
            "old_vin_masked": f"if({CAR}, 'L0Y***0001', NULL)",
            "new_vin_token": f"if({CAR}, sipHash128('new', number), NULL)",
            "new_vin_masked": f"if({CAR}, 'L0Y***0002', NULL)",
            "cert_no": f"if({SCRAPPED}, concat('ZM', toString(number)), NULL)",
            "invoice_no": "concat('FP', toString(number))",
            "goods_category": "if(number % 20 < 18, '冰箱', NULL)",
            "serial_no": "if(number % 20 < 18, concat('SN', toString(number)), NULL)",
            "sku": "if(number % 20 < 18, concat('YS-', toString(number % 400)), NULL)",
            "merchant_uscc": "if(number % 20 < 18, concat('91140599MADEM', toString(10000 + intDiv(number, 10) % 1000)), NULL)",
            "energy_grade": "if(number % 20 < 18, '一级', NULL)",
            "price_yuan": "if(number % 20 < 18, 3000, NULL)",
            "registered_price_yuan": "if(number % 20 < 18, 3000, NULL)",
            "purchased_on": "if(number % 20 < 18, day - 21, NULL)",
            "town": "'凤城镇'",
        },
        "true",
    ),
    "scrappage_certified": (
        f"{DAY} - 5",
        {
            "cert_no": "concat('ZM', toString(number))",
            "issued_on": "day",
            "recycler": "'演示回收公司'",
            "recycler_uscc": "concat('91140599MADEM', toString(10000 + number % 200))",
            "vin_token": "sipHash128('old', number)",
            "vin_masked": "'L0Y***0001'",
            "vehicle_class": "'K'",
            "use_code": "'A'",
            "fuel_code": "'1'",
            "kerb_kg": "1100",
            "emission_stage": "'国二'",
            "first_registered_on": "toDate('2009-01-01')",
            "handed_over_on": "day - 1",
            "owner_id_token": "sipHash128('person', number)",
        },
        f"{SCRAPPED} AND number % 10000 != 18",
    ),
    "scrappage_deregistered": (
        f"{DAY}",
        {
            "vin_token": "sipHash128('old', number)",
            "vin_masked": "'L0Y***0001'",
            "cancelled_on": "day",
            "vehicle_class": "'K'",
            "use_code": "'A'",
            "fuel_code": "'A'",
            "kerb_kg": "1100",
            "first_registered_on": "toDate('2009-01-01')",
            "emission_stage": "'国二'",
            "cancel_reason": "'报废'",
        },
        SCRAPPED,
    ),
    "newcar_registered": (
        f"{DAY}",
        {
            "vin_token": "sipHash128('new', number)",
            "registered_on": "day",
            "invoice_no": "concat('FP', toString(number))",
            "invoiced_on": "day",
            "invoice_status": "'0'",
            "price_yuan": "120000",
            "seller_county": "'140522'",
            "vehicle_class": "'K'",
            "fuel_code": "if(number % 40 < 20, 'C', 'A')",
            "nev_catalogue": "number % 40 < 20",
            "buyer_id_token": "sipHash128('person', number)",
        },
        CAR,
    ),
    "usedcar_transferred": (
        f"{DAY}",
        {
            "vin_token": "sipHash128('old', number)",
            "transferred_on": "day",
            "serial_no": "concat('ZR', toString(number))",
            "in_out": "'本地'",
            "mileage_km": "60000",
        },
        REPLACED,
    ),
}


def fill(client: Client, payouts: int) -> None:
    """Write the documents of so many payouts, two million numbers at a time."""
    step = 2_000_000
    for table, (day, columns, where) in TABLES.items():
        document = DOCUMENT.format(day=day, name=table)
        select = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
        for start in range(0, payouts, step):
            numbers = f"numbers({start}, {min(step, payouts - start)})"
            client.execute(
                f"INSERT INTO landing.{table} ({HEAD}, {', '.join(columns)}) "
                f"SELECT {document}, {select} FROM {numbers} WHERE {where}",
                settings={"max_insert_threads": 1, "max_memory_usage": 0},
            )


def touched(client: Client, payouts: int, rounds: int, measure: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Judge one payout's cases at a time; returns wall and CPU seconds of each."""
    wall, cpu = [], []
    for _ in range(rounds):
        number = random.randrange(payouts)
        ((day, document),) = client.execute(
            f"SELECT {DAY} + 30, hex(sipHash128('subsidy_paid', toUInt64({number}))) FROM (SELECT {number} AS number)"
        )
        before, started = measure(), time.monotonic()
        run_cases(client, [("subsidy.paid", day, bytes.fromhex(document))])
        wall.append(time.monotonic() - started)
        cpu.append(measure() - before)
    return wall, cpu


def main() -> None:
    """Fill, judge all, judge touched cases; one line of figures each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payouts", type=int, default=1_000_000)
    parser.add_argument("--touched", type=int, default=20)
    options = parser.parse_args()
    with scratch_warehouse(settings(), print) as own, connection(own, "admin") as client:
        measure = cpu_of(own.clickhouse_native_port)
        started = time.monotonic()
        fill(client, options.payouts)
        print(f"{options.payouts} payouts filled in {time.monotonic() - started:.0f} s wall, {measure():.0f} s CPU", flush=True)
        before, started = measure(), time.monotonic()
        done = run_all(client)
        wall_seconds, cpu_seconds = time.monotonic() - started, measure() - before
        print(f"all {len(rulebook())} rules and cases: {wall_seconds:.1f} s wall, {cpu_seconds:.1f} s CPU: {done}", flush=True)
        client.disconnect()
        wall, cpu = touched(client, options.payouts, options.touched, measure)
        for name, seconds in (("wall", wall), ("CPU", cpu)):
            p95 = statistics.quantiles(seconds, n=20)[-1]
            print(
                f"touched case, {options.touched} times, {name}: median {statistics.median(seconds):.2f} s, p95 {p95:.2f} s",
                flush=True,
            )
        by_rule(client, measure)


def by_rule(client: Client, measure: Callable[[], float]) -> None:
    """CPU seconds of gathering and of each rule over everything, the slowest first."""
    today = client.execute("SELECT today()")[0][0]
    before = measure()
    gather_all(client, today, needed([rule.sql for rule in rulebook().values()]))
    costs = {"gather": measure() - before}
    client.execute(f"CREATE OR REPLACE TEMPORARY TABLE found ({FOUND}) ENGINE = Memory")
    for rule in rulebook().values():
        before = measure()
        client.execute(find_statement(rule, today, "true"), settings=WHOLE)
        costs[rule.id] = measure() - before
    print("CPU s:", ", ".join(f"{name} {cost:.1f}" for name, cost in sorted(costs.items(), key=lambda item: -item[1])[:12]))


def cpu_of(port: int) -> Callable[[], float]:
    """CPU seconds so far of the server process that listens on the port, children of this one alone."""
    own = os.getpid()
    (server,) = (
        int(entry)
        for entry in os.listdir("/proc")
        if entry.isdigit() and f" {own} " in _stat(entry) and "chdb_server" in _command(entry)
    )

    def measure() -> float:
        fields = _stat(str(server)).rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    return measure


def _stat(process: str) -> str:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _command(process: str) -> str:
    try:
        with open(f"/proc/{process}/cmdline", encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
