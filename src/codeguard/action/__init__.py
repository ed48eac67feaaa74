"""The GitHub Action's logic, free of click and under test: `python -I -m codeguard.action`."""
