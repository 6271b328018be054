// Python programs that fill memory, for the tests of every host.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * Defines take_up_to(limit): what is free below the address is taken, so that all that comes later lies above; and
 * take_rest(): all but some hundred KB. Nobody writes to a writer's buffer, so most of it costs the machine nothing.
 */
export const TAKE_MEMORY = `
import io
taken = []
def take(size):
    taken.append(io.BufferedWriter(io.BytesIO(), size))
def take_up_to(limit):
    while id(bytes(1 << 20)) < limit - (1 << 28):
        take(1 << 27)
    while id(piece := bytes(6000)) < limit:
        taken.append(piece)
    while id(piece := bytes(600)) < limit:
        taken.append(piece)
def take_rest():
    size = 1 << 27
    while size >= 1 << 17:
        try:
            take(size)
        except MemoryError:
            size >>= 1
`;
