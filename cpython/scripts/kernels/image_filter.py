"""CPU work: sharpens a picture, one pixel after another."""

WIDTH = 64
PICTURE = bytes(i * 97 % 256 for i in range(WIDTH * WIDTH))


def work(n):
    """Sharpens n pixels."""
    old, total, at = PICTURE, 0, WIDTH + 1
    last = WIDTH * (WIDTH - 1) - 1
    for _ in range(n):
        beside = old[at - 1] + old[at + 1]
        beside += old[at - WIDTH] + old[at + WIDTH]
        total += min(max(5 * old[at] - beside, 0), 255)
        at += 1
        if at == last:
            at = WIDTH + 1
    return total
