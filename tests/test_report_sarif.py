"""The SARIF format: valid, within GitHub's limits, consistent in itself, and true to the report."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
import report_samples as samples
from hypothesis import given

from codeguard.model import Category, Confidence, Edit, Failure, FailureKind, Finding, Fix, Report, Severity, Span, Step
from codeguard.report import FORMATS, RenderOptions, sarif, sarif_results
from codeguard.report.fingerprint import line_hashes
from codeguard.report.lines import Lines

SCHEMA_FILE = Path(__file__).parent / "data" / "sarif-2.1.0.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def run_of(report: Report, **options: Any) -> dict[str, Any]:
    log = json.loads(FORMATS["sarif"].render(report, RenderOptions(**options)))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    return log["runs"][0]


def result_of(finding: Finding, report: Report | None = None, **options: Any) -> dict[str, Any]:
    return run_of(replace(report or samples.sample(), findings=(finding,)), **options)["results"][0]


def every(node: Any, name: str) -> list[Any]:
    """Every value of a key, anywhere in the log."""
    if isinstance(node, dict):
        return [v for k, v in node.items() if k == name] + [v for child in node.values() for v in every(child, name)]
    return [value for item in node for value in every(item, name)] if isinstance(node, list) else []


@samples.few
@given(samples.reports())
def test_any_report_is_valid_sarif(report):
    log = json.loads(FORMATS["sarif"].render(report, RenderOptions(show_suppressed=True, base="sub dir")))
    VALIDATOR.validate(log)
    check_references(log["runs"][0])
    json.dumps(log, ensure_ascii=False).encode("utf-8")


def check_references(run: dict[str, Any]) -> None:
    """Every index in the log points at what it names."""
    driver = run["tool"]["driver"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    for location in every(run, "artifactLocation"):
        assert run["artifacts"][location["index"]]["location"]["uri"] == location["uri"]
        assert location["uriBaseId"] in run["originalUriBaseIds"]
    for target in [*every(run, "target"), *(taxon for taxa in every(run["results"], "taxa") for taxon in taxa)]:
        taxonomy = run["taxonomies"][target["toolComponent"]["index"]]
        assert taxonomy["guid"] == target["toolComponent"]["guid"] == driver["supportedTaxonomies"][0]["guid"]
        assert taxonomy["taxa"][target["index"]]["id"] == target["id"]
    for descriptor in every(run["invocations"], "descriptor"):
        assert driver["notifications"][descriptor["index"]]["id"] == descriptor["id"]
    for region in every(run["results"], "region"):
        if "startColumn" in region:
            assert 1 <= region["startLine"] <= region["endLine"]
            assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])


def test_the_sample_is_valid_and_consistent():
    for report in (samples.sample(), samples.clean()):
        log = json.loads(FORMATS["sarif"].render(report, RenderOptions(show_suppressed=True)))
        VALIDATOR.validate(log)
        assert log["$schema"].endswith("sarif-2.1.0.json")
        check_references(log["runs"][0])


def test_every_finding_is_one_result_the_worst_first():
    report = samples.sample()
    results = run_of(report)["results"]
    assert sorted(r["ruleId"] for r in results) == sorted(f.rule_id for f in report.findings)
    ranks = [["critical", "high", "medium", "low", "info"].index(r["properties"]["severity"]) for r in results]
    assert ranks == sorted(ranks)


def test_the_category_stands_on_every_result_and_every_rule():
    report = samples.sample()
    run = run_of(report)
    by_rule = {rule_id: str(rule.category) for rule_id, rule in report.rules.items()}
    assert all(result["properties"]["category"] == by_rule[result["ruleId"]] for result in run["results"])
    assert all(rule["properties"]["category"] == by_rule[rule["id"]] for rule in run["tool"]["driver"]["rules"])


def test_only_rules_that_occur_are_listed():
    report = replace(samples.sample(), findings=(samples.YAML,), suppressed=(), dismissed=())
    assert [rule["id"] for rule in run_of(report)["tool"]["driver"]["rules"]] == ["CGS012"]


def test_a_rule_has_what_github_reads():
    rules = {rule["id"]: rule for rule in run_of(samples.sample())["tool"]["driver"]["rules"]}
    rule = rules["CGS101"]
    assert rule["name"] == "SqlFromText"
    assert rule["shortDescription"]["text"] == "A query is built from untrusted text."
    assert rule["fullDescription"]["text"].startswith("A query is built from untrusted text. Text that is put into")
    assert "```python" in rule["help"]["markdown"]
    assert "[CWE-89](https://cwe.mitre.org/data/definitions/89.html)" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"] == {
        "category": "security",
        "precision": "high",
        "tags": ["security", "external/cwe/cwe-089", "owasp-a03-2021", "sql", "injection"],
        "security-severity": "9.5",
    }
    assert [(r["target"]["id"], r["kinds"]) for r in rule["relationships"]] == [
        ("89", ["superset"]),
        ("943", ["relevant"]),
    ]


@pytest.mark.parametrize(("severity", "expected"), [(0, "1.0"), (1, "3.0"), (2, "5.5"), (3, "8.0"), (4, "9.5")])
@pytest.mark.parametrize("category", Category)
def test_only_risks_have_a_security_severity(category, severity, expected):
    rule = replace(samples.RULES["CGS012"], category=category, severity=Severity(severity))
    report = replace(samples.sample(), findings=(samples.YAML,), rules={rule.id: rule}, suppressed=())
    properties = run_of(report)["tool"]["driver"]["rules"][0]["properties"]
    if category in (Category.SECURITY, Category.MALICIOUS):
        assert properties["security-severity"] == expected
        assert "security" in properties["tags"]
    else:
        assert "security-severity" not in properties
        assert "security" not in properties["tags"]
        assert properties["problem.severity"] in ("error", "warning", "recommendation")


def test_tags_and_descriptions_stay_within_githubs_limits():
    rule = replace(
        samples.RULES["CGS012"],
        tags=(*(f"tag{n}" for n in range(30)), "external/cwe/cwe-079"),
        summary="s" * 3000,
        help="prose " * 1000,
    )
    report = replace(samples.sample(), findings=(samples.YAML,), rules={rule.id: rule}, suppressed=())
    shown = run_of(report)["tool"]["driver"]["rules"][0]
    assert len(shown["properties"]["tags"]) == 20
    assert [tag for tag in shown["properties"]["tags"] if "cwe" in tag] == ["external/cwe/cwe-502"]
    assert len(shown["fullDescription"]["text"]) <= 1024
    assert len(shown["shortDescription"]["text"]) <= 1024


def test_a_result_keeps_its_place_and_shows_its_code():
    physical = result_of(samples.SQL)["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "app/db.py"
    region = dict(physical["region"])
    assert region.pop("snippet") == {"text": "connection.execute(query)"}
    assert region == {"startLine": 7, "startColumn": 12, "endLine": 7, "endColumn": 37}
    context = physical["contextRegion"]
    assert (context["startLine"], context["endLine"]) == (5, 7)
    assert context["snippet"]["text"].split("\n") == samples.DB.split("\n")[4:7]


def test_columns_are_code_points_and_say_so():
    run = run_of(samples.sample())
    assert run["columnKind"] == "unicodeCodePoints"
    wide = next(
        r for r in run["results"] if "r%C3%A9sum" in r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    )
    region = wide["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (24, 32)
    assert samples.WIDE.split("\n")[1][23:31] == region["snippet"]["text"] == "eval(名前)"


def test_huge_lines_are_not_copied_into_the_log():
    physical = next(
        r["locations"][0]["physicalLocation"]
        for r in run_of(samples.sample())["results"]
        if r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "vendor/min.py"
    )
    assert physical["region"]["snippet"]["text"] == "exec(data[7])"
    assert "contextRegion" not in physical


@samples.few
@given(samples.reports())
def test_the_context_of_a_result_encloses_it(report):
    for physical in every(run_of(report), "physicalLocation"):
        if "contextRegion" in physical:
            region, context = physical["region"], physical["contextRegion"]
            assert context["startLine"] <= region["startLine"] <= region["endLine"] <= context["endLine"]
            assert region["snippet"]["text"] in context["snippet"]["text"]
            assert region["snippet"]["text"] != context["snippet"]["text"]


def test_a_region_that_is_all_of_its_file_has_no_context():
    report = replace(samples.sample(), texts={"app/loader.py": "yaml.load(stream)"})
    whole = replace(samples.YAML, span=Span(1, 0, 1, 17), fix=None)
    physical = result_of(whole, report)["locations"][0]["physicalLocation"]
    assert physical["region"]["snippet"] == {"text": "yaml.load(stream)"}
    assert "contextRegion" not in physical


def test_uris_are_relative_to_the_repository_and_keep_any_bytes():
    finding = next(f for f in samples.FINDINGS if f.path.startswith("data/caf"))
    for base, prefix in (("", ""), ("services/my api", "services/my%20api/"), ("/services/api/", "services/api/")):
        location = result_of(finding, base=base)["locations"][0]["physicalLocation"]["artifactLocation"]
        assert location["uri"] == f"{prefix}data/caf%E9%20%231%3F.py"
        assert location["uriBaseId"] == "SRCROOT"
        assert unquote_to_bytes(location["uri"]).endswith(b"data/caf\xe9 #1?.py")


def test_the_log_names_no_folder_of_the_machine():
    assert b"/srv/checkout" not in FORMATS["sarif"].render(samples.sample(), RenderOptions())


def test_fingerprints_are_githubs_and_ours_and_come_from_the_code_as_it_is():
    report = samples.sample()
    for finding in report.findings:
        prints = result_of(finding)["partialFingerprints"]
        line = finding.span.start_line
        assert prints["primaryLocationLineHash"] == line_hashes(report.texts[finding.path], {line})[line]
        assert prints["codeguard/v1"] == finding.fingerprint


def test_a_trace_is_a_code_flow_that_ends_at_the_finding():
    result = result_of(samples.SQL)
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        "a request argument is untrusted.",
        "is passed as `name` to `find_users`.",
        "becomes part of `query`.",
        "is run as SQL.",
    ]
    assert steps[-1]["location"]["physicalLocation"]["region"]["startLine"] == samples.SQL.span.start_line
    assert [place["id"] for place in result["relatedLocations"]] == [1]


def test_a_flow_that_stops_short_gets_the_place_of_the_finding():
    finding = replace(samples.SQL, trace=samples.SQL.trace[:2])
    steps = result_of(finding)["codeFlows"][0]["threadFlows"][0]["locations"]
    assert len(steps) == 3
    assert steps[-1]["location"]["physicalLocation"]["region"]["startLine"] == 7


def test_a_flow_within_githubs_limit_keeps_its_two_ends():
    steps = tuple(Step("app/db.py", Span(1, n, 1, n + 1), f"step {n}") for n in range(10_500))
    places = result_of(replace(samples.SQL, trace=steps))["codeFlows"][0]["threadFlows"][0]["locations"]
    texts = [place["location"]["message"]["text"] for place in places]
    assert len(texts) == sarif_results.MOST_FLOW_LOCATIONS == 10_000
    assert (texts[0], texts[-2]) == ("step 0.", "step 10499.")


def test_a_fix_is_offered_only_where_its_edits_are_all_that_it_takes():
    whole = result_of(samples.YAML)["fixes"][0]
    replacement = whole["artifactChanges"][0]["replacements"][0]
    assert whole["description"]["text"] == "Use `yaml.safe_load`."
    assert replacement["insertedContent"] == {"text": "yaml.safe_load"}
    assert Lines.of(samples.LOADER).slice(samples.span_of(samples.LOADER, "yaml.load")) == "yaml.load"
    assert replacement["deletedRegion"] == {"startLine": 6, "startColumn": 10, "endLine": 6, "endColumn": 19}
    for fix in (Fix("advice"), Fix("needs an import", (Edit(Span(6, 0, 6, 1), "x"),), ("ast",))):
        result = result_of(replace(samples.YAML, fix=fix))
        assert "fixes" not in result
        assert result["properties"]["fixHint"] == fix.title


MESSAGES = [
    ("ends without a stop", "ends without a stop."),
    ("ends with one!", "ends with one!"),
    ("see [here](1) and [there](https://example.invalid)", "see \\[here](1) and \\[there](https://example.invalid)."),
    ("index x[0] of {name} and {0}", "index x[0] of {name} and {{0}."),
    ("hidden \u202e text\n\n on lines", "hidden \\u202e text on lines."),
    ("", "No message."),
]


@pytest.mark.parametrize(("text", "expected"), MESSAGES)
def test_a_message_is_one_sentence_without_links_or_arguments(text, expected):
    assert result_of(replace(samples.YAML, message=text))["message"] == {"text": expected}


def test_suppressed_results_are_left_out_unless_asked_for():
    report = samples.sample()
    assert not every(run_of(report), "suppressions")
    shown = [s[0] for s in every(run_of(report, show_suppressed=True), "suppressions")]
    assert [(s["kind"], s["status"], s["justification"]) for s in shown] == [
        ("inSource", "accepted", "The comment gives no reason."),
        ("inSource", "accepted", "input is a constant"),
    ]
    assert shown[1]["location"]["physicalLocation"]["region"] == {"startLine": 2}
    assert run_of(report)["properties"]["suppressed"] == 2


def test_a_finding_with_other_weaknesses_than_its_rule_names_them():
    finding = next(f for f in samples.FINDINGS if f.rule_id == "bandit:B605")
    assert [taxon["id"] for taxon in result_of(finding)["taxa"]] == ["78", "88"]
    assert "taxa" not in result_of(samples.SQL)


def test_every_suppression_is_a_notification_also_where_its_result_is_left_out():
    told = run_of(samples.sample())["invocations"][0]["toolExecutionNotifications"]
    notes = [n for n in told if n["descriptor"]["id"] == "suppressed"]
    assert len(notes) == 2
    assert all(n["level"] == "note" and n["locations"] for n in notes)
    assert any("input is a constant" in n["message"]["text"] for n in notes)


def test_every_failure_is_a_notification():
    report = samples.sample()
    invocation = run_of(report)["invocations"][0]
    execution, configuration = invocation["toolExecutionNotifications"], invocation["toolConfigurationNotifications"]
    assert [n["descriptor"]["id"] for n in configuration] == ["engine-missing"]
    assert [(n["descriptor"]["id"], n["level"]) for n in execution] == [
        ("timeout", "error"),
        ("unreadable", "error"),
        ("not-scanned-by-engine", "warning"),
        ("suppressed", "note"),
        ("suppressed", "note"),
    ]
    assert execution[0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}
    assert execution[2]["message"]["text"] == "bandit: not scanned by engine: its parser cannot \\x1b[31mread it."


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_of_failure_has_a_descriptor(kind):
    report = replace(samples.clean(), failures=(Failure("a.py", "codeguard", kind, "why"),))
    run = run_of(report)
    assert [n["id"] for n in run["tool"]["driver"]["notifications"]] == [kind.value]
    check_references(run)


INVOCATIONS = [
    (samples.clean(), True),
    (samples.sample(), False),
    (replace(samples.clean(), interrupted=True), False),
    (replace(samples.clean(), failures=(Failure("a.py", "bandit", FailureKind.NOT_SCANNED, "", fatal=False),)), True),
]


@pytest.mark.parametrize(("report", "successful"), INVOCATIONS)
def test_an_incomplete_scan_is_not_a_successful_execution(report, successful):
    assert run_of(report)["invocations"][0]["executionSuccessful"] is successful


def test_the_times_of_the_scan_are_utc_and_left_out_where_unknown():
    report = replace(samples.clean(), seconds=61.0)
    invocation = run_of(report)["invocations"][0]
    assert (invocation["startTimeUtc"], invocation["endTimeUtc"]) == ("2026-11-24T10:00:00Z", "2026-11-24T10:01:01Z")
    east = run_of(replace(report, started="2026-11-24T12:00:00+02:00"))["invocations"][0]
    assert east["startTimeUtc"] == "2026-11-24T10:00:00Z"
    assert "startTimeUtc" not in run_of(replace(report, started="yesterday"))["invocations"][0]


def test_the_category_tells_several_reports_of_one_commit_apart():
    assert run_of(samples.clean())["automationDetails"]["id"] == "codeguard/"
    assert run_of(samples.clean(), category="api")["automationDetails"]["id"] == "codeguard/api/"


def test_the_engines_are_extensions_without_rules():
    extensions = run_of(samples.sample())["tool"]["extensions"]
    assert [(e["name"], e["version"]) for e in extensions] == [("bandit", "1.9.4"), ("ruff", "0.17.6")]
    assert not any("rules" in e for e in extensions)


@pytest.mark.parametrize(
    ("version", "semantic"), [("0.1.0", True), ("1.2.3-rc.1", True), ("1.0rc1", False), ("", False)]
)
def test_a_version_is_called_semantic_only_if_it_is(version, semantic):
    driver = run_of(replace(samples.clean(), version=version))["tool"]["driver"]
    assert ("semanticVersion" in driver) is semantic
    assert driver.get("version", "") == version


def test_more_results_than_github_takes_lose_the_least_severe(monkeypatch):
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    run = run_of(samples.sample(), show_suppressed=True)
    assert [r["properties"]["severity"] for r in run["results"]] == ["critical"] * 4
    notice = run["invocations"][0]["toolExecutionNotifications"][0]
    assert notice["descriptor"]["id"] == "results-left-out"
    left_out = len(samples.FINDINGS) + 2 - 4
    assert re.match(rf"The {left_out} least severe results were left out", notice["message"]["text"])
    assert run["properties"]["findings"] == len(samples.FINDINGS)


def test_a_finding_whose_rule_is_not_told_gets_one_from_itself():
    report = replace(samples.sample(), rules={}, suppressed=())
    rules = {rule["id"]: rule for rule in run_of(report)["tool"]["driver"]["rules"]}
    assert rules["CGS012"]["properties"]["category"] == "security"
    assert "name" not in rules["CGS012"]


def test_a_guess_is_no_error_however_severe():
    finding = replace(samples.YAML, severity=Severity.CRITICAL, confidence=Confidence.LOW)
    assert result_of(finding)["level"] == "warning"


def test_one_result_stands_on_one_line():
    text = FORMATS["sarif"].render(samples.sample(), RenderOptions()).decode()
    assert len([line for line in text.split("\n") if line.lstrip().startswith('{"ruleId":')]) == len(samples.FINDINGS)
