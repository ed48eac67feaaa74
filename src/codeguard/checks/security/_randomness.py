"""Calls of generators that are made for simulations, not for secrets."""

from __future__ import annotations

import libcst as cst

from codeguard.checks.security._words import listed
from codeguard.syntax.unit import Unit

_FUNCTIONS = listed("""
    random randint randrange choice choices sample shuffle uniform getrandbits randbytes triangular betavariate
    expovariate gammavariate gauss lognormvariate normalvariate vonmisesvariate paretovariate weibullvariate
    """)
_OWNERS = ("random.", "random.Random().", "numpy.random.", "numpy.random.RandomState().", "numpy.random.default_rng().")


def random_calls(unit: Unit) -> list[tuple[cst.Call, str]]:
    """The calls of predictable generators in a unit, each with the name of what is called."""
    found = unit.fact(_random_calls)
    return list(found)


def _random_calls(unit: Unit) -> tuple[tuple[cst.Call, str], ...]:
    return tuple(
        (call, name)
        for name, calls in unit.calls.items()
        if any(
            name.startswith(owner) and name[len(owner) :] in _FUNCTIONS | {"rand", "integers", "bytes", "randn"}
            for owner in _OWNERS
        )
        for call in calls
    )
