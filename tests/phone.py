"""A phone in the field, over real HTTP: posts records, and can lose its connection anywhere."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

BOUNDARY = "tessera-phone"
CSRF = "t" * 32
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body's JSON."""
        return json.loads(self.body)


def multipart(content: bytes, files: Files | None = None) -> bytes:
    """Return the body of a submission."""
    parts = {"xml_submission_file": ("s.xml", content)}
    parts |= {name: (name, body) for name, body in (files or {}).items()}
    whole = b""
    for name, (file_name, body) in parts.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"'
        whole += (
            f"--{BOUNDARY}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
        )
        whole += body + b"\r\n"
    return whole + f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Phone:
    """Sends records to ``address``; each request has a connection of its own."""

    port: int
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    timeout: float = 60.0

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request; raise OSError or HTTPException where the connection breaks."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            sent = {"Host": f"localhost:{self.port}"} | self.headers | named
            link.request(method, path, body, sent)
            answer = link.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            link.close()

    def send(self, content: bytes, files: Files | None = None) -> Answer:
        """Post a record."""
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.ask("POST", self.address, multipart(content, files), Content_Type=kind)

    def send_in_chunks(self, content: bytes, files: Files | None = None) -> Answer:
        """Post a record without announcing its length."""
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.ask("POST", self.address, chunks(multipart(content, files)), Content_Type=kind)

    def send_part(
        self, content: bytes, files: Files | None, share: float, *, chunked: bool = False
    ) -> int | None:
        """Post a part of a body, then say no more; return the status, if there was an answer."""
        whole = multipart(content, files)
        part = whole[: int(len(whole) * share)]
        lines = [f"POST {self.address} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append(f"Content-Type: multipart/form-data; boundary={BOUNDARY}")
        lines.append("Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(whole)}")
        body = f"{len(part):x}\r\n".encode() + part + b"\r\n" if chunked else part
        with socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout) as link:
            link.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            link.shutdown(socket.SHUT_WR)
            head = link.recv(1000)
        return int(head.split()[1]) if head.startswith(b"HTTP/") else None


def chunks(body: bytes, size: int = 7000) -> Iterator[bytes]:
    """Yield a body piece by piece."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


def new_id() -> str:
    """Return an instance ID that nobody has used."""
    return f"uuid:{uuid4()}"
