"""A bounded queue between one producer and two consumers; shutting the queue down ends the consumers."""
# SPDX-License-Identifier: MIT
import queue
import threading

ORDERS = 12
orders = queue.Queue(maxsize=3)
results, most_waiting = {}, 0


def produce():
    global most_waiting
    for number in range(1, ORDERS + 1):
        orders.put(number)  # waits while three orders are waiting already
        most_waiting = max(most_waiting, orders.qsize())
    orders.shutdown()  # no more to come: get() raises ShutDown once the queue is empty


def consume():
    while True:
        try:
            number = orders.get()  # waits while there is nothing to do
        except queue.ShutDown:
            return
        results[number] = number * number


consumers = [threading.Thread(target=consume, name=f"consumer {n}") for n in (1, 2)]
producer = threading.Thread(target=produce, name="producer")
for thread in (*consumers, producer):
    thread.start()
for thread in (producer, *consumers):
    thread.join()

for number in sorted(results):
    print(f"order {number:2} -> {results[number]:3}")
print(f"{len(results)} of {ORDERS} orders done, never more than {orders.maxsize} in the queue: "
      f"{most_waiting <= orders.maxsize}")
