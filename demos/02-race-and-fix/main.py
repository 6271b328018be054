"""Two threads read, compute and write the same balance; a lock around the three steps is the cure."""
# SPDX-License-Identifier: MIT
import contextlib
import threading

START, STEP = 100, 30


def withdraw_together(guard, both_have_looked):
    """Two threads each withdraw STEP from one account; gives the balance that is left."""
    account = {"balance": START}

    def withdraw():
        with guard:
            seen = account["balance"]
            both_have_looked()  # the unlucky moment: the other thread runs before we write
            account["balance"] = seen - STEP

    threads = [threading.Thread(target=withdraw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return account["balance"]


# A barrier makes the unlucky moment certain; in real life it comes once in a while, which is worse.
racing = withdraw_together(contextlib.nullcontext(), threading.Barrier(2).wait)
# With the lock only one thread at a time is between looking and writing, so there is nobody to meet there.
fixed = withdraw_together(threading.Lock(), lambda: None)

print(f"start {START}, two threads withdraw {STEP} each")
print(f"without a lock: {racing} left, {racing - (START - 2 * STEP)} too much")
print(f"with a lock:    {fixed} left, as it should be")
