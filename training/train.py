"""Trains everything, within a time: python train.py RUN MODEL --seconds N [--base FOLDER].

MODEL becomes the trained model, MODEL-fast beside it the one of few steps. What was stopped goes on where it was when
the same command is given again; what is finished is left alone. Three processes work at a time, and others draw:

    pictures: scenes -> autoencoder -> latents -> preview decoder -> scorer
    words:    text encoder
    noise:    denoiser, compiled as soon as it can be -> distillation
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch

import autoencoder
import denoiser
import distillation
import latents
import preview_decoder
import scorer
import text_encoder
import tokenizer
from evaluate import PROMPTS, evaluate
from export import export, export_few_steps
from run import ON_GPU, Plan, is_finished, wait_until
from scene_pool import SCENES, start_drawing

# The share of the time after which each training is over.
ENDS = {
    "autoencoder": 0.11,
    "text_encoder": 0.09,
    "preview_decoder": 0.24,
    "scorer": 0.31,
    "denoiser": 0.785,
    "distillation": 0.93,
}
PROCESSES = max(1, (os.cpu_count() or 1) * 3 // 4)


@dataclass(frozen=True)
class Course:
    """What is trained where, and when: `began` and `seconds` are of the whole."""

    run: Path
    model: Path
    base: Path | None
    began: float
    seconds: float

    @property
    def fast_model(self) -> Path:
        return self.model.with_name(f"{self.model.name}-fast")

    def do(self, name: str, train: Callable, **more) -> None:
        """One training, unless it is finished."""
        if is_finished(self.run, name):
            return
        plan = Plan(0, until=self.began + ENDS[name] * self.seconds, base=self.base)
        print(f"{time.time() - self.began:.0f} s: {name}", flush=True)
        train(self.run, plan, **more)
        if ON_GPU:
            torch.cuda.empty_cache()  # others work there too
        if not is_finished(self.run, name):
            raise SystemExit(f"The training of the {name} was stopped.")


def learn_pictures(course: Course, scenes: int, processes: int) -> None:
    drawing = start_drawing(course.run, scenes, processes)
    course.do("autoencoder", autoencoder.train)
    for process in drawing:
        process.terminate()
    if not latents.factor_file(course.run).exists():
        latents.encode_scenes(course.run)
    course.do("preview_decoder", preview_decoder.train)
    course.do("scorer", scorer.train)


def learn_words(course: Course) -> None:
    course.do("text_encoder", text_encoder.train)


def learn_noise(course: Course) -> None:
    unet = denoiser.new_unet()
    course.do("denoiser", denoiser.train, unet=unet)
    wait_until(lambda: is_finished(course.run, "preview_decoder"))
    export(course.run, course.model)
    print(f"{time.time() - course.began:.0f} s: {course.model} is written", flush=True)
    course.do("distillation", distillation.train, unet=unet)
    export_few_steps(course.run, course.fast_model, course.model.name)
    print(f"{time.time() - course.began:.0f} s: {course.fast_model} is written", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("model", type=Path, help="folder of the model")
    options.add_argument("--seconds", type=float, required=True, help="how long it may take from now on")
    options.add_argument("--base", type=Path, help="folder of a model to start from")
    options.add_argument("--scenes", type=int, default=SCENES)
    options.add_argument("--processes", type=int, default=PROCESSES, help="how many draw scenes")
    options.add_argument("--prompts", type=int, default=PROMPTS, help="how many pictures are asked of it at the end")
    chosen = options.parse_args()
    course = Course(chosen.run, chosen.model, chosen.base, time.time(), chosen.seconds)
    if not (chosen.run / "tokenizer").exists():
        tokenizer.train(chosen.run)
    beside = [get_context("spawn").Process(target=learn, args=(course,)) for learn in (learn_words, learn_noise)]
    try:
        for process in beside:
            process.start()
        learn_pictures(course, chosen.scenes, chosen.processes)
        for process in beside:
            process.join()
            if process.exitcode:
                raise SystemExit(f"A part of the training failed or was stopped: exit code {process.exitcode}.")
    finally:
        for process in beside:
            process.terminate()
    for model in (course.model, course.fast_model):
        report = course.run / f"{model.name}.scores.json"
        evaluate(course.run, model, chosen.prompts, report, course.run / f"{model.name}.png")
    print(f"{time.time() - course.began:.0f} s: done", flush=True)


if __name__ == "__main__":
    main()
