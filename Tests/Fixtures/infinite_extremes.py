"""Makes infinite_extremes.json: kernels of infinitely wide networks at inputs and depths whose products of variances leave the numbers of
64 bits, and at nearly parallel and opposite points, by the recursion in InfiniteWidthKernel.swift with mpmath at 700 digits.

    pip install mpmath && python3 infinite_extremes.py > infinite_extremes.json
"""
import json
import mpmath as mp

mp.mp.dps = 700


def relu(a, b, c):
    if a == 0 or b == 0:
        return mp.mpf(0), mp.mpf(0)
    s = mp.sqrt(a * b)
    r = max(min(c / s, mp.mpf(1)), mp.mpf(-1))
    t = mp.acos(r)
    return s * (mp.sin(t) + (mp.pi - t) * r) / (2 * mp.pi), (mp.pi - t) / (2 * mp.pi)


def erf(a, b, c):
    n = (1 + 2 * a) * (1 + 2 * b)
    return 2 / mp.pi * mp.asin(2 * c / mp.sqrt(n)), 4 / mp.pi / mp.sqrt(n - 4 * c * c)


def sin(a, b, c):
    return mp.exp(-(a + b) / 2) * mp.sinh(c), mp.exp(-(a + b) / 2) * mp.cosh(c)


def gelu(a, b, c):
    alpha, beta = 1 + a, 1 + b
    D = alpha * beta - c * c
    P = mp.mpf(1) / 4 + mp.asin(c / mp.sqrt(alpha * beta)) / (2 * mp.pi)
    return (c * P + (a * b * D + c * c) / (2 * mp.pi * alpha * beta * mp.sqrt(D)),
            P + c * (3 + a + b + c * c / D) / (2 * mp.pi * alpha * beta * mp.sqrt(D)))


def kernels(x, act, depth, sigma_w, sigma_b):
    x = [[mp.mpf(e) for e in row] for row in x]
    n, d, w, b = len(x), len(x[0]), mp.mpf(sigma_w), mp.mpf(sigma_b)
    K = [[w**2 * sum(p * q for p, q in zip(x[i], x[j])) / d + b**2 for j in range(n)] for i in range(n)]
    T = [row[:] for row in K]
    for _ in range(depth):
        E = [[act(K[i][i], K[j][j], K[i][j]) for j in range(n)] for i in range(n)]
        K = [[w**2 * E[i][j][0] + b**2 for j in range(n)] for i in range(n)]
        T = [[K[i][j] + w**2 * E[i][j][1] * T[i][j] for j in range(n)] for i in range(n)]
    text = lambda m: [[mp.nstr(e, 25, min_fixed=0, max_fixed=0) for e in row] for row in m]
    return text(K), text(T)


points = [[0.3, -1.25, 0.5], [1.5, 0.25, -0.75], [-0.125, 2.0, 1.0]]
near = [[0.3, -1.25, 0.5], [0.3000000001, -1.25, 0.5], [-0.3, 1.25, -0.5], [-0.3, 1.2500000001, -0.5], [0.9, -3.75, 1.5]]
scaled = lambda x, s: [[e * s for e in row] for row in x]
cases = [("relu", [[1e-90, 0.0], [0.0, 1e-90]], 1, 1.0, 0.0), ("relu", [[1e100, 0.0], [0.0, 1e100]], 1, 1.0, 0.0)]
cases += [("relu", [[1.0, 0.5], [-0.5, 1.0]], depth, 1.0, 0.0) for depth in (540, 600, 900)]
for name in ("relu", "erf", "gelu", "sin"):
    for size in (1e-150, 1e-81, 1.0, 1e8, 1e150):
        for sigma_b in (0.0, 0.25):
            # The covariance of sines at large inputs without biases is below all numbers.
            if name != "sin" or size <= 1 or sigma_b > 0:
                cases.append((name, scaled(points, size), 2, 1.25, sigma_b))
    for size in (1e-100, 1.0, 1000.0):
        if name != "sin" or size <= 1:
            cases.append((name, scaled(near, size), 1, 1.25, 0.0))
rows = []
for name, x, depth, sigma_w, sigma_b in cases:
    nngp, ntk = kernels(x, {"relu": relu, "erf": erf, "gelu": gelu, "sin": sin}[name], depth, sigma_w, sigma_b)
    rows.append({"act": name, "depth": depth, "sigma_w": sigma_w, "sigma_b": sigma_b, "x": [[repr(e) for e in row] for row in x], "nngp": nngp, "ntk": ntk})
print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
