# A hostile program: calls every import with arguments of all kinds, from several threads.
# SPDX-License-Identifier: MIT
#
#   python hostile.py SEED CALLS THREADS POKES OUTSIDE
#
# One thread changes the names that are being read. With POKES it writes into memory that is not its own, too. Prints
# "calls N" as it goes. OUTSIDE is a folder that it must not reach.

import random
import sys
import threading

import _heddle_door as door

SEED, CALLS, THREADS, POKES = map(int, sys.argv[1:5])
OUTSIDE = sys.argv[5].encode()

# These end the thread or the process when they work as they should, so they are called now and then only.
DEADLY = {
    "__assert_fail", "exit", "emscripten_force_exit", "emscripten_exit_with_live_runtime", "emscripten_unwind_to_js_event_loop",
    "_emscripten_thread_cleanup", "_emscripten_thread_set_strongref", "_emscripten_receive_on_main_thread_js",
    "_emscripten_init_main_thread_js", "__pthread_create_js", "_emscripten_notify_mailbox_postmessage",
    "emscripten_check_blocking_allowed", "heddle_host_use_up_stack", "emscripten_resize_heap", "heddle_host_notify",
    "_wasmfs_jsimpl_alloc_file", "_wasmfs_jsimpl_get_size", "_wasmfs_jsimpl_read", "_wasmfs_jsimpl_write",
    "_wasmfs_jsimpl_set_size", "_wasmfs_jsimpl_free_file", "_wasmfs_copy_preloaded_file_data",
    "_wasmfs_get_preloaded_file_size", "_wasmfs_get_preloaded_child_path", "_wasmfs_get_preloaded_file_mode",
    "_wasmfs_get_preloaded_parent_path", "_wasmfs_get_preloaded_path_name", "emscripten_err",
}

NAMES = [
    b"a.txt", b"b.txt", b"sub", b"sub/inner.txt", b"deep", b".", b"..", b"...", b"", b"/", b"../outside", b"new1", b"new2",
    b"link-to-outside", b"link-to-secret", b"link-to-sub", b"link-to-nothing", b"pipe", b"n" * 255, b"n" * 300, b"n" * 5000,
    b"\xff\xfe", "größe".encode(), b"a\\b", b"C:", b"a.txt/", b"./a.txt", b"/etc/passwd", OUTSIDE, OUTSIDE + b"/secret",
    b"../" + OUTSIDE.rsplit(b"/", 1)[1] + b"/secret", b"secret", b"/proc/self/fd/0", b"\n",
]  # fmt: skip

# What the arguments of the file imports mean.
FILES = {
    "open_folder": "fn", "open": "fnom", "close": "h", "pread": "hbls", "pwrite": "hbls", "ftruncate": "hs", "fsync": "h",
    "fstat": "hb", "stat": "fnb", "readdir": "fbl", "mkdir": "fnm", "rmdir": "fn", "unlink": "fn", "rename": "fnfn",
    "symlink": "nfn", "readlink": "fnbl", "chmod": "fnm", "utimes": "fntt",
}  # fmt: skip
FILES = {f"heddle_host_{name}": kinds for name, kinds in FILES.items()}
# Of the others, those that end the thread when a length is wild.
OTHERS = {
    "getentropy": "bl",
    "environ_get": "bb", "environ_sizes_get": "bb", "heddle_host_time_zone": "bl",
}  # fmt: skip

memory = door.memory()


def address_of(buffer):
    """Where the bytes of a bytearray are: its ob_start."""
    return int.from_bytes(memory[id(buffer) + 20 : id(buffer) + 24], "little")


names = bytearray(b"\0".join(NAMES) + b"\0")
name_at = [address_of(names) + names.find(b"\0" + name + b"\0") + 1 for name in NAMES[1:]] + [address_of(names)]
changing = bytearray(b"a.txt\0\0\0")
scratch = bytearray(1 << 16)
numbers = [0, 1]  # that imports have returned


class Caller:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.kinds = {
            "f": self.number, "h": self.number, "n": self.name, "o": lambda: self.random.getrandbits(5),
            "m": lambda: self.random.choice([0, 0o644, 0o755, 0o777, 0o7777, 0o4755, -1]), "b": self.buffer, "l": self.length,
            "s": self.offset, "t": self.time, "?": self.anything,
        }  # fmt: skip

    def number(self):
        choice = self.random.random()
        if choice < 0.4:
            return self.random.choice(numbers)
        if choice < 0.9:
            return self.random.randrange(60)
        return self.random.choice([-1, 4095, 4096, 2**31 - 1, 2**31, 2**32 - 1, self.random.getrandbits(32)])

    def name(self):
        choice = self.random.random()
        if choice < 0.7:
            return self.random.choice(name_at)
        return address_of(changing) if choice < 0.9998 else self.wild()

    def wild(self):
        return self.random.choice([0, 1, 2**31 - 1, 2**31, 2**32 - 1, self.random.getrandbits(32)])

    def buffer(self):
        return address_of(scratch) + self.random.randrange(256) if self.random.random() < 0.9998 else self.wild()

    def length(self):
        return self.random.choice([0, 1, 7, 100, 4096]) if self.random.random() < 0.9998 else self.random.getrandbits(32)

    def offset(self):
        return float(
            self.random.choice([0, 1, 100, 5000, -1, -(2**40), 2**31, 2**53, 1e300, float("inf"), float("nan"), 0.5])
        )

    def time(self):
        return float(self.random.choice([0, 1.7e12, -1, 1e20, float("nan"), float("inf")]))

    def anything(self):
        return self.random.choice([self.number, self.buffer, self.length])()

    def call_one(self):
        name = self.random.choice(file_imports if self.random.random() < 0.9 else other_imports)
        if name in DEADLY and self.random.random() > 0.0005:
            return
        kinds = FILES.get(name) or OTHERS.get(name) or "?" * imports[name]
        arguments = [self.kinds[kind]() for kind in kinds]
        try:
            result = door.call(name, *arguments)
        except (TypeError, OverflowError):  # a float where a number is wanted, or the reverse
            result = door.call(name, *(float(argument) for argument in arguments))
        if name in ("heddle_host_open", "heddle_host_open_folder") and result >= 0:
            numbers[self.random.randrange(len(numbers)) if len(numbers) > 40 else 0 : 0] = [result]
            del numbers[60:]


imports = door.imports()
file_imports = list(FILES)
other_imports = [name for name in imports if name not in FILES]
sys.setswitchinterval(1e-6)  # each call lets other threads run
left = CALLS
lock = threading.Lock()


def work(seed):
    global left
    caller = Caller(seed)
    while True:
        with lock:
            count = min(500, left)
            left -= count
        if count <= 0:
            return
        for _ in range(count):
            caller.call_one()
            if POKES and caller.random.random() < 0.002:
                memory[caller.random.randrange(len(memory))] = caller.random.getrandbits(8)
        print("calls", count, flush=True)


def change():
    """Puts other names where one is being read."""
    chance = random.Random(SEED)
    while left > 0:
        name = chance.choice([b"a.txt\0\0\0", b"..\0\0\0\0\0\0", b"..\0xx\0\0\0", b"../x\0\0\0\0", b"sub\0\0\0\0\0", b"abcdefg\0"])
        for i in range(8):
            changing[i] = name[i]


threads = [threading.Thread(target=work, args=(SEED * 100 + i,)) for i in range(THREADS)]
threads.append(threading.Thread(target=change))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
