"""One verdict on the system, and one on each plan: what is wrong is found once, as a kind with values, and worded once.

`reading` reads a `Snapshot`, `judge` makes the `Verdict` of it, `words` says it. The health report, /health/ready, the
metrics, the pages and the command line show that verdict: none of them finds anything by itself.
"""
