#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kiosk_in_cage.py PROGRAM [--pictures DIR] [--quick]: the whole kiosk as a studio has it, on a screen that is not there.

cage draws into a window of a virtual screen, which lends it a keyboard and a mouse; a pseudo terminal is the heart
sensor; and a rehearsal of the service manager (service_manager.py) starts it all again where that is its part. Two visits
from the first touch to the goodbye, a stranger who presses everything, the staff's pages, closing time, and every death
there is; a picture of each state. Prints what was seen; exit 1 where something was not as it should be, 77 where a tool
is missing.

--headless: cage's headless back end instead, which has no keyboard and no mouse: the deaths alone, without pictures.
--quick: only that it begins, and that nothing stays behind when cage is killed; headless as well."""
import argparse
import ctypes
import json
import os
import pty
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True  # the tree stays as it is

from service_manager import LEFT_BY_STAFF, Service, children_of
import virtual_screen

PIN = "4711"
PATIENCE_S = 90  # for what has to come sooner or later, on any machine
PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
SETTINGS = """version: 1
kiosk:
  name: "Studio Lindenhof"
  logo: {logo}
  languages: "en, de"
  minutes: 2
  opening_hours: {hours}
{pin}session:
  keep: true
console:
  port: 0
sound:
  maximum_01: 0.6
sensor:
  prefer: serial
  serial_port: {port}
"""


class Board(threading.Thread):
    """A sensor on a serial line: an interval a beat, while somebody holds it."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.ours = port, -1
        self.held = self.gone = False
        self.plug()

    def plug(self):
        """A new line under the same name: a pseudo terminal stays reserved for whoever opened it first, even when that
        one has died; a real port does not."""
        before = self.ours
        self.ours, theirs = pty.openpty()
        os.chmod(os.ttyname(theirs), 0o666)
        if os.path.lexists(self.port):
            os.unlink(self.port)
        os.symlink(os.ttyname(theirs), self.port)
        os.close(theirs)
        if before >= 0:
            os.close(before)

    def run(self):
        beat = 0
        while not self.gone:
            interval_ms = 900 + (60, 90, 60, 0, -60, -90, -60, 0)[beat % 8]
            time.sleep(interval_ms / 1000)
            beat += 1
            if self.held:
                try:
                    os.write(self.ours, b"Q%d\r\n" % interval_ms)
                except OSError:
                    pass  # nobody listens just now


class Story:
    def __init__(self, arguments):
        self.pictures, self.program = arguments.pictures, os.path.abspath(arguments.program)
        self.user = "nobody" if os.getuid() == 0 else None  # cage does not run as root
        self.home = tempfile.mkdtemp(prefix="ob-cage.")
        self.runtime = os.path.join(self.home, "run")
        os.mkdir(self.runtime, 0o700)
        self.board = Board(os.path.join(self.home, "port"))
        self.child = 0
        self.failed, self.shots, self.pin = 0, 0, ""
        self.hash = self.make_hash()
        if self.user:
            who = pwd.getpwnam(self.user)
            os.chown(self.runtime, who.pw_uid, who.pw_gid)
            os.chmod(self.home, 0o711)
        self.settings = os.path.join(self.home, "outbreath.yaml")
        self.logo = os.path.join(self.home, "sign.png")
        subprocess.run(["convert", "-size", "320x120", "xc:none", "-fill", "none", "-stroke", "#d8c9a8", "-strokewidth",
                        "6", "-draw", "arc 60,20 260,180 190,350", "-draw", "arc 110,40 210,140 190,350", self.logo],
                       check=False)
        self.write_settings()
        keep = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "TZ")}
        self.screen = None if arguments.headless else virtual_screen.Screen(self.home)
        environment = dict(keep, XDG_RUNTIME_DIR=self.runtime, HOME=self.runtime, WLR_LIBINPUT_NO_DEVICES="1",
                           WLR_BACKENDS="x11" if self.screen else "headless",
                           DISPLAY=self.screen.name if self.screen else "", WLR_RENDERER="pixman",
                           SDL_VIDEODRIVER="wayland",
                           DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent", PULSE_SERVER="unix:/nonexistent")
        # As the unit says it.
        line = (f"cage -d -- '{self.program}' kiosk --config '{self.settings}'; code=$?; "
                f"test ! -e '{self.runtime}/outbreath/left' || exit 42; exit $code")
        self.service = Service(["/bin/sh", "-c", line], environment, self.home, self.user)
        self.service.spare = (self.screen.server.pid,) if self.screen else ()

    def make_hash(self):
        """As outbreath kiosk --set-pin writes it."""
        path = os.path.join(self.home, "pin.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("version: 1\n")
        subprocess.run([self.program, "kiosk", "--set-pin", "--config", path], check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, OUTBREATH_PASSPHRASE=PIN))
        with open(path, encoding="utf-8") as file:
            return next(line.strip() for line in file if "pin_hash" in line)

    def write_settings(self, hours="always"):
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write(SETTINGS.format(logo=self.logo, port=self.board.port, hours=hours,
                                       pin=f"  {self.hash}\n"))
        os.chmod(self.settings, 0o644)

    # ---- what is seen ----

    def health(self):
        try:
            with open(os.path.join(self.runtime, "outbreath", "kiosk.json"), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def wait(self, what, limit_s=PATIENCE_S):
        """Until what(health) holds; how long that took, or None."""
        begin_s = time.monotonic()
        while time.monotonic() - begin_s < limit_s:
            self.service.step()
            now = self.health()
            if now.get("child"):
                if self.child not in (0, now["child"]):
                    self.board.plug()
                self.child = now["child"]
            if what(now):
                return time.monotonic() - begin_s
            time.sleep(0.05)
        return None

    def pause(self, seconds):
        self.wait(lambda h: False, seconds)

    def at(self, where, other_than=0):
        return lambda h: h.get("where") == where and h.get("begun") == 1 and h.get("child") not in (0, other_than)

    def say(self, good, words):
        self.failed += not good
        print(("  " if good else "! ") + words, flush=True)
        return good

    def expect(self, where, words, limit_s=PATIENCE_S):
        took_s = self.wait(self.at(where), limit_s)
        self.say(took_s is not None, f"{words}: {where}" + (f" after {took_s:.1f} s" if took_s is not None else
                                                             f" does not come, {self.health()}"))
        return took_s is not None

    def shoot(self, name, settle_s=1.5):
        """A picture of what the output shows; how many shades of grey it has."""
        self.pause(settle_s)
        if not self.screen:
            return 256
        folder = self.pictures or self.home
        path = os.path.join(folder, name + ".png")
        self.screen.picture(path)
        self.shots += 1
        shades = subprocess.run(["convert", path, "-colorspace", "gray", "-format", "%k", "info:"], check=False,
                                capture_output=True, text=True).stdout.strip()
        return int(shades) if shades.isdigit() else 0

    # ---- the story ----

    def begin(self):
        self.service.step()
        ready_s = self.wait(lambda h: self.service.ready)
        return self.say(ready_s is not None, "the service says that it is ready" if ready_s is not None else
                        "the service never is ready; its journal: " + self.journal()) and \
            self.expect("attract", "nobody is there")

    def journal(self):
        with open(os.path.join(self.home, "journal"), encoding="utf-8", errors="replace") as file:
            return file.read()[-2000:]

    def visit(self, language, lets_go):
        """From the first touch to the goodbye and the next child."""
        name = "de-" if language == "de" else ""
        before, hand = self.health().get("child"), self.screen
        shades = self.shoot(name + "1-attract")
        self.say(shades > 8, f"the first picture has {shades} shades of grey")
        if language == "de":
            hand.key("Down")
        hand.key("Return")
        self.expect("ask", "a touch")
        self.shoot(name + "2-ask", 4.0)
        hand.key("Up")  # it begins at "Not now", which was there first
        hand.key("Return")
        self.expect("settle", "read and understood")
        self.shoot(name + "3-settle")
        self.board.held = True
        self.expect("session", "three seconds of beats", 50)
        self.shoot(name + "4-breathe", 12.0)
        hand.click(0.5, 0.5)
        self.shoot(name + "5-choices")
        if lets_go:
            self.pause(10)
            self.board.held = False
            self.expect("end", "the sensor is let go", 60)
        else:
            self.expect("end", "after two minutes", 200)
        self.shoot(name + "6-end")
        self.board.held = False
        hand.key("Return")
        took_s = self.wait(self.at("attract", before))
        self.say(took_s is not None, f"goodbye: another child at the first picture after {took_s or 0:.1f} s")
        self.shoot(name + "7-wiped")

    def press_everything(self):
        """What a stranger may find on a keyboard and a mouse. The session's processes stay who they are."""
        supervisor, cage = self.supervisor(), self.cage()
        hand = self.screen
        for held in ("", "alt+", "ctrl+alt+", "super+", "ctrl+", "ctrl+shift+", "shift+"):
            for key in ("F1", "F2", "F4", "F7", "F11", "Tab", "Escape", "Delete", "BackSpace", "Print", "Menu", "q",
                        "s", "f", "h", "m", "c", "d", "l", "r", "t", "space", "XF86Back", "XF86PowerOff", "XF86Sleep"):
                hand.key(held + key)
                self.service.step()
        hand.hold("space", 2.5)
        for x_01 in (0.0, 0.01, 0.5, 0.99, 1.0):
            for y_01 in (0.0, 0.5, 1.0):
                for button in (2, 3, 4, 5, 8, 9):  # middle, right, both ways of the wheel, those at the side
                    hand.click(x_01, y_01, button)
                self.service.step()
        hand.click(0.2, 0.9, 3, 2.0)
        place = self.health().get("where")
        self.say(self.service.process is not None and self.cage() == cage and
                 self.supervisor() == supervisor and place in ("attract", "ask", "settle", "session", "end"),
                 f"a stranger presses everything: it is at {place}, and nothing else runs")
        self.say(self.expect("attract", "left alone for a minute", 200), "and it has forgotten the stranger")

    def staff(self, leave):
        hand = self.screen
        hand.hold("ctrl+shift+F12", 6.0)  # a busy machine sees it late
        if not self.expect("staff", "the chord"):
            return
        if not leave:
            self.shoot("8-pin")
            hand.type("1234")
            hand.key("Return")
            self.shoot("8-pin-wrong")
            self.pause(6)
        hand.type(PIN)
        hand.key("Return")
        shades = self.shoot("9-staff", 2.5)
        self.say(shades > 8, "the staff's page")
        for _ in range(2 if leave else 1):
            hand.key("Tab")
        hand.key("Return")
        if not leave:
            before = self.health().get("child")
            self.wait(lambda h: h.get("child") != before)
            self.expect("attract", "back to the start")
            return
        gone_s = self.wait(lambda h: self.service.process is None)
        self.pause(3)
        self.say(gone_s is not None and self.service.code == LEFT_BY_STAFF and self.service.process is None,
                 f"staff leave: the service ends with {self.service.code} and stays off")

    def closing_time(self):
        hour = time.localtime().tm_hour
        self.write_settings(f"{(hour + 2) % 24:02d}:00-{(hour + 3) % 24:02d}:00")
        os.kill(self.health()["child"], signal.SIGKILL)
        self.expect("asleep", "after closing time")
        fed = self.service.feedings
        shades = self.shoot("0-closed", 6.0)
        self.say(shades <= 1 and self.service.feedings > fed, f"the screen is dark ({shades} shade) and watched over")
        self.write_settings()
        os.kill(self.health()["child"], signal.SIGKILL)
        self.expect("attract", "open again")

    # ---- deaths ----

    def cage(self):
        for pid in children_of(self.service.process.pid):
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                if file.read().strip() == "cage":
                    return pid
        return 0

    def supervisor(self):
        child = self.health().get("child") or 0
        try:
            with open(f"/proc/{child}/stat", encoding="utf-8") as file:
                return int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            return 0

    def threads(self, child, name):
        found = []
        for thread in os.listdir(f"/proc/{child}/task"):
            with open(f"/proc/{child}/task/{thread}/comm", encoding="utf-8") as file:
                if file.read().strip() == name:
                    found.append(int(thread))
        return found

    def hold(self, threads):
        """Threads that a debugger holds hang, whatever they were doing."""
        trace = ctypes.CDLL(None, use_errno=True).ptrace
        trace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        held = [t for t in threads if trace(PTRACE_SEIZE, t, None, None) == 0]
        for thread in held:
            trace(PTRACE_INTERRUPT, thread, None, None)
        return held

    def bury(self, held):
        for thread in held:
            try:
                os.waitpid(thread, os.WNOHANG | 0x40000000)  # __WALL
            except ChildProcessError:
                pass

    def death(self, name, plant, in_session=False):
        if not self.expect("attract", f"before: {name}"):
            return
        if in_session:
            self.into_session()
        child, starts = self.health()["child"], self.service.starts
        begin_s, self.service.because = time.monotonic(), ""
        held = plant(child) or []
        another_s = lit_s = None
        while time.monotonic() - begin_s < PATIENCE_S and lit_s is None:
            self.service.step()
            self.bury(held)
            now, passed_s = self.health(), time.monotonic() - begin_s
            if another_s is None and now.get("child") not in (0, None, child):
                another_s = passed_s
            if self.at("attract", child)(now):
                lit_s = passed_s
            time.sleep(0.02)
        self.board.held = False
        who = "the supervisor" if self.service.starts == starts else "the service manager"
        who += f" ({self.service.because})" if self.service.because else ""
        self.say(lit_s is not None, f"{name}: another child after {another_s or -1:.1f} s, the first picture after "
                 f"{lit_s or -1:.1f} s, by {who}")
        if lit_s is not None and self.screen:
            shades = self.shoot("fault-" + name.replace(" ", "-"), 1.0)
            self.say(shades > 8, f"{name}: its picture has {shades} shades of grey")

    def into_session(self):
        hand = self.screen
        hand.key("Return")
        self.wait(self.at("ask"))
        self.pause(3.5)
        hand.key("Up")
        hand.key("Return")
        self.wait(self.at("settle"))
        self.board.held = True
        self.wait(self.at("session"))

    def deaths(self):
        self.death("child killed", lambda child: os.kill(child, signal.SIGKILL))
        self.death("child stopped", lambda child: os.kill(child, signal.SIGSTOP))
        if self.screen:
            self.death("child killed amid a visit", lambda child: os.kill(child, signal.SIGKILL), True)
        if self.hold_works():
            self.death("picture hangs", lambda child: self.hold([child]))
            self.death("sound hangs", lambda child: self.hold(self.threads(child, "sound")))
            self.death("sensors hang", lambda child: self.hold(self.threads(child, "sensor")))
            if self.screen:
                self.death("engine hangs amid a visit", lambda child: self.hold(self.threads(child, "engine")),
                           True)
        else:
            print("  threads can't be held here: hangs of single threads are left out")
        self.death("supervisor killed", lambda child: os.kill(self.supervisor(), signal.SIGKILL))
        self.death("supervisor stopped", lambda child: os.kill(self.supervisor(), signal.SIGSTOP))
        self.death("cage killed", lambda child: os.kill(self.cage(), signal.SIGKILL))
        self.death("cage stopped", lambda child: os.kill(self.cage(), signal.SIGSTOP))

    def hold_works(self):
        return os.getuid() == 0

    def nobody_stays(self):
        """Without a service manager that clears up: cage dies, and all that it started ends by itself."""
        cage = self.cage()
        everybody = [pid for pid in self.service.others() if pid not in (cage, self.service.process.pid)]
        os.kill(cage, signal.SIGKILL)
        begin_s = time.monotonic()
        while time.monotonic() - begin_s < 30 and any(pid in everybody for pid in self.service.others()):
            self.service.hear()
            time.sleep(0.05)
        left = [pid for pid in self.service.others() if pid in everybody]
        self.say(not left and everybody, f"cage killed: its {len(everybody)} processes ended by themselves within "
                 f"{time.monotonic() - begin_s:.1f} s" if not left else f"cage killed, and {len(left)} stay behind")

    def no_trace(self):
        """Files that were written, and ports that are open."""
        files = [os.path.join(folder, name) for folder, _, names in os.walk(self.runtime) for name in names]
        files = [f for f in files if not f.startswith(os.path.join(self.runtime, "outbreath/kiosk."))
                 and not os.path.basename(f).startswith("wayland-") and not os.path.isdir(f)]
        self.say(not files, "no file but the page of health" if not files else f"files: {files}")
        sockets = set()
        for pid in self.service.others():
            for link in os.listdir(f"/proc/{pid}/fd") if os.access(f"/proc/{pid}/fd", os.R_OK) else []:
                try:
                    sockets.add(os.readlink(f"/proc/{pid}/fd/{link}"))
                except OSError:
                    pass
        ports = []
        for table in ("tcp", "tcp6", "udp", "udp6"):
            with open(f"/proc/net/{table}", encoding="utf-8") as file:
                ports += [line.split()[1] for line in file if f"socket:[{(line.split() + [''] * 10)[9]}]" in sockets]
        self.say(not ports, "no port is open, though the settings ask for a console" if not ports else f"ports {ports}")

    def close(self):
        self.service.stop()
        if self.screen:
            self.screen.close()
        self.board.gone = True
        shutil.rmtree(self.home, ignore_errors=True)


def may_run(program):
    try:
        return subprocess.run([program, "--version"], user="nobody", group=pwd.getpwnam("nobody").pw_gid, check=False,
                              stdout=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--pictures")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--only", help="parts by their names, with commas: visits, press, staff, closing, deaths")
    arguments = parser.parse_args()
    arguments.headless |= arguments.quick
    tool = "cage" if not shutil.which("cage") else None if arguments.headless else virtual_screen.missing()
    if tool:
        print(f"{tool} is not installed: skipped")
        return 77
    if os.getuid() == 0 and not may_run(os.path.abspath(arguments.program)):
        print("cage does not run as root, and nobody else may run this program: skipped")
        return 77
    if arguments.pictures:
        os.makedirs(arguments.pictures, exist_ok=True)
    story = Story(arguments)
    story.board.start()
    try:
        if not story.begin():
            return 1
        parts = arguments.only.split(",") if arguments.only else ["visits", "press", "staff", "closing", "deaths"]
        if arguments.headless:
            parts = ["deaths"]
        if not arguments.quick:
            if "visits" in parts:
                story.visit("en", False)
                story.visit("de", True)
                story.no_trace()
            if "press" in parts:
                story.press_everything()
            if "staff" in parts:
                story.staff(False)
            if "closing" in parts:
                story.closing_time()
            if "deaths" in parts:
                story.deaths()
            if "staff" in parts:
                story.staff(True)
                story.service.wants = True
                story.begin()
        story.nobody_stays()
    finally:
        if story.failed:
            print("its journal ended with:\n" + story.journal())
        story.close()
    print(f"kiosk in cage: {story.failed} things were not as they should be, {story.shots} pictures"
          + (f" in {arguments.pictures}" if arguments.pictures else ""))
    return 1 if story.failed else 0


if __name__ == "__main__":
    sys.exit(main())
