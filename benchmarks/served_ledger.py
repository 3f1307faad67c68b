# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks.served_ledger FILE ACCOUNTS`: open, post a batch, tell time and memory."""

import json
import re
import sys
import time
from pathlib import Path

from benchmarks.sqlite_ledger import open_ledger
from benchmarks.workload import Workload


def main() -> None:
    """Print what was measured, as JSON; memory in KiB."""
    path, accounts = Path(sys.argv[1]), int(sys.argv[2])
    start = time.perf_counter()
    ledger = open_ledger(path)
    started_s = time.perf_counter() - start
    # A seed and a time of its own for every process: its orders must be new to the ledger.
    workload = Workload(time.time_ns(), accounts)
    if not (ledger.post_columns(workload.columns()).refusal == 0).all():
        raise SystemExit("the ledger refused orders")
    told = {
        "start_up_s": round(started_s, 2),
        "resident_kib": _status("VmRSS"),
        "peak_kib": _status("VmHWM"),
    }
    ledger.close()
    print(json.dumps(told))


def _status(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found is None:
        raise SystemExit(f"/proc/self/status does not tell {name}")
    return int(found[1])


if __name__ == "__main__":
    main()
