"""What codeguard thinks of the rules of other engines: a row for each, one table an engine.

A row gives a foreign rule our category, severity, confidence, CWE, name and profile, and says which rules of the other
engines report the same defect.  The profile is a measured judgement: `DEFAULT` holds rules that see a flaw, `STRICT`
those that are likely right but often wrong, `AUDIT` those that only see a place where a flaw could be (a sink, an
import).  Tests hold the tables complete against the installed versions.
"""
