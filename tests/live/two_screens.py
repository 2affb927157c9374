#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Displays that come and go in the middle of a session: Outbreath on a compositor of its own.

    two_screens.py PROGRAM [FOLDER]

A sway without a display (wlroots' headless back end) holds a second one, whose outputs are windows of the first: closing
such a window unplugs that output, and the second one can be told to plug in another. The windows of the program are then
looked for in the second one's tree. With FOLDER, pictures of each step are left there (by grim). Skips, saying so, without
sway."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 40.0
PICTURE, PAGE = "Outbreath", "Outbreath: the therapist's page"


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


class Desktop:
    def __init__(self, outputs):
        self.folder = tempfile.mkdtemp(prefix="outbreath-two-screens-")
        self.started = []
        self.unprivileged = []
        if os.getuid() == 0:  # sway does not start for root
            self.unprivileged = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            os.chown(self.folder, 65534, 65534)
        self.env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK")}
        self.env.update(XDG_RUNTIME_DIR=self.folder, WLR_RENDERER="pixman", WLR_LIBINPUT_NO_DEVICES="1")
        config = os.path.join(self.folder, "config")
        with open(config, "w") as f:
            f.write("default_border none\nxwayland disable\nfor_window [title=\"wlroots\"] floating enable\n")
        self.outer = self.sway("outer", config, WLR_BACKENDS="headless")
        self.inner = self.sway("inner", config, WLR_BACKENDS="wayland", WAYLAND_DISPLAY=self.socket("wayland-1"),
                               WLR_WL_OUTPUTS=str(outputs))
        self.env["WAYLAND_DISPLAY"] = self.socket("wayland-2")

    def socket(self, name):
        wait(lambda: os.path.exists(os.path.join(self.folder, name)), name)
        return name

    def sway(self, name, config, **env):
        path = os.path.join(self.folder, name + ".sock")
        with open(os.path.join(self.folder, name + ".log"), "w") as log:
            self.started.append(subprocess.Popen(self.unprivileged + ["sway", "-c", config], stdout=log, stderr=log,
                                                 env=dict(self.env, SWAYSOCK=path, **env)))
        wait(lambda: self.ask(path, "-t", "get_version") is not None, name)
        return path

    def ask(self, path, *words):
        done = subprocess.run(["swaymsg", "-r", "-s", path, *words], capture_output=True, env=self.env, check=False)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout else None

    def unplug(self, output):
        self.ask(self.outer, '[title="%s$"] kill' % output)

    def plug(self):
        self.ask(self.inner, "create_output")

    def scale(self, times):
        for output in self.outputs():
            self.ask(self.inner, "output", output, "scale", str(times))

    def outputs(self):
        return sorted(o["name"] for o in self.ask(self.inner, "-t", "get_outputs") or [])

    def windows(self):
        """What is to be seen: title by output."""
        seen = {}

        def walk(node, output):
            if node.get("type") == "output":
                output = node["name"]
            if node.get("pid") and node.get("visible"):
                seen.setdefault(output, []).append(node["name"] + ("" if node["fullscreen_mode"] else ", small"))
            for child in node.get("nodes", []) + node.get("floating_nodes", []):
                walk(child, output)

        walk(self.ask(self.inner, "-t", "get_tree") or {}, None)
        return {output: sorted(names) for output, names in seen.items()}

    def keep(self, folder, name):
        for output in self.outputs() if folder else []:
            subprocess.run(["grim", "-o", output, os.path.join(folder, "%s-%s.png" % (name, output))], env=self.env,
                           check=False)

    def end(self):
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait(condition, what):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("in vain for: " + what)


class Session:
    def __init__(self, desktop, program, *options):
        self.desktop = desktop
        self.log = open(os.path.join(desktop.folder, "log"), "w+")
        self.process = subprocess.Popen(
            [program, "--demo", "--mute", "--config", "none", "--lang", "en",
             "--data", os.path.join(desktop.folder, "data"), *options],
            stdout=self.log, stderr=subprocess.STDOUT, env=dict(desktop.env, OUTBREATH_CONFIG="none"))

    def expect(self, what, folder=None, name=None, **windows):
        wanted = {output.replace("_", "-"): [title] for output, title in windows.items()}
        try:
            wait(lambda: self.process.poll() is None and self.desktop.windows() == wanted, what)
        except AssertionError:
            print("to be seen: %s\nwanted: %s\nthe program: %s" % (self.desktop.windows(), wanted, self.process.poll()))
            raise
        print("%-58s %s" % (what, ", ".join("%s: %s" % (o, n[0]) for o, n in sorted(wanted.items()))))
        if folder:
            time.sleep(2)
            self.desktop.keep(folder, name)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        self.log.seek(0)
        return code, self.log.read()


def picture_and_page(desktop, program, folder):
    session = Session(desktop, program, "--screen", "2", "--console-screen", "1")
    try:
        session.expect("picture and page on a screen each", folder, "both", WL_2=PICTURE, WL_1=PAGE)
        desktop.unplug("WL-2")
        session.expect("the picture's screen goes: it waits", folder, "picture-gone", WL_1=PAGE)
        desktop.plug()
        session.expect("another comes", folder, "picture-back", WL_3=PICTURE, WL_1=PAGE)
        desktop.unplug("WL-1")
        session.expect("the page's screen goes: the page with it", folder, "page-gone", WL_3=PICTURE)
        desktop.plug()
        wait(lambda: "WL-4" in desktop.outputs(), "a screen")
        session.expect("a stranger's screen comes: no page on it", folder, "stranger", WL_3=PICTURE)
    finally:
        code, said = session.end()
    if code != 0 or "picture:" not in said:
        raise AssertionError("it ended with %s:\n%s" % (code, said))


def picture_alone(desktop, program, folder):
    session = Session(desktop, program, "--screen", "output 4")
    try:
        session.expect("the picture by a part of a name", folder, "alone", WL_4=PICTURE)
        desktop.unplug("WL-4")
        session.expect("its screen goes: it moves", folder, "alone-moved", WL_3=PICTURE)
    finally:
        code, said = session.end()
    if code != 0 or "picture:" not in said:
        raise AssertionError("it ended with %s:\n%s" % (code, said))


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
    for tool in ("sway", "swaymsg"):
        if not shutil.which(tool):
            skip(tool + " is not installed")
    desktop = None
    try:
        desktop = Desktop(2)
    except AssertionError as error:
        skip("sway does not start here (%s)" % error)
    try:
        listed = subprocess.run([program, "--screen", "list"], capture_output=True, text=True, env=desktop.env, check=False)
        print(listed.stdout, end="")
        assert listed.returncode == 0 and listed.stdout.count("Wayland output") == 2, listed
        desktop.scale(2)  # as on a display of many pixels: a window's size is then not that of its picture
        picture_and_page(desktop, program, folder)
        picture_alone(desktop, program, folder)
    finally:
        desktop.end()


main()
