"""``report.html``: a run for people, one file that needs neither network nor scripts."""

from panther.bench.report.page import REPORT_FILE, write_report

__all__ = ["REPORT_FILE", "write_report"]
