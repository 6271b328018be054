// A worker of descriptor-table.test.js.
// SPDX-License-Identifier: MIT
// @ts-check

import { workerData } from "node:worker_threads";

import { DescriptorKind, descriptorTable } from "../../../js/src/host/descriptor-table.js";
import { randomFrom } from "../random.js";

const { table: memory, model, errors, seed, rounds } = workerData;
/** Of each descriptor: 0 closed, else how often it has been opened. */
const open = new Int32Array(model);
const counts = new Int32Array(errors);
const random = randomFrom(seed + 1);
const FEW = 8; // descriptors and slots, so that they meet

const table = descriptorTable(memory, (fd) => {
  if (Atomics.exchange(open, fd, 0) === 0) Atomics.add(counts, 0, 1); // closed twice
});

/** The system's open(): the lowest that is free. */
function openDescriptor() {
  for (let fd = 0; fd < FEW; fd++) {
    if (Atomics.compareExchange(open, fd, 0, 1 + Math.floor(random() * 2 ** 30)) === 0) return fd;
  }
  return -1;
}

for (let i = 0; i < rounds; i++) {
  const number = Math.floor(random() * FEW);
  const choice = random();
  if (choice < 0.25) {
    const fd = openDescriptor();
    if (fd >= 0) table.add(fd, DescriptorKind.file);
  } else if (choice < 0.5) {
    table.close(number);
  } else {
    table.use(number, DescriptorKind.file, (fd) => {
      const before = Atomics.load(open, fd);
      for (let spin = 0; spin < 20; spin++) if (Atomics.load(open, fd) !== before) Atomics.add(counts, 0, 1);
      if (before === 0) Atomics.add(counts, 0, 1);
      Atomics.add(counts, 1, 1);
    });
  }
}
