from datasets import load_dataset
from transformers import AutoModel, AutoTokenizer, pipeline


def bad(name):
    one = AutoModel.from_pretrained(name, trust_remote_code=True)  # finding
    two = pipeline("text-generation", model=name, trust_remote_code=True)  # finding
    three = load_dataset(name, split="train", trust_remote_code=True)  # finding
    four = AutoTokenizer.from_pretrained(name, revision="main", trust_remote_code=True)  # finding
    return one, two, three, four


def good(name, trusted):
    one = AutoModel.from_pretrained(name)
    two = AutoModel.from_pretrained(name, trust_remote_code=False)
    three = AutoModel.from_pretrained(
        name, trust_remote_code=True, revision="0123456789abcdef0123456789abcdef01234567"
    )
    four = AutoModel.from_pretrained(name, trust_remote_code=trusted)
    return one, two, three, four
