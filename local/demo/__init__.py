"""`python -m local.demo [--exit]`: the main job from upload to tasks, on a real broker and a real database.

Starts the system (or finds the one that runs), uploads the sample documents over HTTP as any client would, waits for
the plans, approves them, waits for their tasks. The last line begins with `DEMO OK` or `DEMO FAILED`.
"""
