/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A private bus, and services of our own on it: what the fakes of logind, BlueZ and a desktop's notifications share. */
#ifndef OB_TESTS_BUS_FAKE_BUS_H
#define OB_TESTS_BUS_FAKE_BUS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

/* A dbus-daemon whose address goes into address_out. False: there is none on this machine. It ends with the test. */
bool fake_bus_start(char *address_out, size_t size);
void fake_bus_stop(void);

/* Answers on a thread of its own. The bus is that thread's alone; the lock guards what the fake keeps, and is held
 * while any of its functions runs. */
struct fake_service {
    const char *names[3];              /* on the bus; ended by NULL */
    bool (*prepare)(sd_bus *bus);      /* before the names are taken, on the caller's thread; may be NULL */
    int (*on_call)(sd_bus_message *m); /* a method call; 0: none of ours */
    void (*on_turn)(void);             /* every turn of the thread, at least each turn_us; may be NULL */
    uint64_t turn_us;
    /* private */
    pthread_mutex_t lock;
    pthread_t thread;
    sd_bus *bus;
    bool running, stop;
};
#define FAKE_SERVICE_LOCK .lock = PTHREAD_MUTEX_INITIALIZER

/* False: the names could not be had. One that runs, left over by a test that failed, must have been stopped. */
bool fake_service_start(struct fake_service *service, const char *address);
void fake_service_stop(struct fake_service *service); /* as if it had died; it need not run */
void fake_service_lock(struct fake_service *service);
void fake_service_unlock(struct fake_service *service);

#endif
