# The image of gateway, workers and migrations. Built in two stages, so that no build tool is left in it.
FROM python:3.12-slim AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /src
COPY requirements/bootstrap.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt
# What changes least comes first, so that a change of the code alone installs nothing anew.
COPY requirements/platform.txt requirements/
RUN uv venv /opt/huanxin && uv pip install --no-cache --python /opt/huanxin --require-hashes -r requirements/platform.txt
# local.txt is here for the build tool's version and hashes alone.
COPY requirements/local.txt requirements/
COPY pyproject.toml README.md ./
COPY huanxin huanxin
COPY schemas schemas
COPY ingest ingest
COPY streams streams
COPY warehouse warehouse
COPY expectations expectations
COPY console console
RUN uv build --no-cache --wheel --require-hashes --build-constraints requirements/local.txt --out-dir /tmp/wheel \
    && uv pip install --no-cache --python /opt/huanxin --no-deps /tmp/wheel/*.whl

FROM python:3.12-slim
# Nothing in the container needs root: ports are above 1024, and only the home is written to.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/huanxin huanxin \
    && install -d -o huanxin /var/lib/huanxin/access /var/lib/huanxin/drop /var/lib/huanxin/data
COPY --from=build /opt/huanxin /opt/huanxin
ENV PATH=/opt/huanxin/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HUANXIN_HOME=/var/lib/huanxin HUANXIN_HOST=0.0.0.0
USER huanxin
WORKDIR /var/lib/huanxin
ENTRYPOINT ["huanxin"]
