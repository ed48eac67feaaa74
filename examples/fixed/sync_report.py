"""Pull reports from the service and summarise them, done right."""

import asyncio
import json
import os
import pathlib
from typing import Any

import aiohttp


class ReportClient:
    """Reads reports from one service."""

    def __init__(self, base_url: str, api_key: str | None = None) -> None:
        self.base_url = base_url
        self.api_key = api_key or os.environ["REPORTS_API_KEY"]

    async def fetch(self, session: aiohttp.ClientSession, report_id: int) -> Any:
        """Return one report."""
        async with session.get(f"{self.base_url}/reports/{report_id}") as response:
            response.raise_for_status()
            return await response.json()

    async def fetch_all(self, ids: list[int]) -> list[Any]:
        """Return all reports, in the order of their ids."""
        headers = {"Authorization": f"Bearer {self.api_key}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            return await asyncio.gather(*(self.fetch(session, report_id) for report_id in ids))


def summarise(client: ReportClient, ids: list[int], path: pathlib.Path) -> float:
    """Save the reports, and return the mean of their totals (0.0 for none)."""
    reports = asyncio.run(client.fetch_all(ids))
    path.write_text(json.dumps(reports, indent=2), encoding="utf-8")
    totals = [report["total"] for report in reports]
    return sum(totals) / len(totals) if totals else 0.0
