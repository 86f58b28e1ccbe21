"""The errors of the API, with the codes that clients of Confluent's registry know."""

from __future__ import annotations


class RegistryError(Exception):
    """An answer that is not 2xx: HTTP `status`, the API's `code`, and a message for a person."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def subject_not_found(subject: str) -> RegistryError:
    return RegistryError(404, 40401, f"Subject '{subject}' not found.")


def version_not_found(version: int | str) -> RegistryError:
    return RegistryError(404, 40402, f"Version {version} not found.")


def schema_not_found() -> RegistryError:
    return RegistryError(404, 40403, "Schema not found.")


def no_own_level(subject: str) -> RegistryError:
    message = f"Subject '{subject}' does not have subject-level compatibility configured."
    return RegistryError(404, 40408, message)


def incompatible(subject: str, reasons: list[str]) -> RegistryError:
    listed = "; ".join(reasons)
    message = f"Schema being registered is incompatible with an earlier schema for subject '{subject}': {listed}"
    return RegistryError(409, 409, message)


def invalid_schema(reason: str) -> RegistryError:
    return RegistryError(422, 42201, f"Invalid schema: {reason}")


def invalid_version(version: str) -> RegistryError:
    return RegistryError(
        422,
        42202,
        f"The specified version '{version}' is not a valid version id. "
        'Allowed values are between [1, 2^31-1] and the string "latest".',
    )


def invalid_level(level: object) -> RegistryError:
    return RegistryError(422, 42203, f"Invalid compatibility level: {level!r}.")


def invalid_mode(mode: object) -> RegistryError:
    return RegistryError(422, 42204, f"Invalid mode: {mode!r}.")


def not_now(reason: str) -> RegistryError:
    return RegistryError(422, 42205, f"Operation not permitted: {reason}")


def store_unavailable(reason: object) -> RegistryError:
    return RegistryError(500, 50001, f"The database does not answer: {reason}")
