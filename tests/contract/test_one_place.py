"""What every process does alike stands in schemas/process, once: a second place for it is found, whoever plants it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

import asyncpg
import pytest

from schemas.process.database_away import DATABASE_AWAY, DATABASE_FAILS, DATABASE_UNABLE
from tests.support.sources import mentioning, python

PLACE = "schemas/process/"


def name_of(node: ast.AST) -> str:
    """Return the last part of a name: `OSError`, and `InterfaceError` of `asyncpg.InterfaceError`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def unable() -> set[str]:
    """Return the names of the driver's errors that say that a database is away or unable."""
    found = {asyncpg.PostgresError.__name__}
    kinds = [kind for kind in vars(asyncpg).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    plain = tuple(kind for kind in DATABASE_UNABLE if kind is not OSError)
    return found | {kind.__name__ for kind in kinds if issubclass(kind, plain)}


OF_THE_DRIVER = unable()
OF_THE_SYSTEM = {"OSError", "ConnectionError", "TimeoutError", "gaierror", "ConnectionRefusedError"}


def together(node: ast.AST) -> list[ast.expr]:
    """Return the expressions that stand side by side in a node."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Call(args=parts):
            return parts
        case ast.Dict(keys=keys):
            return [key for key in keys if key is not None]
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return [*(together(left) or [left]), right]
        case ast.Try(handlers=handlers):
            return [handler.type for handler in handlers if handler.type is not None]
    return []


def lists_of_errors(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that say by several errors what a database says that is away."""
    for node in ast.walk(tree):
        names = {name_of(part) for part in together(node)}
        if names & OF_THE_DRIVER and len(names & (OF_THE_DRIVER | OF_THE_SYSTEM)) > 1:
            yield getattr(node, "lineno", 0)


CLIENTS = {"AIOKafkaProducer", "AIOKafkaConsumer", "AIOKafkaAdminClient", "AIOKafkaClient"}


def clients(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that build a Kafka client, or hand its class to whoever builds it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            if {name_of(node.func), *map(name_of, given)} & CLIENTS:
                yield node.lineno


#: What belongs to the start of a process: (of what, call); any object where that is empty.
STARTING = {
    ("", "basicConfig"),
    ("", "dictConfig"),
    ("", "captureWarnings"),
    ("", "add_signal_handler"),
    ("", "set_wakeup_fd"),
    ("signal", "signal"),
    ("structlog", "configure"),
    ("logs", "configure"),
    ("telemetry", "configure"),
    ("uvloop", "run"),
    ("uvloop", "install"),
    ("broker_links", "mend"),
    ("header_names", "mend"),
    ("quick_protocol", "mend"),
    ("", "Liveness"),
}


def starting(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that do for themselves what every process is started with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            of = name_of(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if {("", name_of(node.func)), (of, name_of(node.func))} & STARTING:
                yield node.lineno


def found(look: Callable[[ast.AST], Iterator[int]], *names: Collection[str]) -> dict[str, int]:
    """Return how many lines each module has that are looked for; `names`: one collection of them is in such a line."""
    counted = {file: len(list(look(tree))) for file, tree in mentioning(*names)}
    return {file: count for file, count in counted.items() if count}


def test_what_a_database_that_is_away_says_stands_in_one_place() -> None:
    assert found(lists_of_errors, *({name} for name in OF_THE_DRIVER)).keys() == {f"{PLACE}database_away.py"}


@pytest.mark.parametrize(
    "planted",
    [
        "AWAY = (OSError, asyncpg.PostgresError)",
        "AWAY = [asyncpg.InterfaceError, asyncpg.CannotConnectNowError]",
        "try:\n    go()\nexcept (TimeoutError, asyncpg.InterfaceError):\n    pass",
        "try:\n    go()\nexcept OSError:\n    pass\nexcept asyncpg.InterfaceError:\n    pass",
        "with suppress(OSError, PostgresConnectionError):\n    go()",
        "isinstance(error, OSError | asyncpg.InternalClientError | ValueError)",
        "HANDLERS = {OSError: away, asyncpg.DeadlockDetectedError: away}",
    ],
)
def test_another_list_is_found(planted: str) -> None:
    assert list(lists_of_errors(ast.parse(planted)))


@pytest.mark.parametrize(
    "harmless",
    [
        "REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)",
        "AWAY = (KafkaError, *DATABASE_AWAY)",
        "try:\n    go()\nexcept (KafkaError, OSError):\n    pass",
        "isinstance(error, asyncpg.PostgresError)",
    ],
)
def test_what_means_something_else_is_let_be(harmless: str) -> None:
    assert list(lists_of_errors(ast.parse(harmless))) == []


@pytest.mark.parametrize(
    ("error", "away", "unable", "fails"),
    [
        (ConnectionRefusedError(), True, True, True),
        (TimeoutError(), True, True, True),
        (asyncpg.CannotConnectNowError(), True, True, True),
        (asyncpg.AdminShutdownError(), True, True, True),
        (asyncpg.ConnectionDoesNotExistError(), True, True, True),
        (asyncpg.TooManyConnectionsError(), True, True, True),
        (asyncpg.InterfaceError("connection is closed"), True, True, True),
        (asyncpg.InternalClientError("cut off"), True, True, True),
        (asyncpg.InvalidCatalogNameError('database "x" does not exist'), True, True, True),
        (asyncpg.InvalidPasswordError(), True, True, True),
        (asyncpg.ObjectNotInPrerequisiteStateError("not currently accepting connections"), False, True, True),
        (asyncpg.DiskFullError(), False, True, True),
        (asyncpg.DeadlockDetectedError(), False, True, True),
        (asyncpg.ReadOnlySQLTransactionError(), False, True, True),
        (asyncpg.LockNotAvailableError(), False, True, True),
        (asyncpg.UndefinedTableError(), False, False, True),
        (asyncpg.CharacterNotInRepertoireError(), False, False, True),
        (ValueError(), False, False, False),
    ],
)
def test_what_an_error_says(error: Exception, away: bool, unable: bool, fails: bool) -> None:
    said = [isinstance(error, kinds) for kinds in (DATABASE_AWAY, DATABASE_UNABLE, DATABASE_FAILS)]
    assert said == [away, unable, fails]


def test_every_kafka_client_is_built_in_one_place() -> None:
    assert found(clients, *({name} for name in CLIENTS)) == {f"{PLACE}kafka.py": 4}


@pytest.mark.parametrize(
    "planted",
    [
        "AIOKafkaProducer(bootstrap_servers=brokers)",
        "aiokafka.AIOKafkaConsumer(topic)",
        "admin = await started(aiokafka.admin.AIOKafkaAdminClient(client_id='x'))",
        "make = partial(AIOKafkaConsumer, group_id='x')",
        "Burial(build=AIOKafkaProducer)",
    ],
)
def test_another_client_is_found(planted: str) -> None:
    assert list(clients(ast.parse(f"async def f():\n    {planted}")))


@pytest.mark.parametrize("harmless", ["producer: AIOKafkaProducer | None = None", "kafka.producer(brokers, 'x')"])
def test_a_type_is_no_client(harmless: str) -> None:
    assert list(clients(ast.parse(harmless))) == []


def test_processes_are_started_in_one_place() -> None:
    """The tools beside the system, local and bench, have their own ways."""
    starts = found(starting, *({of, name} - {""} for of, name in STARTING))
    assert f"{PLACE}start.py" in starts
    assert [file for file in starts if not file.startswith((PLACE, "local/", "bench/"))] == []


@pytest.mark.parametrize(
    "planted",
    [
        "logging.basicConfig(level=logging.INFO)",
        "structlog.configure(processors=[])",
        "logs.configure('gateway', 'json')",
        "asyncio.get_running_loop().add_signal_handler(15, stop)",
        "signal.signal(signal.SIGTERM, stop)",
        "uvloop.run(main())",
        "broker_links.mend(AIOKafkaConnection)",
        "telemetry.configure('pump')",
        "Liveness(connect, 'pump', dict)",
    ],
)
def test_another_start_is_found(planted: str) -> None:
    assert list(starting(ast.parse(planted)))


#: A body of fewer parts is an idiom: one guarded line, one call with the caller's own arguments.
BODY_OF = 20


def bodies(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and body of each function, without its docstring; short ones are left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[ast.get_docstring(node, clean=False) is not None :]
            if sum(1 for part in body for _ in ast.walk(part)) >= BODY_OF:
                yield node.lineno, "\n".join(map(ast.dump, body))


def twins(sources: Mapping[str, str]) -> list[list[str]]:
    """Return the functions, each as file:line, that have one body among them."""
    places: dict[str, list[str]] = defaultdict(list)
    for file, source in sources.items():
        for line, body in bodies(ast.parse(source)):
            places[body].append(f"{file}:{line}")
    return [those for those in places.values() if len(those) > 1]


def test_no_body_of_a_function_stands_twice() -> None:
    assert twins(python()) == []


def test_a_body_that_is_planted_is_found_whatever_its_function_is_called() -> None:
    body = "\n    return query.get(name, '').strip().replace('\\0', '')[:limit] or name\n"
    files = {
        "a.py": f"def text(query, name, limit):{body}",
        "b.py": f"class B:\n  async def other(self, query, name, limit):\n    'Say it.'{body}",
        "c.py": "def short(a):\n    return a.b\n\ndef too(a):\n    return a.b\n",
    }
    assert twins(files) == [["a.py:1", "b.py:2"]]
