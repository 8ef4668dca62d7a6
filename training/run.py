"""A training run in a folder: its checkpoint, its curve, its progress. Stops on Ctrl+C and goes on where it was."""

import argparse
import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import nn

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
CHECKPOINT_SECONDS = 300
# The share of the steps at the end in which the rate falls.
FALL = 0.45


def training_options(description: str | None, steps: int) -> argparse.Namespace:
    """What every training is told: the folder of its run, and how many steps it is to have made at the end."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("--steps", type=int, default=steps)
    return options.parse_args()


def learning_rate(step: int, steps: int, peak: float, warmup: int) -> float:
    """A linear rise over `warmup` steps, level, and a linear fall to zero over the last FALL of `steps`.

    While it is level a training does not yet know when it will end: `steps` may still change.
    """
    return peak * min(1.0, (step + 1) / warmup, (steps - step) / (FALL * steps))


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

    def __init__(self, folder: Path, name: str, parts: dict[str, object], steps: int):
        self.file, self.curve = folder / f"{name}.pt", folder / f"{name}.jsonl"
        self.parts, self.steps, self.step = parts, steps, 0
        self.stopped = False
        folder.mkdir(parents=True, exist_ok=True)
        if self.file.exists():
            saved = torch.load(self.file, map_location=DEVICE, weights_only=True)
            self.step = saved.pop("step")
            for key, state in saved.items():
                load_part(parts[key], state)
            self.forget_what_was_lost()

    def forget_what_was_lost(self) -> None:
        """Takes out of the curve what came after the checkpoint: those steps will be made again."""
        if self.curve.exists():
            lines = self.curve.read_text().splitlines(keepends=True)
            self.curve.write_text("".join(line for line in lines if json.loads(line)["step"] <= self.step))

    def save(self) -> None:
        """Writes the checkpoint beside the old one, then takes its place, so that none is ever half written."""
        whole = {key: part_state(part) for key, part in self.parts.items()}
        partial = self.file.with_suffix(".partial")
        torch.save({"step": self.step, **whole}, partial)
        partial.replace(self.file)

    def train(self, take_step: Callable[[int], dict[str, float]], report_every: int = 50) -> Iterator[int]:
        """Calls `take_step` for every step that is left, and yields the step whenever something was reported.

        take_step answers the figures of its step; their means since the last report go into the curve.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "stopped", True))
        sums: dict[str, float] = {}
        since, saved, first = time.time(), time.time(), self.step
        began, reported = since, first
        while self.step < self.steps and not self.stopped:
            for key, value in take_step(self.step).items():
                sums[key] = sums.get(key, 0.0) + value
            self.step += 1
            if self.step % report_every == 0:
                now = time.time()
                steps = self.step - reported
                means = {key: value / steps for key, value in sums.items()}
                self.report({**means, "seconds": (now - since) / steps}, began, first)
                sums, since, reported = {}, now, self.step
                yield self.step
            if time.time() - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = time.time()
        self.save()

    def report(self, figures: dict[str, float], began: float, first: int) -> None:
        """One line of the curve, and one for the person who waits."""
        left = (time.time() - began) / (self.step - first) * (self.steps - self.step)
        with self.curve.open("a") as lines:
            lines.write(json.dumps({"step": self.step, **figures}) + "\n")
        shown = "  ".join(f"{key} {value:.4g}" for key, value in figures.items())
        print(f"{self.step}/{self.steps}  {shown}  {left / 60:.0f} min left", flush=True)


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
