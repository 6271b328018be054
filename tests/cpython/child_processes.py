# Child interpreters for tests: `subprocess` works, and the runner starts the processes.
# SPDX-License-Identifier: MIT
"""Child interpreters for tests: `subprocess` works as on Linux, and run.js starts the processes.

A program in WebAssembly cannot start processes, but the runner that started it can. install() puts
in what `subprocess` takes from the system: fork_exec, os.waitpid and kin, os.kill for the children.
All of Popen and of test.support.script_helper then is CPython's own. Each request is a line on
standard output that begins with MARK; child-processes.js answers with lines on standard input.

  to the runner    {"start": pid, "args": [...], "env": {...}, "cwd": ..., "merge": stderr is stdout}
                   {"stdin": pid, "data": base64, null at its end}   {"kill": pid, "signal": n}
  from the runner  {"pid": ..., "stream": 1 or 2, "data": base64}    {"pid": ..., "status": wait status}

While children run there are up to two threads more: one that takes the runner's lines, and one for
each child whose standard input is a pipe. No wait here has a deadline of its own: the runner kills a
child that takes too long and says so on its standard error, and then every wait ends.

Not to be had: descriptors other than the standard ones (pass_fds), preexec_fn, programs other than
sys.executable, and seeing files that are not in the folder shared with the runner.
"""
import _thread
import base64
import errno
import itertools
import json
import os
import subprocess
import sys
import threading

MARK = "@heddle-child "

_kill_self = os.kill


class _Child:
    def __init__(self, stdin, outputs):
        self.ended = threading.Event()
        self.status = None
        self.stdin = stdin  # a raw file to read from, or None
        self.outputs = outputs  # stream number -> descriptor, our own; or one of this process's

    def end(self, status):
        self.status = status
        for fd in set(self.outputs.values()) - {1, 2}:
            os.close(fd)
        if self.stdin:
            self.stdin.close()  # ends the thread that reads from it
        self.ended.set()


class _Processes:
    """The children, by pid, until somebody has waited for them."""

    def __init__(self):
        self._children = {}
        self._pids = itertools.count(10_000)
        self._lock = threading.Lock()
        self._has_reader = False
        # Tests may put something else at 0 and 1.
        self._from_runner = os.dup(0)
        self._to_runner = os.dup(1)

    def _send(self, **request):
        # One write, so that no other thread's output comes in between.
        os.write(self._to_runner, f"\n{MARK}{json.dumps(request)}\n".encode())

    def fork_exec(self, args, executables, close_fds, fds_to_keep, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite,
                  errread, errwrite, errpipe_read, errpipe_write, *rest):
        """_posixsubprocess.fork_exec() for sys.executable; any other program is not found."""
        preexec_fn = rest[-2]
        if preexec_fn is not None:
            raise RuntimeError("preexec_fn is not to be had: the child is started by the runner outside")
        pid = next(self._pids)
        if os.fsdecode(executables[0]) != sys.executable:
            os.write(errpipe_write, b"OSError:%x:" % errno.ENOENT)
            return pid
        outputs = {1: os.dup(c2pwrite) if c2pwrite != -1 else 1}
        merge = errwrite == c2pwrite != -1
        if not merge:
            outputs[2] = os.dup(errwrite) if errwrite != -1 else 2
        child = _Child(open(os.dup(p2cread), "rb", buffering=0) if p2cread != -1 else None, outputs)
        if env is None:
            env = [os.fsencode(f"{name}={value}") for name, value in os.environ.items()]
        with self._lock:
            self._children[pid] = child
            if not self._has_reader:
                self._has_reader = True
                _thread.start_new_thread(self._take_messages, ())
        self._send(start=pid, args=[os.fsdecode(arg) for arg in args[1:]], merge=merge,
                   cwd=os.fsdecode(cwd or os.getcwd()), env=dict(os.fsdecode(item).split("=", 1) for item in env))
        if child.stdin:
            _thread.start_new_thread(self._carry_input, (pid, child))
        else:
            self._send(stdin=pid, data=None)
        return pid

    def _carry_input(self, pid, child):
        try:
            while data := child.stdin.read(16384):
                self._send(stdin=pid, data=base64.b64encode(data).decode())
        except (OSError, ValueError):
            return  # closed: the child has ended
        self._send(stdin=pid, data=None)

    def _take_messages(self):
        unread = b""
        while self._goes_on():
            data = os.read(self._from_runner, 65536)
            if not data:
                raise EOFError("child_processes: the runner is gone while children run")
            *lines, unread = (unread + data).split(b"\n")
            for line in lines:
                self._take_message(**json.loads(line))

    def _goes_on(self):
        with self._lock:
            self._has_reader = any(child.status is None for child in self._children.values())
            return self._has_reader

    def _take_message(self, pid, status=None, stream=None, data=None):
        child = self._children[pid]
        if status is not None:
            child.end(status)
            return
        view = memoryview(base64.b64decode(data))
        try:
            while view:
                view = view[os.write(child.outputs[stream], view):]
        except BrokenPipeError:
            pass  # nobody reads it any more

    def waitpid(self, pid, options):
        """os.waitpid() for the children; pid -1: any of them. Not for process groups."""
        with self._lock:
            mine = {one: child for one, child in self._children.items() if pid in (one, -1)}
        if not mine:
            raise ChildProcessError(errno.ECHILD, os.strerror(errno.ECHILD))
        while True:
            for one, child in mine.items():
                if child.ended.is_set():
                    with self._lock:
                        self._children.pop(one, None)
                    return one, child.status
            if options & os.WNOHANG:
                return 0, 0
            # Any of several: takes turns. A signal's handler may raise out of this.
            next(iter(mine.values())).ended.wait(None if len(mine) == 1 else 0.01)

    def kill(self, pid, signum):
        """os.kill() for children and this process."""
        child = self._children.get(pid)
        if child is None:
            _kill_self(pid, signum)
        elif signum != 0 and child.status is None:
            self._send(kill=pid, signal=int(signum))


def install():
    """Gives `subprocess` and `os` child processes. Once, before test.support is imported by a test."""
    processes = _Processes()
    os.waitpid = processes.waitpid
    os.wait = lambda: processes.waitpid(-1, 0)
    os.kill = processes.kill
    subprocess._fork_exec = processes.fork_exec
    subprocess._can_fork_exec = True
    for name in ("waitpid", "waitstatus_to_exitcode", "WIFSTOPPED", "WSTOPSIG", "WNOHANG"):
        setattr(subprocess._del_safe, name, getattr(os, name))
    subprocess._del_safe.ECHILD = errno.ECHILD

    import test.support

    test.support.has_subprocess_support = True
