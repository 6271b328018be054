"""Four threads draw the Mandelbrot set.

The Pictures pane shows it while it grows. A PPM file is a line with the
size and then three bytes for each point: red, green and blue. Each thread
takes the next row that nobody has, computes it and writes it to its place
in the file; a lock keeps seek() and write() together. Threads share the
rows, but not the time of pure Python, which one interpreter lock hands
around: four threads are about as fast as one here, as on a desktop.
"""
import itertools
import threading
import time

WIDTH, HEIGHT, THREADS, DEPTH = 360, 240, 4, 48
HEADER = b"P6 %d %d 255\n" % (WIDTH, HEIGHT)

rows = itertools.count()
writing = threading.Lock()
drawn = {}


def colour(step):
    t = (step / DEPTH) ** 0.7
    red = 9 * (1 - t) * t**3
    green = 15 * (1 - t) ** 2 * t**2
    blue = 8.5 * (1 - t) ** 3 * t
    return bytes(int(255 * part) for part in (red, green, blue))


PALETTE = [colour(step) for step in range(DEPTH + 1)]


def escape(c):
    z = 0
    for step in range(DEPTH):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag > 4:
            return step
    return DEPTH


def draw(picture):
    me = threading.current_thread().name
    while (row := next(rows)) < HEIGHT:
        y = (row - HEIGHT / 2) * 2.4 / HEIGHT
        points = [complex(x * 3.4 / WIDTH - 2.4, y) for x in range(WIDTH)]
        line = b"".join(PALETTE[escape(point)] for point in points)
        with writing:
            picture.seek(len(HEADER) + row * WIDTH * 3)
            picture.write(line)
        drawn[me] = drawn.get(me, 0) + 1


started = time.monotonic()
with open("mandelbrot.ppm", "wb", buffering=0) as picture:
    picture.write(HEADER)
    threads = [
        threading.Thread(target=draw, args=(picture,), name=f"painter {n}")
        for n in range(1, THREADS + 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
for name, count in sorted(drawn.items()):
    print(f"{name} drew {count} rows")
print(f"{HEIGHT} rows of {WIDTH} points in {time.monotonic() - started:.1f} s")
