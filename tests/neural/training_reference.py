#!/usr/bin/env python3
"""Prints the numbers of PyTorch that test_losses.cpp and test_optimizers.cpp compare with. Needs PyTorch (made
with 1.13.1); only cross-entropy, MSE, MAE and cosine similarity of torch.nn.functional, and torch.optim."""
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

LOGITS = [[2.0, -1.0, 0.5], [0.1, 0.2, -0.3], [-4.0, 3.0, 1.0], [1.5, 1.0, 0.0]]
LABELS = [0, 2, 1, 1]
WEIGHTS = [0.5, 2.0, 1.25]


def listed(values):
    return "{" + ", ".join(f"{value:.12g}" for value in values) + "}"


def losses():
    labels = torch.tensor(LABELS)
    for smoothing in (0.0, 0.2):
        for weighted in (False, True):
            weights = torch.tensor(WEIGHTS) if weighted else torch.ones(3)
            each = weights[labels]
            wanted = F.one_hot(labels, 3) * (1 - smoothing) + smoothing / 3
            for name in ("cross_entropy", "mse", "mae", "cosine"):
                logits = torch.tensor(LOGITS, requires_grad=True)
                p = logits.softmax(1)
                if name == "cross_entropy":
                    loss = F.cross_entropy(logits, labels, weight=weights, label_smoothing=smoothing)
                else:
                    rows = {"mse": F.mse_loss(p, wanted, reduction="none").mean(1),
                            "mae": F.l1_loss(p, wanted, reduction="none").mean(1),
                            "cosine": 1 - F.cosine_similarity(p, wanted)}[name]
                    loss = (rows * each).sum() / each.sum()
                loss.backward()
                print(f'    {{"{name}", {smoothing}, {str(weighted).lower()}, {loss.item():.12g},')
                print(f"     {listed(logits.grad.flatten())}}},")


def optimizers():
    gradients = [[0.5, -2.0], [0.25, 1.0], [-1.0, 0.125]]
    ways = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
        "sgd nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1, weight_decay=0.01),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, weight_decay=0.01),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.01),
    }
    for name, make in ways.items():
        weight = torch.tensor([1.0, -3.0], requires_grad=True)
        optimizer = make([weight])
        steps = []
        for gradient in gradients:
            weight.grad = torch.tensor(gradient)
            optimizer.step()
            steps += weight.tolist()
        print(f'    {{"{name}", {listed(steps)}}},')


losses()
optimizers()
