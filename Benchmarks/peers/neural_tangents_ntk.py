"""The tangent kernel by neural-tangents, by each of its algorithms. The package runs with old versions alone (see `requirements-neural-tangents.txt`).

`default` is what a user gets who sets no option: Jacobian contraction, and no promise that points do not mix. The others are told so
(vmap_axes=0), as an expert would.
"""

import jax
import neural_tangents as nt

import mlp
import timing

ALGORITHMS = {
    "default": {},
    "contraction": {"implementation": nt.NtkImplementation.JACOBIAN_CONTRACTION, "vmap_axes": 0},
    "ntvp": {"implementation": nt.NtkImplementation.NTK_VECTOR_PRODUCTS, "vmap_axes": 0},
    "structured": {"implementation": nt.NtkImplementation.STRUCTURED_DERIVATIVES, "vmap_axes": 0},
}


def main():
    options = timing.arguments(
        __doc__, lambda parser: parser.add_argument("--algorithm", choices=sorted(ALGORITHMS), default="structured"))
    mlp.configure(options)
    problem = timing.problem(options)
    layers, x = mlp.parameters(problem)
    kernel = nt.empirical_ntk_fn(mlp.make_apply(problem), **ALGORITHMS[options.algorithm])
    if problem.members == 1:
        program = jax.jit(lambda layers, x: kernel(x, None, [(w[0], b[0]) for w, b in layers])[None])
    else:
        program = jax.jit(jax.vmap(lambda layers, x: kernel(x, None, layers), (0, None)))
    timing.report(
        options, problem, "ntk", lambda: mlp.fetch(program(layers, x)), problem.members, "kernels/s",
        program=f"neural-tangents {options.algorithm}", **mlp.facts("neural-tangents", "scipy"),
    )


if __name__ == "__main__":
    main()
