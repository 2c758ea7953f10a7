"""A mirror on this machine, with every vice that a mirror may have, and archives to put on it."""

import gzip
import hashlib
import io
import random
import tarfile
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kindling.source.archive import Archive, Member

CONTENT = random.Random(0).randbytes(50_000)  # does not compress, so that every byte of the archive counts
PARTS = {f"set/{name}.bin": CONTENT[start::3] for start, name in enumerate("abc")}
MEMBERS = tuple(Member(name, len(content)) for name, content in PARTS.items())


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes = CONTENT, known: bool = True) -> tuple[Archive, bytes]:
    packed = gzip.compress(content, mtime=0)
    member = Member("numbers", len(content), checksum(content) if known else "")
    return Archive("numbers.gz", checksum(packed), (member,)), packed


def pack_tar(contents: dict[str, bytes], change: Callable[[tarfile.TarInfo], object] = id) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            change(entry)
            tar.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def pack_parts(folder: Path, packed: bytes | None = None) -> Archive:
    """Put an archive of several parts into a folder, as if it were official."""
    packed = packed or pack_tar(PARTS)
    folder.mkdir(exist_ok=True)
    (folder / "parts.tar.gz").write_bytes(packed)
    return Archive("parts.tar.gz", checksum(packed), MEMBERS)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


class Server(ThreadingHTTPServer):
    """Serves one file under any name and writes down which bytes it was asked for."""

    daemon_threads = True

    def __init__(self, content: bytes, **behaviour: Any) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.asked: list[str | None] = []
        self.code = 200
        self.ranges = True  # whether it can continue
        self.cut: list[int] = []  # how much of each answer comes before the connection ends
        self.rest: bytes | None = None  # what it sends when it continues, instead of the truth
        self.shift = 0  # how far from the right byte it continues
        self.pause = 0.0  # seconds between pieces
        self.stall = threading.Event()
        self.stall.set()
        self.__dict__.update(behaviour)
        self.address = f"http://127.0.0.1:{self.server_port}/folder/"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, *_: Any) -> None:
        """A client that is killed is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server, asked = self.server, self.headers["Range"]
        server.asked.append(asked)
        start = int(asked.removeprefix("bytes=")[:-1]) if asked and server.ranges else 0
        if server.code != 200 or (start and start >= len(server.content)):
            return self.send_error(416 if server.code == 200 else server.code)
        content = server.content[start:]
        if start and server.rest is not None:
            content = server.rest
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content)))
        if start:
            first = start + server.shift
            self.send_header("Content-Range", f"bytes {first}-{first + len(content) - 1}/*")
        self.end_headers()
        self.send_slowly(content[: server.cut.pop(0) if server.cut else None])
        return None

    def send_slowly(self, content: bytes) -> None:
        step = 4096 if self.server.pause else len(content) or 1
        for start in range(0, len(content), step):
            self.wfile.write(content[start : start + step])
            time.sleep(self.server.pause)
        self.server.stall.wait(5)

    def log_message(self, *_: Any) -> None:
        pass


Serve = Callable[..., Server]
