"""The web server's settings, the same in development and in the container."""

import gc
import os

worker_class = "gthread"
workers = int(os.environ.get("TESSERA_WEB_PROCESSES", "2"))
threads = int(os.environ.get("TESSERA_WEB_THREADS", "8"))
preload_app = True  # the code is loaded once and shared by the processes
timeout = 60
graceful_timeout = 30
keepalive = 30
raw_env = ["TESSERA_DATABASE_POOL=1"]  # here alone: a worker's processes use one connection each
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats must not wait for a busy disk
# A request line may hold a long filter, never a whole form.
limit_request_line = 8190


def pre_fork(server: object, worker: object) -> None:
    """Keep the garbage collector off what was loaded before, so that the processes share it."""
    gc.freeze()
