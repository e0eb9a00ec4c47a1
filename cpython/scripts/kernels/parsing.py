"""CPU work: parses lines of JSON."""
import json

LINE = json.dumps({
    "id": 7,
    "sizes": [i / 8 for i in range(20)],
    "tags": {"a": "one", "b": "two"},
})


def work(n):
    """Parses n lines of a file."""
    total = 0
    for _ in range(n):
        total += len(json.loads(LINE)["sizes"])
    return total
