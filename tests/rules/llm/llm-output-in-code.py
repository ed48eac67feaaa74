import ast
import json

import anthropic
import openai
from langchain_openai import ChatOpenAI
from openai import OpenAI
from transformers import pipeline

client = OpenAI()
claude = anthropic.Anthropic()
llm = ChatOpenAI()
ACTIONS = {"add": sum, "largest": max}


def bad(messages, frame):
    reply = client.chat.completions.create(model="m", messages=messages)
    exec(reply.choices[0].message.content)  # finding
    code = reply.choices[0].message.content.strip().removeprefix("```python")
    value = eval(code, {"frame": frame})  # finding
    answer = llm.invoke("Write a formula")
    other = eval(answer.content)  # finding
    message = claude.messages.create(model="m", max_tokens=10, messages=messages)
    exec(compile(message.content[0].text, "<answer>", "exec"))  # finding
    for call in reply.choices[0].message.tool_calls:
        eval(json.loads(call.function.arguments)["expression"])  # finding
    return value, other


def bad_older(messages):
    reply = openai.ChatCompletion.create(model="m", messages=messages)
    exec(reply["choices"][0]["message"]["content"])  # finding
    generate = pipeline("text-generation", model="m")
    exec(generate("Write a function")[0]["generated_text"])  # finding


def good(messages, numbers):
    reply = client.chat.completions.create(model="m", messages=messages)
    answer = json.loads(reply.choices[0].message.content)
    value = ACTIONS[answer["action"]](numbers)
    other = ast.literal_eval(reply.choices[0].message.content)
    print(reply.choices[0].message.content)
    exec("import math")
    return value, other


def good_listed(messages):
    formula = client.responses.create(model="m", input=messages).output_text
    if formula not in {"1 + 1", "2 + 2"}:
        raise ValueError(formula)
    return eval(formula)


def good_confirmed(messages):
    code = client.responses.create(model="m", input=messages).output_text
    print(code)
    if input("Run this? ") == "yes":
        exec(code)


def fitted(model, row):
    return eval("1 + 1"), model.predict(row)
