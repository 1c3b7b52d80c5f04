"""Make what is installed on a server: the wheel, and one archive with it, its pins and deploy/.

    python tools/make_wheel.py [--to dist]

Styles, scripts and catalogues must be built, from what stands in the source now: a wheel without
them would install and show pages without looks or in one language only.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOKS = Path("linli/faces/web/static/built")
LOOKS_FROM = Path("linli/faces/web/assets")
BUILT = ("app.css", "app.js", "icons.svg")
CATALOGUES = Path("linli/locale")
LANGUAGES = ("en", "zh_Hant")
# Beside the wheel in the archive: all that deploy/install reads.
BESIDE = ("deploy", "requirements/run.txt", "LICENSE", "CHANGELOG.md", "docs/guides")


def lacking(root: Path) -> Iterator[str]:
    """Yield what is not built, or was built before its source changed, with what builds it."""
    sources = [file for file in (root / LOOKS_FROM).rglob("*") if file.is_file()]
    newest = max((file.stat().st_mtime for file in sources), default=0.0)
    for name in (*BUILT, *(f"{name}.gz" for name in BUILT)):
        if why := _fault(root / LOOKS / name, newest):
            yield f"{LOOKS / name} {why}: make setup"
    for language in LANGUAGES:
        folder = CATALOGUES / language / "LC_MESSAGES"
        if why := _fault(root / folder / "django.mo", _written(root / folder / "django.po")):
            yield f"{folder / 'django.mo'} {why}: linli messages --compile"


def _written(file: Path) -> float:
    return file.stat().st_mtime if file.is_file() else 0.0


def _fault(built: Path, since: float) -> str:
    if not built.is_file() or not built.stat().st_size:
        return "is not built"
    return "is older than its source" if built.stat().st_mtime < since else ""


def make_wheel(root: Path, to: Path) -> Path:
    """Build the wheel in a copy: what an earlier build left in a folder would go along."""
    with tempfile.TemporaryDirectory(prefix="linli-wheel-") as folder:
        copy = Path(folder)
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy2(root / name, copy)
        skipped = shutil.ignore_patterns("__pycache__", "tests", "node_modules")
        shutil.copytree(root / "linli", copy / "linli", ignore=skipped)
        shutil.copytree(root / "requirements", copy / "requirements")
        build = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
        done = subprocess.run(
            [sys.executable, "-c", build], cwd=copy, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        built = copy / done.stdout.split()[-1]
        to.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy2(built, to))


def make_archive(root: Path, wheel: Path) -> Path:
    """Write linli-VERSION.tar.gz: what a server needs, in one file."""
    version = wheel.name.split("-")[1]
    archive = wheel.parent / f"linli-{version}.tar.gz"
    top = Path(f"linli-{version}")
    with tarfile.open(archive, "w:gz") as out:
        out.add(wheel, top / "dist" / wheel.name, filter=_plain)
        for name in BESIDE:
            out.add(root / name, top / name, filter=_plain)
    return archive


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return None if "__pycache__" in member.name else member


def main() -> None:
    """Make both, or say what is not built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    to = parser.parse_args().to
    if missing := list(lacking(ROOT)):
        raise SystemExit("No wheel is made:\n  " + "\n  ".join(missing))
    wheel = make_wheel(ROOT, to)
    archive = make_archive(ROOT, wheel)
    with zipfile.ZipFile(wheel) as inside:
        files = len(inside.namelist())
    print(f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB, {files} files)")
    print(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
