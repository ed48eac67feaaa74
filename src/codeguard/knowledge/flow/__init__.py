"""Library facts of the data flow, one table a subject; a wrong row is a one-line fix.

`sources`: where untrusted data comes from.  `sinks`: where it must not go.  `passing`: what calls do to it on the way.
"""

from __future__ import annotations

from functools import cache

from codeguard.knowledge.flow.model import Library


@cache
def library() -> Library:
    """All tables in one."""
    from codeguard.knowledge.flow import passing, sinks, sources  # noqa: PLC0415 - only a scan with flow needs them

    facts = Library()
    facts.attributes.update(sources.ATTRIBUTES)
    facts.fields.update(passing.FIELDS)
    for table in (sources.CALLS, passing.CALLS):
        facts.calls.update(table)
    for name, found in sinks.by_name().items():
        known = facts.calls.get(name)
        facts.calls[name] = sinks.with_sinks(known, found)
    return facts
