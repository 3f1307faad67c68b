# SPDX-License-Identifier: Apache-2.0
"""Benchmarks that print their conditions: `python -m benchmarks [--quick] [--only id,...]`.

Each file of `benchmarks/suite/` registers a benchmark; a new one needs nothing else:

    @benchmark("ledger.objects.sqlite", unit="transfers/s", group="posting",
               target=150_000, floor="floor.sqlite")
    def ledger_objects_sqlite(stage: Stage) -> Iterator[Sample]:
        orders = ...                                # set up, not timed
        stage.conditions["accounts"] = 100_000      # whatever a reader must know
        yield lambda: rate(len(orders), seconds)    # one run, one figure in the unit
        ...                                         # tear down
"""
