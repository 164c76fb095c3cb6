"""The demonstration county: simulated, sent through files and gateway as its departments would, and waited for."""

import time
from calendar import monthrange
from datetime import date
from pathlib import Path

from rich.console import Console

from huanxin.errors import StackError
from huanxin.intake import ingest_path
from huanxin.settings import Settings
from huanxin.simulator import Options, simulate
from huanxin.simulator.anomalies import anomalies
from huanxin.simulator.losses import losses
from huanxin.stack.status import left
from ingest.gateway.body import LINES
from ingest.sources import sources

SEED = 20240617
LINES_PER_REQUEST = 2_000


def run_simulation(
    out: Path, seed: int, first: str, last: str, scale: float, *, plant: bool = False, dirty: bool = False
) -> str:
    """Simulate months `first` to `last` (YYYY-MM) into a folder; returns a one-line summary.

    `plant`: with anomalies. `dirty`: with the dirt of real files, and their answer key.
    """
    begin, end = (date.fromisoformat(f"{month}-01") for month in (first, last))
    end = end.replace(day=monthrange(end.year, end.month)[1])
    options = Options(seed=seed, first=begin, last=end, scale=scale, out=out, dirty=dirty)
    stages = [*([losses(options)] if dirty else ()), *([anomalies(options)] if plant else ())]
    summary = simulate(options, stages)
    counts = ", ".join(f"{event_type} {count}" for event_type, count in sorted(summary.by_type.items()))
    return f"{summary.documents} synthetic documents in {summary.files} files under {out}: {counts}"


def load_demo(settings: Settings, console: Console, plant: bool = False) -> None:
    """Simulate 2023 and 2024, then hand every department's export in the way that department sends.

    `plant`: with the cases that supervision should find, for a register worth looking at.
    """
    folder = settings.home / "demo"
    if not (folder / "manifest.json").exists():
        console.print("simulating the demonstration county (synthetic)")
        console.print(run_simulation(folder, SEED, "2023-01", "2024-12", 1.0, plant=plant), highlight=False)
    for source in sources().values():
        if source.surface == "http":
            counts = post_lines(settings, source.id, folder / source.id)
        else:
            counts = ingest_path(settings, folder / source.id, source.id, console).as_dict()
        console.print(
            f"{source.title}: accepted {counts['accepted']}, duplicate {counts['duplicate']}, rejected {counts['rejected']}",
            highlight=False,
        )


def load_forecast(settings: Settings, console: Console) -> None:
    """Compute the targets' forecast over what was landed."""
    from expectations.forecast import forecast  # only where the quality environment is installed

    console.print(f"forecast to 2027: {len(forecast(settings))} figures", highlight=False)


def post_lines(settings: Settings, source_id: str, folder: Path) -> dict[str, int]:
    """Send a folder's JSON Lines through the gateway, in requests of 2,000 events; returns the summed counts."""
    import httpx  # a tool of the local stack: the production image simulates without it

    total = {"accepted": 0, "duplicate": 0, "rejected": 0}
    headers = {"Authorization": f"Bearer {settings.secrets.source_keys[source_id]}", "Content-Type": LINES[0]}
    with httpx.Client(base_url=f"http://{settings.host}:{settings.gateway_port}", headers=headers, timeout=60) as client:
        for file in sorted(folder.glob("*.jsonl")):
            lines = file.read_bytes().splitlines(keepends=True)
            for start in range(0, len(lines), LINES_PER_REQUEST):
                answer = client.post("/v1/events", content=b"".join(lines[start : start + LINES_PER_REQUEST]))
                if answer.status_code != 202:
                    raise StackError(f"the gateway answered {answer.status_code} to {file.name}: {answer.text[:500]}")
                for name in total:
                    total[name] += answer.json()[name]
    return total


def wait_until_landed(settings: Settings, console: Console, seconds: float = 300) -> None:
    """Return once the workers have acknowledged everything. Raises StackError when they do not get there in time."""
    deadline = time.monotonic() + seconds
    with console.status("landing") as spinner:
        while (waiting := left(settings)) != 0:
            known = "an unknown number of" if waiting is None else waiting
            if time.monotonic() > deadline:
                raise StackError(f"{known} messages are still not landed after {seconds:.0f} s; see {settings.home / 'logs'}")
            spinner.update(f"landing: {known} messages left")
            time.sleep(0.5)
