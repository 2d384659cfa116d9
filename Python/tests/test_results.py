"""Trainings, universes, scans and stores."""
import math

import numpy as np
import pytest
from conftest import arrays, draw, jacobian, outputs

import inflaton


def test_training_is_the_heavy_ball():
    """Three steps by hand: v ← γ v − η ∇L, θ ← θ + v, for the sum over points of s (f − 1)²."""
    layers = draw([2, 3, 1])
    x = np.array([[1.0, 0.5], [-0.5, 1]])
    result = inflaton.evolve(
        weights=arrays(layers), x=x, activation="tanh", learning_rate=0.05, momentum=0.8, steps=3, scale=0.1, precision="float64")
    assert result.outputs.shape == (4, 2, 1) and result.predicted.shape == (4, 2, 1) and result.loss.shape == result.time.shape == (4,)
    sigmas = {"sigma_w": 1.0, "sigma_b": 0.1}
    layers = [(w.copy(), b.copy()) for w, b in layers]
    parameters = [p for layer in layers for p in layer]
    velocity = [np.zeros_like(p) for p in parameters]
    for step in range(4):
        f = outputs(layers, x, "tanh", **sigmas)
        # Gradients err by 1e-11; three steps of 0.05 keep that.
        assert np.allclose(result.outputs[step], f, atol=1e-9, rtol=0)
        losses = 0.1 * (f - 1) ** 2
        assert math.isclose(result.loss[step], losses.sum(), rel_tol=1e-8) or math.isclose(result.loss[step], losses.mean(), rel_tol=1e-8)
        factor = result.loss[0] / (0.1 * (result.outputs[0] - 1) ** 2).sum()
        gradient = np.einsum("nc,ncp->p", 0.2 * factor * (f - 1), jacobian(layers, x, "tanh", **sigmas))
        start = 0
        for place, parameter in enumerate(parameters):
            velocity[place] = 0.8 * velocity[place] - 0.05 * gradient[start:start + parameter.size].reshape(parameter.shape)
            parameter += velocity[place]
            start += parameter.size
    assert np.allclose(result.time, math.sqrt(0.05) * np.arange(4))


def test_evolution_is_shown():
    result = inflaton.evolve(width=32, steps=5)
    assert result.agreement["prediction"] == "corrected"
    # 3H = 2(1 − γ)/((1 + γ)√η) and its third.
    assert math.isclose(result.dictionary["corrected"]["Hubble rate"], 2 * 0.1 / (3 * 1.9 * 0.1), rel_tol=1e-12)
    assert result.figure is not None and result.drawings["evolve"].startswith("<") and "error over travel" in result._repr_html_()


def test_targets_imply_the_squared_loss():
    result = inflaton.evolve(width=16, x=[[1.0, 2], [0, 1]], targets=[0.5, -0.5], steps=1)
    residual = (result.outputs[0, :, 0] - [0.5, -0.5]) ** 2
    assert any(math.isclose(result.loss[0], value, rel_tol=1e-5) for value in (residual.sum(), residual.mean()))


def test_a_drawn_network_and_weights_exclude_each_other():
    with pytest.raises(inflaton.UsageError, match="width is of a network that is drawn"):
        inflaton.evolve(weights=arrays(draw([1, 3, 1])), activation="erf", width=3)


def test_training_from_a_scan_of_one_run():
    result = inflaton.evolve({"width": 16, "learningRate": "1/9", "momentum": 0.5, "steps": 7}, steps=5)
    assert result.outputs.shape == (6, 1, 1) and np.allclose(result.time, np.arange(6) / 3)


def test_universe_beside_closed_forms():
    """At constant H, φ″ + 3Hφ′ + m²φ = 0: with V = ½ φ², H = ½, φ = e^{−3t/4}(cos ωt + 3/(4ω) sin ωt), ω = √7/4."""
    result = inflaton.universe(hubble=0.5, until=10, samples=41, modes=[(1, 0)])
    t, omega = result["t"], math.sqrt(7) / 4
    exact = np.exp(-0.75 * t) * (np.cos(omega * t) + 0.75 / omega * np.sin(omega * t))
    # Steps err by 1e-12 relative, and the phase adds up over some thousands of them.
    assert np.allclose(result["phi"], exact, atol=1e-9, rtol=0) and np.allclose(result["mode1"], exact, atol=1e-9, rtol=0)
    assert np.allclose(result["eFolds"], 0.5 * t, atol=1e-9) and len(result) == len(list(result)) and "phi" in result
    assert "largestConstraint" in repr(result)


def test_universe_takes_parameters_fluids_and_fields():
    # A field without a potential, and radiation: a ∝ √t from H₀ = √(ρ/3).
    result = inflaton.universe(potential="L*phi^2", parameters={"L": 0.0}, fluids=[(1 / 3, 3.0)], until=4, samples=5, velocity=0)
    assert np.allclose(result["scaleFactor"], np.sqrt(1 + 2 * result["t"]), rtol=1e-9)
    several = inflaton.universe(fields=[1.0, -2.0], kernel=[[1, 0], [0, 1]], hubble=1, until=1, samples=3)
    assert several["phi1"][0] == 1 and several["phi2"][0] == -2
    spectrum = inflaton.universe(spectrum=True, phi=16, samples=3)
    assert set(spectrum) == {"k", "curvaturePower", "tensorPower"} and 0.95 < spectrum.values["scalarIndex"] < 0.98


SCAN = {"name": "a scan", "width": np.array([8, 16]), "learningRate": 0.01, "steps": 10, "seed": {"first": 1, "count": 3}}
TEXT = "name: a scan\nwidth: [8, 16]\nlearningRate: 0.01\nsteps: 10\nseed: {first: 1, count: 3}\n"


def test_scans_of_every_source_are_one(tmp_path, capsys):
    store = inflaton.scan(SCAN)
    assert store.path == "a-scan.sqlite" and store.summary["computed"] == 6
    again = inflaton.scan(TEXT, progress=False)
    assert again.path == "a-scan.sqlite" and again.summary["computed"] == 0
    (tmp_path / "file.yaml").write_text(TEXT)
    assert inflaton.scan("file.yaml", progress=False).path == "file.sqlite"
    assert inflaton.scan("file.yaml", store="set.sqlite", set={"width": 4, "record.trajectory": "all"}, progress=False).summary["runs"] == 3
    planned = inflaton.scan(SCAN, store="planned.sqlite", dry_run=True)
    assert planned.path == "planned.sqlite" and planned.summary["runs"] == 6 and not (tmp_path / "planned.sqlite").exists()
    assert len(inflaton.Store("set.sqlite").arrays(trajectories=True)["losses.step"]) == 3 * 11


def test_stores_as_frames_and_arrays():
    pandas = pytest.importorskip("pandas")
    store = inflaton.scan(SCAN, progress=False)
    frame = store.runs()
    assert isinstance(frame, pandas.DataFrame) and frame.index.name == "run" and len(frame) == len(store) == 6
    assert sorted(frame["width"]) == [8] * 3 + [16] * 3 and (frame["status"] == "finished").all()
    assert len(store.runs(where="width > 8")) == 3 and list(store.runs(columns=["width"]).columns) == ["width"]
    # No run diverged, and none was of an ensemble.
    whole = store.runs(empty=True)
    assert set(whole.columns) > set(frame.columns) and {"divergedAt", "networks"} <= set(whole.columns) - set(frame.columns)
    assert frame.notna().any().all() and whole[list(frame.columns)].equals(frame)
    assert all(whole[name].isna().all() or (whole[name] == "").all() for name in set(whole.columns) - set(frame.columns))
    assert list(store.runs(columns=["divergedAt"]).columns) == ["divergedAt"] and len(store.runs(where="width > 99")) == 0
    losses = store.losses()
    assert list(losses.index) == [0, 10] and (losses.loc[10] < losses.loc[0]).all()
    assert store.outputs().shape == (2, 6)
    assert store.verify() and store.status() and "6" in inflaton.Store(store.path)._repr_html_()


def test_without_pandas_a_sentence(monkeypatch):
    import sys

    store = inflaton.scan(SCAN, progress=False)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(inflaton.InflatonError, match="pip install pandas"):
        store.runs()
    assert store.arrays()["width"].tolist().count(8) == 3


def test_progress_without_tqdm(monkeypatch, capsys):
    import sys

    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    inflaton.scan(SCAN)
    assert "scan: 6 of 6 runs" in capsys.readouterr().err


def test_files_of_a_mapping_are_those_of_the_working_folder():
    np.save("x.npy", np.eye(2))
    store = inflaton.scan({"width": 8, "inputs": {"file": "x.npy"}}, progress=False)
    assert store.path == "scan.sqlite" and store.arrays()["points"].tolist() == [2]


def test_errors_of_scans_name_the_key():
    with pytest.raises(inflaton.DataError, match="width: unknown name 'foo'"):
        inflaton.scan({"width": [32, "foo"]})
    with pytest.raises(inflaton.UsageError, match="none that a scan file has"):
        inflaton.scan({"width": float("nan")})
