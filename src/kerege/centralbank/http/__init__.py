# SPDX-License-Identifier: Apache-2.0
"""The core node's HTTP interface: docs/core-api.md.

>>> from kerege.centralbank.http import core_routes
"""

from kerege.centralbank.http.routes import core_routes

__all__ = ["core_routes"]
