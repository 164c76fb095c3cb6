"""A TCP proxy that can hold or cut each direction: what stands between a client and a server when the network fails."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

_POLL = 0.01


class Gate:
    """One direction. Held bytes stay in the proxy; with a marker it closes by itself where the marker comes by."""

    def __init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Let everything pass."""
        self.held = False
        self.marker: bytes | None = None
        self.after = 0
        self.waiting = 0
        """Bytes held back right now."""
        self.caught = False
        """Whether the marker came by."""

    def close(self) -> None:
        """Hold everything from now on."""
        self.held = True

    def close_at(self, marker: bytes, after: int = 0) -> None:
        """Hold everything once `marker` comes by, letting `after` bytes of it and what follows it pass first."""
        self.marker, self.after = marker, after

    def split(self, data: bytes) -> tuple[bytes, bytes]:
        """What may pass at once, and what is held."""
        if self.held:
            return b"", data
        if self.marker is not None and not self.caught:
            at = data.find(self.marker)
            self.caught = at >= 0
            self.after += max(at, 0)
        if not self.caught:
            return data, b""
        head, tail = data[: self.after], data[self.after :]
        self.after -= len(head)
        self.held = self.after <= 0
        return head, tail


class Proxy:
    """Listens on a port of ours and passes everything on to `target`; `up` is client to server, `down` server to client."""

    def __init__(self, host: str, port: int, target: int) -> None:
        self.host, self.port, self.target = host, port, target
        self.up, self.down = Gate(), Gate()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy-{port}", daemon=True)
        self._thread.start()
        self._wait(self._listen())

    def heal(self) -> None:
        """Let everything pass again."""
        self.up.open()
        self.down.open()

    def cut(self) -> None:
        """Close every connection; what was held in them is lost, as in a broken network."""
        self._wait(self._cut())

    def stop(self) -> None:
        """Close every connection and the port."""
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, self.host, self.port)

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(serving, timeout=2) if serving else None

    async def _cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there_writer = await asyncio.open_connection(self.host, self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, there_writer}
        self._writers |= pair
        pumps = (self._pump(reader, there_writer, self.up), self._pump(there_reader, writer, self.down))
        await asyncio.gather(*pumps, return_exceptions=True)
        self._writers -= pair

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: Gate) -> None:
        try:
            while data := await reader.read(65_536):
                while data:
                    head, data = gate.split(data)
                    if head:
                        writer.write(head)
                        await writer.drain()
                    if data:
                        gate.waiting += len(data)
                        await self._until_open(gate, writer)
        except OSError:
            pass
        finally:
            writer.transport.abort() if gate.held else writer.close()

    async def _until_open(self, gate: Gate, writer: asyncio.StreamWriter) -> None:
        while gate.held:
            if writer.is_closing():
                raise ConnectionError("the connection was cut while its bytes were held")
            await asyncio.sleep(_POLL)
