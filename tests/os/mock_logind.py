# SPDX-License-Identifier: GPL-3.0-or-later
"""python3-dbusmock's logind on the bus of DBUS_SYSTEM_BUS_ADDRESS. Says "ready" when it answers; ends with its parent."""
import subprocess
import sys

import dbus
import dbusmock

own = "import ctypes, signal; ctypes.CDLL(None).prctl(1, signal.SIGTERM); "
mock = subprocess.Popen([sys.executable, "-c", own + "import runpy, sys; sys.argv = ['dbusmock', '--system', "
                         "'--template', 'logind']; runpy.run_module('dbusmock', run_name='__main__')"])
bus = dbus.SystemBus()
dbusmock.DBusTestCase.wait_for_bus_object("org.freedesktop.login1", "/org/freedesktop/login1", system_bus=True)
print("ready", flush=True)
mock.wait()
