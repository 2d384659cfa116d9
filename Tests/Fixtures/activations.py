"""Makes activations.json: every activation and its slope at chosen numbers, with mpmath at 60 digits.

    pip install mpmath numpy && python3 activations.py > activations.json
"""
import json
import mpmath
import numpy

mpmath.mp.dps = 60

# 0, small and large numbers, where formulas change, and where values saturate or slopes leave the numbers of float or double.
magnitudes = [
    1e-8, 1e-3, 0.25, 0.5493061443340549, 0.7517915241437, 0.9999999, 1, 1.0000001, 1.5707963267948966, 2, 3.141592653589793,
    3.9999998, 4, 5.5, 5.9215872, 7.1, 8.3, 9.010913, 9.3, 9.4, 10, 10.3, 13.1, 13.3, 14.5, 19.0615, 20, 22, 26.5, 26.7, 27.3,
    37.4, 37.6, 38.6, 43.6, 44.4, 52.5, 88, 104, 354, 373, 746, 1e3, 1e7, 1e22,
]
root2, rootPi, root2Pi = mpmath.sqrt(2), mpmath.sqrt(mpmath.pi), mpmath.sqrt(2 * mpmath.pi)


def cumulative(z):
    return mpmath.erfc(-z / root2) / 2


def density(z):
    return mpmath.exp(-z * z / 2) / root2Pi


activations = {
    "relu": (lambda z: max(z, mpmath.mpf(0)), lambda z: mpmath.mpf(1 if z > 0 else 0)),
    "erf": (mpmath.erf, lambda z: 2 / rootPi * mpmath.exp(-z * z)),
    "tanh": (mpmath.tanh, lambda z: mpmath.sech(z) ** 2),
    "gelu": (lambda z: z * cumulative(z), lambda z: cumulative(z) + z * density(z)),
    "sin": (mpmath.sin, mpmath.cos),
    "identity": (lambda z: z, lambda z: mpmath.mpf(1)),
}


def evaluate(function, z):
    # Beyond 1e22 everything but sin and cos is 0, ±1 or z, and mpmath would compute exponentials of the square.
    if abs(z) > 1e30:
        if function is mpmath.erf or function is mpmath.tanh:
            return mpmath.sign(z)
        if function is activations["gelu"][0]:
            return max(z, mpmath.mpf(0))
        if function is activations["gelu"][1]:
            return mpmath.mpf(1 if z > 0 else 0)
        if function in (activations["erf"][1], activations["tanh"][1]):
            return mpmath.mpf(0)
    return function(mpmath.mpf(z))


def number(x):
    # Less than half of the least subnormal double is 0.
    return "0" if abs(x) < mpmath.mpf(2) ** -1080 else mpmath.nstr(x, 25, min_fixed=0, max_fixed=0)


rows = []
for kind, real in (("float64", numpy.float64), ("float32", numpy.float32)):
    sizes = [float(real(m)) for m in magnitudes] + [float(numpy.finfo(real).max)]
    for z in [0.0] + [sign * size for size in sizes for sign in (1, -1)]:
        for name, (value, slope) in activations.items():
            rows.append({
                "activation": name, "numbers": kind, "z": repr(z),
                "value": number(evaluate(value, mpmath.mpf(z))), "slope": number(evaluate(slope, mpmath.mpf(z)))})
print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
