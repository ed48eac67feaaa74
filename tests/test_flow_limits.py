"""What the data flow does not follow (docs/design/0005): a case that is found some day moves to the other tests."""

from __future__ import annotations

import pytest
from tests.flow_project import reached

MISSES = {
    "a method found by a computed name": """
        def f(db, name):
            getattr(db, "exec" + "ute")("SELECT * FROM t WHERE n = '" + name + "'")
        """,
    "a queue": """
        import queue
        jobs = queue.Queue()
        def put():
            jobs.put(input())
        def run():
            open('/srv/' + jobs.get())
        """,
    "an attribute that is set from outside": """
        class Job:
            def run(self):
                open('/srv/' + self.name)
        def f(name):
            job = Job()
            job.name = name
            return job
        def g(job):
            job.run()
        """,
}


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize("code", MISSES.values(), ids=MISSES)
def test_a_known_limit_still_holds(code):
    assert reached({"app.py": code})
