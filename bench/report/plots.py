"""Which plots are made of the figures. Pure: figures in, files' names and texts out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bench.report import svg
from bench.report.table import Medians

_CPU = "cost/cpu_us/"


def plots(medians: Medians) -> dict[str, str]:
    """Return each plot by the name of its file; those of parts that were not measured are not made."""
    made = {}
    if latency := _over_rates(medians, ("p50_ms", "p99_ms")):
        made["latency.svg"] = svg.lines("Approval until every task can be read", "approvals a second", "ms", latency)
    if costs := _over_rates(medians, ("cost/cpu_us/all",)):
        made["cost.svg"] = svg.lines("Processor time of one plan", "approvals a second", "us", costs)
    for system, figures in list(medians.items())[:1]:
        if bars := processes(figures):
            made["processes.svg"] = svg.stacked(f"Processor time of one plan, {system}", "us", bars)
    if grown := _grown(medians):
        made["growth.svg"] = svg.lines("What a log that has grown costs", "plans in the log", "us, ms", grown)
    return made


def processes(figures: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the processor time of each process, by what was done."""
    found: dict[str, dict[str, float]] = {}
    for name, value in figures.items():
        section, _, what = name.partition("/" + _CPU)
        part = section.removeprefix("open ").replace(" of capacity", "")
        if section.startswith(("open ", "closed")) and what and what not in ("all", "client"):
            found.setdefault(part, {})[what] = value
    return found


def _over_rates(medians: Medians, wanted: tuple[str, ...]) -> dict[str, list[tuple[float, float]]]:
    series: dict[str, list[tuple[float, float]]] = {}
    for system, figures in medians.items():
        for what in wanted:
            label = f"{system}, {what.removesuffix('_ms')}" if len(wanted) > 1 else system
            points = [
                (figures[f"{section}/rate"], figures[f"{section}/{what}"])
                for section in dict.fromkeys(name.partition("/")[0] for name in figures)
                if f"{section}/rate" in figures and f"{section}/{what}" in figures
            ]
            if points:
                series[label] = sorted(points)
    return series


def _grown(medians: Medians) -> dict[str, list[tuple[float, float]]]:
    series: dict[str, list[tuple[float, float]]] = {}
    for figures in medians.values():
        for name, value in figures.items():
            found = re.fullmatch(r"growth ([0-9,]+)/(cost/cpu_us/all|.*_ms)", name)
            if found:
                label = "processor a plan, us" if found[2].startswith("cost") else found[2].replace("_ms", ", ms")
                series.setdefault(label, []).append((float(found[1].replace(",", "")), value))
    return series
