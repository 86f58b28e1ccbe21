"""Checks whether brokers, registry and database fit the system; changes nothing.

`python -m streams.cluster`, which `marketplace check cluster` runs. `facts` is what was asked, `judge` and its siblings
say what it means, and what to do. What a server does not tell is not known, and said to be so.
"""
