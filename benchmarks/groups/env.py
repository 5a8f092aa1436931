"""A peer's own environment under var/peers, never ours."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def python_with(*packages: str) -> Path | None:
    """Its Python, made at the first call; None where a package cannot be installed."""
    folder = ROOT / "var/peers" / packages[0].replace("==", "-")
    python = folder / "bin/python"
    if not python.exists():
        print(f"Installing {', '.join(packages)} into {folder.relative_to(ROOT)} …", flush=True)
        venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages]
    done = subprocess.run(pip, check=False, capture_output=True, text=True)
    return python if done.returncode == 0 else None


def run(python: Path, code: str, asked: str) -> str:
    """What ``code`` prints in that environment, with ``asked`` at its standard input."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(python), "-c", code], input=asked, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout
