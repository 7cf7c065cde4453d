#!/usr/bin/env bash
# Tomtom's first call compiles for most of a minute; numba keeps the result in the environment.
set -euo pipefail
python - <<'PYTHON'
import numpy as np
from memelite import tomtom

rng = np.random.default_rng(1)
targets = [ppm.T for ppm in rng.dirichlet(np.ones(4), (30, 10))]
tomtom(targets[:2], targets, n_jobs=1)
PYTHON
