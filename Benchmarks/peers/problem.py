"""The networks of a benchmark: read from a file of `inflaton bench --output`, or drawn here. NumPy alone.

z_l = sigma_w / sqrt(n_{l-1}) h_{l-1} W_l + sigma_b b_l, an activation between layers and none after the last, one output. Every array
of weights has the E members as its first axis; all members share the points X (N, d).
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Problem:
    x: np.ndarray
    weights: list  # (E, n_{l-1}, n_l)
    biases: list  # (E, n_l)
    steps: int = 20
    activation: str = "relu"
    sigma_w: float = 1.0
    sigma_b: float = 0.1
    loss_scale: float = 0.5
    loss_minimum: float = 0.5
    learning_rate: float = 0.0
    momentum: float = 0.9
    results: dict = field(default_factory=dict)  # what the file's author computed: ntk or outputs

    @property
    def members(self):
        return self.weights[0].shape[0]

    @property
    def points(self):
        return self.x.shape[0]

    @property
    def sizes(self):
        return [w.shape[1] for w in self.weights] + [self.weights[-1].shape[2]]

    def scales(self):
        """sigma_w / sqrt(n_{l-1}) of each layer, as plain numbers, which take the type of what they multiply."""
        return [float(self.sigma_w / np.sqrt(w.shape[1])) for w in self.weights]

    def some(self, most):
        """The same problem with `most` of its members, evenly spaced, and their places."""
        places = np.unique(np.linspace(0, self.members - 1, min(most, self.members)).astype(int))
        part = Problem(**{**self.__dict__, "weights": [w[places] for w in self.weights], "biases": [b[places] for b in self.biases]})
        return part, places

    @property
    def description(self):
        return {
            "width": self.sizes[1] if len(self.weights) > 1 else 0,
            "depth": len(self.weights) - 1,
            "points": self.points,
            "members": self.members,
            "inputs": self.sizes[0],
            "steps": self.steps,
            "activation": self.activation,
        }


def read(path, precision):
    """The problem in a file that `inflaton bench ntk|train --output` wrote."""
    with np.load(path) as file:
        depth = sum(name.startswith("W") for name in file.files)
        numbers = ["sigma_w", "sigma_b", "loss_scale", "loss_minimum", "learning_rate", "momentum"]
        problem = Problem(
            x=file["X"].astype(precision),
            weights=[file[f"W{l + 1}"].astype(precision) for l in range(depth)],
            biases=[file[f"b{l + 1}"].astype(precision) for l in range(depth)],
            steps=int(file["steps"]),
            activation=file["activation"].item(),
            results={name: file[name] for name in ("ntk", "outputs") if name in file.files},
            **{name: float(file[name]) for name in numbers},
        )
    if not problem.results:
        raise SystemExit(f"{path} holds no results; write it with `inflaton bench ntk|train --output`")
    if problem.sizes[-1] != 1:
        raise SystemExit(f"{path} holds networks with {problem.sizes[-1]} outputs, but the peers compute those with one")
    return problem


def draw(width, depth, points, members, inputs, steps, activation, precision):
    """Networks of those sizes with normal weights."""
    random = np.random.default_rng(1)
    sizes = [inputs] + [width] * depth + [1]
    return Problem(
        x=random.standard_normal((points, inputs)).astype(precision),
        weights=[random.standard_normal((members, a, b)).astype(precision) for a, b in zip(sizes, sizes[1:])],
        biases=[random.standard_normal((members, b)).astype(precision) for b in sizes[1:]],
        steps=steps,
        activation=activation,
        learning_rate=0.1 / ((inputs + 1) * (depth + 1)),
    )
