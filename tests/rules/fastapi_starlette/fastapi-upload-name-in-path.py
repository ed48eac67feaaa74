import logging
import os
import uuid
from pathlib import Path

import aiofiles
from fastapi import FastAPI, File, UploadFile

app = FastAPI()
FOLDER = Path("/srv/uploads")


@app.post("/upload")
async def upload(file: UploadFile = File(...)):
    path = os.path.join("/srv/uploads", file.filename)  # finding
    target = FOLDER / file.filename  # finding
    with open(f"/srv/uploads/{file.filename}", "wb") as out:  # finding
        out.write(await file.read())
    async with aiofiles.open(f"/srv/uploads/{file.filename}", "wb") as out:  # finding
        await out.write(await file.read())
    return {"path": path, "target": str(target)}


@app.post("/uploads")
async def upload_many(files: list[UploadFile]):
    for file in files:
        location = f"files/{file.filename}"
        with open(location, "wb") as out:  # finding
            out.write(await file.read())


@app.post("/safe/upload")
async def safe_upload(file: UploadFile):
    name = Path(file.filename).name
    path = os.path.join("/srv/uploads", os.path.basename(file.filename))
    target = FOLDER / name
    other = FOLDER / Path(file.filename).name
    with open(FOLDER / f"{uuid.uuid4()}.bin", "wb") as out:
        out.write(await file.read())
    logging.getLogger(__name__).info("received %s", file.filename)
    return {"name": f"stored {file.filename}", "path": path, "target": target, "other": other}
