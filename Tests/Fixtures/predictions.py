"""Writes predictions.json: posteriors of neural-tangents 0.6.5 (jax 0.4.30, float64): stax networks in the NTK parameterisation, predict.gradient_descent_mse_ensemble."""
import json, sys
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
import neural_tangents as nt
from neural_tangents import stax

rng = np.random.default_rng(15)
cases = []
for act, depth, sw, sb, d, n, m, c in [("erf", 1, 1.2, 0.3, 2, 6, 4, 1), ("relu", 2, 1.4, 0.1, 3, 5, 3, 2), ("gelu", 1, 1.0, 0.5, 1, 4, 5, 1)]:
    layer = {"erf": lambda: stax.Erf(), "relu": lambda: stax.Relu(), "gelu": lambda: stax.Gelu()}[act]
    layers = []
    for _ in range(depth):
        layers += [stax.Dense(512, sw, sb), layer()]
    init, apply, kernel = stax.serial(*layers, stax.Dense(c, sw, sb))
    x, x2 = rng.uniform(-1.5, 1.5, (n, d)).round(4), rng.uniform(-1.5, 1.5, (m, d)).round(4)
    y = rng.standard_normal((n, c)).round(4)
    for ridge in [0.0, 0.05]:
        predict = nt.predict.gradient_descent_mse_ensemble(kernel, jnp.array(x), jnp.array(y), diag_reg=ridge, diag_reg_absolute_scale=True)
        for t in [None, 3.0, 200.0]:
            got = predict(t=t, x_test=jnp.array(x2), get=("nngp", "ntk"), compute_cov=True)
            cases.append(dict(
                activation=act, depth=depth, sigmaW=sw, sigmaB=sb, dimension=d, points=n, testPoints=m, outputs=c, ridge=ridge,
                time=t, x=x.ravel().tolist(), y=y.ravel().tolist(), x2=x2.ravel().tolist(),
                nngpMean=np.array(got.nngp.mean).ravel().tolist(), nngpCovariance=np.array(got.nngp.covariance).ravel().tolist(),
                ntkMean=np.array(got.ntk.mean).ravel().tolist(), ntkCovariance=np.array(got.ntk.covariance).ravel().tolist()))
json.dump(dict(provenance=dict(program="neural-tangents 0.6.5, jax 0.4.30, float64", script="predictions.py"), cases=cases),
          open(sys.argv[1], "w"), indent=0)
