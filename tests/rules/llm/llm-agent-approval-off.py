from autogen import UserProxyAgent
from claude_agent_sdk import ClaudeAgentOptions


def bad(client):
    one = ClaudeAgentOptions(cwd="/srv/work", permission_mode="bypassPermissions")  # finding
    two = UserProxyAgent("u", human_input_mode="NEVER", code_execution_config={"work_dir": "w"})  # finding
    tools = [
        # finding
        {"type": "mcp", "server_url": "https://tools.example.com", "require_approval": "never"},
    ]
    return one, two, client.responses.create(model="m", tools=tools)


def good(client):
    one = ClaudeAgentOptions(cwd="/srv/work", permission_mode="default", allowed_tools=["Read"])
    two = UserProxyAgent("u", human_input_mode="ALWAYS", code_execution_config={"work_dir": "w"})
    three = UserProxyAgent("u", human_input_mode="NEVER", code_execution_config=False)
    tools = [
        {"type": "mcp", "server_url": "https://tools.example.com", "require_approval": "always"},
        {"type": "mcp", "server_url": "https://tools.example.com"},
    ]
    return one, two, three, client.responses.create(model="m", tools=tools)
