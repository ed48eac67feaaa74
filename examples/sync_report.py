"""Pull reports from the service and summarise them."""

import asyncio
import json
import time

import aiohttp


class ReportClient:
    def __init__(self, base_url, api_key="your_api_key_here"):
        self.base_url = base_url
        self.api_key = api_key

    async def fetch(self, report_id):
        headers = {"Authorization": f"Bearer {self.api_key}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            async with session.get(f"{self.base_url}/reports/{report_id}", timeout=10) as response:
                return await response.json()

    async def fetch_all(self, ids, seen=[]):
        for report_id in ids:
            report = self.fetch(report_id)
            time.sleep(0.2)
            seen.append(report)
        return seen

    def save(self, reports, path):
        handle = open(path, "w")
        handle.write(json.dumps(reports))

    def validate(self, report):
        # ... rest of the validation logic here ...
        pass


def average(reports):
    totals = [report["total"] for report in reports].sort()
    for total in totals:
        if total > 0:
            return sum(totals) / len(totals)


def summarise(client, ids):
    reports = asyncio.run(client.fetch_all(ids))
    client.save(reports, "reports.json", indent=2)
    print("Saved {} reports to {}".format(len(reports)))
    return average(reports)
