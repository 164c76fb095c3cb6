# Superset as its project ships it, with two drivers it lacks (ClickHouse, PostgreSQL) and this project's pages.
FROM apache/superset:6.1.0
USER root
# The same lock as the local Superset: uv takes versions from it and checks each file against its hash.
COPY requirements/superset.txt /tmp/superset.txt
RUN uv pip install --no-cache --python /app/.venv --constraint /tmp/superset.txt clickhouse-connect psycopg2-binary \
    && rm /tmp/superset.txt
COPY superset /app/huanxin
COPY warehouse/reference/departments.yaml /app/warehouse/reference/departments.yaml
COPY ingest/sources.yaml /app/ingest/sources.yaml
ENV PYTHONPATH=/app/huanxin SUPERSET_CONFIG_PATH=/app/huanxin/superset_config.py
USER superset
