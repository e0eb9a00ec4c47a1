"""CPU work: the post's own example."""


def work(n):
    return sum(i * i for i in range(n))
