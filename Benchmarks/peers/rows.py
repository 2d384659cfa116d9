"""The rows of the comparison: the sizes, who computes them, and how much faster Inflaton is to be."""

from dataclasses import dataclass, field


@dataclass
class Row:
    name: str
    workload: str  # of `inflaton bench`
    sizes: dict
    peers: dict = field(default_factory=dict)  # program and its options: the ratio aimed at, or None
    quick: bool = False

    @property
    def options(self):
        return [word for name, value in self.sizes.items() for word in (f"--{name}", str(value))]


def _ntk(width, depth, points, members, peers, quick=False):
    name = f"ntk width {width}, {depth} hidden, N = {points}" + (f", {members} members" if members > 1 else "")
    return Row(name, "ntk", {"width": width, "depth": depth, "points": points, "members": members}, peers, quick)


def _train(width, depth, points, members, steps, aim, quick=False):
    name = f"train width {width}, {depth} hidden, N = {points}, {members} member{'s' if members > 1 else ''}"
    sizes = {"width": width, "depth": depth, "points": points, "members": members, "steps": steps}
    return Row(name, "train", sizes, {"train": aim}, quick)


STRUCTURED = "neural_tangents_ntk --algorithm structured"
CONTRACTION = "neural_tangents_ntk --algorithm contraction"
PRODUCTS = "neural_tangents_ntk --algorithm ntvp"
DEFAULT = "neural_tangents_ntk --algorithm default"

ROWS = [
    _ntk(4096, 2, 512, 1, {"ntk": 1.5, STRUCTURED: 5}),
    _ntk(1024, 2, 256, 1, {"ntk": 1.7, STRUCTURED: 5, DEFAULT: 500, CONTRACTION: None, "torch_func": None}, quick=True),
    _ntk(1024, 2, 64, 1, {"ntk": None, STRUCTURED: 5, DEFAULT: 500, CONTRACTION: None, PRODUCTS: None, "torch_func": None}),
    _ntk(4096, 2, 64, 1, {"ntk": 3, STRUCTURED: 5}),
    _ntk(512, 2, 16, 64, {"ntk": 2, STRUCTURED: 5}, quick=True),
    _train(64, 2, 1, 256, 200, 8, quick=True),
    _train(64, 2, 16, 256, 200, 4),
    _train(128, 3, 1, 64, 200, 8, quick=True),
    # The ensembles of figures 5 and 6.
    _train(512, 2, 20, 64, 100, 3.3),
    _train(128, 2, 20, 256, 100, 4.7),
    _train(512, 2, 1, 16, 100, 20),
    _train(2048, 2, 1, 1, 100, 20),
    _train(2048, 2, 16, 1, 100, 8),
    # A scan's training without its bookkeeping; the scan itself is timed with --scan.
    _train(64, 2, 1, 10_000, 200, 3),
    # Nobody else's work is timed beside these: the device's limit is what they are held against.
    Row("jacobian width 512, 2 hidden, N = 64, 4 members", "jacobian", {"width": 512, "depth": 2, "points": 64, "members": 4}),
    Row("gemm (1024, 1024)(1024, 1024)", "gemm", {"width": 1024, "points": 1024, "members": 1}, quick=True),
]

CHECKS = [
    Row(f"{workload} {activation} N = {points}", workload, sizes | {"activation": activation, "points": points}, {workload: None})
    for sizes in [{"width": 16, "depth": 2, "members": 3, "inputs": 3, "steps": 30}]
    for workload in ["ntk", "train"]
    for activation in ["relu", "tanh", "erf"]
    for points in [1, 5]
]
