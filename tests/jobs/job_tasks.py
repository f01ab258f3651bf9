"""Tasks that the tests of jobs have worker processes run."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from artesian.core.errors import InvalidParameters, NotFound, Problem


def add(context, a=0, b=0):
    return a + b


def facts(context):
    import polars as pl

    return {
        "pid": os.getpid(),
        "threads": context.threads,
        "polars": pl.thread_pool_size(),
        "variables": [os.environ[name] for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")],
        "blas": _blas_threads(),
        "scratch": context.scratch,
        "scratch_is_empty": list(context.scratch.iterdir()) == [],
        "workers": context.settings.workers,
    }


def _blas_threads():
    import threadpoolctl

    return {info["num_threads"] for info in threadpoolctl.threadpool_info() if info["user_api"] == "blas"}


def new_key(context):
    from artesian.core.ids import new_key

    return os.getpid(), new_key("k")


def tell(context):
    context.progress(0.25, "a quarter")
    context.publish({"step": 1})
    context.warn("first warning")
    time.sleep(0.03)
    context.progress(0.5, "half")
    context.publish({"step": 2})
    context.warn("second warning")
    return "told"


def chatter(context):
    for i in range(100_000):
        context.progress(i / 100_000, f"step {i}")
    return "done"


def log(context):
    import logging

    logging.getLogger("artesian.learn").warning("from the task")


def raise_ours(context):
    raise NotFound("There is no frame 'x'.", key="x")


def raise_parameters(context):
    raise InvalidParameters("DeepLearning", [Problem("error", "rate", "The rate is wrong.")])


def raise_other(context):
    raise ZeroDivisionError("by nought")


def raise_without_text(context):
    raise KeyError


def raise_local(context):
    class StrangeError(Exception):
        pass

    error = StrangeError("odd")
    error.lock = threading.Lock()
    raise error


def leave(context):
    sys.exit(3)


def leave_at_once(context):
    os._exit(3)


def unpicklable(context):
    return threading.Lock()


def unknown_to_the_server(context):
    import types

    module = types.ModuleType("only_here")
    exec("class Thing: pass", module.__dict__)
    sys.modules["only_here"] = module
    return module.Thing()


def large(context, count):
    return bytes(count)


def die(context, number):
    os.kill(os.getpid(), number)
    time.sleep(10)


def fault(context):
    import ctypes

    ctypes.string_at(0)


def cooperative(context, file=None):
    if file:
        Path(file).touch()
    while True:
        context.check()
        time.sleep(0.001)


def returns_when_cancelled(context):
    while not context.cancelled:
        time.sleep(0.001)
    return "a result nobody wants"


def polls_in_native_code(context):
    import numpy as np

    flag = context.cancel_flag
    assert flag.shape == (1,)
    assert flag.dtype == np.uint8
    assert not flag.flags.writeable
    while not np.any(flag):
        pass
    context.publish({"seen": time.time()})
    context.check()


def deaf_sleep(context):
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def deaf_native(context):
    """Holds Python's lock in one call that lasts for hours."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return sum(range(10**13))


def stopped(context):
    os.kill(os.getpid(), signal.SIGSTOP)


def deaf_chatter(context):
    while True:
        context.publish({})


def hold_and_chatter(context, mebibytes):
    import numpy as np

    held = []
    while True:
        if len(held) < mebibytes // 16:
            held.append(np.ones(16 << 17))
        context.publish({})


def leave_a_thread_talking(context):
    def talk():
        while True:
            context.publish({"stray": True})

    threading.Thread(target=talk, daemon=True).start()
    time.sleep(0.05)


def hold(context, mebibytes, secs=10.0):
    import numpy as np

    held = []
    for _ in range(mebibytes // 16):
        held.append(np.ones(16 << 17))
        time.sleep(0.002)
    time.sleep(secs)


def ask_for_too_much(context):
    import numpy as np

    return float(np.ones(1 << 40).sum())


def map_file(context, path):
    """Reads a whole mapped file; its pages are the kernel's, not the worker's."""
    import numpy as np

    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    total = int(mapped.sum(dtype=np.int64))
    time.sleep(0.3)
    return total


def start_child(context, deaf=False):
    """Starts a process of its own that outlives the task if nobody ends it, then waits."""
    import subprocess

    child = subprocess.Popen(["sleep", "1000"])
    context.publish({"child": child.pid, "worker": os.getpid()})
    deaf_sleep(context) if deaf else cooperative(context)


def wait_for(context, file):
    while not Path(file).exists():
        context.check()
        time.sleep(0.002)
    return context.threads


def read_frame(context, manifest, wait=""):
    """Opens a frame once `wait` exists (if given) and returns the sum of its first column."""
    from artesian.frame.segment import open_frame

    if wait:
        wait_for(context, wait)
    return open_frame(manifest).columns[0].values.sum()


def write_frame(context, values):
    import polars as pl

    from artesian.frame import Frame
    from artesian.frame.segment import persist

    _, manifest = persist(Frame.from_polars(pl.DataFrame({"x": values})), context.scratch)
    return manifest


def cancelled_or_not(context):
    seen = context.cancelled
    time.sleep(0.002)
    return seen or context.cancelled


def finishes_when_asked(context):
    import logging

    context.can_finish("Nothing is there yet.")
    context.publish({"at": "the start"})
    while not context.watched:
        time.sleep(0.005)
    context.can_finish()
    context.glimpse({"value": 1.0})
    logging.getLogger("artesian.tests").info("half way")
    while not context.finishing:
        context.check()
        time.sleep(0.005)
    return "what there is"
