"""What the release workflow runs: whether a tag may be released, and the packages of it.

`release.py check TAG` and `release.py build FOLDER`. Only the standard library, and for `build` pip and setuptools.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def version(root: Path) -> str:
    named: str = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return named


def refusal(tag: str, root: Path) -> str:
    """Why the tag is no release; empty where it is one."""
    wanted = f"v{version(root)}"
    if tag != wanted:
        return f"the tag is {tag}, and pyproject.toml names {wanted}: raise the version first, then tag"
    command = ["git", "merge-base", "--is-ancestor", "HEAD", "refs/remotes/origin/main"]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True)  # noqa: S603  each word is ours
    return "" if done.returncode == 0 else "the tag is on no commit of main: merge first, then tag"


def build(folder: Path, root: Path) -> None:
    """A wheel, and its digest; the lock file beside it names all that it needs."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command = [*pip, "--no-build-isolation", "--wheel-dir", str(folder), str(root)]
    subprocess.run(command, check=True)  # noqa: S603  each word is ours
    (folder / "requirements.lock").write_bytes((root / "requirements.lock").read_bytes())
    lines = [f"{_digest(each)}  {each.name}\n" for each in sorted(folder.iterdir()) if each.name != "SHA256SUMS"]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["check", tag]:
            told = refusal(tag, ROOT)
            if told:
                sys.stderr.write(f"{told}\n")
            return 1 if told else 0
        case ["build", folder]:
            build(Path(folder), ROOT)
            return 0
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
