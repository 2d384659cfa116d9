"""Weights of every source come out as the same layers; what the command lacks is refused by name."""
import numpy as np
import pytest
from conftest import (
    GELU, Dense, Dropout, KerasModel, Linear, Module, Sequential, Tensor, arrays, draw, keras_function, module)

from inflaton import DataError, UsageError
from inflaton.weights import array, read

LAYERS = draw([3, 5, 5, 2])


def same(network, layers=LAYERS):
    assert len(network.layers) == len(layers)
    for (weight, bias), (expected, offset) in zip(network.layers, layers):
        assert np.array_equal(weight, expected)
        assert (bias is None and offset is None) or np.array_equal(bias, offset)


def torch_model(layers=LAYERS, between=GELU):
    modules = []
    for layer in layers:
        modules += [Linear(*layer), between()]
    return Sequential(*modules[:-1])


def state(layers, names):
    values = {}
    for name, (weight, bias) in zip(names, layers):
        values[f"{name}.weight"] = Tensor(weight.T)
        if bias is not None:
            values[f"{name}.bias"] = Tensor(bias)
    return values


def flax(layers, names):
    return {"params": {name: {"kernel": w, **({} if b is None else {"bias": b})} for name, (w, b) in zip(names, layers)}}


def test_arrays_and_pairs_tell_nothing_else():
    for source in (arrays(LAYERS), LAYERS, [LAYERS[0], (), LAYERS[1], (), LAYERS[2]]):
        network = read(source)
        same(network)
        assert network.activation is None and network.parameterisation is None and not network.tells


def test_an_archive_is_a_mapping(tmp_path):
    np.savez(tmp_path / "w.npz", **arrays(LAYERS))
    with np.load(tmp_path / "w.npz") as archive:
        same(read(archive))
    assert read(tmp_path / "w.npz").path == str(tmp_path / "w.npz")


def test_sequential_is_transposed_and_tells_its_activation():
    network = read(torch_model())
    same(network)
    assert (network.activation, network.parameterisation, network.tells) == ("gelu", "standard", True)
    nested = Sequential(module("Flatten"), Sequential(Linear(*LAYERS[0]), module("ReLU")), Linear(*LAYERS[1]), module("ReLU"), Linear(*LAYERS[2]))
    network = read(nested)
    same(network)
    assert network.activation == "relu" and network.flatten


def test_without_biases():
    layers = draw([3, 4, 1], bias=False)
    for source in (torch_model(layers), state(layers, ["0", "2"]), flax(layers, ["Dense_0", "Dense_1"]), arrays(layers)):
        same(read(source), layers)


def test_a_dropout_that_does_nothing_is_none():
    dropout = Dropout()
    dropout.training = False
    assert read(Sequential(Linear(*LAYERS[0]), module("Tanh"), dropout, Linear(*draw([5, 2])[0]))).activation == "tanh"


def test_state_dict_in_the_order_of_its_numbers_or_of_registration():
    layers = draw([3] + [4] * 11 + [1])
    names = [str(2 * n) for n in range(12)]
    same(read(state(layers, names)), layers)
    # As safetensors gives it: 0, 10, 12, …, 2.
    same(read(dict(sorted(state(layers, names).items()))), layers)
    # Not numbered, and all shapes alike.
    square = draw([4, 4, 4, 4])
    same(read(state(square, ["enter", "middle", "close"])), square)
    same(read(state(square, ["module.fc1", "module.fc2", "module.out"])), square)
    assert read(state(square, "abc")).activation is None


def test_flax_in_the_order_of_numbers():
    layers = draw([3] + [4] * 11 + [1])
    names = [f"Dense_{n}" for n in range(12)]
    same(read(flax(layers, names)), layers)
    tree = flax(layers, names)
    same(read({"params": dict(sorted(tree["params"].items()))}), layers)
    same(read({"params": {"MLP_0": dict(sorted(tree["params"].items()))}}), layers)
    same(read(tree["params"]), layers)
    assert read(tree).parameterisation == "standard"


def test_flax_by_its_shapes_where_names_are_not_numbered():
    layers = draw([3, 4, 5, 1])
    tree = flax(layers, ["in", "mid", "a_last"])
    same(read({"params": dict(sorted(tree["params"].items()))}), layers)
    # hidden_0, hidden_1, out: the numbers and the shape of the last one.
    layers = draw([4, 4, 4, 1])
    same(read({"params": dict(sorted(flax(layers, ["hidden_0", "hidden_1", "a_out"])["params"].items()))}), layers)
    with pytest.raises(DataError, match="order of the layers .* is open"):
        read(flax(draw([4, 4, 4, 4]), ["one", "two", "three"]))


def test_keras_models_and_their_weights():
    relu, linear = keras_function("relu"), keras_function("linear")
    model = KerasModel(*(Dense(f"dense_{n}", *layer, linear if n == 2 else relu) for n, layer in enumerate(LAYERS)))
    network = read(model)
    same(network)
    assert (network.activation, network.parameterisation) == ("relu", "standard")
    network = read(model.get_weights())
    same(network)
    assert network.activation is None and network.parameterisation == "standard"


@pytest.mark.parametrize(("source", "words"), [
    (Sequential(module("Conv2d"), Linear(*LAYERS[0])), "0 is Conv2d, which the command lacks"),
    (Sequential(Linear(*LAYERS[0]), GELU("tanh"), Linear(*LAYERS[1])), r"1 is GELU\(approximate='tanh'\)"),
    (Sequential(Linear(*LAYERS[0]), Dropout(), Linear(*LAYERS[1])), "1 is Dropout in training.*model.eval"),
    (Sequential(Linear(*LAYERS[0]), module("ReLU"), Linear(*LAYERS[1]), module("Tanh"), Linear(*LAYERS[2])), "activations relu, tanh"),
    (Sequential(Linear(*LAYERS[0]), Linear(*LAYERS[1]), module("Tanh"), Linear(*LAYERS[2])), "activations identity, tanh"),
    (Sequential(Linear(*LAYERS[0]), module("ReLU")), "ends with the activation relu"),
    (Sequential(Linear(*LAYERS[0]), module("Softmax")), "1 is Softmax"),
    (Sequential(module("Tanh"), Linear(*LAYERS[0])), "before the first layer"),
    (Sequential(Linear(*LAYERS[0]), module("Tanh"), module("ReLU"), Linear(*LAYERS[1])), "2 is an activation after another"),
    (type("Net", (Module,), {"named_children": lambda self: iter([("fc", Linear(*LAYERS[0]))])})(), "Net, whose order of layers cannot be seen"),
    ({"0.weight": np.zeros((8, 3, 3, 3)), "0.bias": np.zeros(8)}, "0.weight has the shape"),
    ({"bn.weight": np.zeros(8), "bn.bias": np.zeros(8), "bn.running_mean": np.zeros(8)}, "bn.running_mean, which no Linear layer has"),
    ({"params": {"Conv_0": {"kernel": np.zeros((3, 3, 1, 8))}}}, "Conv_0/kernel has the shape"),
    ({"params": {"Dense_0": {"kernel": np.zeros((3, 8))}, "LayerNorm_0": {"scale": np.zeros(8)}}}, "LayerNorm_0 has scale"),
    (KerasModel(Dense("d", *LAYERS[0], keras_function("softmax"))), "d has the activation softmax"),
    (KerasModel(Dense("d", *LAYERS[0], keras_function("gelu", "jax._src.nn.functions")), Dense("e", *LAYERS[1], None)), "gelu of jax"),
    (3, "not understood"),
])
def test_what_the_command_lacks_is_refused(source, words):
    with pytest.raises(UsageError, match=words):
        read(source)


@pytest.mark.parametrize(("source", "words"), [
    ({}, "empty"),
    ({"foo": np.zeros(3)}, "names foo are not understood"),
    ({"W1": np.zeros((3, 4)), "W3": np.zeros((4, 1))}, "W2 is missing"),
    ({"W1": np.zeros((3, 4)), "w2": np.zeros((4, 1))}, "the names w2 besides W1 to W1"),
    ({"W1": np.zeros((4, 3)), "W2": np.zeros((1, 4))}, "W1 has 3 outputs, and W2 1 inputs.*transposed"),
    ({"W1": np.zeros((3, 4)), "b1": np.zeros(3)}, r"b1 has the shape \(3,\)"),
    ({"W1": np.zeros((3, 4)), "b1": np.zeros(4), "W2": np.zeros((4, 1))}, "layer 2 has no bias"),
    ({"W1": np.zeros((3, 4), complex)}, "W1 is no array of real numbers"),
    ({"W1": ["a"]}, "W1 is no array of real numbers"),
    ([np.zeros(3), np.zeros((3, 4))], "element 0 of the weights has the shape"),
])
def test_weights_that_are_no_chain_are_refused(source, words):
    with pytest.raises(DataError, match=words):
        read(source)


def test_numbers_are_of_32_or_64_bits():
    assert array(np.zeros(2, np.float16), "x").dtype == np.float32
    assert array(np.zeros(2, np.float32), "x").dtype == np.float32
    assert array([1, 2], "x").dtype == np.float64

    class Half(Tensor):
        """bfloat16 of PyTorch: NumPy has no such type, and `float()` is the way."""

        def __array__(self, dtype=None, copy=None):
            raise TypeError("Got unsupported ScalarType BFloat16")

        def float(self):
            return Tensor(np.float32([0.5, 2]))

    assert array(Half([0]), "x").tolist() == [0.5, 2]
