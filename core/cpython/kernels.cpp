// The kernels of core/kernels in Python. All of them hold the GIL from end to end.
#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view sum_of_squares = R"py(def work(n):
    return sum(i * i for i in range(n))
)py";

constexpr std::string_view image_filter = R"py(WIDE = 64
PICTURE = bytes(i * 97 % 256
    for i in range(WIDE * WIDE))

def work(n):
    # sharpens n pixels
    p, total, at = PICTURE, 0, WIDE + 1
    last = WIDE * (WIDE - 1) - 1
    for _ in range(n):
        new = (5 * p[at] - p[at - 1]
            - p[at + 1] - p[at - WIDE]
            - p[at + WIDE])
        total += min(max(new, 0), 255)
        at += 1
        if at == last: at = WIDE + 1
    return total
)py";

constexpr std::string_view numeric = R"py(XS = [i / 50 for i in range(50)]
YS = [3 * x + 1 for x in XS]

def work(n):
    # n steps of gradient descent:
    # fits y = a x + b
    a = b = 0.0
    for _ in range(n):
        da = db = 0.0
        for x, y in zip(XS, YS):
            miss = a * x + b - y
            da += miss * x
            db += miss
        a -= da / 50
        b -= db / 50
    return a + b
)py";

constexpr std::string_view encryption = R"py(from hashlib import sha256

def work(n):
    # encrypts n blocks (counter mode);
    # for so few bytes hashlib keeps
    # the GIL
    text, secret = 1 << 255, 0
    for i in range(n):
        nonce = i.to_bytes(8, "big")
        pad = sha256(b"key" + nonce)
        pad = int.from_bytes(
            pad.digest(), "big")
        secret ^= text ^ pad
    return secret
)py";

constexpr std::string_view parsing = R"py(import json

LINE = json.dumps({"id": 7, "sizes": [
    i / 8 for i in range(20)],
    "tags": {"a": "one", "b": "two"}})

def work(n):
    # parses n lines of a file
    total = 0
    for _ in range(n):
        row = json.loads(LINE)
        total += len(row["sizes"])
    return total
)py";

} // namespace

std::string_view kernel(std::string_view name) {
    if (name == "image_filter") return image_filter;
    if (name == "numeric") return numeric;
    if (name == "encryption") return encryption;
    if (name == "parsing") return parsing;
    return sum_of_squares;
}

} // namespace gil::python
