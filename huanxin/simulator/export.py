"""Writes documents as their departments would send them, the answer key beside them, and a manifest."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from huanxin.simulator.dirty import Injector
from huanxin.simulator.document import NEVER, Document
from huanxin.simulator.options import Options, Summary
from huanxin.simulator.render import cells, csv_line, envelope_line
from huanxin.simulator.truth import truth_line
from ingest.sources import sources

_Line = tuple[str, tuple[str, ...], str]
"""Time and natural key, which order the lines, and the line itself."""
_Row = tuple[str, tuple[str, ...], dict[str, str], bool]
"""The same with the row's cells, where dirt is still to come on them, and whether it is never to be handed in well."""


def export(options: Options, documents: Iterable[Document]) -> Summary:
    """Write every document to its source's file of its business month; lines are held, documents are not."""
    registry = sources()
    months: defaultdict[tuple[str, str], list[_Line]] = defaultdict(list)
    rows: defaultdict[tuple[str, str], list[_Row]] = defaultdict(list)
    truth: list[_Line] = []
    by_source: Counter[str] = Counter()
    by_type: Counter[str] = Counter()
    for document in documents:
        source = registry[document.source]
        moment, key = document.time.isoformat(), (document.source, *document.data.natural_key)
        month = source.id, f"{document.data.day:%Y-%m}"
        if source.surface != "file":
            months[month].append((moment, key, envelope_line(document)))
        elif options.dirty:
            rows[month].append((moment, key, cells(source, document), NEVER in document.faults))
        else:
            months[month].append((moment, key, csv_line([*cells(source, document).values()])))
        truth.append((moment, key, truth_line(document) + "\n"))
        by_source[source.id] += 1
        by_type[document.data.event_type] += 1
    for (source_id, name), lines in sorted(months.items()):
        columns = registry[source_id].columns
        head = csv_line([*columns]) if columns else ""
        _write(options.out / source_id / f"{name}.{'csv' if columns else 'jsonl'}", head, lines)
    files = len(months) + _dirty(options, rows, months, truth)
    _write(options.out / "truth.jsonl", "", truth)
    summary = Summary(len(truth), dict(sorted(by_source.items())), dict(sorted(by_type.items())), files)
    _write_manifest(options, summary)
    return summary


def _dirty(
    options: Options,
    rows: dict[tuple[str, str], list[_Row]],
    clean: dict[tuple[str, str], list[_Line]],
    truth: list[_Line],
) -> int:
    """Write the files that carry dirt and `answers.jsonl`, and name in the truth what was done; returns how many files."""
    if not options.dirty:
        return 0
    injector = Injector(options.seed, options.out)
    for (source_id, month), found in sorted(rows.items()):
        injector.write(sources()[source_id], month, [row[1:] for row in sorted(found, key=lambda row: row[:2])])
    written = len(injector.answers)
    for (source_id, month), lines in sorted(clean.items()):
        injector.clean(sources()[source_id], options.out / source_id / f"{month}.jsonl", len(lines))
    text = "".join(answer.line() for answer in injector.answers)
    (options.out / "answers.jsonl").write_text(text, encoding="utf-8")
    for place, (moment, key, line) in enumerate(truth):
        if key in injector.faults:
            stated = json.loads(line)
            stated["faults"] += injector.faults[key]
            truth[place] = (moment, key, json.dumps(stated, ensure_ascii=False, separators=(",", ":")) + "\n")
    return written


def _write(path: Path, head: str, lines: list[_Line]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(head)
        file.writelines(line for _, _, line in sorted(lines))


def _write_manifest(options: Options, summary: Summary) -> None:
    manifest = {
        "synthetic": True,
        "seed": options.seed,
        "options": {"first": str(options.first), "last": str(options.last), "scale": options.scale},
        "documents": summary.documents,
        "by_source": summary.by_source,
        "by_type": summary.by_type,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (options.out / "manifest.json").write_text(text, encoding="utf-8")
