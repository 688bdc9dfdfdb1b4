"""A report, to be read: a table of how good and one of how dear, for each set."""

from collections.abc import Iterator
from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table

from tests.retrieval.measures import MEASURES, Interval
from tests.retrieval.report import Costs, Machine, Report, Row, SetReport

WIDTH = 160  # where no terminal tells its own
NOTHING = "–"


def show(report: Report, file: IO[str]) -> None:
    console = Console(file=file, highlight=False)
    if not console.is_terminal:
        console = Console(file=file, highlight=False, width=WIDTH, color_system=None)
    console.print(_heading(report.machine), soft_wrap=True)
    for each in report.sets:
        tables = (_quality(each), _costs(each)) if _done(each) else ()
        for part in (_title(each), *tables, *_failures(each)):
            console.print(part)


def _heading(machine: Machine) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    where = f"{machine.date}; {machine.cores} cores, {machine.cpu}; Python {machine.python}"
    brackets = "In brackets: where 95 % of 10,000 resamples of the queries put it."
    loss = "Ours minus a peer's below 0: the peer is better."
    return "\n".join((machine.command, where, versions, f"{brackets} {loss}"))


def _title(found: SetReport) -> str:
    labelled = f", {found.sided} of them with both sides labelled" if found.sided else ""
    return f"\n{found.name}: {found.documents:,} documents, {found.queries:,} queries{labelled}"


def _quality(found: SetReport) -> Table:
    measures = [measure for measure in MEASURES if any(measure in row.figures for row in found.rows)]
    table = _table("", *(column for measure in measures for column in (measure, "ours − it")))
    for row in _done(found):
        table.add_row(row.system, *(cell for measure in measures for cell in _cells(row, measure)))
    return table


def _costs(found: SetReport) -> Table:
    table = _table(
        "", "query p50", "p95", "mean, CPU ms", "CPU s/1,000 passages", "MB at rest", "MB peak", "MB on disk"
    )
    for row in _done(found):
        table.add_row(row.system, *(_amounts(row.costs) if row.costs else ()))
    return table


def _failures(found: SetReport) -> Iterator[str]:
    return (f"{row.system} failed: {row.failed}" for row in found.rows if row.failed)


def _done(found: SetReport) -> list[Row]:
    return [row for row in found.rows if not row.failed]


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


def _cells(row: Row, measure: str) -> tuple[str, str]:
    return _told(row.figures.get(measure), ".3f"), _told(row.ours_minus.get(measure), "+.3f")


def _told(figure: Interval | None, form: str) -> str:
    if figure is None:
        return NOTHING
    mean, low, high = (f"{value:{form}}".replace("0.", ".", 1) for value in (figure.mean, figure.low, figure.high))
    return f"{mean} [{low}, {high}]"


def _amounts(costs: Costs) -> Iterator[str]:
    yield from (f"{value:.1f}" for value in (costs.query_p50, costs.query_p95, costs.query_mean, costs.indexing))
    yield from (NOTHING if value is None else f"{value:.0f}" for value in (costs.at_rest, costs.peak))
    yield f"{costs.disk:.1f}"
