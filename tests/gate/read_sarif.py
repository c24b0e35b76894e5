#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads a SARIF log into sarif_om, Microsoft's object model of SARIF 2.1.0 (generated from the
schema): a property that the schema doesn't know, or one that it requires and that is not there, is
an error.  Then what a schema can't say.  Prints a line a result; exits with 77 without sarif_om.
"""
import json
import sys
import urllib.parse

try:
    import attr
    import sarif_om
except ImportError as error:
    print(f"skipped: {error} (python3-sarif-python-om)")
    sys.exit(77)

# The object that stands behind a property; what isn't here is a plain value.
CLASSES = {
    "artifactLocation": sarif_om.ArtifactLocation,
    "codeFlows": sarif_om.CodeFlow,
    "defaultConfiguration": sarif_om.ReportingConfiguration,
    "fullDescription": sarif_om.MultiformatMessageString,
    "driver": sarif_om.ToolComponent,
    "help": sarif_om.MultiformatMessageString,
    "invocations": sarif_om.Invocation,
    "location": sarif_om.Location,
    "logicalLocations": sarif_om.LogicalLocation,
    "message": sarif_om.Message,
    "physicalLocation": sarif_om.PhysicalLocation,
    "region": sarif_om.Region,
    "relatedLocations": sarif_om.Location,
    "results": sarif_om.Result,
    "rules": sarif_om.ReportingDescriptor,
    "runs": sarif_om.Run,
    "shortDescription": sarif_om.MultiformatMessageString,
    "threadFlows": sarif_om.ThreadFlow,
    "tool": sarif_om.Tool,
    "toolExecutionNotifications": sarif_om.Notification,
}


def class_of(parent, key):
    if key == "locations":  # of a thread flow they are steps
        steps = parent is sarif_om.ThreadFlow
        return sarif_om.ThreadFlowLocation if steps else sarif_om.Location
    return CLASSES.get(key)


def read(cls, value, path):
    """The JSON value as an object of the class."""
    if isinstance(value, list):
        return [read(cls, one, f"{path}[{i}]") for i, one in enumerate(value)]
    if not isinstance(value, dict):
        raise ValueError(f"{path}: an object is expected, found {value!r}")
    known = {f.metadata["schema_property_name"]: f for f in attr.fields(cls)}
    arguments = {}
    for key, inner in value.items():
        if key not in known:
            raise ValueError(f"{path}: {cls.__name__} has no property {key}")
        inner_class = class_of(cls, key)
        if inner_class:
            inner = read(inner_class, inner, f"{path}.{key}")
        arguments[known[key].name] = inner
    for key, field in known.items():
        if field.default is attr.NOTHING and key not in value:
            raise ValueError(f"{path}: {cls.__name__} needs a property {key}")
    return cls(**arguments)


def check(condition, what):
    if not condition:
        raise ValueError(what)


def check_location(location):
    physical = location.physical_location
    if physical is None:
        return
    uri = physical.artifact_location.uri
    quoted = urllib.parse.quote(urllib.parse.unquote(uri), safe="/:~")
    check(uri == quoted, f"{uri}: no URI reference")
    check(physical.region is None or physical.region.start_line >= 1, "lines count from 1")


def check_flow(flow):
    """One thread flow an actor, and one order over all of them."""
    orders = []
    for thread in flow.thread_flows:
        own = [step.execution_order for step in thread.locations]
        check(thread.id and own, "a thread flow without a name or steps")
        check(own == sorted(own), "a thread flow goes back in time")
        orders += own
        for step in thread.locations:
            check(step.importance in ("essential", "important", "unimportant"), "importance")
            check_location(step.location)
    check(sorted(orders) == list(range(1, len(orders) + 1)), "not one order over all threads")
    check(len({t.id for t in flow.thread_flows}) == len(flow.thread_flows), "two of one name")


def check_result(result, rules):
    check(rules[result.rule_index].id == result.rule_id, "ruleIndex and ruleId disagree")
    check(result.level == "error" and result.message.text, "a level and a text")
    check(len(result.partial_fingerprints) == 1, "one fingerprint")
    for location in (result.locations or []) + (result.related_locations or []):
        check_location(location)
    for flow in result.code_flows or []:
        check_flow(flow)
    threads = [len(flow.thread_flows) for flow in result.code_flows or []]
    print("result", result.rule_id, "threads", *threads)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        value = json.load(file)
    schema = value.pop("$schema")
    check(schema.endswith("sarif-2.1.0.json"), "$schema")
    log = read(sarif_om.SarifLog, value, "log")
    check(log.version == "2.1.0" and len(log.runs) == 1, "version 2.1.0, one run")
    run = log.runs[0]
    ids = [rule.id for rule in run.tool.driver.rules]
    check(len(set(ids)) == len(ids), "a rule comes twice")
    for result in run.results:
        check_result(result, run.tool.driver.rules)
    print("results", len(run.results), "successful", run.invocations[0].execution_successful)


try:
    main()
except ValueError as error:
    sys.exit(f"{sys.argv[1]}: {error}")
