# SPDX-License-Identifier: GPL-3.0-or-later
"""What systemd does for the kiosk's service, as far as it matters here: starts it, hears READY and WATCHDOG, ends it
when the watchdog is hungry, starts it again unless staff have left it. For rehearsals where no systemd runs."""
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import time

LEFT_BY_STAFF = 42
STOP_S = 5  # TimeoutStopSec=5
PR_SET_CHILD_SUBREAPER = 36


def children_of(pid, spare=()):
    """All processes below this one, nearest first; dead ones too, as long as nobody has looked."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                pass
    found, front = [], [pid]
    while front:
        front = [p for p, parent in parents.items() if parent in front and p not in spare]
        found += front
    return found


class Service:
    def __init__(self, command, environment, folder, user, watchdog_s=10.0):
        self.command, self.folder, self.user, self.watchdog_s = command, folder, user, watchdog_s
        path = os.path.join(folder, "notify")
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(path)
        os.chmod(path, 0o666)
        self.ear.setblocking(False)
        self.environment = dict(environment, NOTIFY_SOCKET=path)
        self.process, self.ready, self.fed_s, self.feedings, self.starts = None, False, 0.0, 0, 0
        self.code, self.due_s, self.wants, self.because = None, 0.0, True, ""
        self.spare = ()  # processes below this one that are not the service's
        # Whoever outlives its parent becomes a child of this process, as it would stay in the service's group.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def start(self):
        who = {} if self.user is None else {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        with open(os.path.join(self.folder, "journal"), "ab") as journal:
            self.process = subprocess.Popen(self.command, env=self.environment, stdin=subprocess.DEVNULL,
                                            stdout=journal, stderr=journal, cwd="/", start_new_session=True, **who)
        self.ready, self.fed_s = False, time.monotonic()
        self.starts += 1

    def hear(self):
        while True:
            try:
                words = self.ear.recv(4096).decode("utf-8", "replace")
            except BlockingIOError:
                return
            self.ready |= "READY=1" in words
            if "WATCHDOG=1" in words:
                self.fed_s = time.monotonic()
                self.feedings += 1

    def others(self):
        """Living processes of the service."""
        alive = []
        for pid in children_of(os.getpid(), self.spare):
            try:
                with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                    if file.read().rpartition(")")[2].split()[0] not in "ZX":
                        alive.append(pid)
            except OSError:
                pass
        return alive

    def bury_others(self):
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    return
            except ChildProcessError:
                return

    def end(self, number=signal.SIGKILL):
        for pid in self.others():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def step(self):
        """A turn of what a service manager does all day."""
        self.hear()
        now_s = time.monotonic()
        if self.process is None:
            if self.wants and now_s >= self.due_s:
                self.start()
            return
        code = self.process.poll()
        if code is None and self.ready and now_s - self.fed_s > self.watchdog_s:
            self.because = "the watchdog was hungry"
            self.process.send_signal(signal.SIGABRT)
            try:
                code = self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()  # it does not even hear that
                code = self.process.wait()
        if code is None:
            return
        self.code = code
        self.end()  # what is left of the group
        time.sleep(0.1)
        self.bury_others()
        self.process, self.due_s = None, now_s + 1.0  # RestartSec=1
        self.wants = self.wants and code != LEFT_BY_STAFF

    def stop(self):
        self.wants = False
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        self.end()
        self.bury_others()
        self.ear.close()
