/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_bus.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t daemon_pid;

bool fake_bus_start(char *address_out, size_t size)
{
    int line[2];
    if (pipe(line) != 0)
        return false;
    daemon_pid = fork();
    if (daemon_pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(line[1], 1);
        close(line[0]);
        execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", (char *)NULL);
        _exit(127);
    }
    close(line[1]);
    const ssize_t got = read(line[0], address_out, size - 1);
    close(line[0]);
    if (got <= 0) {
        fake_bus_stop();
        return false;
    }
    address_out[got] = '\0';
    address_out[strcspn(address_out, "\n")] = '\0';
    return true;
}

void fake_bus_stop(void)
{
    if (daemon_pid <= 0)
        return;
    kill(daemon_pid, SIGTERM);
    waitpid(daemon_pid, NULL, 0);
    daemon_pid = 0;
}

static int on_message(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)error;
    struct fake_service *service = user;
    uint8_t type;
    sd_bus_message_get_type(m, &type);
    if (type != SD_BUS_MESSAGE_METHOD_CALL)
        return 0;
    pthread_mutex_lock(&service->lock);
    const int taken = service->on_call(m);
    pthread_mutex_unlock(&service->lock);
    return taken;
}

static void *live(void *user)
{
    struct fake_service *service = user;
    for (bool stop = false; !stop;) {
        while (sd_bus_process(service->bus, NULL) > 0)
            continue;
        pthread_mutex_lock(&service->lock);
        if (service->on_turn)
            service->on_turn();
        stop = service->stop;
        pthread_mutex_unlock(&service->lock);
        sd_bus_wait(service->bus, service->turn_us);
    }
    return NULL;
}

bool fake_service_start(struct fake_service *service, const char *address)
{
    service->stop = false;
    bool fine = sd_bus_new(&service->bus) >= 0 && sd_bus_set_address(service->bus, address) >= 0 &&
                sd_bus_set_bus_client(service->bus, true) >= 0 && sd_bus_start(service->bus) >= 0 &&
                (!service->prepare || service->prepare(service->bus)) &&
                sd_bus_add_filter(service->bus, NULL, on_message, service) >= 0;
    for (size_t i = 0; fine && service->names[i]; i++)
        fine = sd_bus_request_name(service->bus, service->names[i], 0) >= 0;
    service->running = fine && pthread_create(&service->thread, NULL, live, service) == 0;
    return service->running;
}

void fake_service_stop(struct fake_service *service)
{
    if (!service->running)
        return;
    service->running = false;
    pthread_mutex_lock(&service->lock);
    service->stop = true;
    pthread_mutex_unlock(&service->lock);
    pthread_join(service->thread, NULL);
    service->bus = sd_bus_flush_close_unref(service->bus);
}

void fake_service_lock(struct fake_service *service)
{
    pthread_mutex_lock(&service->lock);
}

void fake_service_unlock(struct fake_service *service)
{
    pthread_mutex_unlock(&service->lock);
}
