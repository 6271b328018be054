# Forged calls of the imports that the glue acts on in the host thread: sys.argv[1] says which.
# SPDX-License-Identifier: MIT

import sys
import time

import _heddle_door as door

WILD = [0, 1, 12345, 2**31 - 1, 2**31, 2**32 - 1]


def each(name, *more):
    for number in WILD:
        door.call(name, number, *more)


match sys.argv[1]:
    case "cleanup of no thread":
        each("_emscripten_thread_cleanup")
    case "mailboxes of no thread":
        for number in WILD:
            each("_emscripten_notify_mailbox_postmessage", number)
    case "threads of no memory":
        for number in WILD:
            each("__pthread_create_js", number, number, number)
    case "calls of no function":
        each("_emscripten_receive_on_main_thread_js", 0, 0, 0, 0)
    case "events of every number":
        for event in [*range(-3, 4), *range(5, 20), 2**31 - 1, -(2**31)]:
            door.call("heddle_host_notify", event)
    case "a flood of archives":
        for _ in range(300):
            door.call("heddle_host_notify", 5)
            door.call("heddle_host_notify", 6)
    case "messages from anywhere":
        each("emscripten_err")
    case "exit":
        door.call("exit", 7)
    case "force exit":
        door.call("emscripten_force_exit", 7)
    case "an exit event":
        door.call("heddle_host_notify", 4)
    case "a failed assertion":
        door.call("__assert_fail", 0, 0, 0, 0)
time.sleep(0.3)  # the host thread has had its turn
