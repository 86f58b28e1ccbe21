"""The command `marketplace`: what people and operators ask, for a terminal and for scripts.

Every command takes `--json`: one JSON document on stdout and nothing else, also when it is refused.
Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the gateway cannot be reached, 130 interrupted;
`doctor` says 0 ok, 1 degraded, 2 down.
"""
