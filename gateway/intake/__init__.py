"""Reads uploaded documents in a confined process: a path goes in, figures or one clear refusal come out.

The document is opened in a process of its own, with limits on time and memory, and nothing but sums and
masked text comes back: rows, buyers' names and addresses never reach the gateway.
"""

from gateway.intake.fields import ADDED_UP, ANY_TABLE, IGNORE, Mappings, choosable_fields
from gateway.intake.limits import Limits
from gateway.intake.progress import Progress
from gateway.intake.reader import read_contents, read_document
from gateway.intake.refused import Refused

__all__ = [
    "ADDED_UP",
    "ANY_TABLE",
    "IGNORE",
    "Limits",
    "Mappings",
    "Progress",
    "Refused",
    "choosable_fields",
    "read_contents",
    "read_document",
]
