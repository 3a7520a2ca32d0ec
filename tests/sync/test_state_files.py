"""The journal, the archive and the lock outlive a crash."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from generator.plan.model import Action, Change, Plan
from generator.sync.archive import Archive, Origin, Unreadable, last_sync, restore, run_of, runs
from generator.sync.journal import Intent, Journal, latest, left_open, run_name, unfinished
from generator.sync.lock import Locked, exclusive
from generator.sync.outcome import Status, outcome_of

PLAN = Plan("main", (), 0, (), "digest", "desired digest")


def change(name: str) -> Change:
    return Change(Action.UPDATE, "monitor", f"main/api/{name}/production", name, id="7")


def journal_with(state: Path, *intents: str, settled: tuple[str, ...] = ()) -> Path:
    with Journal.begin(state, "run", PLAN) as journal:
        for name in intents:
            journal.intend(change(name))
        for name in settled:
            journal.settle(outcome_of(change(name), Status.DONE))
    return journal.path


def test_a_write_without_an_outcome_is_unfinished(tmp_path: Path) -> None:
    path = journal_with(tmp_path, "a", "b", "c", settled=("a", "c"))
    assert unfinished(path) == (Intent("monitor", "main/api/b/production", "update", "7"),)


def test_an_interrupted_write_stays_unfinished(tmp_path: Path) -> None:
    with Journal.begin(tmp_path, "run", PLAN) as journal:
        journal.intend(change("a"))
        journal.settle(outcome_of(change("a"), Status.INTERRUPTED))
    assert len(unfinished(journal.path)) == 1


@pytest.mark.parametrize("torn", range(2, 60, 7))
def test_a_torn_last_line_is_passed_over(torn: int, tmp_path: Path) -> None:
    path = journal_with(tmp_path, "a", "b")
    path.write_bytes(path.read_bytes()[:-torn])
    assert [each.tracking_id for each in unfinished(path)] == ["main/api/a/production"]


@pytest.mark.parametrize(
    "line", [b"\xff\x00", b"[1]", b"null", b'{"intent": 1}', b'{"outcome": {"status": []}}', b"[" * 9999]
)
def test_a_line_that_is_no_entry_is_passed_over(line: bytes, tmp_path: Path) -> None:
    path = journal_with(tmp_path, "a")
    path.write_bytes(line + b"\n" + path.read_bytes() + line)
    assert len(unfinished(path)) == 1


def test_a_journal_is_never_overwritten(tmp_path: Path) -> None:
    journal_with(tmp_path)
    with pytest.raises(FileExistsError):
        Journal.begin(tmp_path, "run", PLAN)


def test_threads_note_at_the_same_time_without_mixing_lines(tmp_path: Path) -> None:
    def note(journal: Journal, part: int) -> None:
        for each in range(25):
            journal.intend(change(f"{part}-{each}"))

    with Journal.begin(tmp_path, "run", PLAN) as journal:
        threads = [threading.Thread(target=note, args=(journal, part)) for part in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lines = [json.loads(line) for line in journal.path.read_text().splitlines()]
    assert len(lines) == 201
    assert len(unfinished(journal.path)) == 200


def test_names_of_runs_sort_by_time(tmp_path: Path) -> None:
    moments = [datetime(2026, 2, 9, 23, 59, 59, tzinfo=UTC), datetime(2026, 2, 10, tzinfo=UTC)]
    names = [run_name(moment, process) for moment, process in zip(moments, (99, 1), strict=True)]
    assert names == sorted(names)
    assert latest(tmp_path) is None
    for name in reversed(names):
        Journal.begin(tmp_path, name, PLAN).close()
    assert (latest(tmp_path) or tmp_path).stem == names[-1]


def test_what_any_run_left_open_is_known_until_a_later_one_has_looked(tmp_path: Path) -> None:
    assert left_open(tmp_path) == ()
    for name, intents in (("1", ("a", "b")), ("2", ("c",)), ("3", ())):
        with Journal.begin(tmp_path, name, PLAN) as journal:
            for each in intents:
                journal.intend(change(each))
    assert [each.tracking_id.split("/")[2] for each in left_open(tmp_path)] == ["a", "b", "c"]
    with Journal.begin(tmp_path, "4", PLAN) as journal:
        journal.settle(outcome_of(change("a"), Status.ALREADY))
        journal.note_looked(Intent("monitor", "main/api/b/production", "update", "7"))
    assert [each.tracking_id.split("/")[2] for each in left_open(tmp_path)] == ["c"]


def test_what_is_open_at_one_datadog_is_open_until_a_run_looks_at_that_one(tmp_path: Path) -> None:
    here, elsewhere = (msgspec.structs.replace(PLAN, target=target) for target in ("https://here", "https://elsewhere"))
    with Journal.begin(tmp_path, "1", here) as journal:
        journal.intend(change("a"))
    with Journal.begin(tmp_path, "2", elsewhere) as journal:
        assert journal.carried == ()
        journal.intend(change("a"))
        journal.settle(outcome_of(change("a"), Status.DONE))
    assert [each.target for each in left_open(tmp_path)] == ["https://here"]
    with Journal.begin(tmp_path, "3", here) as journal:
        assert [each.tracking_id for each in journal.carried] == ["main/api/a/production"]
        journal.note_looked(*journal.carried)
    assert left_open(tmp_path) == ()


def test_a_write_without_an_answer_stays_open(tmp_path: Path) -> None:
    """It may take effect after its sender has given up."""
    with Journal.begin(tmp_path, "run", PLAN) as journal:
        journal.intend(change("a"))
        journal.settle(outcome_of(change("a"), Status.FAILED))
    assert len(left_open(tmp_path)) == 1


def test_a_run_that_dies_while_it_begins_its_journal_forgets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal_with(tmp_path, "a")
    monkeypatch.setattr(os, "fsync", _full_disk)
    with pytest.raises(OSError, match="No space"):
        Journal.begin(tmp_path, "run-2", PLAN)
    assert len(left_open(tmp_path)) == 1


def _full_disk(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_journal_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "journal" / "2.jsonl").mkdir(parents=True)
    assert left_open(tmp_path) == ()
    with Journal.begin(tmp_path, "1", PLAN) as journal:
        journal.intend(change("a"))
    assert len(left_open(tmp_path)) == 1


NAME = "main/api/a/production"
ORIGIN = Origin("https://api.datadoghq.eu", "main", "run-1")


def test_the_archive_gives_back_what_it_was_given(tmp_path: Path) -> None:
    payload = {"id": 7, "name": "日本", "options": {"thresholds": {"critical": 1.5}}, "big": 2**53 + 1}
    path = Archive(tmp_path, "run", ORIGIN).keep("monitor", payload, NAME, written={"name": "new"})
    archived = restore(path)
    assert (archived.resource, archived.id, archived.payload) == ("monitor", "7", payload)
    assert (archived.target, archived.workspace, archived.restores) == ("https://api.datadoghq.eu", "main", "run-1")
    assert (archived.tracking_id, archived.written, archived.is_own) == (NAME, {"name": "new"}, False)


def test_the_archive_keeps_what_was_there_first(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "run", ORIGIN)
    archive.keep("monitor", {"id": 7, "name": "first"}, NAME)
    path = archive.keep("monitor", {"id": 7, "name": "second"}, NAME)
    assert restore(path).payload["name"] == "first"


def test_what_could_not_be_kept_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path, "run", ORIGIN)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _full_disk)
        with pytest.raises(OSError, match="No space"):
            archive.keep("monitor", {"id": 7, "name": "first"}, NAME)
    assert runs(tmp_path) == ()
    assert restore(archive.keep("monitor", {"id": 7, "name": "second"}, NAME)).payload["name"] == "second"


def test_an_id_cannot_lead_out_of_the_archive(tmp_path: Path) -> None:
    path = Archive(tmp_path, "run").keep("monitor", {"id": "../../7"})
    assert path.resolve().is_relative_to(tmp_path / "archive" / "run")


def test_the_last_run_that_can_be_restored_is_no_restore(tmp_path: Path) -> None:
    assert last_sync(tmp_path) is None
    for run, restores in (("1", ""), ("2", ""), ("3", "2"), ("4", "3")):
        Archive(tmp_path, run, Origin("t", "main", restores)).keep("monitor", {"id": 7}, NAME)
    assert (runs(tmp_path), last_sync(tmp_path)) == (("1", "2", "3", "4"), "2")


def test_a_file_is_of_the_archive_only_where_it_really_lies_there(tmp_path: Path) -> None:
    path = Archive(tmp_path, "run", ORIGIN).keep("monitor", {"id": 7}, NAME)
    outside = tmp_path / "outside.json"
    outside.write_bytes(path.read_bytes())
    link = path.with_name("link.json")
    link.symlink_to(outside)
    assert [run_of(tmp_path, each) for each in (path, outside, link)] == ["run", None, None]


KEPT: dict[str, object] = {
    "version": 2, "resource": "monitor", "id": "7", "payload": {"id": 7}, "tracking_id": NAME, "workspace": "main",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"resource": "notebook"}, r"holds a `notebook`; this toban knows .*monitor"),
        ({"id": "8"}, "its payload is of another id"),
        ({"workspace": "other"}, "is of workspace `other`, but"),
        ({"tracking_id": ""}, "was managed as ``"),
        ({"version": 1}, "has version 1 of the archive; this toban reads 2"),
        ({"payload": []}, "is no archived resource"),
    ],
)
def test_a_file_that_contradicts_itself_is_told(changed: dict[str, object], told: str, tmp_path: Path) -> None:
    path = tmp_path / "monitor-7.json"
    path.write_text(json.dumps(KEPT))
    assert restore(path).id == "7"
    path.write_text(json.dumps({**KEPT, **changed}))
    with pytest.raises(Unreadable, match=told):
        restore(path)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"version":2,"resource":"m","id":"1","payload":{}}'])
def test_a_file_that_is_no_archived_resource_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "monitor-1.json"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"monitor-1\.json"):
        restore(path)


def test_a_second_sync_from_one_checkout_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(Locked, match=f"process {os.getpid()}"), exclusive(tmp_path):
        pass
    with exclusive(tmp_path):
        pass


def test_the_lock_of_a_killed_sync_is_free(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys\nfrom generator.sync.lock import exclusive\n"
        "with exclusive(pathlib.Path(sys.argv[1])):\n    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert killed.returncode == -9
    with exclusive(tmp_path):
        pass
