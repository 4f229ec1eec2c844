"""A lab's own mirror of weights: which addresses it may have, and how its files are opened.

A mirror is a folder behind `https://` or `file://` with `<model>.safetensors` and
`<model>.safetensors.sha256` for each model. The SHA-256 comes from the mirror itself, so it proves
only that nothing was lost on the way; that nobody changed both files is what HTTPS is for.
`http://` is therefore taken for loopback addresses alone: such a request never leaves the machine.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
    getproxies,
    url2pathname,
)

from piqa_cli.errors import MissingPartError, UsageError

TIMEOUT_S = 30.0  # without one byte, to connect as to read
_SET_IT = "give the folder's https:// or file:// address"


@dataclass(frozen=True, slots=True)
class Answer:
    """An opened file of a mirror.

    Attributes:
        url: its address.
        stream: its bytes, from `start` on.
        start: place of the first byte that comes; 0 where the server can't begin further on.
        size: bytes of the whole file; None: the server doesn't know.
    """

    url: str
    stream: Any
    start: int
    size: int | None

    def read(self, most: int) -> bytes:
        """The next bytes, at most so many; empty at the end, also at that of a cut connection.

        Raises:
            MissingPartError: the connection fails.
        """
        with _failures_told(self.url, "run the same command again, it goes on from there"):
            return bytes(self.stream.read(most))


class Mirror:
    """A mirror; nothing is opened before a file is asked for."""

    def __init__(self, url: str) -> None:
        """Takes the address of the folder.

        Raises:
            UsageError: it is no address that weights are taken from.
        """
        self._url = _checked(url).rstrip("/")

    def address(self, name: str) -> str:
        """Address of a file, for requests and messages."""
        return f"{self._url}/{quote(name)}"

    @contextmanager
    def open(self, name: str, *, at: int = 0) -> Iterator[Answer]:
        """Opens a file, at a later byte where the server can do that.

        Raises:
            MissingPartError: it isn't there, or there is no connection.
        """
        url = self.address(name)
        with _failures_told(url, "check the weights address and the network"):
            answer = _file_at(url, at) if url.startswith("file:") else _answer(url, at)
        with closing(answer.stream):
            yield answer


@contextmanager
def _failures_told(url: str, advice: str) -> Iterator[None]:
    """Turns what a connection raises into one line.

    Raises:
        MissingPartError: something was raised.
    """
    try:
        yield
    except HTTPError as error:
        error.close()
        raise MissingPartError(f"{url}: {error.code} {error.reason}: {advice}") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise MissingPartError(f"{url}: {words}: {advice}") from None


def _checked(url: str) -> str:
    """An address as it was given.

    Raises:
        UsageError: see `Mirror`; the line repeats no password.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"the weights address {url!r} can't be read: {_SET_IT}") from None
    if "@" in parts.netloc:
        raise UsageError(
            "the weights address holds a user name or password, which would end up in logs: "
            "leave it out, and let the mirror or a proxy say who may read"
        )
    if parts.query or parts.fragment or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise UsageError(f"the weights address {url!r} must name a folder, without ?, # or blanks")
    match parts.scheme:
        case "https" if host:
            return url
        case "http" if host and _is_loopback(host):
            return url
        case "http":
            raise UsageError(
                f"the weights address {url} is plain http://, where anybody on the way can change "
                "weights and their SHA-256 alike: use https://"
            )
        case "file" if parts.netloc in ("", "localhost") and parts.path.startswith("/"):
            return f"file://{parts.path}"
    raise UsageError(f"the weights address {url!r} is neither https:// nor file://: {_SET_IT}")


def _is_loopback(host: str) -> bool:
    """True for this machine itself.

    >>> _is_loopback("127.0.0.1"), _is_loopback("::1"), _is_loopback("127.0.0.1.example.org")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _file_at(url: str, at: int) -> Answer:
    stream = Path(url2pathname(urlsplit(url).path)).open("rb")  # noqa: SIM115  (`Mirror.open` closes it)
    size = stream.seek(0, os.SEEK_END)
    return Answer(url, stream, stream.seek(at if at < size else 0), size)


class _OnlySafeRedirects(HTTPRedirectHandler):
    """Follows a redirect to https://, or from loopback to loopback; nothing else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request to the new address, with the Range of the old one.

        Raises:
            MissingPartError: the new address isn't safe.
        """
        parts = urlsplit(newurl)
        stays_here = req.type == "http" and parts.scheme == "http"
        if parts.scheme != "https" and not (stays_here and _is_loopback(parts.hostname or "")):
            raise MissingPartError(
                f"{req.full_url} leads to {parts.scheme}://{parts.hostname}, which is no https:// "
                "address: refused; "
                "give the mirror's own https:// address"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    """An opener with certificates checked (urllib's default) and the environment's https proxy.

    Plain http is for loopback alone and goes through no proxy, for that would be another machine.
    """
    proxies = {scheme: proxy for scheme, proxy in getproxies().items() if scheme in ("https", "no")}
    return build_opener(ProxyHandler(proxies), _OnlySafeRedirects)


def _answer(url: str, at: int) -> Answer:
    """Asks for the bytes from `at` on and takes whatever the server makes of it."""
    try:
        response = _request(url, at)
    except HTTPError as error:
        if error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not at:
            raise
        error.close()
        response = _request(url, 0)
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers["Content-Range"] or "")
        if found is None or int(found[1]) != at:
            response.close()
            raise ValueError("the server sent another part of the file than was asked for")
        return Answer(url, response, at, None if found[2] == "*" else int(found[2]))
    length = response.headers["Content-Length"]
    return Answer(url, response, 0, None if length is None else int(length))


def _request(url: str, at: int) -> Any:
    headers = {"Range": f"bytes={at}-"} if at else {}
    return _opener().open(Request(url, headers=headers), timeout=TIMEOUT_S)
