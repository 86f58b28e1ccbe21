"""The HTTP face of the registry: paths, bodies and codes as Confluent documents them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.registry import errors
from local.registry.rules import candidate, given_of, is_import, level_of, version_of, violations
from local.registry.store import GLOBAL, Store, Version, parsed
from schemas.process.database_away import DATABASE_FAILS


class RegistryResponse(JSONResponse):
    media_type = "application/vnd.schemaregistry.v1+json"


def create_app(database_url: str) -> Starlette:
    """Return the application; its tables are made when it starts, so the database must answer by then."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, Store]]:
        async with asyncpg.create_pool(database_url, min_size=1, max_size=4, command_timeout=10) as pool:
            store = Store(pool)
            await store.create_tables()
            yield {"store": store}

    handlers: dict[Any, Callable[..., Any]] = {
        errors.RegistryError: _refused,
        HTTPException: _http_error,
        **dict.fromkeys(DATABASE_FAILS, _database_away),
    }
    return Starlette(routes=ROUTES, lifespan=lifespan, exception_handlers=handlers)


async def root(_request: Request) -> Response:
    return RegistryResponse({})


async def ready(request: Request) -> Response:
    await _store(request).ping()
    return RegistryResponse({})


async def list_subjects(request: Request) -> Response:
    return RegistryResponse(await _store(request).subjects(request.query_params.get("subjectPrefix", "")))


async def look_up(request: Request) -> Response:
    """POST /subjects/{subject}: find the version that is this schema."""
    subject, new = _subject(request), candidate(await _body(request))
    found = await _store(request).find(subject, new)
    if found is None:
        await _known(request, subject)
        raise errors.schema_not_found()
    return RegistryResponse(_shown(found))


async def list_versions(request: Request) -> Response:
    return RegistryResponse([version.number for version in await _known(request, _subject(request))])


async def register(request: Request) -> Response:
    """POST /subjects/{subject}/versions: the same schema again gets the same id."""
    body = await _body(request)
    new, given = candidate(body), given_of(body)
    if given is None:
        return RegistryResponse({"id": await _store(request).register(_subject(request), new)})
    await _store(request).take_over(_subject(request), new, *given)
    return RegistryResponse({"id": given[0]})


async def get_version(request: Request) -> Response:
    return RegistryResponse(_shown(await _version(request)))


async def get_version_schema(request: Request) -> Response:
    return Response((await _version(request)).definition, media_type=RegistryResponse.media_type)


async def get_schema(request: Request) -> Response:
    definition = await _store(request).definition(_schema_id(request))
    if definition is None:
        raise errors.schema_not_found()
    return RegistryResponse({"schema": definition})


async def get_schema_subjects(request: Request) -> Response:
    return RegistryResponse(sorted({subject for subject, _ in await _uses(request)}))


async def get_schema_versions(request: Request) -> Response:
    uses = await _uses(request)
    return RegistryResponse([{"subject": subject, "version": version} for subject, version in uses])


async def list_types(_request: Request) -> Response:
    return RegistryResponse(["AVRO"])


async def get_mode(_request: Request) -> Response:
    return RegistryResponse({"mode": "READWRITE"})


async def put_mode(request: Request) -> Response:
    """PUT /mode/{subject}: IMPORT lets an empty subject take ids as they are given, READWRITE ends it."""
    wanted = is_import(await _body(request))
    await _store(request).set_importing(_subject(request), wanted=wanted)
    return RegistryResponse({"mode": "IMPORT" if wanted else "READWRITE"})


async def delete_mode(request: Request) -> Response:
    await _store(request).set_importing(_subject(request), wanted=False)
    return RegistryResponse({"mode": "READWRITE"})


async def get_config(request: Request) -> Response:
    return RegistryResponse({"compatibilityLevel": await _store(request).level(GLOBAL)})


async def put_config(request: Request) -> Response:
    level = level_of(await _body(request))
    await _store(request).set_level(request.path_params.get("subject", GLOBAL), level)
    return RegistryResponse({"compatibility": level})


async def get_subject_config(request: Request) -> Response:
    subject, store = _subject(request), _store(request)
    level = await store.own_level(subject)
    if level is None and request.query_params.get("defaultToGlobal") == "true":
        level = await store.level(subject)
    if level is None:
        raise errors.no_own_level(subject)
    return RegistryResponse({"compatibilityLevel": level})


async def check_version(request: Request) -> Response:
    """POST /compatibility/subjects/{subject}/versions/{version}: compare with that version."""
    new = candidate(await _body(request))
    return await _verdict(request, new.parsed, [await _version(request)])


async def check_all(request: Request) -> Response:
    """POST /compatibility/subjects/{subject}/versions: compare as the next version."""
    new = candidate(await _body(request))
    return await _verdict(request, new.parsed, await _store(request).versions(_subject(request)))


ROUTES = [
    Route("/", root),
    Route("/status/ready", ready),
    Route("/subjects", list_subjects),
    Route("/subjects/{subject}", look_up, methods=["POST"]),
    Route("/subjects/{subject}/versions", list_versions),
    Route("/subjects/{subject}/versions", register, methods=["POST"]),
    Route("/subjects/{subject}/versions/{version}", get_version),
    Route("/subjects/{subject}/versions/{version}/schema", get_version_schema),
    Route("/schemas/types", list_types),
    Route("/schemas/ids/{id}", get_schema),
    Route("/schemas/ids/{id}/subjects", get_schema_subjects),
    Route("/schemas/ids/{id}/versions", get_schema_versions),
    Route("/mode", get_mode),
    Route("/mode/{subject}", put_mode, methods=["PUT"]),
    Route("/mode/{subject}", delete_mode, methods=["DELETE"]),
    Route("/config", get_config),
    Route("/config", put_config, methods=["PUT"]),
    Route("/config/{subject}", get_subject_config),
    Route("/config/{subject}", put_config, methods=["PUT"]),
    Route("/compatibility/subjects/{subject}/versions", check_all, methods=["POST"]),
    Route("/compatibility/subjects/{subject}/versions/{version}", check_version, methods=["POST"]),
]


def _store(request: Request) -> Store:
    store: Store = request.state.store
    return store


def _subject(request: Request) -> str:
    return str(request.path_params["subject"])


def _schema_id(request: Request) -> int:
    text = str(request.path_params["id"])
    if not text.isascii() or not text.isdigit() or int(text) >= 2**31:
        raise errors.schema_not_found()
    return int(text)


async def _body(request: Request) -> Any:
    try:
        return await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise errors.RegistryError(400, 400, "The body is not JSON.") from None


async def _known(request: Request, subject: str) -> list[Version]:
    versions = await _store(request).versions(subject)
    if not versions:
        raise errors.subject_not_found(subject)
    return versions


async def _version(request: Request) -> Version:
    wanted = version_of(request.path_params["version"])
    versions = await _known(request, _subject(request))
    if wanted is None:
        return versions[-1]
    for version in versions:
        if version.number == wanted:
            return version
    raise errors.version_not_found(wanted)


async def _uses(request: Request) -> list[tuple[str, int]]:
    uses = await _store(request).uses(_schema_id(request))
    if not uses:
        raise errors.schema_not_found()
    return uses


async def _verdict(request: Request, new: Any, earlier: list[Version]) -> Response:
    level = await _store(request).level(_subject(request))
    reasons = violations(level, new, parsed(earlier))
    verdict: dict[str, Any] = {"is_compatible": not reasons}
    if request.query_params.get("verbose") == "true":
        verdict["messages"] = reasons
    return RegistryResponse(verdict)


def _shown(version: Version) -> dict[str, Any]:
    return {
        "subject": version.subject,
        "id": version.schema_id,
        "version": version.number,
        "schemaType": "AVRO",
        "schema": version.definition,
    }


async def _refused(_request: Request, error: errors.RegistryError) -> Response:
    return RegistryResponse({"error_code": error.code, "message": error.message}, error.status)


async def _http_error(_request: Request, error: HTTPException) -> Response:
    body = {"error_code": error.status_code, "message": f"HTTP {error.status_code} {error.detail}"}
    return RegistryResponse(body, error.status_code, error.headers)


async def _database_away(request: Request, error: Exception) -> Response:
    return await _refused(request, errors.store_unavailable(error))
