// The examples menu.
// SPDX-License-Identifier: MIT
// @ts-check

import barrier from "./examples/barrier.py";
import helloThreads from "./examples/hello_threads.py";
import mandelbrot from "./examples/mandelbrot.py";
import philosophersCured from "./examples/philosophers_cured.py";
import philosophersDeadlock from "./examples/philosophers_deadlock.py";
import producerConsumer from "./examples/producer_consumer.py";
import raceAndFix from "./examples/race_and_fix.py";
import threadPool from "./examples/thread_pool.py";
import timer from "./examples/timer.py";

/** Simple ones first. `name` is what #example=name in the address asks for. */
export const EXAMPLES = [
  { name: "hello", title: "Hello, threads", code: helloThreads },
  { name: "race", title: "A race, and its fix", code: raceAndFix },
  { name: "producer", title: "Producer and consumers", code: producerConsumer },
  { name: "deadlock", title: "Dining philosophers: a deadlock", code: philosophersDeadlock },
  { name: "cure", title: "Dining philosophers: the cure", code: philosophersCured },
  { name: "pool", title: "A thread pool", code: threadPool },
  { name: "barrier", title: "A barrier", code: barrier },
  { name: "timer", title: "A timer, and input", code: timer },
  { name: "mandelbrot", title: "Mandelbrot in parallel (draws)", code: mandelbrot },
];
