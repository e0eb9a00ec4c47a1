"""CPU work: fits a line to points."""

XS = [i / 50 for i in range(50)]
YS = [3 * x + 1 for x in XS]


def work(n):
    """n steps of gradient descent for y = a x + b."""
    a = b = 0.0
    for _ in range(n):
        slope_a = slope_b = 0.0
        for x, y in zip(XS, YS):
            miss = a * x + b - y
            slope_a += miss * x
            slope_b += miss
        a -= slope_a / 50
        b -= slope_b / 50
    return a + b
