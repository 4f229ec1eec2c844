"""Files in object storage (`s3://`, `gs://`), under the names that pathlib has for them.

The one module that knows pyarrow.fs, which is imported at the first request: who has local files
alone never waits for it. Region, endpoint and credentials are those of the environment (AWS_REGION,
AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID ...; GOOGLE_APPLICATION_CREDENTIALS).
"""

from __future__ import annotations

import errno
import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from piqa_cli.errors import MissingPartError, PiqaError

_URL = re.compile(r"(s3|gs|file):/+(.*)", re.DOTALL)
_OTHER_URL = re.compile(
    r"(https?|ftps?|sftp|ssh|scp|smb|nfs|hdfs|webdavs?|davs?|az|abfss?|wasbs?|gcs|s3[an]):/+(.*)",
    re.DOTALL | re.IGNORECASE,
)
_BUFFER_BYTES = 8 << 20  # one request a photograph, and a bound for files that are none
REQUESTS_AT_ONCE = 16
"""Threads that wait for a storage's answers, which take long and no processor."""

# All that says which S3 is meant and who asks; names of files (AWS_PROFILE's,
# GOOGLE_APPLICATION_CREDENTIALS) hold on one machine only.
_SETTINGS = (
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)
_CONNECT_S = 10.0
_REQUEST_S = 60.0
_GS_RETRY_S = 60  # pyarrow's own 15 minutes look like a program that hangs
_MOST_CHARACTERS = 160  # of a storage's own words

# Marks in the storages' messages: number of the system's error, and one line for people.
_CAUSES = (
    (
        r"NO_SUCH_BUCKET|NoSuchBucket|bucket does not exist",
        errno.ENOENT,
        "there is no such bucket: check its name and AWS_ENDPOINT_URL",
    ),
    (
        r"NO_SUCH_KEY|HTTP status 404|NOT_FOUND|does not exist",
        errno.ENOENT,
        "no such object",
    ),
    (
        r"ACCESS_DENIED|InvalidAccessKeyId|INVALID_ACCESS_KEY_ID|INVALID_CLIENT_TOKEN_ID|"
        r"SIGNATURE_DOES_NOT_MATCH|UNAUTHENTICATED|PERMISSION_DENIED|HTTP status 40[13]",
        errno.EACCES,
        "access denied: check the credentials (AWS_ACCESS_KEY_ID, AWS_PROFILE, "
        "GOOGLE_APPLICATION_CREDENTIALS) and what they may read and list",
    ),
    (
        r"NETWORK_CONNECTION|curlCode|UNAVAILABLE|REQUEST_TIMEOUT|resolve host|DEADLINE_EXCEEDED",
        errno.ECONNREFUSED,
        "the storage doesn't answer: check the network, AWS_ENDPOINT_URL and AWS_REGION",
    ),
    (
        r"HTTP status 301|PermanentRedirect|AuthorizationHeaderMalformed",
        errno.EINVAL,
        "the bucket lies in another region: set AWS_REGION",
    ),
)


class RemotePath:
    """A file or folder in object storage; it has those methods of a Path that reading needs.

    It is no file on this machine, so no PathLike. All methods that reach the storage raise
    OSError whose `strerror` is one line with what to do.
    """

    __slots__ = ("url",)

    def __init__(self, url: str) -> None:
        """Takes a URL whose scheme is `s3`, `gs` or, for a disk by the same way, `file`."""
        self.url = url

    @property
    def name(self) -> str:
        """Last part of the URL."""
        return PurePosixPath(self.url).name

    @property
    def suffix(self) -> str:
        """Suffix of the name, with its point."""
        return PurePosixPath(self.url).suffix

    @property
    def stem(self) -> str:
        """The name without suffix."""
        return PurePosixPath(self.url).stem

    @property
    def parent(self) -> RemotePath:
        """The folder of it; that of a bucket is itself."""
        scheme, inside = self._parts()
        above = inside.rpartition("/")[0]
        return RemotePath(f"{scheme}://{above}") if above else self

    def absolute(self) -> RemotePath:
        """Itself: a URL holds on every machine."""
        return self

    def is_symlink(self) -> bool:
        """False: a storage has no links."""
        return False

    def exists(self) -> bool:
        """True where a file or a folder is there."""
        return self._kind() != "NotFound"

    def is_file(self) -> bool:
        """True where a file is there."""
        return self._kind() == "File"

    def is_dir(self) -> bool:
        """True where a folder is there."""
        return self._kind() == "Directory"

    @contextmanager
    def open(self, mode: str = "rb") -> Iterator[IO[bytes]]:
        """Opens a file to be read in bytes."""
        assert mode == "rb"
        storage, inside = self._storage()
        with (
            _one_line_errors(),
            storage.open_input_stream(inside, buffer_size=_BUFFER_BYTES) as file,
        ):
            yield cast("IO[bytes]", file)

    def size(self) -> int:
        """Bytes of a file."""
        storage, inside = self._storage()
        with _one_line_errors():
            info = storage.get_file_info(inside)
        if not info.is_file:
            raise FileNotFoundError(errno.ENOENT, "no such object")
        return int(info.size)

    def read_bytes(self) -> bytes:
        """The whole file."""
        with self.open() as file:
            return file.read()

    def write_bytes(self, data: bytes) -> None:
        """Puts the whole file; nobody ever sees a part of it where the storage puts objects."""
        storage, inside = self._storage()
        with _one_line_errors():
            if self._parts()[0] == "file":  # a disk has folders
                storage.create_dir(inside.rpartition("/")[0], recursive=True)
            with storage.open_output_stream(inside) as file:
                file.write(data)

    def files_below(self) -> list[str]:
        """All files below a folder, by their paths within it."""
        from pyarrow.fs import FileSelector

        storage, inside = self._storage()
        with _one_line_errors():
            found = storage.get_file_info(FileSelector(inside, recursive=True))
        return [info.path[len(inside) + 1 :] for info in found if info.is_file]

    def bucket(self) -> RemotePath:
        """The bucket of it, or the root of a disk."""
        scheme, inside = self._parts()
        return RemotePath(f"{scheme}://{inside.partition('/')[0] or '/'}")

    def joined(self, path: str) -> RemotePath:
        """The file at a path from here, which may hold `..`."""
        scheme, inside = self._parts()
        return RemotePath(f"{scheme}://{posixpath.normpath(posixpath.join(inside, path))}")

    def __truediv__(self, name: str) -> RemotePath:
        return RemotePath(f"{self.url.rstrip('/')}/{name}")

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"RemotePath({self.url!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemotePath) and other.url == self.url

    def __hash__(self) -> int:
        return hash(self.url)

    def _parts(self) -> tuple[str, str]:
        """Scheme, and bucket with key, or the path on a disk."""
        scheme, _, inside = self.url.partition("://")
        return scheme, inside.rstrip("/") or "/"

    def _storage(self) -> tuple[Any, str]:
        """The file system of the scheme, and the place within it."""
        scheme, inside = self._parts()
        with _one_line_errors():
            # A region is looked up by the bucket where nothing else names it.
            return _file_system(scheme, inside.partition("/")[0]), inside

    def _kind(self) -> str:
        storage, inside = self._storage()
        with _one_line_errors():
            return str(storage.get_file_info(inside).type.name)


AnyPath = Path | RemotePath
"""A file or folder on this machine, or in object storage."""


def place(named: str | Path) -> AnyPath:
    """The place that a user named: a path, or a URL of object storage.

    A Path of a URL has lost one of its two slashes; it is understood all the same.

    Raises:
        PiqaError: it is a URL of a kind that isn't read.

    >>> place("s3://photos/night"), place(Path("s3://photos/night"))
    (RemotePath('s3://photos/night'), RemotePath('s3://photos/night'))
    """
    match = _URL.fullmatch(str(named))
    if match is None:
        if (other := _OTHER_URL.fullmatch(str(named))) is not None:
            raise PiqaError(
                f"{other[1]}://{other[2]}: of URLs only s3:// and gs:// can be used; "
                "name one of these, or a folder of this machine"
            )
        return Path(named)
    scheme, rest = match[1], match[2].rstrip("/")
    return RemotePath(f"{scheme}:///{rest}" if scheme == "file" else f"{scheme}://{rest}")


def size_of(file: AnyPath) -> int:
    """Bytes of a file.

    Raises:
        OSError: it isn't there, or the storage doesn't say.
    """
    return file.size() if isinstance(file, RemotePath) else file.stat().st_size


def is_url(named: str | Path) -> bool:
    """True for a URL of object storage, also where it became a Path."""
    return _URL.fullmatch(str(named)) is not None


def threads_for(files: Iterable[AnyPath], *, local: int = 1) -> int:
    """Threads that ask for files: many where some lie in a storage, whose answers take long.

    Args:
        files: to be asked for.
        local: threads where all lie on this machine.

    >>> threads_for([Path("a")]), threads_for([Path("a"), place("s3://b/c")])
    (1, 16)
    """
    remote = any(isinstance(file, RemotePath) for file in files)
    return max(local, REQUESTS_AT_ONCE) if remote else local


def storage_settings() -> dict[str, str]:
    """The environment's settings of object storage that hold on other machines, too."""
    return {name: os.environ[name] for name in _SETTINGS if os.environ.get(name)}


def take_storage_settings(settings: Mapping[str, str]) -> None:
    """Makes another machine's settings those of this process, and of those that it starts.

    They come first where both have one. A session's token belongs to its key: one of this machine
    doesn't stay beside a key of the other.
    """
    if "AWS_ACCESS_KEY_ID" in settings:
        os.environ.pop("AWS_SESSION_TOKEN", None)
    os.environ.update(settings)
    if settings:
        _file_system.cache_clear()


@cache
def _file_system(scheme: str, bucket: str) -> Any:
    """The file system of a scheme; the process keeps it with its connections.

    Raises:
        MissingPartError: this pyarrow was built without it.
    """
    try:
        if scheme == "file":
            from pyarrow.fs import LocalFileSystem

            return LocalFileSystem()
        if scheme == "gs":
            from datetime import timedelta

            from pyarrow.fs import GcsFileSystem

            return GcsFileSystem(retry_time_limit=timedelta(seconds=_GS_RETRY_S))
        from pyarrow.fs import S3FileSystem, resolve_s3_region
    except ImportError:
        raise MissingPartError(
            f"this pyarrow was built without {scheme}://: pip install --force-reinstall pyarrow"
        ) from None
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if region is None and endpoint is None:
        region = resolve_s3_region(bucket)
    url_scheme, _, host = (endpoint or "https://").rpartition("://")
    return S3FileSystem(
        region=region,
        scheme=url_scheme or "https",
        endpoint_override=host.rstrip("/") or None,
        connect_timeout=_CONNECT_S,
        request_timeout=_REQUEST_S,
        allow_delayed_open=True,  # one request for a small object, not three
    )


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Turns a storage's errors into such as a disk raises, with one line that says what to do.

    Raises:
        OSError: the storage raised one.
    """
    try:
        yield
    except OSError as error:
        raise _plain(error) from None


def _plain(error: OSError) -> OSError:
    text = " ".join(str(error).split())
    for mark, number, words in _CAUSES:
        if re.search(mark, text):
            return OSError(number, words)
    if error.errno is not None and error.errno != errno.EIO:
        return OSError(error.errno, os.strerror(error.errno))
    return OSError(errno.EIO, text[:_MOST_CHARACTERS])
