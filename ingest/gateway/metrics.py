"""Every metric of the gateway, in one place."""

from prometheus_client import Counter, Gauge

EVENTS = Counter("huanxin_gateway_events_total", "Events received, by result", ["source", "status"])
REQUESTS_UNDER_WAY = Gauge("huanxin_gateway_requests_under_way", "Requests that wait for Kafka")
