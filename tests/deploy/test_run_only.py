"""By night: nothing but the pinned packages and the wheel, and an empty folder to work in."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.imports.files import xlsx
from tools import make_wheel

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.nightly, pytest.mark.timeout(1800)]
LONGEST_START = 120.0
# 737 MB as measured; the environment of development takes 1.2 GB.
MOST_MEGABYTES = 800
PDF = """
import io, sys
from linli.capabilities.reports.paper import large_print
said = large_print(title="九十岁以上老人", note="", footer="第一页", author="邻里",
                   columns=["姓名", "住址"], rows=[["虞阿香", "东方丽都1幢101室"]])
sys.stdout.buffer.write(said)
"""
WORD = """
import sys
from docx import Document
made = Document()
made.add_paragraph("独居老人花名册")
table = made.add_table(rows=3, cols=3)
for cell, text in zip(table.rows[0].cells, ["姓名", "性别", "出生日期"]):
    cell.text = text
made.save(sys.argv[1])
"""
WORDS_IN = """
import sys
from docx import Document
for row in Document(sys.argv[1]).tables[0].rows:
    print(*(cell.text for cell in row.cells))
"""


@dataclass
class Installed:
    """A run-only environment and the empty folder that it is used in."""

    environment: Path
    folder: Path

    def settings(self, **more: str) -> dict[str, str]:
        """Return the caller's environment without anything of a checkout or of tests."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LINLI_", "PYTHON", "DJANGO", "DATABASE", "PYTEST", "VIRTUAL"))
        }
        return {**kept, **more}

    def run(self, program: str, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        """Run a program of the environment."""
        return subprocess.run(
            [str(self.environment / "bin" / program), *words],
            cwd=self.folder,
            env=self.settings(**more),
            capture_output=True,
            check=False,
        )

    def linli(self, *words: str, code: int = 0, **more: str) -> str:
        """Run a command of Linli and return what it said."""
        done = self.run("linli", *words, **more)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == code, said
        return said


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The pinned packages, the wheel without asking for more, and nothing else."""
    top = tmp_path_factory.mktemp("run-only")
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(top / "venv")], check=True)
    into = [uv, "pip", "install", "-q", "--python", str(top / "venv/bin/python")]
    pins = str(ROOT / "requirements/run.txt")
    subprocess.run([*into, "--require-hashes", "-r", pins], check=True)
    assert list(make_wheel.lacking(ROOT)) == []
    wheel = make_wheel.make_wheel(ROOT, top / "dist")
    subprocess.run([*into, "--no-deps", str(wheel)], check=True)
    (top / "empty").mkdir()
    return Installed(top / "venv", top / "empty")


@pytest.fixture(scope="module")
def demonstration(installed: Installed) -> str:
    """A small demonstration built by the installed product; its data folder."""
    data = str(installed.folder / "demo")
    installed.linli("demo", "--people", "300", "--no-serve", LINLI_DATA=data)
    return data


def megabytes(folder: Path) -> float:
    """Return what the files below a folder take on the disk."""
    return sum(file.lstat().st_blocks * 512 for file in folder.rglob("*")) / 1e6


def test_it_takes_much_less_than_the_tools_of_development(installed: Installed) -> None:
    compiled = sum(
        file.lstat().st_blocks * 512 for file in installed.environment.rglob("__pycache__/*.pyc")
    )
    size = megabytes(installed.environment) - compiled / 1e6
    print(f"run-only environment: {size:.0f} MB")
    assert size < MOST_MEGABYTES
    asked = installed.run("python", "-c", "import pytest")
    assert asked.returncode != 0


def test_it_is_the_installed_product_that_runs(installed: Installed) -> None:
    where = installed.run("python", "-c", "import linli; print(linli.__file__)").stdout.decode()
    assert where.startswith(str(installed.environment))
    assert "邻里" in installed.linli("--version")


def test_from_an_empty_folder_to_a_subdistrict(installed: Installed) -> None:
    assert "初始密码" in installed.linli("init", "330212007")
    assert "表：是这个版本的" in installed.linli("check")
    assert (installed.folder / "var" / "linli.sqlite3").is_file()


@pytest.mark.parametrize("command", ["messages", "docs"])
def test_what_belongs_to_a_checkout_says_so(installed: Installed, command: str) -> None:
    assert f"linli {command} 要在源代码里运行" in installed.linli(command, code=2)


@contextmanager
def served(installed: Installed, data: str) -> Iterator[str]:
    """Serve the data with one process; yield the address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    running = subprocess.Popen(
        [str(installed.environment / "bin/linli"), "serve", "--no-work", "--port", str(port)],
        cwd=installed.folder,
        env=installed.settings(LINLI_DATA=data, LINLI_DEMO="1", LINLI_WORKERS="1"),
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        running.terminate()
        running.wait(60)


def _wait_for(address: str) -> None:
    end = time.monotonic() + LONGEST_START
    while True:
        try:
            urlopen(f"{address}/sign-in/").read()
            return
        except (URLError, ConnectionError):
            assert time.monotonic() < end, "nobody answers"
            time.sleep(0.3)


def _get(address: str, **headers: str) -> tuple[Message, bytes]:
    with urlopen(Request(address, headers=headers)) as answer:
        return answer.headers, answer.read()


def test_pages_have_their_looks_icons_and_three_languages(
    installed: Installed, demonstration: str
) -> None:
    with served(installed, demonstration) as address:
        page = _get(f"{address}/sign-in/")[1].decode()
        for name, least in (("app.css", 100_000), ("app.js", 50_000)):
            (path,) = set(re.findall(rf'"(/static/built/{name}\?v=\w+)"', page))
            headers, body = _get(address + path, **{"Accept-Encoding": "gzip"})
            assert headers["Content-Encoding"] == "gzip"
            assert 10_000 < len(body) < least
            assert len(_get(address + path)[1]) > least
        assert b"<symbol" in _get(f"{address}/static/built/icons.svg")[1]
        assert "登录" in page
        for language, words in (("en", "Sign in"), ("zh-Hant", "登入")):
            assert words in _get(f"{address}/sign-in/", **{"Accept-Language": language})[1].decode()


def _somebody(installed: Installed, data: str, post: str) -> str:
    told = json.loads(installed.linli("users", "list", "--json", LINLI_DATA=data))
    return next(
        str(one["username"])
        for one in told["users"]
        if any(held.endswith(post) for held in one["posts"])
    )


def test_an_excel_list_is_previewed_and_a_word_form_filled(
    installed: Installed, demonstration: str
) -> None:
    installed.linli("snapshot", LINLI_DATA=demonstration)
    worker = _somebody(installed, demonstration, "社区工作者")
    officer = _somebody(installed, demonstration, "街道干部")
    names = installed.folder / "居民.xlsx"
    names.write_bytes(xlsx([["姓名", "学历", "家庭住址"], ["洪小满", "本科", "某某苑2幢202室"]]))
    said = installed.linli(
        "imports", "preview", str(names), "--as", worker, "--json", LINLI_DATA=demonstration
    )
    assert [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    blank, filled = installed.folder / "空白.docx", installed.folder / "填好.docx"
    installed.run("python", "-c", WORD, str(blank))
    given = ["--where", "60岁以上", "--out", str(filled), "--as", officer]
    installed.linli("forms", "fill", str(blank), *given, LINLI_DATA=demonstration)
    rows = installed.run("python", "-c", WORDS_IN, str(filled)).stdout.decode().splitlines()
    assert rows[0] == "姓名 性别 出生日期"
    assert re.match(r"\S+ [男女] ", rows[1])


def test_a_pdf_shows_chinese_letters(installed: Installed) -> None:
    file = installed.folder / "list.pdf"
    made = installed.run("python", "-c", PDF)
    assert made.stdout.startswith(b"%PDF"), made.stderr
    file.write_bytes(made.stdout)
    told = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True)
    assert "虞阿香" in told.stdout.decode()


def test_the_steps_of_the_container_work_in_a_scratch_root(tmp_path: Path) -> None:
    """What the Containerfile copies and runs, below a folder of its own."""
    top = tmp_path / "usr/src/linli"
    for name in ("requirements/run.txt", "deploy/install"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes((ROOT / name).read_bytes())
    make_wheel.make_wheel(ROOT, top / "dist")
    step = ["bash", str(top / "deploy/install"), "--container", "--root", str(tmp_path / "root")]
    subprocess.run(step, check=True, env={**os.environ, "PYTHON": sys.executable})
    linli = str(tmp_path / "root/opt/linli/bin/linli")
    told = subprocess.run([linli, "--version"], check=True, capture_output=True, cwd=tmp_path)
    assert "邻里" in told.stdout.decode()
