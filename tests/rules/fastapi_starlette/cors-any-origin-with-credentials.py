from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware

app = FastAPI()
origins = ["*"]
own = ["https://app.example.com"]

# finding
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
    allow_methods=["*"],
)
app.add_middleware(CORSMiddleware, allow_credentials=True, allow_origins=origins)  # finding
app.add_middleware(CORSMiddleware, allow_origin_regex=".*", allow_credentials=True)  # finding
one = Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # finding

app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=False)
app.add_middleware(
    CORSMiddleware,
    allow_origins=own,
    allow_credentials=True,
    allow_headers=["*"],
)
app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"https://.*\.example\.com", allow_credentials=True
)
two = Middleware(CORSMiddleware, allow_origins=["https://app.example.com"], allow_credentials=True)
