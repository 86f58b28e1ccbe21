"""What a refused document is answered with."""

from gateway.intake.refused import Refused
from gateway.problems.answers import problem_of


def test_a_busy_machine_is_answered_with_when_to_come_again() -> None:
    problem = problem_of(Refused.because("busy", limit="180 seconds"))

    assert (problem.status, problem.headers["Retry-After"], problem.extra["code"]) == (503, "60", "busy")


def test_a_scan_is_the_documents_own_fault() -> None:
    problem = problem_of(Refused.because("scanned"))

    assert (problem.status, "Retry-After" in problem.headers) == (422, False)
