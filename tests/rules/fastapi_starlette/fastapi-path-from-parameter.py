import os
from pathlib import Path
from typing import Optional

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

app = FastAPI()
FOLDER = Path("/srv/files")
REPORTS = {"daily": "daily.pdf"}


@app.get("/files/{name:path}")
async def files(name: str):
    return FileResponse(f"/srv/files/{name}")  # finding


@app.get("/download")
async def download(name: str, kind: str = "pdf"):
    path = os.path.join("/srv/files", name)
    if not os.path.exists(path):
        raise HTTPException(404)
    return FileResponse(path, media_type="application/pdf")  # finding


@app.get("/read")
def read(name: Optional[str] = None):
    with open(FOLDER / name) as file:  # finding
        return file.read()


@app.delete("/files")
def delete(name: str):
    target = FOLDER / name
    target.unlink()  # finding
    return {}


@app.get("/safe/files/{name:path}")
async def safe_files(name: str):
    path = (FOLDER / name).resolve()
    if not path.is_relative_to(FOLDER):
        raise HTTPException(404)
    return FileResponse(path)


@app.get("/safe/prefix")
async def safe_prefix(name: str):
    path = os.path.realpath(os.path.join("/srv/files", name))
    if os.path.commonpath(["/srv/files", path]) != "/srv/files":
        raise HTTPException(404)
    return FileResponse(path)


@app.get("/safe/name")
async def safe_name(name: str):
    return FileResponse(FOLDER / Path(name).name)


@app.get("/safe/dots")
async def safe_dots(name: str):
    if ".." in name or name.startswith("/"):
        raise HTTPException(400)
    return FileResponse(f"/srv/files/{name}")


@app.get("/safe/report")
async def safe_report(name: str):
    return FileResponse(FOLDER / REPORTS[name])


@app.get("/safe/item")
async def safe_item(number: int):
    return FileResponse(f"/srv/files/{number}.pdf")


@app.get("/safe/allowed")
async def safe_allowed(name: str):
    if name in {"a.pdf", "b.pdf"}:
        return FileResponse(f"/srv/files/{name}")
    raise HTTPException(404)
