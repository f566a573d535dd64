"""Benchmarks: each module measures one goal, beside a yardstick from the same run.

A module has ``measure(report)``; ``report(name, value, unit, goal="")`` prints a line. Each runs in
a process and on a database of its own.
"""
