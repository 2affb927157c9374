# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen with a keyboard and a mouse that are not there: Xvfb, for a compositor that draws into a window of it."""
import os
import shutil
import signal
import subprocess
import time

WIDTH, HEIGHT = 1024, 768  # of the window that wlroots makes


class Screen:
    def __init__(self, folder):
        number = next(n for n in range(60, 1000) if not os.path.exists(f"/tmp/.X11-unix/X{n}"))
        self.name = f":{number}"
        with open(os.path.join(folder, "xvfb.log"), "ab") as log:
            self.server = subprocess.Popen(["Xvfb", self.name, "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten",
                                            "tcp", "-noreset", "-ardelay", "60000"], stdout=log, stderr=log)
        while not os.path.exists(f"/tmp/.X11-unix/X{number}") and self.server.poll() is None:
            time.sleep(0.05)
        self.environment = dict(os.environ, DISPLAY=self.name)

    def do(self, *words):
        return subprocess.run(["xdotool", *[str(word) for word in words]], env=self.environment, check=False, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout

    def key(self, name):
        self.do("key", "--delay", 60, name)

    def type(self, words):
        for one in words:
            self.key(one)

    def hold(self, name, seconds):
        self.key("F9")  # the first key of all after a start may be lost while the keyboard is made known
        time.sleep(1)
        for one in name.split("+"):
            self.do("keydown", one)
        time.sleep(seconds)
        for one in reversed(name.split("+")):
            self.do("keyup", one)

    def click(self, x_01, y_01, button=1, hold_s=0.05):
        self.do("mousemove", min(WIDTH - 1, int(x_01 * WIDTH)), min(HEIGHT - 1, int(y_01 * HEIGHT)))
        self.do("mousedown", button)
        time.sleep(hold_s)
        self.do("mouseup", button)

    def picture(self, path):
        subprocess.run(["import", "-window", "root", path], env=self.environment, check=False, timeout=60)

    def close(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(10)


def missing():
    """The first tool that is not installed."""
    return next((tool for tool in ("Xvfb", "xdotool", "import", "convert") if not shutil.which(tool)), None)
