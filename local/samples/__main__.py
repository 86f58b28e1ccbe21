"""Write the sample documents: `python -m local.samples OUTDIR [--seed N] [--rows N]`."""

import argparse
import json
from pathlib import Path

from local.samples import write_samples


def main() -> None:
    """Write the samples and, beside them, `truth.json`: what each of them holds."""
    parser = argparse.ArgumentParser(prog="python -m local.samples", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write; made if it is not there")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same documents (default 7)")
    parser.add_argument("--rows", type=int, default=3000, help="rows of each sales table (default 3000)")
    options = parser.parse_args()
    samples = write_samples(options.folder, options.seed, options.rows)
    truth = {
        sample.path.name: {"title": sample.title, "channels": sample.channels, "truth": sample.truth.to_dict()}
        for sample in samples
    }
    (options.folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    for sample in samples:
        print(f"{sample.path}  ({', '.join(sample.channels)})")


if __name__ == "__main__":
    main()
