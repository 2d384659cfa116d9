"""The tangent kernel by torch.func: per-point Jacobians with vmap(jacrev), contracted layer by layer, as PyTorch's tutorial has it."""

import torch
from torch.func import jacrev, vmap

import timing

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "erf": torch.erf}


def main():
    options = timing.arguments(__doc__)
    problem = timing.problem(options)
    # Float32 as float32, not TF32, on a GPU as well.
    torch.set_float32_matmul_precision("highest")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    layers = [(torch.from_numpy(w).to(device), torch.from_numpy(b).to(device)) for w, b in zip(problem.weights, problem.biases)]
    x = torch.from_numpy(problem.x).to(device)
    activation, scales, sigma_b = ACTIVATIONS[problem.activation], problem.scales(), problem.sigma_b

    def apply(layers, x):
        for index, ((w, b), scale) in enumerate(zip(layers, scales)):
            x = scale * (x @ w) + sigma_b * b
            if index + 1 < len(layers):
                x = activation(x)
        return x.squeeze(-1)

    def kernel(layers):
        jacobians = vmap(jacrev(apply), (None, 0))(layers, x)
        parts = [part.flatten(1) for layer in jacobians for part in layer]
        return sum(part @ part.T for part in parts)

    def once():
        members = [kernel([(w[e], b[e]) for w, b in layers]) for e in range(problem.members)]
        return torch.stack(members).cpu().numpy()

    name = torch.cuda.get_device_name() if device.type == "cuda" else timing.processor()
    timing.report(
        options, problem, "ntk", once, problem.members, "kernels/s", program="torch.func jacrev", device=name,
        platform="gpu" if device.type == "cuda" else "cpu", versions=timing.versions("torch", "numpy"),
    )


if __name__ == "__main__":
    main()
