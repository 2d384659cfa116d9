"""Amplitudes of inflation's spectra, by SciPy, from complex modes through all their oscillations: inflation_spectra.json.

Two formulations, which share the potential and nothing else:
  R: the curvature perturbation R = u/z by e-folds, R_NN + (3 - eps + 2 phi_NN/phi_N) R_N + kappa^2 R = 0, and h likewise;
  Q: the field on flat slices in cosmic time, Q'' + 3HQ' + (k^2/a^2 + V'' - (a^3 phi'^2/H)'/a^3) Q = 0, and h likewise.
Each from the vacuum to second order at two depths kappa = k/aH, whose difference bounds what the start leaves out (it goes as
kappa^-4). M = 1; A_s and A_t = P_h (both polarisations) at the wavenumber k = aH, 55 e-folds before epsilon = 1.
"""
import json
import numpy as np
import scipy
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

OPTIONS = dict(method="DOP853", rtol=1e-13, atol=1e-30, dense_output=True)
MODELS = {
    "starobinsky": dict(
        V=lambda p: .0033**4 * (1 - np.exp(-np.sqrt(2 / 3) * p))**2,
        D=lambda p: .0033**4 * 2 * np.sqrt(2 / 3) * np.exp(-np.sqrt(2 / 3) * p) * (1 - np.exp(-np.sqrt(2 / 3) * p)),
        C=lambda p: .0033**4 * 4 / 3 * np.exp(-np.sqrt(2 / 3) * p) * (2 * np.exp(-np.sqrt(2 / 3) * p) - 1), phi=5.6),
    "quadratic": dict(V=lambda p: p * p / 2, D=lambda p: p, C=lambda p: 1.0, phi=17.0),
}


def by_efolds(V, D, C, phi, depth):
    H2 = lambda x, v: V(x) / (3 - v * v / 2)
    acc = lambda x, v: -(3 - v * v / 2) * v - D(x) / H2(x, v)
    start = -D(phi) / np.sqrt(3 * V(phi))                      # cosmic-time velocity of slow roll
    rate = np.sqrt((start**2 / 2 + V(phi)) / 3)
    ends = lambda N, y: y[1]**2 / 2 - 1
    ends.terminal, ends.direction = True, 1
    back = solve_ivp(lambda N, y: [y[1], acc(*y)], (0, 200), [phi, start / rate], events=ends, **OPTIONS)
    end = back.t_events[0][0]
    logaH = lambda N: N + .5 * np.log(H2(*back.sol(N)))
    logk = logaH(end - 55)
    begin = brentq(lambda N: logaH(N) + np.log(depth) - logk, 0, end - 55, xtol=1e-14)

    def rhs(N, y):
        x, v = y[:2]
        eps, a = v * v / 2, acc(x, v)
        k2 = np.exp(2 * (logk - N)) / H2(x, v)
        f, g = 3 - eps + 2 * a / v, 3 - eps
        return [v, a, y[4], y[5], -f * y[4] - k2 * y[2], -f * y[5] - k2 * y[3],
                y[8], y[9], -g * y[8] - k2 * y[6], -g * y[9] - k2 * y[7]]

    x, v = back.sol(begin)
    eps, a, h2 = v * v / 2, acc(x, v), H2(x, v)
    mass = C(x) / h2 + (3 - eps) * v * v + 2 * v * D(x) / h2
    initial = [x, v]
    for q, slope, size in ((mass - 2 + eps, 1 + a / v, abs(v)), (eps - 2, 1.0, 1.0)):
        s = -q / (4 * depth**2)
        ratio = 2 * (1 - eps) * s - 1j * depth * np.exp(-2 * s) - slope
        amplitude = np.exp(s) / size
        initial += [amplitude, 0.0, (amplitude * ratio).real, (amplitude * ratio).imag]
    last = solve_ivp(rhs, (begin, end), initial, **OPTIONS).y[:, -1]
    # |u| is e^s/sqrt(2k), u/a with a = e^begin there: P = k^2/(4 pi^2 a^2) of what is 1 at the start.
    unit = np.exp(2 * (logk - begin)) / (4 * np.pi**2)
    return end, unit * (last[2]**2 + last[3]**2), 8 * unit * (last[6]**2 + last[7]**2)


def by_time(V, D, C, phi, depth):
    H = lambda x, w: np.sqrt((w * w / 2 + V(x)) / 3)
    start = -D(phi) / np.sqrt(3 * V(phi))
    ends = lambda t, y: y[1]**2 / 2 - H(y[0], y[1])**2
    ends.terminal, ends.direction = True, 1
    unit = 1 / H(phi, start)
    rates = lambda t, y: [y[1], -3 * H(y[0], y[1]) * y[1] - D(y[0]), H(y[0], y[1])]
    back = solve_ivp(rates, (0, 1000 * unit), [phi, start, 0], events=ends, **dict(OPTIONS, atol=1e-40))
    until, end = back.t_events[0][0], back.y_events[0][0][2]
    logaH = lambda t: back.sol(t)[2] + np.log(H(*back.sol(t)[:2]))
    pivot = brentq(lambda t: back.sol(t)[2] - (end - 55), 0, until, xtol=1e-16 * until)
    logk = logaH(pivot)
    begin = brentq(lambda t: logaH(t) + np.log(depth) - logk, 0, pivot, xtol=1e-16 * until)

    def mass(x, w):
        h = H(x, w)
        return C(x) + w * w * (3 - w * w / (2 * h * h)) + 2 * w * D(x) / h

    def rhs(t, y):
        x, w, N = y[:3]
        h, k2 = H(x, w), np.exp(2 * (logk - y[2]))
        m = mass(x, w)
        return [w, -3 * h * w - D(x), h, y[5], y[6], -3 * h * y[5] - (k2 + m) * y[3], -3 * h * y[6] - (k2 + m) * y[4],
                y[9], y[10], -3 * h * y[9] - k2 * y[7], -3 * h * y[10] - k2 * y[8]]

    x, w, N = back.sol(begin)
    h = H(x, w)
    eps = w * w / (2 * h * h)
    initial = [x, w, N]
    for q in (mass(x, w) / h**2 - 2 + eps, eps - 2):
        s = -q / (4 * depth**2)
        ratio = h * (2 * (1 - eps) * s - 1j * depth * np.exp(-2 * s) - 1)
        initial += [np.exp(s), 0.0, (np.exp(s) * ratio).real, (np.exp(s) * ratio).imag]
    last = solve_ivp(rhs, (begin, until), initial, **dict(OPTIONS, atol=1e-40)).y[:, -1]
    size = np.exp(2 * (logk - N)) / (4 * np.pi**2)
    field = last[1] / H(last[0], last[1])
    return end, size * (last[3]**2 + last[4]**2) / field**2, 8 * size * (last[7]**2 + last[8]**2)


result = {"scipy": scipy.__version__, "models": []}
for name, model in MODELS.items():
    entry = dict(name=name)
    for formulation, solve in (("R", by_efolds), ("Q", by_time)):
        for depth in (400, 800):
            eFolds, scalar, tensor = map(float, solve(**model, depth=depth))
            entry[f"{formulation}{depth}"] = dict(eFolds=eFolds, scalarAmplitude=scalar, tensorAmplitude=tensor)
            print(name, formulation, depth, eFolds, scalar, tensor, flush=True)
    result["models"].append(entry)
with open("inflation_spectra.json", "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
