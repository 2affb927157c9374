# SPDX-License-Identifier: GPL-3.0-or-later
"""A second BlueZ, written by others: python3-dbusmock's bluez5 template with a heart strap and a Polar sensor on it.

Takes org.bluez on the bus that DBUS_SYSTEM_BUS_ADDRESS names and prints a line for whatever is asked of it, so that the
test can see what our own fake might have been told by our own misunderstanding. Ends with its standard input.
"""
import os
import struct
import subprocess
import sys
import threading

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

MOCK = "org.freedesktop.DBus.Mock"
ADDRESS = "00:11:22:33:44:55"
DEVICE = "/org/bluez/hci0/dev_00_11_22_33_44_55"
HEART = DEVICE + "/service000c/char000d"
CONTROL = DEVICE + "/service0020/char0021"
DATA = DEVICE + "/service0020/char0024"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
UUIDS = {
    HEART: "00002a37-0000-1000-8000-00805f9b34fb",
    CONTROL: "fb005c81-02e7-f387-1cad-8acd2d8df0c8",
    DATA: "fb005c82-02e7-f387-1cad-8acd2d8df0c8",
}
DROP_AFTER = 12  # packets of the first connection


class Peer:
    def __init__(self, bus):
        self.bus = bus
        self.beats = self.samples = self.connections = 0
        self.notifying = set()
        self.shown = []
        self.streaming = False

    def at(self, path, interface=MOCK):
        return dbus.Interface(self.bus.get_object("org.bluez", path), interface)

    def say(self, text):
        print(text, flush=True)

    def begin(self):
        mock = self.at("/", "org.bluez.Mock")
        mock.AddAdapter("hci0", "a computer")
        mock.AddDevice("hci0", ADDRESS, "Mock Belt")
        # as BlueZ does, the services of an advertisement come after the device
        self.at(DEVICE).UpdateProperties(
            "org.bluez.Device1",
            {"UUIDs": dbus.Array(["0000180d-0000-1000-8000-00805f9b34fb"], signature="s", variant_level=1)})
        self.bus.add_signal_receiver(self.called, "MethodCalled", MOCK, "org.bluez", path_keyword="path")
        GLib.timeout_add(150, self.tick)
        self.say("ready")

    def called(self, method, args, path):
        if path == DEVICE and method == "Connect":
            self.say("connect")
            self.connections += 1
            GLib.timeout_add(100, self.resolve)
        elif path == DEVICE and method == "Disconnect":
            self.say("disconnect")
            self.forget()
        elif path in UUIDS and method == "StartNotify":
            self.notifying.add(path)
        elif path in UUIDS and method == "StopNotify":
            self.say("stop notify")
            self.notifying.discard(path)
        elif path == CONTROL and method == "WriteValue":
            self.order(bytes(args[0]))
        elif method == "RegisterAgent":
            self.say("agent " + str(args[1]))

    def resolve(self):
        # resolved first, objects later and without a word: whoever wants them has to ask
        # (the template tells of a connection, but does not note it itself)
        self.at(DEVICE).UpdateProperties("org.bluez.Device1", {"Connected": dbus.Boolean(True, variant_level=1)})
        self.at(DEVICE).UpdateProperties("org.bluez.Device1", {"ServicesResolved": dbus.Boolean(True, variant_level=1)})
        GLib.timeout_add(200, self.show)
        return False

    def show(self):
        read = "ret = dbus.Array([0x0f, 0x01, 0x00, 0x00], signature='y')"
        for path, uuid in UUIDS.items():
            if path in self.shown:
                continue
            self.shown.append(path)
            self.at("/").AddObject(
                path, CHARACTERISTIC, {"UUID": dbus.String(uuid, variant_level=1)},
                dbus.Array([("StartNotify", "", "", ""), ("StopNotify", "", "", ""), ("WriteValue", "aya{sv}", "", ""),
                            ("ReadValue", "a{sv}", "ay", read)], signature="(ssss)"))
        return False

    def order(self, order):
        if order == b"\x01\x00":
            self.indicate(bytes([0xF0, 1, 0, 0, 0, 0, 1, 0x82, 0, 1, 1, 0x0E, 0]))
        elif order == b"\x02\x00\x00\x01\x82\x00\x01\x01\x0e\x00":
            self.say("start ecg")
            self.streaming = True
            self.indicate(bytes([0xF0, 2, 0, 0, 0]))
        elif order == b"\x03\x00":
            self.say("stop ecg")
            self.streaming = False
            self.indicate(bytes([0xF0, 3, 0, 0, 0]))
        else:
            self.say("what? " + order.hex())

    def value(self, path, data):
        value = dbus.Array([dbus.Byte(b) for b in data], signature="y", variant_level=1)
        self.at(path).EmitSignal(
            "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as",
            dbus.Array([CHARACTERISTIC, dbus.Dictionary({"Value": value}, signature="sv"),
                        dbus.Array([], signature="s")], signature="v"))

    def indicate(self, data):
        GLib.timeout_add(20, lambda: self.value(CONTROL, data) if CONTROL in self.notifying else None)

    def tick(self):
        if HEART in self.notifying:
            self.value(HEART, struct.pack("<BBH", 0x10, 62, 980 + self.beats * 37 % 60))
            self.beats += 1
            if self.connections == 1 and self.beats >= DROP_AFTER:
                self.drop()
        if self.streaming and DATA in self.notifying:
            self.samples += 20
            stamp = 599618164814402794 + int(self.samples / 130 * 1e9)
            data = b"".join(struct.pack("<i", 100 + i)[:3] for i in range(20))
            self.value(DATA, struct.pack("<BQB", 0, stamp, 0) + data)
        return True

    def forget(self):
        for path in self.shown:
            self.at("/").RemoveObject(path)
        self.shown = []
        self.notifying.clear()
        self.streaming = False
        for name in ("ServicesResolved", "Connected"):
            self.at(DEVICE).UpdateProperties("org.bluez.Device1", {name: dbus.Boolean(False, variant_level=1)})

    def drop(self):
        self.say("drop")
        self.forget()
        self.at("/", "org.bluez.Mock").DisconnectDevice("hci0", ADDRESS)
        GLib.timeout_add(1500, self.advertise)

    def advertise(self):
        self.at(DEVICE).UpdateProperties("org.bluez.Device1", {"RSSI": dbus.Int16(-61, variant_level=1)})
        return False


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"])
    server = subprocess.Popen([sys.executable, "-m", "dbusmock", "--system", "--template", "bluez5"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    loop = GLib.MainLoop()
    peer = Peer(bus)
    # its own end of the pipe: when the test closes it, or dies, all of this ends
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()

    def when_there(name, _old, new):
        if name == "org.bluez" and new:
            GLib.idle_add(lambda: peer.begin())

    bus.add_signal_receiver(when_there, "NameOwnerChanged", "org.freedesktop.DBus")
    if bus.name_has_owner("org.bluez"):
        GLib.idle_add(lambda: peer.begin())
    try:
        loop.run()
    finally:
        server.terminate()
        server.wait()


main()
