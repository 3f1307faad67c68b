# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.simulation.run --seed N --steps N`: simulate and say what was found."""

import argparse
import sys
import traceback

from tests.simulation.simulation import Simulation, small_limits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2_000)
    asked = parser.parse_args()
    with small_limits():
        return simulate(asked.seed, asked.steps)


def simulate(seed: int, steps: int) -> int:
    """Run one seed; print one closing line; 1 if a promise was broken."""
    simulation = Simulation(seed)
    violation, step = "", 0
    try:
        for step in range(1, steps + 1):
            simulation.step()
            if step % 200 == 0:
                print(f"step {step} of {steps}", file=sys.stderr)
        simulation.finish()
    except Exception as failure:  # whatever it is, the seed must be told
        traceback.print_exc()
        violation = f"{type(failure).__name__} at step {step}: {failure}"
        print(f"to reproduce: --seed {seed} --steps {step}", file=sys.stderr)
    finally:
        simulation.close()
    found = {**simulation.counts, **simulation.disk.counts}
    figures = " · ".join(f"{count} {name}" for name, count in found.items() if count)
    refused = sum(simulation.refusals.values())
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(simulation.refusals.items()))
    ending = f"VIOLATION {violation}" if violation else "no violations"
    print(f"seed {seed}: {ending} · {figures} · {refused} refused ({kinds})")
    return 1 if violation else 0


if __name__ == "__main__":
    sys.exit(main())
