"""Every metric of the workers, in one place (Prometheus naming: base units, _total for counters)."""

from prometheus_client import Counter, Gauge, Histogram

LANDED = Counter("huanxin_landed_total", "Events stored in their typed table, resends included", ["type"])
DEAD_LETTERS = Counter("huanxin_dead_letters_total", "Events that could not be landed", ["type", "reason"])
CHUNK_EVENTS = Histogram(
    "huanxin_chunk_events", "Events of one landing batch", ["type"], buckets=(1, 10, 100, 500, 1000, 2000, 5000)
)
LAND_SECONDS = Histogram("huanxin_land_seconds", "From a chunk's arrival in the worker to its acknowledgement", ["type"])
AGE_SECONDS = Histogram(
    "huanxin_event_age_seconds",
    "From an event's arrival in Kafka to its row in the landing table",
    ["type"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600, 3600),
)
RECOMPUTED = Counter("huanxin_cells_recomputed_total", "Cells of mart.daily counted anew", ["type"])
RECOMPUTE_SECONDS = Histogram("huanxin_recompute_seconds", "One recompute of a stream's touched days")
JUDGED = Counter("huanxin_findings_changed_total", "Changes among the findings", ["event"])
JUDGE_SECONDS = Histogram("huanxin_judge_seconds", "One run of the supervision rules, of touched cases or of all", ["scope"])
JUDGE_FAILED = Counter(
    "huanxin_rules_failed_total", "Runs that a rule was left out of, because it asked for too much memory", ["rule"]
)
RETRIES = Counter("huanxin_retries_total", "Faults of ours that were retried", ["stage"])
ALARMS = Counter("huanxin_alarms_total", "Alarms raised, again after a restart too", ["kind", "topic"])
STOPPED = Gauge("huanxin_stopped_partitions", "1 where too large a share of dead letters stopped it", ["topic", "partition"])
LAG = Gauge(
    "huanxin_lag_messages", "Messages of a partition of this worker that are not acknowledged yet", ["topic", "partition"]
)
HEARTBEAT = Gauge(
    "huanxin_heartbeat_timestamp_seconds", "When a source's way in was last seen to work, Unix time", ["source", "surface"]
)
OLDEST_SECONDS = Gauge(
    "huanxin_oldest_unacknowledged_seconds", "How long the oldest of them has been in Kafka", ["topic", "partition"]
)
