"""Whether a table counts visits of pages: it is no table of sales then."""

from __future__ import annotations

from gateway.intake.layouts.guesses import SURE, Assignment


def tells_visits(assignment: Assignment) -> bool:
    """Say whether visits are counted; a rate alone (`Conversão`) may be of offers that a salesperson made.

    A column that is blank, or has amounts below zero (`visit ba`, a tax), counts none. The sessions of somebody who is
    named on a day are what was bought: a course of treatments.
    """
    if assignment.has("_person") and assignment.confidence("at") >= SURE:
        return False
    counted = assignment.column("revenue") is None or assignment.column("month") is None
    visits = [assignment.profiles[index] for index, name in assignment.others.items() if name == "_visits"]
    told = [profile for profile in visits if profile.filled and not profile.negative]
    return any(counted or profile.maximum > 1 for profile in told)
