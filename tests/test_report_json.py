"""The JSON format: valid against its schema for any report, complete, and the same for the same report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import report_samples as samples
from hypothesis import given

from codeguard.model import Category, FailureKind, FileStatus, Report, Safety, Severity
from codeguard.report import FORMATS, RenderOptions
from codeguard.report.json import SCHEMA

SCHEMA_FILE = Path(__file__).parent.parent / "schemas" / "codeguard-report-1.0.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def document(report: Report, options: RenderOptions | None = None) -> dict:
    return json.loads(FORMATS["json"].render(report, options or RenderOptions()))


def test_the_schema_is_a_schema_that_forbids_what_it_does_not_name_and_describes_the_rest():
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)

    def check(node: object, place: str) -> None:
        if isinstance(node, dict):
            if "properties" in node:
                assert node["additionalProperties"] is False, place
                for name, field in node["properties"].items():
                    assert "description" in field or "$ref" in field, f"{place}/{name}"
            for name, child in node.items():
                check(child, f"{place}/{name}")
        elif isinstance(node, list):
            for item in node:
                check(item, place)

    check(VALIDATOR.schema, "")


def test_the_schema_knows_every_value_of_the_model():
    defs, fields = VALIDATOR.schema["$defs"], VALIDATOR.schema["properties"]
    assert fields["schema"]["const"] == SCHEMA
    assert defs["category"]["enum"] == [str(category) for category in Category]
    assert defs["severity"]["enum"] == [severity.label for severity in reversed(Severity)]
    assert defs["fix"]["properties"]["safety"]["enum"] == [safety.value for safety in Safety]
    assert fields["failures"]["items"]["properties"]["kind"]["enum"] == [kind.value for kind in FailureKind]
    assert fields["files"]["items"]["properties"]["status"]["enum"] == [status.value for status in FileStatus]


@samples.few
@given(samples.reports())
def test_any_report_is_valid_and_holds_no_lone_surrogate(report):
    shown = document(report)
    VALIDATOR.validate(shown)
    json.dumps(shown, ensure_ascii=False).encode("utf-8")


def test_the_sample_is_valid_and_so_is_a_clean_report():
    for report in (samples.sample(), samples.clean()):
        VALIDATOR.validate(document(report))


def test_everything_of_the_report_is_there():
    report = samples.sample()
    shown = document(report)
    assert (shown["root"], shown["started"], shown["seconds"]) == ("/srv/checkout", "2026-11-24T10:00:00Z", 1.234)
    assert (shown["complete"], shown["interrupted"]) == (False, False)
    assert len(shown["findings"]) == len(report.findings)
    assert [item["reason"] for item in shown["suppressed"]] == ["", "input is a constant"]
    assert shown["dismissed"][0]["steps"][0]["message"] == "the argument is a constant"
    assert [failure["fatal"] for failure in shown["failures"]] == [True, True, True, False]
    assert {engine["name"]: engine["files_scanned"] for engine in shown["engines"]} == {
        "bandit": 13,
        "native": 14,
        "ruff": 14,
    }
    assert [rule["id"] for rule in shown["rules"]] == sorted(report.rules)


def test_a_finding_keeps_the_columns_of_the_model_and_names_its_weaknesses():
    finding = next(f for f in document(samples.sample())["findings"] if f["rule_id"] == "CGS101")
    assert finding["span"] == {"start_line": 7, "start_col": 11, "end_line": 7, "end_col": 36}
    assert finding["cwe"] == [{"id": 89, "name": "SQL injection"}, {"id": 943, "name": "Query injection"}]
    assert (finding["level"], finding["severity"], finding["confidence"]) == ("error", "critical", "high")
    assert finding["seen_by"] == ["native:CGS101", "bandit:B608", "semgrep:sql-text"]
    assert [step["path"] for step in finding["trace"]] == ["app/views.py", "app/views.py", "app/db.py", "app/db.py"]
    assert finding["fix"]["safety"] == "show"


def test_a_name_that_is_not_utf8_is_readable_and_exact():
    record = next(f for f in document(samples.sample())["files"] if f["path"].startswith("data/caf"))
    assert record["path"] == "data/caf\\udce9 #1?.py"
    assert record["path_uri"] == "data/caf%E9%20%231%3F.py"
    assert all("path_uri" not in f for f in document(samples.sample())["files"] if f["path"] != record["path"])


def test_the_counts_agree_with_the_lists():
    shown = document(samples.sample())
    summary = shown["summary"]
    assert summary["findings"] == len(shown["findings"]) == sum(summary["by_category"].values())
    assert summary["findings"] == sum(summary["by_severity"].values())
    assert summary["by_category"] == {category: sum(row.values()) for category, row in summary["matrix"].items()}
    assert summary["files"] == len(shown["files"]) == sum(summary["files_by_status"].values())
    assert summary["suppressed"] == len(shown["suppressed"]) == sum(summary["suppressed_by"].values())
    assert (summary["dismissed"], summary["failures"]) == (len(shown["dismissed"]), len(shown["failures"]))
    assert summary["files_with_findings"] == len({finding["path"] for finding in shown["findings"]})


def test_what_the_reader_asked_for_changes_nothing():
    loud = RenderOptions(
        color=True, width=20, show_suppressed=True, statistics=True, verbosity=2, base="x", category="y"
    )
    quiet = RenderOptions(verbosity=0)
    report = samples.sample()
    assert FORMATS["json"].render(report, loud) == FORMATS["json"].render(report, quiet)


def test_the_texts_of_files_are_left_out():
    report = replace(samples.clean(), texts={"a.py": "unique_word = 1\n"})
    assert b"unique_word" not in FORMATS["json"].render(report, RenderOptions())


def test_each_finding_stands_on_its_own_line():
    text = FORMATS["json"].render(samples.sample(), RenderOptions()).decode()
    assert len([line for line in text.split("\n") if line.startswith('  {"rule_id":')]) == len(samples.FINDINGS)


def test_the_documentation_names_every_field_of_the_report():
    page = (SCHEMA_FILE.parent.parent / "docs" / "output.md").read_text(encoding="utf-8")
    section = page.partition("## JSON")[2].partition("\n## ")[0]
    assert all(f"`{name}`" in section for name in VALIDATOR.schema["properties"])
