"""Writes lattice_metric.json: the curvature of metrics of static lattices at some points, and the second order of their action.

Metric ds^2 = M(-dt^2 + (dx^2 + dy^2 + dz^2)/A). Values of sqrt(-g) R by SymPy from Christoffel symbols, at points of fields that are not small.
The second order of the action for M = 1 + e m, A = 1 + e a, m and a functions of three coordinates, is compared with
c1 (dm)^2 + c2 dm.da + c3 (da)^2 by Euler-Lagrange equations, which total derivatives do not change.
"""
import itertools
import json

import sympy as sp
from sympy.calculus.euler import euler_equations

t, x, y, z, e = sp.symbols("t x y z e")
coordinates = (t, x, y, z)


def density(M, A):
    """sqrt(-g) R."""
    g = sp.diag(-M, M / A, M / A, M / A)
    inverse = g.inv()
    symbols = [[[sum(inverse[a, d] * (sp.diff(g[d, b], coordinates[c]) + sp.diff(g[d, c], coordinates[b])
                                      - sp.diff(g[b, c], coordinates[d])) for d in range(4)) / 2
                 for c in range(4)] for b in range(4)] for a in range(4)]
    scalar = 0
    for b in range(4):
        ricci = 0
        for a in range(4):
            ricci += sp.diff(symbols[a][b][b], coordinates[a]) - sp.diff(symbols[a][b][a], coordinates[b])
            ricci += sum(symbols[a][a][d] * symbols[d][b][b] - symbols[a][b][d] * symbols[d][b][a] for d in range(4))
        scalar += inverse[b, b] * ricci
    return M ** 2 / A ** sp.Rational(3, 2) * scalar


def second_order():
    """c1, c2, c3."""
    m, a = sp.Function("m")(x, y, z), sp.Function("a")(x, y, z)
    exact = density(1 + e * m, 1 + e * a)
    order = sp.expand(sp.diff(exact, e, 2).subs(e, 0).doit() / 2)
    c = sp.symbols("c1:4")
    form = sum(c[0] * sp.diff(m, s) ** 2 + c[1] * sp.diff(m, s) * sp.diff(a, s) + c[2] * sp.diff(a, s) ** 2 for s in (x, y, z))
    equations = []
    for left, right in zip(euler_equations(order, [m, a], [x, y, z]), euler_equations(form, [m, a], [x, y, z])):
        difference = sp.expand(left.lhs - right.lhs)
        terms = [sp.diff(f, s, 2) for f in (m, a) for s in (x, y, z)]
        equations += [difference.coeff(term) for term in terms]
        assert sp.expand(difference - sum(difference.coeff(term) * term for term in terms)) == 0
    solution = sp.solve(equations, c, dict=True)[0]
    return [solution[k] for k in c]


def jets():
    """Fields at points, with their derivatives, and the action's density there."""
    M = 1 + sp.Rational(3, 10) * sp.sin(x + 2 * y + sp.Rational(1, 5)) + sp.Rational(1, 5) * sp.cos(z - x)
    A = sp.Rational(1, 2) + sp.Rational(1, 5) * sp.sin(2 * z + y) - sp.Rational(1, 10) * sp.cos(x - y + 1)
    exact = density(M, A)
    result = []
    for point in itertools.islice(itertools.product((0.3, 1.7), (-0.4, 2.2), (0.9,)), 4):
        at = dict(zip((x, y, z), map(sp.Float, point)))
        values = {}
        for name, f in (("massSquared", M), ("coupling", A)):
            values[name] = {
                "value": float(f.subs(at)), "slope": [float(sp.diff(f, s).subs(at)) for s in (x, y, z)],
                "bend": [[float(sp.diff(f, r, s).subs(at)) for s in (x, y, z)] for r in (x, y, z)],
            }
        values["density"] = float(exact.subs(at).evalf(20))
        result.append(values)
    return result


if __name__ == "__main__":
    with open("lattice_metric.json", "w") as file:
        json.dump({"form": [float(c) for c in second_order()], "points": jets()}, file, indent=1)
        file.write("\n")
