"""Which calls give a date and time with a zone, and which without.

Source: the datetime documentation, "Aware and Naive Objects".
"""

from __future__ import annotations

NAIVE = frozenset(
    {
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.datetime.utcfromtimestamp",
        "datetime.utcnow",
        "datetime.today",
        "datetime.utcfromtimestamp",
        "datetime.datetime.combine",
    }
)
# With a zone in the argument of this position and keyword they are aware, without it naive.
BY_ARGUMENT = {
    "datetime.datetime.now": (0, "tz"),
    "datetime.now": (0, "tz"),
    "datetime.datetime.fromtimestamp": (1, "tz"),
    "datetime.fromtimestamp": (1, "tz"),
    "datetime.datetime": (7, "tzinfo"),
}
AWARE = frozenset({"django.utils.timezone.now", "pendulum.now", "arrow.utcnow", "arrow.now"})
