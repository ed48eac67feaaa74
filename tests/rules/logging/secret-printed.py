def trace(user, password, config):
    print(password)  # finding
    print(f"connecting with {password}")  # finding
    print("key", config["api_key"])  # finding
    print("token: " + user.access_token)  # finding


def trace_well(user, password, mask):
    print(f"connecting as {user}")
    print("password:", mask(password))
    print("Enter your password:")
    print(bool(password))
