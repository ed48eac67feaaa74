"""Secrets: no format shows one, wherever it stands, and what is around it stays readable."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import report_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from codeguard.model import (
    Category,
    Confidence,
    Dismissed,
    Edit,
    Failure,
    FailureKind,
    Finding,
    Fix,
    Report,
    Rule,
    Severity,
    Span,
    Step,
    Suppressed,
)
from codeguard.report import FORMATS, VERBOSE, RenderOptions
from codeguard.report.mask import mask, masked

EVERYTHING = RenderOptions(width=200, show_suppressed=True, show_dismissed=True, statistics=True, verbosity=VERBOSE)
RULE = Rule(
    "CGS201", "hardcoded-secret", "A secret.", Category.SECURITY, Severity.HIGH, Confidence.HIGH, "codeguard", (798,)
)
OTHER = replace(RULE, id="CGS300", name="other", cwe=(78,))


def finding_at(text: str, span: Span, **more: object) -> Finding:
    snippet = text.split("\n")[span.start_line - 1].strip()
    base = Finding("CGS201", "a.py", span, "A secret stands here", RULE.category, RULE.severity, RULE.confidence, "codeguard",
                   snippet=snippet)  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def report_of(*findings: Finding, texts: dict[str, str] | None = None, **more: object) -> Report:
    return replace(Report("/r", findings, (), {RULE.id: RULE, OTHER.id: OTHER}, texts=texts or {}), **more)  # type: ignore[arg-type]


def all_text(report: Report) -> str:
    """Everything that any format shows, JSON escapes read."""
    shown = [FORMATS["text"].render(report, EVERYTHING).decode()]
    shown += [
        json.dumps(json.loads(FORMATS[n].render(report, EVERYTHING)), ensure_ascii=False) for n in ("json", "sarif")
    ]
    return "\n".join(shown)


MASKED = [
    ("", ""),
    ("hunter2", "*******"),
    ("hunter22", "hu******"),
    ("0123456789abcdef", "0123************"),
    ("-----BEGIN KEY-----\nabc\r\ndef", "----" + "*" * 15 + "\n***\r\n***"),
]


@pytest.mark.parametrize(("secret", "expected"), MASKED)
def test_a_mask_is_as_long_as_the_secret_and_keeps_at_most_four_characters(secret, expected):
    assert mask(secret) == expected
    assert mask(expected) == expected


SECRET = "s3cr3t-Pa55/wörd+X9"

PLACES = [
    ('key = "{}"\n', '"{}"'),
    ('key = "{}"\n', "{}"),
    ('key = "{}"\n', 'key = "{}"'),
    ('key = "{}"\n', "key"),
    ("key = '{}'\n", "'{}'"),
    ("key = b'{}'\n", "b'{}'"),
    ('key = """{}"""\n', '"""{}"""'),
    ('connect("db", password="{}", port=1)\n', 'connect("db", password="{}", port=1)'),
    (
        'connect(\n    user="me",  # don\'t\n    password="{}",\n)\n',
        'connect(\n    user="me",  # don\'t\n    password="{}",\n)',
    ),
    ('config = {{"password": "{}"}}\n', '{{"password": "{}"}}'),
    ('config["password"] = "{}"\n', 'config["password"] = "{}"'),
    ('config["password"] = "{}"\n', "password"),
    ('PEM = """\nfirst\n{}\nlast\n"""\n', "{}"),
    ('PEM = """\nfirst\n{}\nlast\n"""\n', '"""\nfirst\n{}\nlast\n"""'),
    ('a = "one" + "{}"\n', '"one" + "{}"'),
    ('a = "one" + "{}"\n', 'one" + "{}"'),
    ('url = f"https://me:{}@db.example.invalid/{{name}}"\n', 'f"https://me:{}@db.example.invalid/{{name}}"'),
]


@pytest.mark.parametrize(("code", "span"), PLACES)
def test_a_secret_is_masked_wherever_its_finding_points(code, span):
    text = "import os\n" + code.format(SECRET) + "x = 1\n"
    finding = finding_at(text, samples.span_of(text, span.format(SECRET)), message=f"The value '{SECRET}' is a secret")
    assert SECRET in text
    shown = all_text(report_of(finding, texts={"a.py": text}))
    assert SECRET not in shown
    assert SECRET[5:] not in shown


@pytest.mark.parametrize(("code", "span"), PLACES)
def test_masking_moves_nothing(code, span):
    text = "import os\n" + code.format(SECRET) + "x = 1\n"
    finding = finding_at(text, samples.span_of(text, span.format(SECRET)))
    after = masked(report_of(finding, texts={"a.py": text})).texts["a.py"]
    assert [len(line) for line in after.split("\n")] == [len(line) for line in text.split("\n")]


def test_literals_beside_the_secret_stay_readable():
    text = f'connect("database-host", "{SECRET}")\n'
    shown = masked(report_of(finding_at(text, samples.span_of(text, SECRET[3:9])), texts={"a.py": text})).texts["a.py"]
    assert shown == f'connect("database-host", "{mask(SECRET)}")\n'


def test_other_findings_that_show_the_line_show_the_mask():
    text = f'os.system(cmd)\nkey = "{SECRET}"\n'
    other = finding_at(text, Span(1, 0, 1, 14), rule_id="CGS300", message=f"near {SECRET}")
    shown = all_text(report_of(finding_at(text, Span(2, 6, 2, 27)), other, texts={"a.py": text}))
    assert SECRET not in shown
    assert shown.count("s3cr**") >= 2


def test_the_same_value_elsewhere_in_the_file_is_masked_too():
    text = f'key = "{SECRET}"\n# was {SECRET} before\nuse("{SECRET}")\n'
    assert SECRET not in masked(report_of(finding_at(text, Span(1, 6, 1, 27)), texts={"a.py": text})).texts["a.py"]


def test_traces_fixes_reasons_evidence_and_failures_do_not_show_it():
    text = f'key = "{SECRET}"\n'
    secret = finding_at(text, Span(1, 6, 1, 27))
    step = Step("a.py", Span(1, 0, 1, 3), f"`{SECRET}` is read", text.strip())
    fix = Fix(f"Do not write {SECRET}", (Edit(Span(1, 6, 1, 27), f'get("{SECRET}")'),))
    elsewhere = replace(secret, rule_id="CGS300", path="b.py", snippet="", trace=(step,), fix=fix)
    report = report_of(
        elsewhere,
        texts={"a.py": text},
        suppressed=(Suppressed(secret, "nosec", 1, "", f"{SECRET} is a test key"),),
        dismissed=(Dismissed(elsewhere, f"{SECRET} is constant", (step,)),),
        failures=(Failure("a.py", "bandit", FailureKind.UNPARSABLE, f"at {SECRET}"),),
    )
    assert SECRET in report.suppressed[0].reason
    assert SECRET not in all_text(report)


def test_a_fix_that_would_write_the_mask_into_the_file_loses_its_edits():
    text = f'key = "{SECRET}"\n'
    spoilt = Fix("Rename it", (Edit(Span(1, 0, 1, 27), f'KEY = "{SECRET}"'),))
    whole = Fix("Read it", (Edit(Span(1, 6, 1, 27), "environ['KEY']"),))
    secret = finding_at(text, Span(1, 6, 1, 27))
    for fix, edits in ((spoilt, ()), (whole, whole.edits)):
        report = masked(report_of(replace(secret, fix=fix), texts={"a.py": text}))
        assert report.findings[0].fix is not None
        assert report.findings[0].fix.edits == edits


def test_without_the_text_the_literals_of_the_snippet_are_masked():
    text = f'connect(user, "{SECRET}")\n'
    report = report_of(finding_at(text, Span(1, 0, 1, 40), message=f"'{SECRET}' is a password"))
    assert SECRET not in all_text(report)
    assert "connect(user" in all_text(report)


def test_a_value_that_the_message_gives_with_its_escapes_read_is_masked():
    text = 'key = "p\\x61ss-w0rd-1234"\n'
    shown = all_text(
        report_of(finding_at(text, Span(1, 6, 1, 26), message="Hard-coded: 'pass-w0rd-1234'"), texts={"a.py": text})
    )
    assert "w0rd" not in shown


def test_a_short_or_ordinary_word_is_masked_only_where_it_is_quoted():
    text = 'password = "password"\nlog("the password is wrong")\n'
    finding = finding_at(text, Span(1, 11, 1, 21), message="The password 'password' stands here")
    report = masked(report_of(finding, texts={"a.py": text}))
    assert report.texts["a.py"] == 'password = "pa******"\nlog("the password is wrong")\n'
    assert report.findings[0].message == "The password 'pa******' stands here"


def test_apostrophes_are_not_quotes():
    text = 'k = "abc"\n'
    finding = finding_at(text, Span(1, 4, 1, 9), message="It isn't read 1 time, it's written")
    assert masked(report_of(finding, texts={"a.py": text})).findings[0].message == finding.message


def test_keys_that_name_the_secret_stay_readable():
    text = f'config = {{"password": "{SECRET}", "api_key": "{SECRET}"}}\ncfg["token"] = "{SECRET}"\n'
    report = report_of(finding_at(text, Span(1, 9, 1, 70)), finding_at(text, Span(2, 0, 2, 36)), texts={"a.py": text})
    after = masked(report).texts["a.py"]
    assert all(key in after for key in ('"password"', '"api_key"', '"token"'))


def test_a_report_without_secrets_is_itself():
    report = samples.clean()
    assert masked(report) is report
    text = "x = 1\n"
    other = report_of(finding_at(text, Span(1, 0, 1, 1), rule_id="CGS300"), texts={"a.py": text})
    assert masked(other) is other


@pytest.mark.parametrize("cwe", [259, 321, 798])
def test_the_cwe_of_the_finding_or_of_its_rule_makes_a_secret(cwe):
    text = f'key = "{SECRET}"\n'
    finding = finding_at(text, Span(1, 6, 1, 27), rule_id="CGS300")
    by_finding = report_of(replace(finding, cwe=(20, cwe)), texts={"a.py": text})
    by_rule = report_of(finding, texts={"a.py": text}, rules={"CGS300": replace(OTHER, cwe=(cwe,))})
    assert SECRET not in all_text(by_finding)
    assert SECRET not in all_text(by_rule)


secrets = st.text("abcXYZ0189-_/+. é", min_size=16, max_size=40).filter(lambda text: text == text.strip())


@samples.few
@given(secrets, st.sampled_from(PLACES), st.integers(0, 3))
def test_no_secret_is_shown_by_any_format(secret, place, before):
    code, span = place
    text = "import os\n" * before + code.format(secret) + "x = 1\n"
    finding = finding_at(text, samples.span_of(text, span.format(secret)), message=f"`{secret}` is a secret")
    assert secret not in all_text(report_of(finding, texts={"a.py": text}))
