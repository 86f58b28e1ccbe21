"""What a hostile document could do with the reading process: reach nothing, start nothing, keep nothing."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bench.evaluate.golden import write_golden
from gateway.intake.confine import NAMESPACES, NICE, NO_NEW_RIGHTS, THREADS
from gateway.intake.landlock import LANDLOCK, LANDLOCK_SIGNALS
from gateway.intake.syscalls import DENIED, DENIED_WHERE, PRLIMIT, SECCOMP
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[4]
#: What this machine does not grant; a container may forbid namespaces to whoever is in it.
GRANTED = subprocess.run(
    [sys.executable, "-m", "gateway.intake.confine"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    timeout=PATIENCE_S,
    check=True,
).stdout.split(",")


def confined(what: str, folder: Path, *, locked: bool = True) -> str:
    """Run a line of Python in a process with the limits of a reading process; return what it prints.

    Where it is not `locked`, Landlock alone refuses, without the filter of system calls.
    """
    program = f"""
    import os, sys, resource
    from gateway.intake.confine import confine, lock
    from gateway.intake.landlock import needed, restrict
    from gateway.intake.limits import Limits
    import ctypes, socket, subprocess, threading
    from gateway.intake import syscalls as module
    from pathlib import Path
    folder = sys.argv[1]
    there = os.open(folder + "/there", os.O_RDWR) if os.path.exists(folder + "/there") else -1
    numbers = dict(module.DENIED, tgkill=module.TGKILL, prlimit=module.PRLIMIT)
    numbers |= {{name: of for name, (of, _, _) in module.DENIED_WHERE.items()}}

    def syscall(name, *arguments):
        place = module.MACHINES[os.uname().machine][0]
        done = ctypes.CDLL(None, use_errno=True).syscall(numbers[name][place], *arguments)
        if done < 0:
            raise OSError(ctypes.get_errno(), name)
        return done

    confine(Limits(), os.getppid())
    reads = [Path(folder, "there")]
    {"lock(reads)" if locked else "restrict([*needed(), *reads])"}
    try:
        print("done", {what})
    except BaseException as error:
        print(type(error).__name__, getattr(error, "errno", None))
    sys.stdout.flush()
    os._exit(0)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_this_machine_grants_what_a_filter_needs() -> None:
    assert SECCOMP not in GRANTED
    assert NO_NEW_RIGHTS not in GRANTED


@pytest.mark.parametrize(
    "attack",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "os.fork()",
        "subprocess.run(['true'])",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 0)",
        "syscall('tgkill', os.getppid(), os.getppid(), 0)",
        "syscall('tkill', os.getppid(), 0)",
        "syscall('rt_sigqueueinfo', os.getppid(), 0, 0)",
        "os.unlink(folder + '/there')",
        "os.rename(folder + '/there', folder + '/gone')",
        "os.mkdir(folder + '/made')",
        "os.chmod(folder + '/there', 0o777)",
        "os.symlink('/etc/passwd', folder + '/link')",
        "os.truncate(folder + '/there', 0)",
        "os.ftruncate(there, 0)",
        "open(folder + '/there', 'wb')",
        "open(folder + '/there', 'r+b')",
        "os.open(folder + '/there', os.O_RDONLY | os.O_TRUNC)",
        "os.open(folder + '/new', os.O_RDONLY | os.O_CREAT)",
        "os.mkfifo(folder + '/made')",
        "os.mknod(folder + '/made')",
        "os.utime(folder + '/there', (0, 0))",
        "os.setxattr(folder + '/there', 'user.mine', b'')",
        "os.posix_fallocate(there, 0, 4096)",
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
        "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "os.setpriority(os.PRIO_USER, os.getuid(), 19)",
        "os.sched_setaffinity(os.getppid(), {0})",
        "os.sched_setscheduler(os.getppid(), os.SCHED_BATCH, os.sched_param(0))",
        "syscall('ioprio_set', 1, os.getppid(), 0)",
        "os.pidfd_open(os.getppid())",
        "syscall('pidfd_send_signal', 0, 0, 0, 0)",
        "syscall('pidfd_getfd', 0, 0, 0)",
        "syscall('process_vm_readv', os.getppid(), 0, 0, 0, 0, 0)",
        "syscall('process_vm_writev', os.getppid(), 0, 0, 0, 0, 0)",
        "syscall('ptrace', 16, os.getppid(), 0, 0)",
        "syscall('migrate_pages', os.getppid(), 0, 0, 0)",
        "syscall('fcntl', 0, 8, os.getppid())",
        "syscall('ioctl', 0, 0x8901, 0)",
        "syscall('prctl', 1, 0, 0, 0, 0)",
        "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
        "syscall('shmget', 1, 4096, 0o1666)",
    ],
)
def test_an_attack_is_refused_by_the_kernel(attack: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    assert confined(attack, tmp_path) == "PermissionError 1"
    assert (tmp_path / "there").read_text() == "kept"


@pytest.mark.parametrize(
    "what",
    [
        "open('/etc/passwd').read()",
        "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
        "open(f'/proc/{os.getppid()}/cmdline', 'rb').read()",
        "open('/proc/self/environ', 'rb').read()",
        "open('pyproject.toml').read()",
        "open(folder + '/beside').read()",
        "os.listdir(folder)",
        "os.listdir('/')",
        "os.listdir(os.path.expanduser('~'))",
        "open(folder + '/there', 'r+b')",
        "open(folder + '/new', 'wb')",
        "open('gateway/new.py', 'wb')",
        "open('/dev/shm/new', 'wb')",
        "os.unlink(folder + '/there')",
        "os.mkdir(folder + '/made')",
        "os.execv('/bin/true', ['true'])",
    ],
)
def test_other_files_are_refused_by_landlock_alone(what: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    (tmp_path / "beside").write_text("of somebody else")
    assert LANDLOCK not in GRANTED
    assert confined(what, tmp_path, locked=False) == "PermissionError 13"
    assert (tmp_path / "there").read_text() == "kept"


def test_a_signal_to_the_gateway_is_refused_by_landlock_alone(tmp_path: Path) -> None:
    assert LANDLOCK_SIGNALS not in GRANTED
    assert confined("os.kill(os.getppid(), 0)", tmp_path, locked=False) == "PermissionError 1"
    assert confined("os.kill(os.getpid(), 0)", tmp_path, locked=False) == "done None"


@pytest.mark.parametrize(
    ("version", "missing"),
    [
        (-1, [LANDLOCK, LANDLOCK_SIGNALS]),
        (1, [LANDLOCK_SIGNALS]),
        (3, [LANDLOCK_SIGNALS]),
        (5, [LANDLOCK_SIGNALS]),
        (6, []),
    ],
)
def test_an_older_kernel_does_what_it_can_and_the_rest_is_told(version: int, missing: list[str]) -> None:
    """The kernel that has this test knows all of an older one's interface: it is asked for no more than that."""
    program = f"""
    import ctypes, sys
    from pathlib import Path
    from gateway.intake import landlock
    known = ctypes.CDLL
    class Older:
        def __init__(self, *arguments, **named):
            self._libc = known(*arguments, **named)
            self.prctl = self._libc.prctl
        def syscall(self, *arguments):
            if arguments[0] == landlock._CREATE and arguments[1] is None:
                return {version}
            return self._libc.syscall(*arguments)
    ctypes.CDLL = Older
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
    print(landlock.restrict([Path("/usr")]))
    try:
        print(len(open("/etc/passwd").read()) > 0)
    except PermissionError:
        print("refused")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert done.stdout.splitlines() == [str(missing), "True" if LANDLOCK in missing else "refused"]


def test_no_file_takes_a_byte(tmp_path: Path) -> None:
    """A file that was open before the limits cannot be written, either."""
    (tmp_path / "there").write_text("kept")
    assert confined("os.write(there, b'more')", tmp_path) == "OSError 27"
    assert (tmp_path / "there").read_text() == "kept"


def test_it_gives_way_to_whoever_waits_for_a_page(tmp_path: Path) -> None:
    own = int(subprocess.run(["nice"], capture_output=True, text=True, check=True).stdout)
    assert confined("os.getpriority(os.PRIO_PROCESS, 0)", tmp_path) == f"done {min(own + NICE, 19)}"


def test_descriptors_end(tmp_path: Path) -> None:
    assert confined("[os.dup(0) for _ in range(10_000)]", tmp_path) == "OSError 24"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("threading.Thread(target=int).start()", "done None"),
        ("syscall('tgkill', os.getpid(), threading.get_native_id(), 0)", "done 0"),
        ("open(folder + '/there').read()", "done kept"),
        ("ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)", "done 1"),  # PR_GET_NO_NEW_PRIVS
        ("resource.getrlimit(resource.RLIMIT_CORE)", "done (0, 0)"),
        ("__import__('zoneinfo').ZoneInfo('America/Sao_Paulo').key", "done America/Sao_Paulo"),
        ("__import__('xml.dom.minidom').__name__", "done xml"),
    ],
)
def test_what_reading_needs_goes_on(what: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    assert confined(what, tmp_path) == said


def test_a_thread_of_before_is_held_too(tmp_path: Path) -> None:
    """Libraries start threads when they are imported, before the limits; those are limited, too."""
    program = """
    import os, socket, sys, threading
    from gateway.intake.confine import LANDLOCK, lock
    go, said = threading.Event(), []
    def attack():
        go.wait()
        try:
            socket.socket()
            said.append("done")
        except PermissionError:
            said.append("refused")
    thread = threading.Thread(target=attack)
    thread.start()
    missing = lock()
    go.set()
    thread.join()
    print(said[0], LANDLOCK in missing)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert done.stdout.strip() == "refused True"  # Landlock does not bind it, which is told


def test_no_reader_has_begun_a_thread_when_it_is_locked(tmp_path: Path) -> None:
    write_golden(tmp_path, rows=50)
    endings = ("csv", "txt", "md", "html", "xlsx", "docx", "pdf")
    documents = [next(path for path in sorted(tmp_path.rglob(f"*.{ending}"))) for ending in endings]
    program = """
    import os, sys
    from pathlib import Path
    from gateway.intake import child, confine, nursery
    from gateway.intake.document import opened
    from gateway.intake.limits import Limits
    for document in map(Path, sys.argv[1:]):
        if os.fork() == 0:
            opened(document, document.name, Limits())
            print(document.suffix[1:], len(os.listdir(confine._THREADS)))
            sys.stdout.flush()
            os._exit(0)
        os.wait()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, documents)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert done.stdout.splitlines() == [f"{ending} 1" for ending in endings]


def test_the_network_of_the_machine_is_not_there(tmp_path: Path) -> None:
    names = confined("os.readlink('/proc/self/ns/net')", tmp_path)
    same = names == f"done {Path('/proc/self/ns/net').readlink()}"
    assert same == (NAMESPACES in GRANTED)


def test_a_reader_in_a_namespace_of_its_own_begins_so_many_threads_at_most(tmp_path: Path) -> None:
    granted = confined("os.readlink('/proc/self/ns/user')", tmp_path) != f"done {Path('/proc/self/ns/user').readlink()}"
    said = confined("resource.getrlimit(resource.RLIMIT_NPROC)", tmp_path)
    assert (said == f"done ({THREADS}, {THREADS})") is granted


def test_each_call_has_its_numbers() -> None:
    pairs = [*DENIED.values(), *(numbers for numbers, _, _ in DENIED_WHERE.values()), PRLIMIT]
    for place in (0, 1):
        numbers = [pair[place] for pair in pairs if pair[place] >= 0]
        assert len(set(numbers)) == len(numbers)
