from langchain_community.agent_toolkits import create_sql_agent
from langchain_community.utilities import SQLDatabase
from langchain_experimental.sql import SQLDatabaseChain


def bad(llm, db):
    chain = SQLDatabaseChain.from_llm(llm, db, verbose=True)  # finding
    agent = create_sql_agent(llm, db=db, agent_type="openai-tools")  # finding
    return chain, agent


def good(llm, url):
    db = SQLDatabase.from_uri(url, include_tables=["orders"])
    rows = db.run("SELECT count(*) FROM orders")
    return llm.invoke(f"Explain: {rows}")
