"""The planner on a busy server: work behind a page never ends, and parts of a page come late."""

import asyncio
import runpy
import time

from streamlit.runtime import get_instance
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from scripts.drive_app import ROOT
from sim.app import simulation_jobs
from sim.app.background_jobs import Job

HELD_S = 0.6  # longer than a page waits before it looks again how far a job has come


def held_back(queue):
    """Give what is to be sent up to the order to look again, and the rest a moment later."""
    if time.monotonic() < getattr(queue, "held", 0.0):
        return []
    orders = [k for k, one in enumerate(queue._queue) if one.WhichOneof("type") == "auto_rerun"]
    end = orders[0] + 1 if orders else len(queue._queue)
    given, queue._queue, queue._delta_index_map = queue._queue[:end], queue._queue[end:], {}
    if orders:
        queue.held = time.monotonic() + HELD_S
        send = get_instance()._get_async_objs().need_send_data.set
        asyncio.get_running_loop().call_later(HELD_S + 0.01, send)
    return given


def endless(job, task):
    """Work at a task until the job is stopped."""
    while True:
        job.done += job.done < job.planned - 1
        job._go_on()
        time.sleep(0.05)


if __name__ == "__main__":
    ForwardMsgQueue.flush = held_back
    Job._simulate = endless
    simulation_jobs.MOMENT = -1.0  # nothing is simulated while a page waits
    runpy.run_path(str(ROOT / "planner_app.py"))["main"]()
