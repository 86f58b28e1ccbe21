"""`python -m bench.evaluate [DIR]`: what is read of documents, and how well; without DIR: golden documents, scored."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from bench.evaluate import agents, expected, printing, score, stability
from bench.evaluate.golden import ROWS, SEED, Golden, write_golden
from bench.evaluate.local_model import local_agent
from bench.evaluate.reading import EXPECTED, Read, documents, read
from bench.evaluate.telling import told
from gateway.intake.sniff import ENDINGS
from schemas.channels import CHANNELS
from streams.analysis.agents.settings import AgentSettings

DOCS: Final = Path(__file__).resolve().parents[2] / "docs" / "analysis.md"
BEGIN: Final = "<!-- evaluate:begin -->"
END: Final = "<!-- evaluate:end -->"
#: An agent that is started here.
LOCAL: Final = "local"


def main() -> None:
    """Read the documents of a folder or the golden ones, and hold them against what is known of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="documents, in subfolders too, best with an expected.json")
    parser.add_argument("--format", choices=("text", "json", "markdown", "docs"), default="text")
    parser.add_argument("--channels", help="read every document for these, comma-separated; else for all")
    parser.add_argument("--init", action="store_true", help=f"write {EXPECTED} from what is read, to be put right")
    parser.add_argument("--agent", help="score this agent on the golden documents: http://host/v1/model, or local")
    parser.add_argument("--documents", type=int, help="only so many of the golden documents")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the golden documents (default {SEED})")
    parser.add_argument("--seeds", type=int, default=1, help="so many seeds in a row: how far do the scores differ?")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"of a golden document (default {ROWS})")
    options = parser.parse_args()
    if options.folder is None:
        if options.seeds > 1:
            drawn = range(options.seed, options.seed + options.seeds)
            sys.exit(_stability(drawn, options.rows, options.agent, options.documents))
        sys.exit(_golden(options.seed, options.rows, options.format, options.agent, options.documents))
    channels = options.channels.split(",") if options.channels else None
    unknown = sorted(set(channels or []) - CHANNELS.keys())
    if unknown or not options.folder.is_dir():
        parser.error(f"no channel: {', '.join(unknown)}" if unknown else f"no folder: {options.folder}")
    try:
        wanted, paths = expected.load(options.folder), documents(options.folder)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if not paths and not wanted:
        parser.error(f"no documents in {options.folder}: none ends with {', '.join(sorted(ENDINGS))}")
    sys.exit(_folder(options.folder, wanted, paths, options.format, channels, init=options.init))


def _golden(seed: int, rows: int, form: str, agent: str | None, most: int | None) -> int:
    """Score the rules or an agent on the golden documents. A wrong reading lowers the score; it is no failure."""
    pairs = _read(seed, rows, most)
    if agent is not None:
        return _agent(pairs, agent, form)
    scores = [score.score(document, reading) for document, reading in pairs]
    if form == "docs":
        _into_docs(score.table(scores, seconds=False))
        return 0
    if form == "json":
        print(json.dumps(score.plain(scores), ensure_ascii=False, indent=1))
        return 0
    print(score.table(scores, seconds=form == "text"))
    if form == "text":
        print("\n".join(f"{one.document}: {detail}" for one in scores for detail in one.details))
    return 0


def _read(seed: int, rows: int, most: int | None) -> list[tuple[Golden, Read]]:
    with tempfile.TemporaryDirectory() as folder:
        return [
            (document, read(document.path, document.path.name, document.channels, document.elsewhere))
            for document in write_golden(Path(folder), seed, rows)[:most]
        ]


def _stability(seeds: Sequence[int], rows: int, agent: str | None, most: int | None) -> int:
    """Score the rules, or an agent, on the golden documents of several seeds."""
    found: dict[int, stability.Totals] = {}
    with _settings(agent) as settings:
        for seed in seeds:
            pairs = _read(seed, rows, most)
            if settings is None:
                found[seed] = score.totals([score.score(document, reading) for document, reading in pairs])
            else:
                found[seed] = agents.totals(asyncio.run(agents.score_agent(settings, pairs)))
    print(stability.table(found))
    return 0


def _settings(agent: str | None) -> AbstractContextManager[AgentSettings | None]:
    """Return a block with the settings of the agent to score, which is reachable in it; None scores the rules."""
    if agent == LOCAL:
        return local_agent()
    return contextlib.nullcontext(None if agent is None else agents.settings(agent))


def _into_docs(table: str) -> None:
    """Write the table into the document, between its marks, where a test compares it with a new run."""
    before, begin, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    DOCS.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def _agent(pairs: list[tuple[Golden, Read]], agent: str, form: str) -> int:
    with _settings(agent) as settings:
        assert settings is not None
        scores = asyncio.run(agents.score_agent(settings, pairs))
    if form == "json":
        print(json.dumps(agents.plain(scores), ensure_ascii=False, indent=1))
    else:
        print(f"{agents.table(scores)}\n\n{agents.contributions(scores)}")
    return 1 if scores and all(one.error for one in scores) else 0


def _folder(
    folder: Path,
    wanted: dict[str, dict[str, Any]],
    paths: list[Path],
    form: str,
    channels: list[str] | None,
    *,
    init: bool,
) -> int:
    """Tell what is read of the documents; 1 if it differs from what is expected."""
    tellings: list[dict[str, Any]] = []
    wrong: dict[str, list[str]] = {}
    for path in paths:
        name = str(path.relative_to(folder))
        own = wanted.get(name)
        mapping = expected.mapping_of(own)
        telling = told(read(path, name, channels or expected.channels_of(own), mapping=mapping))
        tellings.append(telling)
        if name in wanted:
            wrong[name] = expected.differences(wanted[name], telling)
        if form == "text":
            print(printing.text(telling, wrong.get(name, [])), flush=True)
    missing = [name for name in wanted if folder / name not in paths]
    wrong |= {name: ["expected, and no such document is here"] for name in missing}
    if init:
        _write(folder / EXPECTED, {telling["file"]: expected.as_expected(telling) for telling in tellings})
    if form == "json":
        print(json.dumps({"documents": tellings, "different": wrong}, ensure_ascii=False, indent=1))
    elif form == "markdown":
        print(printing.markdown(tellings, wrong))
    different = sum(map(bool, wrong.values()))
    print(f"{len(tellings)} documents, {len(wrong)} expected, {different} different", file=sys.stderr)
    return 1 if different else 0


def _write(path: Path, start: dict[str, Any]) -> None:
    if path.exists():
        raise SystemExit(f"{path} is there already; take it away first")
    path.write_text(json.dumps(start, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
