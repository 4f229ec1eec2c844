"""A mirror of weights on this machine, with the faults that servers have."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """Serves files by name; what it was asked for is kept.

    Attributes:
        files: content by name.
        ranges: the Range header of each request for weights, None where there was none.
        knows_ranges: False: sends everything whatever was asked for.
        cut_after: sends no more than so many bytes of weights, then ends the connection.
        says_size: False: without Content-Length.
        leads_to: answers every request with a redirect to this address.
    """

    def __init__(self, files):
        self.files, self.ranges = files, []
        self.knows_ranges, self.says_size = True, True
        self.cut_after, self.leads_to, self.url = None, None, ""


@contextmanager
def serving(files):
    """A server on a free port of the loopback address."""
    server = Server(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self, server)

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}/weights"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def answer(request, server):
    if server.leads_to is not None:
        request.send_response(302)
        request.send_header("Location", server.leads_to + request.path)
        request.end_headers()
        return
    name = request.path.rpartition("/")[2]
    if request.path != f"/weights/{name}" or name not in server.files:
        request.send_error(404)
        return
    content, start = server.files[name], 0
    if name.endswith(".safetensors"):
        server.ranges.append(request.headers["Range"])
        if server.knows_ranges and (asked := re.fullmatch(r"bytes=(\d+)-", str(server.ranges[-1]))):
            start = int(asked[1])
    if start >= len(content) and start:
        request.send_error(416)
        return
    request.send_response(206 if start else 200)
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    if server.says_size:
        request.send_header("Content-Length", str(len(content) - start))
    request.end_headers()
    most = server.cut_after if name.endswith(".safetensors") else None
    request.wfile.write(content[start:][:most])
