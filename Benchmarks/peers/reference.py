"""What is to be computed, in float64 with NumPy, without regard to speed, and how far from it float32 may be."""

import math

import numpy as np

ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(z.dtype)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "erf": (np.vectorize(math.erf, otypes=[float]), lambda z: 2 / math.sqrt(math.pi) * np.exp(-(z**2))),
}
# Members that the reference computes of a larger ensemble.
MOST = 64


def _double(problem):
    problem, places = problem.some(MOST)
    return (
        problem,
        places,
        problem.x.astype(float),
        [w.astype(float) for w in problem.weights],
        [b.astype(float) for b in problem.biases],
    )


def _forward(problem, x, weights, biases):
    value, slope = ACTIVATIONS[problem.activation]
    below, slopes = [np.broadcast_to(x, (len(weights[0]), *x.shape))], []
    for layer, (w, b, a) in enumerate(zip(weights, biases, problem.scales())):
        z = a * below[-1] @ w + problem.sigma_b * b[:, None, :]
        if layer + 1 == len(weights):
            return below, slopes, z
        below.append(value(z))
        slopes.append(slope(z))


def _sensitivities(problem, weights, slopes, top):
    """dL/dz of each layer from that of the last."""
    result = [top]
    for w, a, slope in zip(weights[:0:-1], problem.scales()[:0:-1], slopes[::-1]):
        result.insert(0, a * (result[0] @ w.transpose(0, 2, 1)) * slope)
    return result


def unit_roundoff(precision):
    return 2.0**-24 if np.dtype(precision) == np.float32 else 2.0**-53


def away_from_kinks(problem, x, weights, biases, precision):
    """(places, N): whether rounding can not turn any relu on or off at that point.

    Where a pre-activation is nearer to 0 than four standard deviations of its rounding error, u sqrt(n) for each layer up to it, the
    slope may be 0 in one program and 1 in another, both rightly, and the kernel differ by several parts in n.
    """
    away = np.ones((len(weights[0]), len(x)), dtype=bool)
    if problem.activation != "relu":
        return away
    below = np.broadcast_to(x, (len(weights[0]), *x.shape))
    for layer, (w, b, a) in enumerate(zip(weights[:-1], biases, problem.scales())):
        z = a * below @ w + problem.sigma_b * b[:, None, :]
        size = np.sqrt(np.mean(z**2, axis=2))
        away &= np.abs(z).min(axis=2) > 4 * (layer + 1) * math.sqrt(max(problem.sizes)) * unit_roundoff(precision) * size
        below = np.maximum(z, 0)
    return away


def ntk(problem, precision):
    """Theta (places, N, N) = sum_l (a_l^2 H H^T + sigma_b^2) * (D D^T), the places of the members, and which entries are to agree."""
    problem, places, x, weights, biases = _double(problem)
    below, slopes, outputs = _forward(problem, x, weights, biases)
    total = 0
    for h, d, a in zip(below, _sensitivities(problem, weights, slopes, np.ones_like(outputs)), problem.scales()):
        total = total + (a**2 * h @ h.transpose(0, 2, 1) + problem.sigma_b**2) * (d @ d.transpose(0, 2, 1))
    away = away_from_kinks(problem, x, weights, biases, precision)
    return total, places, away[:, :, None] & away[:, None, :]


def train(problem, _):
    """Outputs (places, K + 1, N, 1) of full-batch heavy ball on L = (1/N) sum_x s (f(x) - m)^2, as `ntk`. All are to agree: a relu that
    rounding turned on or off changes one step of many."""
    problem, places, x, weights, biases = _double(problem)
    weights, biases = [w.copy() for w in weights], [b.copy() for b in biases]
    velocities = [np.zeros_like(p) for p in weights + biases]
    records = []
    for step in range(problem.steps + 1):
        below, slopes, outputs = _forward(problem, x, weights, biases)
        records.append(outputs)
        if step == problem.steps:
            result = np.stack(records, axis=1)
            return result, places, np.ones_like(result, dtype=bool)
        top = 2 * problem.loss_scale / problem.points * (outputs - problem.loss_minimum)
        deltas = _sensitivities(problem, weights, slopes, top)
        gradients = [a * h.transpose(0, 2, 1) @ d for a, h, d in zip(problem.scales(), below, deltas)]
        gradients += [problem.sigma_b * d.sum(axis=1) for d in deltas]
        for parameter, velocity, gradient in zip(weights + biases, velocities, gradients):
            velocity *= problem.momentum
            velocity -= problem.learning_rate * gradient
            parameter += velocity


def difference(workload, a, b, truth, compared):
    """The largest difference between two results where they are compared, in units in which `tolerance` is stated; NaN if nowhere.

    ntk: |a - b| over sqrt(Theta(x, x) Theta(x', x')). train: |a - b| over the largest output or distance between outputs.
    """
    a, b, truth = (np.asarray(array, dtype=float) for array in (a, b, truth))
    if workload == "ntk":
        diagonal = np.sqrt(np.diagonal(truth, axis1=1, axis2=2))
        unit = diagonal[:, :, None] * diagonal[:, None, :]
    else:
        truth = truth.reshape(len(truth), -1)
        unit = np.maximum(np.abs(truth).max(axis=1), np.ptp(truth, axis=1)).reshape(-1, *[1] * (a.ndim - 1))
    parts = (np.abs(a - b) / unit)[compared]
    return float(parts.max()) if parts.size else math.nan


def tolerance(workload, problem, precision):
    """How far rounding may take a result, in the units of `difference`.

    A sum of n rounded products of either sign is off by about u sqrt(n) of its size (partial sums grow as sqrt(k), each is rounded once,
    and roundings are independent), and so is one of n positive products. A kernel entry is at the end of a chain of at most 2 L + 2 such
    sums: L layers forward, L backward, two Gram matrices. Four standard deviations make a bound that a correct program does not
    exceed. In a training every step adds one such error to the weights, independent of the others, so that after K steps they are
    1 + sqrt(K) times as large; heavy ball on a convex loss does not amplify them.
    """
    layers = len(problem.weights)
    bound = 4 * (2 * layers + 2) * math.sqrt(max(problem.sizes)) * unit_roundoff(precision)
    return bound if workload == "ntk" else bound * (1 + math.sqrt(problem.steps))
