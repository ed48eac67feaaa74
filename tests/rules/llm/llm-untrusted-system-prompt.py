from fastapi import FastAPI
from flask import Flask, request
from langchain_core.messages import HumanMessage, SystemMessage
from openai import OpenAI

app = Flask(__name__)
api = FastAPI()
client = OpenAI()
LANGUAGE = "English"


@app.post("/ask")
def ask():
    one = {"role": "system", "content": f"Answer for {request.form['name']}"}  # finding
    prompt = "You help with " + request.json["topic"]
    two = {"role": "system", "content": prompt}  # finding
    three = SystemMessage(content=request.args["persona"])  # finding
    return client.chat.completions.create(model="m", messages=[one, two, three]).choices[0].message.content


@api.post("/chat")
async def chat(text: str):
    messages = [{"role": "system", "content": f"You help with {text}"}]  # finding
    return client.chat.completions.create(model="m", messages=messages)


@api.post("/form")
def form(body: dict):
    prompt = f"You help with {body['topic']}"
    return client.responses.create(model="m", input="Hello", instructions=prompt)  # finding


@app.post("/safe/ask")
def safe_ask():
    one = {"role": "system", "content": f"Answer in {LANGUAGE}"}
    two = {"role": "user", "content": f"Answer for {request.form['name']}"}
    three = SystemMessage(content="You help."), HumanMessage(content=request.args["persona"])
    return client.chat.completions.create(model="m", messages=[one, two, three]).choices[0].message.content


@api.post("/safe/chat")
async def safe_chat(text: str):
    messages = [{"role": "system", "content": "You help."}, {"role": "user", "content": text}]
    return client.chat.completions.create(model="m", messages=messages)


def build(context):
    return [{"role": "system", "content": f"Use this context: {context}"}]
