"""A GitHub of one repository, served over HTTP: pull requests, comments, analyses and issues, in memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105  of nobody
NAME = "example/monitors"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
Row = dict[str, Any]


@dataclass
class GitHub:
    """What it holds; `writes` are the calls that changed something."""

    url: str = ""
    pulls: dict[int, Row] = field(default_factory=dict)
    comments: dict[int, list[Row]] = field(default_factory=dict)
    issues: list[Row] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    analyses: list[Row] = field(default_factory=list)
    has_code_scanning: bool = True

    def pull(
        self, number: int, head: str, *, repository: str = NAME, branch: str = "stricter", state: str = "open"
    ) -> None:
        self.pulls[number] = {
            "state": state,
            "head": {"sha": head, "ref": branch, "repo": {"full_name": repository} if repository else None},
            "base": {"repo": {"full_name": NAME}},
        }

    def read(self, path: str, query: dict[str, list[str]]) -> Any:
        words = path.split("/")
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["30"])[0])
        if words[1] == "pulls":
            return self.pulls.get(int(words[2]))
        if words[-1] == "comments":
            rows = self.comments.get(int(words[2]), [])
        else:
            label = query["labels"][0]
            rows = [each for each in self.issues if each["state"] == query["state"][0] and label in each["labels"]]
        return rows[(page - 1) * size : page * size]

    def write(self, method: str, path: str, content: Row) -> Row | None:
        self.writes.append(f"{method} {path}")
        words = path.split("/")
        if words[-1] == "comments":
            row = {"id": 1_000 + sum(map(len, self.comments.values())), "user": BOT, **content}
            self.comments.setdefault(int(words[2]), []).append(row)
            return row
        if path == "/code-scanning/sarifs":
            self.analyses.append(content)
            return {"id": f"analysis-{len(self.analyses)}", "url": "https://api.github.com/x"}
        if path == "/issues":
            row = {"number": 50 + len(self.issues), "state": "open", "user": BOT, **content}
            self.issues.append(row)
            return row
        rows = [each for rows in self.comments.values() for each in rows] if words[2] == "comments" else self.issues
        name = "id" if words[2] == "comments" else "number"
        found = next((each for each in rows if each.get(name) == int(words[-1])), None)
        if found is not None:
            found.update(content)
        return found


@contextmanager
def served() -> Iterator[GitHub]:
    github = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            path = parts.path.removeprefix(f"/repos/{NAME}")
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                return self.tell(403, {"message": f"Resource not accessible by {self.headers['Authorization']}"})
            if path.startswith("/code-scanning/") and not github.has_code_scanning:
                return self.tell(403, {"message": "Code Security must be enabled for this repository."})
            if self.command == "GET":
                found = github.read(path, parse_qs(parts.query))
            else:
                found = github.write(self.command, path, json.loads(body))
            return self.tell(404, {"message": "Not Found"}) if found is None else self.tell(200, found)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815  the names that http.server calls

        def tell(self, status: int, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    github.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
