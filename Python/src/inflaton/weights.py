"""Reads weights from arrays, files, PyTorch, Flax and Keras, by what they look like; none of these is imported.

The command's layers are h W + b, with W of shape (inputs, outputs): kernels of Flax and Keras are that, PyTorch's weights its transpose.
"""
from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from .errors import DataError, UsageError

#: What the command knows.
ACTIVATIONS = ("relu", "erf", "tanh", "gelu", "sin", "identity")


@dataclass
class Network:
    """Weights, and what their source says of the network.

    Attributes:
        layers: Pairs of W (inputs, outputs) and b (outputs) or None; empty if `path` names a file.
        path: An .npz file with W1, b1, …
        activation: What the model says it is, or None.
        parameterisation: `standard` for weights of a framework, whose layers are h W + b; None for arrays and files, which may be either.
        tells: Whether the source is a model, which computes something of its own, and no bare parameters.
        flatten: Whether the model makes points of several axes flat.
    """

    layers: list[tuple[np.ndarray, np.ndarray | None]] = field(default_factory=list)
    path: str | None = None
    activation: str | None = None
    parameterisation: str | None = None
    tells: bool = False
    flatten: bool = False

    def save(self, path: str) -> None:
        """Writes W1, b1, … as the command reads them."""
        arrays: dict[str, Any] = {}
        for number, (weight, bias) in enumerate(self.layers, 1):
            arrays[f"W{number}"] = weight
            if bias is not None:
                arrays[f"b{number}"] = bias
        np.savez(path, **arrays)


def array(value: Any, name: str) -> np.ndarray:
    """An array of float32 or float64, of anything that NumPy, PyTorch, JAX, TensorFlow or Keras calls one."""
    for attribute in ("detach", "cpu", "resolve_conj"):
        if hasattr(value, attribute):
            value = getattr(value, attribute)()
    if not hasattr(value, "__array__") and hasattr(value, "value"):
        value = value.value
    try:
        result = np.asarray(value)
    except (TypeError, RuntimeError, ValueError) as problem:
        # bfloat16 of PyTorch, which NumPy lacks.
        if hasattr(value, "float"):
            result = np.asarray(value.float())
        else:
            raise DataError(f"{name} is no array of numbers: {problem}") from None
    if result.dtype == object or result.dtype.kind in "USOcMm":
        raise DataError(f"{name} is no array of real numbers, but of {result.dtype}")
    if result.dtype in (np.float32, np.float64):
        return result
    # 16-bit numbers are float32 exactly; whole numbers are float64.
    return result.astype(np.float64 if result.dtype.kind in "iub" or result.dtype.itemsize > 4 else np.float32)


def read(weights: Any) -> Network:
    """The network of any source that is understood.

    Args:
        weights: A path of an .npz file; a mapping with W1, b1, W2, …; a `torch.nn.Sequential` or `state_dict`; parameters of Flax
            (`{"params": {"Dense_0": {"kernel": …}}}`); a Keras model or its `get_weights()`; or a list of (W, b) pairs.

    Raises:
        DataError: The weights are not a chain of dense layers, or biases are there for some layers only.
        UsageError: A model has layers or activations that the command lacks.
    """
    if isinstance(weights, (str, os.PathLike)):
        return Network(path=os.fspath(weights))
    # A Keras model on PyTorch is a module as well.
    if hasattr(weights, "layers") and hasattr(weights, "get_weights"):
        network = _keras_model(weights)
    elif hasattr(weights, "state_dict") and hasattr(weights, "named_children"):
        network = _torch_model(weights)
    elif isinstance(weights, Mapping) or hasattr(weights, "keys") and hasattr(weights, "__getitem__"):
        network = _mapping(weights)
    elif isinstance(weights, Sequence) and len(weights) > 0:
        network = _list(weights)
    else:
        raise UsageError(
            f"weights of {_kind(weights)} are not understood; give a path of an .npz file, a mapping of W1, b1, W2, …, a torch.nn.Sequential "
            "or its state_dict, parameters of Flax, or a Keras model")
    _check(network)
    return network


# Bare arrays


def _mapping(weights: Any) -> Network:
    keys = [str(key) for key in weights.keys()]
    if any(re.fullmatch(r"W\d+", key) for key in keys):
        return _numbered(weights)
    flat = dict(_leaves(weights))
    if not flat:
        raise DataError("the weights are empty")
    if any(path[-1] == "kernel" for path in flat):
        return _flax(flat)
    if any(path[-1].split(".")[-1] == "weight" for path in flat):
        return _state_dict(flat)
    raise DataError(
        f"weights with the names {_some(keys)} are not understood: W1, b1, W2, …, or the names of a torch state_dict (0.weight, 0.bias) "
        "or of Flax (Dense_0: kernel, bias) are")


def _numbered(weights: Any) -> Network:
    known, layers = {str(key): key for key in weights.keys()}, []
    count = sum(1 for key in known if re.fullmatch(r"W\d+", key))
    for number in range(1, count + 1):
        if f"W{number}" not in known:
            raise DataError(f"W{number} is missing among {_some(known)}; weights are W1, W2, … without a gap")
        bias = known.pop(f"b{number}", None)
        layers.append((array(weights[known.pop(f"W{number}")], f"W{number}"), None if bias is None else array(weights[bias], f"b{number}").reshape(-1)))
    if known:
        raise DataError(f"weights have the names {_some(known)} besides W1 to W{count}; they would be ignored, so leave them out")
    return Network(layers)


def _list(weights: Sequence[Any]) -> Network:
    if all(isinstance(layer, (tuple, list)) for layer in weights):
        pairs = [layer for layer in weights if len(layer) > 0]
        if any(len(layer) > 2 for layer in pairs):
            raise DataError("a list of weights has a layer of more than two arrays; each is (W, b) or (W,)")
        return Network([
            (array(layer[0], f"W{n}"), array(layer[1], f"b{n}").reshape(-1) if len(layer) == 2 and layer[1] is not None else None)
            for n, layer in enumerate(pairs, 1)])
    # Keras' get_weights(): a kernel, its bias, a kernel, …
    layers: list[tuple[np.ndarray, np.ndarray | None]] = []
    for place, value in enumerate(weights):
        value = array(value, f"element {place} of the weights")
        if value.ndim == 2:
            layers.append((value, None))
        elif value.ndim == 1 and layers and layers[-1][1] is None:
            layers[-1] = (layers[-1][0], value)
        else:
            raise DataError(
                f"element {place} of the weights has the shape {value.shape}; a list is W1, b1, W2, b2, … or W1, W2, … of dense layers alone")
    return Network(layers, parameterisation="standard")


# PyTorch


def _torch_model(model: Any) -> Network:
    modules = list(_unrolled(model))
    layers: list[tuple[np.ndarray, np.ndarray | None]] = []
    chain = _Chain("torch")
    flatten = False
    for name, module in modules:
        kind = type(module).__name__
        if kind in ("Linear", "LazyLinear", "NonDynamicallyQuantizableLinear"):
            chain.layer(name)
            bias = getattr(module, "bias", None)
            layers.append((array(module.weight, f"{name}.weight").T, None if bias is None else array(bias, f"{name}.bias")))
        elif kind == "Identity":
            continue
        elif kind == "Flatten" and not layers and getattr(module, "start_dim", 1) == 1 and getattr(module, "end_dim", -1) == -1:
            flatten = True
        elif kind.endswith("Dropout") and (getattr(module, "p", 0) == 0 or not getattr(module, "training", True)):
            continue
        elif kind.endswith("Dropout"):
            raise UsageError(
                f"{name} is {kind} in training, which makes the network random; call model.eval(), in which dropout does nothing")
        elif kind == "GELU":
            approximate = getattr(module, "approximate", "none")
            if approximate != "none":
                raise UsageError(
                    f"{name} is GELU(approximate={approximate!r}), which differs from the exact gelu of the command by up to 0.0005; "
                    'use GELU(), or pass model.state_dict() with activation="gelu" if that is near enough')
            chain.activation(name, "gelu")
        elif kind in ("ReLU", "Tanh"):
            chain.activation(name, kind.lower())
        else:
            raise UsageError(
                f"{name} is {kind}, which the command lacks: networks are Linear layers with one of ReLU, Tanh and GELU between them; for "
                "erf and sin of your own modules pass model.state_dict() and activation=")
    return Network(layers, activation=chain.end(), parameterisation="standard", tells=True, flatten=flatten)


def _unrolled(module: Any, name: str = "") -> Iterable[tuple[str, Any]]:
    children = list(module.named_children())
    if type(module).__name__ == "Sequential":
        for key, child in children:
            yield from _unrolled(child, f"{name}.{key}" if name else str(key))
    elif type(module).__name__ == "Linear" or not children and name:
        yield name or "the model", module
    else:
        raise UsageError(
            f"{name or 'the model'} is {_kind(module)}, whose order of layers cannot be seen from outside; give a torch.nn.Sequential, or "
            "model.state_dict() of a module that applies its Linear layers in their order, and activation=")


def _state_dict(flat: Mapping[tuple[str, ...], Any]) -> Network:
    nodes: dict[str, dict[str, Any]] = {}
    for path, value in flat.items():
        prefix, _, last = ".".join(path).rpartition(".")
        nodes.setdefault(prefix, {})[last] = value
    layers = {}
    for prefix, leaves in nodes.items():
        name = f"{prefix}." if prefix else ""
        others = [leaf for leaf in leaves if leaf not in ("weight", "bias")]
        if others or "weight" not in leaves:
            raise UsageError(
                f"the state_dict has {name}{(others or list(leaves))[0]}, which no Linear layer has; the command knows Linear layers alone")
        weight = array(leaves["weight"], f"{name}weight")
        if weight.ndim != 2:
            raise UsageError(
                f"{name}weight has the shape {weight.shape}, and that of a Linear layer has two axes; convolutions and normalisations are "
                "layers that the command lacks")
        layers[prefix] = (weight.T, array(leaves["bias"], f"{name}bias") if "bias" in leaves else None)
    return Network([layers[name] for name in _order(layers, registered=True)], parameterisation="standard")


# Flax


def _flax(flat: Mapping[tuple[str, ...], Any]) -> Network:
    nodes: dict[str, dict[str, Any]] = {}
    for path, value in flat.items():
        if path[0] == "params":
            path = path[1:]
        nodes.setdefault("/".join(path[:-1]), {})[path[-1]] = value
    layers = {}
    for name, leaves in nodes.items():
        label = name or "the tree"
        others = [leaf for leaf in leaves if leaf not in ("kernel", "bias")]
        if others or "kernel" not in leaves:
            raise UsageError(
                f"{label} has {(others or list(leaves))[0]}, which no Dense layer has; the command knows Dense layers alone")
        kernel = array(leaves["kernel"], f"{label}/kernel")
        if kernel.ndim != 2:
            raise UsageError(
                f"{label}/kernel has the shape {kernel.shape}, and that of a Dense layer has two axes; convolutions are layers that the "
                "command lacks")
        bias = leaves.get("bias")
        layers[name] = (kernel, None if bias is None else array(bias, f"{label}/bias"))
    return Network([layers[name] for name in _order(layers, registered=False)], parameterisation="standard")


def _leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    if isinstance(tree, Mapping) or hasattr(tree, "keys") and hasattr(tree, "__getitem__") and not hasattr(tree, "shape"):
        for key in tree.keys():
            yield from _leaves(tree[key], (*path, str(key)))
    elif isinstance(tree, (list, tuple)):
        for number, branch in enumerate(tree):
            yield from _leaves(branch, (*path, str(number)))
    elif tree is not None:
        yield path, tree


def _order(layers: Mapping[str, tuple[np.ndarray, Any]], *, registered: bool) -> list[str]:
    """The names of layers in the order in which each one's outputs are the next one's inputs.

    Names that differ in a number alone are in its order: Dense_2 before Dense_10. What this and the shapes leave open, the order of the
    mapping decides where that is the order of registration, as in a state_dict; JAX sorts its trees by name, so there it is refused.
    """
    names = list(layers)
    pattern = [tuple(re.split(r"(\d+)", name)) for name in names]
    stems: dict[tuple[str, ...], list[str]] = {}
    for name, parts in zip(names, pattern):
        stems.setdefault(parts[::2], []).append(name)
    for group in stems.values():
        group.sort(key=lambda name: [int(part) for part in re.split(r"(\d+)", name)[1::2]])
    if len(stems) == 1:
        return next(iter(stems.values()))
    if registered and _chained(layers, names) and all(_is_sorted(names, group) for group in stems.values()):
        return names
    found: list[list[str]] = []

    def extend(done: list[str], left: dict[tuple[str, ...], list[str]]) -> None:
        if len(found) > 1:
            return
        if not left:
            found.append(done)
        for stem, group in left.items():
            if done and layers[done[-1]][0].shape[1] != layers[group[0]][0].shape[0]:
                continue
            extend([*done, group[0]], {s: g[1:] if s == stem else g for s, g in left.items() if s != stem or len(g) > 1})

    extend([], stems)
    if len(found) == 1:
        return found[0]
    if not found:
        shapes = ", ".join(f"{name} {layers[name][0].shape}" for name in names)
        raise DataError(f"the layers are no chain in which the outputs of each are the inputs of the next, as (inputs, outputs): {shapes}")
    raise DataError(
        f"the order of the layers {_some(names)} is open: their names are not numbered, and their shapes fit in several orders; give them "
        "as W1, b1, W2, …")


def _chained(layers: Mapping[str, tuple[np.ndarray, Any]], names: Sequence[str]) -> bool:
    return all(layers[a][0].shape[1] == layers[b][0].shape[0] for a, b in zip(names, names[1:]))


def _is_sorted(names: Sequence[str], group: Sequence[str]) -> bool:
    places = [names.index(name) for name in group]
    return places == sorted(places)


# Keras


def _keras_model(model: Any) -> Network:
    if len(getattr(model, "inputs", None) or [0]) != 1 or len(getattr(model, "outputs", None) or [0]) != 1:
        raise UsageError("the model has several inputs or outputs; the command knows chains of dense layers")
    layers: list[tuple[np.ndarray, np.ndarray | None]] = []
    chain = _Chain("keras")
    flatten = False
    for layer in _keras_layers(model):
        kind, name = type(layer).__name__, str(getattr(layer, "name", type(layer).__name__))
        if len(getattr(layer, "_inbound_nodes", None) or [0]) > 1:
            raise UsageError(f"{name} is applied several times; the command knows chains of dense layers")
        if kind == "Dense":
            chain.layer(name)
            arrays = [array(value, name) for value in layer.get_weights()]
            if not arrays:
                raise DataError(f"{name} has no weights yet; build the model, or call it once")
            if len(arrays) > 2 or arrays[0].ndim != 2:
                raise UsageError(f"{name} has weights that no plain Dense layer has")
            layers.append((arrays[0], arrays[1] if len(arrays) == 2 else None))
            chain.activation(name, _keras_activation(name, getattr(layer, "activation", None)), trailing=True)
        elif kind == "Activation":
            chain.activation(name, _keras_activation(name, layer.activation))
        elif kind == "ReLU":
            if (getattr(layer, "max_value", None), float(getattr(layer, "negative_slope", 0) or 0), float(getattr(layer, "threshold", 0) or 0)) != (None, 0, 0):
                raise UsageError(f"{name} is a ReLU with a bound, slope or threshold, which the command lacks")
            chain.activation(name, "relu")
        elif kind == "Flatten" and not layers:
            flatten = True
        elif kind in ("InputLayer", "Dropout", "GaussianDropout", "AlphaDropout", "GaussianNoise", "Identity"):
            # Noise is of Keras' fit alone, and no part of what the model predicts.
            continue
        else:
            raise UsageError(f"{name} is {kind}, which the command lacks: networks are Dense layers with relu, tanh or gelu between them")
    return Network(layers, activation=chain.end(), parameterisation="standard", tells=True, flatten=flatten)


def _keras_layers(model: Any) -> Iterable[Any]:
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _keras_layers(layer)
        else:
            yield layer


def _keras_activation(name: str, function: Any) -> str:
    if function is None:
        return "identity"
    called = getattr(function, "__name__", type(function).__name__)
    module = getattr(function, "__module__", "") or ""
    if called == "linear":
        return "identity"
    # The gelu of JAX, for example, is another function: an approximation by default.
    if called in ("relu", "tanh", "gelu") and module.split(".")[0] in ("keras", "tf_keras", "tensorflow"):
        return called
    raise UsageError(
        f"{name} has the activation {called} of {module or 'no module'}, which the command lacks: it knows Keras' relu, tanh, gelu and linear; for "
        "others pass model.get_weights() and activation=")


# What all have in common


class _Chain:
    """Layers and activations in their order: one activation, the same everywhere, between any two layers, and none after the last."""

    def __init__(self, framework: str) -> None:
        self.layer_word = {"torch": "Linear", "keras": "Dense"}[framework]
        self.between: list[str] = []
        self.pending: tuple[str, str] | None = None
        self.count = 0

    def layer(self, name: str) -> None:
        if self.count:
            self.between.append(self.pending[1] if self.pending else "identity")
        self.pending, self.count = None, self.count + 1

    def activation(self, name: str, activation: str, trailing: bool = False) -> None:
        if activation == "identity":
            return
        if self.pending or not self.count:
            where = "before the first layer" if not self.count else f"after another, {self.pending[0]}"  # type: ignore[index]
            raise UsageError(f"{name} is an activation {where}; the command has one between each two {self.layer_word} layers")
        self.pending = (name, activation)

    def end(self) -> str:
        if not self.count:
            raise DataError(f"the model has no {self.layer_word} layers")
        if self.pending:
            raise UsageError(
                f"the model ends with the activation {self.pending[1]} ({self.pending[0]}), and the command's networks with a {self.layer_word} layer; "
                "the kernel is that of the outputs before it, so give the model without it")
        if len(set(self.between)) > 1:
            raise UsageError(
                f"the model has the activations {', '.join(self.between)} between its layers; the command has the same between all of them")
        # Without a hidden layer there is none, and any word would do.
        return self.between[0] if self.between else "identity"


def _check(network: Network) -> None:
    layers = network.layers
    for number, (weight, bias) in enumerate(layers, 1):
        if weight.ndim != 2:
            raise DataError(f"W{number} has the shape {weight.shape}; weights have two axes, (inputs, outputs)")
        if number > 1 and layers[number - 2][0].shape[1] != weight.shape[0]:
            raise DataError(
                f"W{number - 1} has {layers[number - 2][0].shape[1]} outputs, and W{number} {weight.shape[0]} inputs, as (inputs, outputs); "
                "layers are h W + b, so PyTorch's weights of bare arrays have to be transposed")
        if bias is not None and bias.shape != (weight.shape[1],):
            raise DataError(f"b{number} has the shape {bias.shape}, and W{number} {weight.shape[1]} outputs")
    with_bias = [number for number, (_, bias) in enumerate(layers, 1) if bias is not None]
    if with_bias and len(with_bias) < len(layers):
        missing = next(n for n in range(1, len(layers) + 1) if n not in with_bias)
        raise DataError(f"layer {missing} has no bias and layer {with_bias[0]} has one; the command has biases in all layers or in none")


def _kind(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _some(names: Iterable[str]) -> str:
    names = [str(name) for name in names]
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
