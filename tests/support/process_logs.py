"""What the processes of a whole system have written to their logs, the broker's and the database's among them."""

from __future__ import annotations

from local.stack import Stack


def lines_with(stack: Stack, *words: str) -> list[str]:
    """Return each line that has one of the words, whatever its case, behind the name of its log."""
    logs = sorted((stack.data_dir / "logs").glob("*.log*"))
    assert {"gateway.log", "worker.log", "projections.log"} <= {log.name for log in logs}
    wanted = [word.lower() for word in words]
    return [
        f"{log.name}: {line[:400]}"
        for log in logs
        for line in log.read_text("utf-8", "replace").splitlines()
        if any(word in line.lower() for word in wanted)
    ]
