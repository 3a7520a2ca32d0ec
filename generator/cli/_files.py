"""Files that a command writes for people, and the folder of its own state."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from generator.cli._exits import Stop
from generator.cli._secrets import concealed

STATE = ".toban"


def state_folder(root: Path) -> Path:
    """`.toban/` below the project, made where it is missing; git ignores it."""
    folder = root / STATE
    if folder.is_symlink():
        raise Stop(f"`{folder}` is a link, and would have files written elsewhere", hint="delete it")
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError as error:
        raise Stop(
            f"`{folder}` is a file, and the state is kept in a folder of that name", hint="move it away"
        ) from error
    except OSError as error:
        raise Stop(
            f"the state in `{folder}` cannot be kept: {error.strerror}", hint="see who may write there"
        ) from error
    keep_from_git(folder)
    return folder


def keep_from_git(folder: Path) -> None:
    """It holds what was live: nobody commits that who did not think of git."""
    with suppress(OSError), (folder / ".gitignore").open("x", encoding="utf-8") as file:
        file.write("*\n")


def write_file(path: Path, text: str) -> None:
    """Write a file that the person named, and the folders that it is in."""
    write_bytes(path, concealed(text).encode())


def write_bytes(path: Path, content: bytes) -> None:
    """The same of what is not shown to anybody, such as a package."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Stop(f"`{path}` cannot be written: {error.strerror}", hint="name another file") from error
