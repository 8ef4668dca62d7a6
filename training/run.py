"""A training run in a folder: its checkpoint, its curve, its progress. Stops on Ctrl+C and goes on where it was."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
ON_GPU = DEVICE == "cuda"
# Processes that prepare batches for a training.
WORKERS = min(8, os.cpu_count() or 1) if ON_GPU else 1
# How a DataLoader has them: copies of the process at once, where others would import everything first.
LOADING = {"num_workers": WORKERS, "multiprocessing_context": "fork" if sys.platform == "linux" else None}
CHECKPOINT_SECONDS = 300
# The share of a training, at its end, over which the rate falls.
FALL = 0.6

if ON_GPU:
    # Matrices in the 19 bits that tensor cores multiply, and the fastest convolution for each shape.
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True


@dataclass(frozen=True)
class Plan:
    """When a training is over: after `steps`; or after `seconds` of training; or at `until`, in seconds since 1970.

    base: a model folder whose weights an untrained network starts from.
    """

    steps: int
    seconds: float | None = None
    until: float | None = None
    base: Path | None = None


def training_options(description: str | None, steps: int) -> tuple[Path, Plan]:
    """What every training is told: the folder of its run, and its plan."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("--steps", type=int, default=steps, help="how many steps it is to have made at the end")
    options.add_argument("--seconds", type=float, help="how long it is to have trained at the end, instead of steps")
    options.add_argument("--base", type=Path, help="folder of a model to start from")
    chosen = options.parse_args()
    return chosen.run, Plan(chosen.steps, chosen.seconds, base=chosen.base)


class Average:
    """An exponential moving average of a network's weights, warming up as (1 + n) / (10 + n)."""

    def __init__(self, module: nn.Module, decay: float):
        self.weights = {name: value.detach().clone() for name, value in module.state_dict().items()}
        self.decay, self.updates = decay, 0

    def update(self, module: nn.Module) -> None:
        self.updates += 1
        new = 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(list(self.weights.values()), list(module.state_dict().values()), new)


class Run:
    """One network's training in `folder`: NAME.pt is its last checkpoint, NAME.jsonl its curve.

    parts: what is kept, by name: modules, optimizers, averages. Only tensors, numbers, lists and dicts are written,
    and read back as nothing else.
    """

    def __init__(self, folder: Path, name: str, parts: dict[str, object], plan: Plan):
        self.file, self.curve = folder / f"{name}.pt", folder / f"{name}.jsonl"
        self.name, self.parts, self.plan = name, parts, plan
        self.step, self.spent, self.seconds = 0, 0.0, plan.seconds
        self.stopped = False
        folder.mkdir(parents=True, exist_ok=True)
        if self.file.exists():
            saved = torch.load(self.file, map_location=DEVICE, weights_only=True)
            self.step, self.spent = saved.pop("step"), saved.pop("spent")
            del saved["finished"]
            for key, state in saved.items():
                load_part(parts[key], state)
            self.forget_what_was_lost()

    def forget_what_was_lost(self) -> None:
        """Takes out of the curve what came after the checkpoint: those steps will be made again."""
        if self.curve.exists():
            lines = self.curve.read_text().splitlines(keepends=True)
            self.curve.write_text("".join(line for line in lines if json.loads(line)["step"] <= self.step))

    @property
    def progress(self) -> float:
        """The share of the training that is over, 0 to 1."""
        done = self.spent / self.seconds if self.seconds else self.step / self.plan.steps
        return min(1.0, done)

    def rate(self, peak: float, warmup: int) -> float:
        """A linear rise over `warmup` steps, level, and a linear fall to zero over the last FALL of the training.

        While it is level a training does not yet know when it will end: its plan may still change.
        """
        return peak * min(1.0, (self.step + 1) / warmup, (1 - self.progress) / FALL)

    def save(self) -> None:
        """Writes the checkpoint beside the old one, then takes its place, so that none is ever half written."""
        whole = {key: part_state(part) for key, part in self.parts.items()}
        partial = self.file.with_suffix(".partial")
        where = {"step": self.step, "spent": self.spent, "finished": self.progress >= 1}
        torch.save({**where, **whole}, partial)
        partial.replace(self.file)

    def train(self, take_step: Callable[[int], dict[str, Tensor]], report_every: int = 50) -> None:
        """Calls `take_step` for every step that is left.

        take_step answers the figures of its step; their means since the last report go into the curve.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "stopped", True))
        sums: dict[str, Tensor] = {}
        began, before = time.time(), self.spent
        if self.plan.until:
            self.seconds = before + max(1.0, self.plan.until - began)
        since, saved, reported, first = began, began, self.step, self.progress
        while self.progress < 1 and not self.stopped:
            for key, value in take_step(self.step).items():
                sums[key] = sums.get(key, 0.0) + value
            self.step += 1
            now = time.time()
            self.spent = before + now - began
            if self.step % report_every == 0 or self.progress >= 1:
                steps = self.step - reported
                means = {key: float(value) / steps for key, value in sums.items()}
                left = (now - began) / max(1e-9, self.progress - first) * (1 - self.progress)
                self.report({**means, "seconds": (now - since) / steps}, left)
                sums, since, reported = {}, now, self.step
            if now - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = now
        self.save()

    def report(self, figures: dict[str, float], left: float) -> None:
        """One line of the curve, and one for the person who waits; `left` is in seconds."""
        with self.curve.open("a") as lines:
            lines.write(json.dumps({"step": self.step, **figures}) + "\n")
        shown = "  ".join(f"{key} {value:.4g}" for key, value in figures.items())
        print(f"{self.name} {self.step}  {shown}  {left / 60:.1f} min left", flush=True)


def is_finished(run: Path, name: str) -> bool:
    """Whether a training has come to the end of its plan."""
    file = run / f"{name}.pt"
    return file.exists() and torch.load(file, map_location="cpu", mmap=True, weights_only=True)["finished"]


def trained_weights(run: Path, name: str, part: str) -> dict[str, Tensor]:
    """The weights of a part of a checkpoint; of an average, the averaged ones."""
    saved = torch.load(run / f"{name}.pt", map_location=DEVICE, weights_only=True)[part]
    return saved.get("weights", saved)


def wait_until(there: Callable[[], bool]) -> None:
    """Returns when another process of the same run has made what this one needs."""
    while not there():
        time.sleep(0.2)


def part_state(part: object) -> dict:
    """What a checkpoint keeps of a module, an optimizer or an average."""
    if isinstance(part, Average):
        return {"weights": part.weights, "updates": part.updates}
    return part.state_dict()


def load_part(part: object, state: dict) -> None:
    """The reverse of `part_state`."""
    if isinstance(part, Average):
        part.weights, part.updates = state["weights"], state["updates"]
    else:
        part.load_state_dict(state)
