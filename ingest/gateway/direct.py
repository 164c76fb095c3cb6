"""A route whose endpoint reads the request and makes the response itself."""

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send


class Direct(APIRoute):
    """Documented like any other route; the framework solves no dependencies and serialises nothing for it.

    That is half of what the framework costs a request.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the endpoint, an async function of the request."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)  # refuses
            return
        response = await self.endpoint(Request(scope, receive, send))
        await response(scope, receive, send)
