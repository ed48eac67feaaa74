import os

AWS_KEY_ID = "AKIAEXAMPLENOTAREALK"  # finding
GITHUB = "ghp_EXAMPLEnotarealtokenEXAMPLEnotarealt"  # finding
SLACK = "xoxb-EXAMPLE-EXAMPLE-notarealtoken"  # finding
OPENAI = "sk-proj-EXAMPLEnotarealkeyEXAMPLEnotarealkey01"  # finding
GOOGLE = "AIzaEXAMPLE-not-a-real-key-EXAMPLE-no"  # finding
STRIPE = "sk_live_EXAMPLEnotarealkey"  # finding
HEADERS = {"PRIVATE-TOKEN": "glpat-EXAMPLEnotarealtoken"}  # finding
CONNECTION = "AccountName=a;AccountKey=EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE"  # finding

DOCUMENTED = "AKIAIOSFODNN7EXAMPLE"
PLACEHOLDER = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
FROM_ENVIRONMENT = os.environ["GITHUB_TOKEN"]
PREFIXES = ("ghp_", "xoxb-", "AKIA", "sk-")
STYLE_CLASS = "sk-toggleable__label-arrow-collapsed-estimator"
TEST_MODE = "sk_test_EXAMPLE"
ASK = "sk-YOUR-OPENAI-API-KEY-GOES-HERE-0000000a"
