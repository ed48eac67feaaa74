import json

import pandas as pd
from openai import OpenAI

client = OpenAI()


def bad(cursor, connection, messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    cursor.execute(reply.choices[0].message.content)  # finding
    query = reply.choices[0].message.content.strip("`")
    cursor.execute("EXPLAIN " + query)  # finding
    return pd.read_sql(query, connection)  # finding


def good(cursor, messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    answer = json.loads(reply.choices[0].message.content)
    cursor.execute("SELECT * FROM orders WHERE city = ?", (answer["city"],))
    cursor.execute("INSERT INTO log (text) VALUES (?)", (reply.choices[0].message.content,))
    cursor.execute(f"SELECT * FROM orders LIMIT {int(answer['count'])}")


def good_checked(cursor, messages, is_read_only):
    query = client.responses.create(model="m", input=messages).output_text
    if not is_read_only(query):
        raise ValueError(query)
    cursor.execute(query)
