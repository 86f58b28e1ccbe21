"""What a hostile document could do with the reading process: reach nothing, start nothing, keep nothing."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gateway.intake.confine import _DENIED, NAMESPACES, NICE, NO_NEW_RIGHTS, SECCOMP

ROOT = Path(__file__).parents[4]
#: What this machine does not grant; a container may forbid namespaces to whoever is in it.
GRANTED = subprocess.run(
    [sys.executable, "-m", "gateway.intake.confine"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
).stdout.split(",")


def confined(what: str, folder: Path) -> str:
    """Run a line of Python in a process with the limits of a reading process; return what it prints."""
    program = f"""
    import os, sys, resource
    from gateway.intake.confine import confine, lock
    from gateway.intake.limits import Limits
    import ctypes, socket, subprocess, threading
    from gateway.intake import confine as module
    folder = sys.argv[1]
    there = os.open(folder + "/there", os.O_RDWR) if os.path.exists(folder + "/there") else -1
    numbers = dict(module._DENIED, tgkill=module._TGKILL)

    def syscall(name, *arguments):
        place = module._MACHINES[os.uname().machine][0]
        done = ctypes.CDLL(None, use_errno=True).syscall(numbers[name][place], *arguments)
        if done < 0:
            raise OSError(ctypes.get_errno(), name)
        return done

    confine(Limits(), os.getppid())
    lock()
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
        timeout=60,
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
    ],
)
def test_an_attack_is_refused_by_the_kernel(attack: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    assert confined(attack, tmp_path) == "PermissionError 1"
    assert (tmp_path / "there").read_text() == "kept"


def test_no_file_takes_a_byte(tmp_path: Path) -> None:
    """A file that was open before the limits cannot be written, either."""
    (tmp_path / "there").write_text("kept")
    assert confined("os.write(there, b'more')", tmp_path) == "OSError 27"
    assert (tmp_path / "there").read_text() == "kept"


def test_the_environment_of_the_gateway_is_not_read_from_a_user_namespace(tmp_path: Path) -> None:
    """A user namespace, if the kernel grants one, does not open the gateway's environment."""
    granted = confined("os.readlink('/proc/self/ns/user')", tmp_path) != f"done {Path('/proc/self/ns/user').readlink()}"
    said = confined("len(open(f'/proc/{os.getppid()}/environ', 'rb').read())", tmp_path)
    assert (said == "PermissionError 13") is granted


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
    ],
)
def test_what_reading_needs_goes_on(what: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    assert confined(what, tmp_path) == said


def test_a_thread_of_before_is_held_too(tmp_path: Path) -> None:
    """Libraries start threads when they are imported, before the limits; those are limited, too."""
    program = """
    import os, socket, sys, threading
    from gateway.intake.confine import lock
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
    lock()
    go.set()
    thread.join()
    print(said[0])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "refused"


def test_the_network_of_the_machine_is_not_there(tmp_path: Path) -> None:
    names = confined("sorted(os.listdir('/sys/class/net')) and os.readlink('/proc/self/ns/net')", tmp_path)
    same = names == f"done {Path('/proc/self/ns/net').readlink()}"
    assert same == (NAMESPACES in GRANTED)


def test_each_call_has_its_numbers() -> None:
    for place in (0, 1):
        numbers = [pair[place] for pair in _DENIED.values() if pair[place] >= 0]
        assert len(set(numbers)) == len(numbers)
