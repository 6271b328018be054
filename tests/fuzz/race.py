# Puts a link where a folder was, while others open files in it by dir_fd and by path, from five threads.
# SPDX-License-Identifier: MIT
#
#   python race.py MOUNT SECONDS
#
# MOUNT has a folder `sub` with a file `secret` in it, and a link `out` to a folder outside with another `secret`.
# Prints how often each was read; "outside 0" is the only right answer.

import os
import sys
import threading
import time

mount, seconds = sys.argv[1], float(sys.argv[2])
os.chdir(mount)
sys.setswitchinterval(1e-5)
end = time.monotonic() + seconds
counts = {"inside": 0, "outside": 0, "errors": 0, "swaps": 0, "made": 0}
lock = threading.Lock()


def count(what):
    with lock:
        counts[what] += 1


def swap():
    while time.monotonic() < end:
        try:
            os.rename("sub", "away")
            os.rename("out", "sub")
            os.rename("sub", "out")
            os.rename("away", "sub")
            count("swaps")
        except OSError:
            for name, others in (("sub", ("away",)), ("out", ("sub",))):
                for other in others:
                    try:
                        if not os.path.lexists(name):
                            os.rename(other, name)
                    except OSError:
                        pass


def see(text):
    count("outside" if b"outside" in text else "inside")


def by_dir_fd():
    while time.monotonic() < end:
        try:
            folder = os.open("sub", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            count("errors")
            continue
        try:
            for _ in range(5):
                fd = os.open("secret", os.O_RDONLY, dir_fd=folder)
                see(os.read(fd, 100))
                os.close(fd)
                if "only-outside" in os.listdir(folder):
                    count("outside")
        except OSError:
            count("errors")
        finally:
            os.close(folder)


def by_path():
    while time.monotonic() < end:
        for path in ("sub/secret", "out/secret", os.path.join(mount, "sub/secret")):
            try:
                with open(path, "rb") as file:
                    see(file.read())
            except OSError:
                count("errors")


def make():
    while time.monotonic() < end:
        try:
            with open("sub/made", "w") as file:
                file.write("x")
            os.chmod("sub/made", 0o600)
            os.utime("sub/made", (1, 1))
            os.unlink("sub/made")
            os.mkdir("sub/folder")
            os.rmdir("sub/folder")
            count("made")
        except OSError:
            count("errors")


threads = [threading.Thread(target=target) for target in (swap, by_dir_fd, by_dir_fd, by_path, make)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(" ".join(f"{name} {value}" for name, value in counts.items()))
