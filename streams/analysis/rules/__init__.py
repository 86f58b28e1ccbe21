"""The embedded analyst: documented rules over a document's figures. Pure, and the default without an API key."""

from streams.analysis.rules.analyst import MODEL, analyse
from streams.analysis.rules.brief import BRIEF_CHARS, facts_brief

__all__ = ["BRIEF_CHARS", "MODEL", "analyse", "facts_brief"]
