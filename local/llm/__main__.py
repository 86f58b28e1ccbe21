"""`python -m local.llm`: a chat server to try the agents without a key."""

from __future__ import annotations

import argparse
import socket

import uvicorn

from .answers import ANSWERS
from .app import Script, create_app
from .behaviours import BEHAVIOURS


def main() -> None:
    """Serve until interrupted."""
    listing = "\n".join(f"  {name:16} {text[0]}" for name, text in (*ANSWERS.items(), *BEHAVIOURS.items()))
    parser = argparse.ArgumentParser(
        prog="python -m local.llm",
        description="An OpenAI-compatible stand-in: deterministic, without a key, misbehaving on request.",
        epilog=f"behaviours (name or name:argument):\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--behaviour", action="append", default=[], help="repeat for a sequence; the last one stays")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8089, help="0 = any free port")
    options = parser.parse_args()
    script = Script()
    try:
        script.set(options.behaviour or ["good"])
    except ValueError as problem:
        parser.error(str(problem))
    listening = socket.create_server((options.host, options.port))
    port = listening.getsockname()[1]
    print(f"stand-in agent: OPENAI_BASE_URL=http://{options.host}:{port}/v1", flush=True)
    uvicorn.Server(uvicorn.Config(create_app(script), log_level="warning", lifespan="off")).run(sockets=[listening])


if __name__ == "__main__":
    main()
