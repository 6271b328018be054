# Runs in __main__ after each program: waits for its threads, as python itself does before it ends.
# SPDX-License-Identifier: MIT
def _finish():
    import atexit
    import sys
    import threading

    pools = sys.modules.get("concurrent.futures.thread")
    if pools:
        pools._python_exit()  # idle workers of pools that were not shut down end now
        pools._shutdown = False  # and later programs may have pools again
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
    atexit._run_exitfuncs()


_finish()
