"""The local stack: Kafka, ClickHouse, Superset, gateway and workers as supervised processes, without containers."""
