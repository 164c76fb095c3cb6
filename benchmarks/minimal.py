"""What the gateway is measured against: the same framework, reading a body and answering, with no work in between."""

from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.post("/v1/events", status_code=202)
async def post_events(request: Request) -> Response:
    """Read and answer."""
    await request.body()
    return Response(b'{"accepted":1,"duplicate":0,"rejected":0,"results":[]}', 202, media_type="application/json")


@app.get("/healthz")
async def healthz() -> str:
    """The process answers."""
    return "ok"
