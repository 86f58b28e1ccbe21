"""From figures to tables, plots and texts for docs/performance.md."""
