"""How well documents are read and analysed: `make evaluate`, or `python -m bench.evaluate` (docs/analysis.md)."""
