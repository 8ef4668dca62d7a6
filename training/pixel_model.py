"""Trains a plain DDPM on pictures of 32 x 32 pixels: python pixel_model.py RUN [--steps N | --seconds N].

RUN/kept/STEP.safetensors has the averaged weights after 100, 200, 400, ... steps and at the end, for pixel_story.py.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from ddpm import loss_of
from model_folder import write_weights
from muon import Muon, split
from networks.pixel_unet import UNet2DModel
from pixel_scenes import SIDE, pictures_of
from run import DEVICE, Average, Plan, Run, training_options

CONFIG = {
    "_class_name": "UNet2DModel",
    "sample_size": SIDE,
    "in_channels": 3,
    "out_channels": 3,
    "block_out_channels": [16, 32, 64, 96],
    "down_block_types": ["DownBlock2D", "DownBlock2D", "AttnDownBlock2D", "DownBlock2D"],
    "up_block_types": ["UpBlock2D", "AttnUpBlock2D", "UpBlock2D", "UpBlock2D"],
    "attention_head_dim": 32,
    "layers_per_block": 1,
    "norm_num_groups": 8,
    "norm_eps": 1e-05,
    "act_fn": "silu",
    "add_attention": True,
    "center_input_sample": False,
    "time_embedding_type": "positional",
    "flip_sin_to_cos": True,
    "freq_shift": 0,
    "downsample_padding": 1,
    "mid_block_scale_factor": 1,
}
OUTER = ("conv_in", "conv_out", "time_embedding")
SCENES = 6144
BATCH = 32
STEPS = 4_000
PEAK_RATE = 2e-3
DECAY = 0.995
FIRST_KEPT = 100


def is_kept(step: int) -> bool:
    """Whether the weights after so many steps are kept: 100, 200, 400 and so on."""
    return step >= FIRST_KEPT and step % FIRST_KEPT == 0 and (step // FIRST_KEPT).bit_count() == 1


def keep(run: Path, step: int, average: Average) -> None:
    write_weights(run / "kept" / f"{step}.safetensors", average.weights)


def kept_steps(run: Path) -> list[int]:
    """After how many steps weights were kept, ascending."""
    return sorted(int(file.stem) for file in (run / "kept").glob("*.safetensors"))


def kept_network(run: Path, step: int) -> UNet2DModel:
    """The network with the averaged weights after so many steps, for use only."""
    network = UNet2DModel(CONFIG)
    network.load_state_dict(load_file(run / "kept" / f"{step}.safetensors"))
    return network.to(memory_format=torch.channels_last).eval().requires_grad_(False)


def train(folder: Path, plan: Plan) -> None:
    torch.manual_seed(0)
    network = UNet2DModel(CONFIG).to(DEVICE, memory_format=torch.channels_last)
    pictures = pictures_of(folder, "learnt", 0, SCENES).to(DEVICE)
    matrices, others = split(network, OUTER)
    muon = Muon(matrices, PEAK_RATE, weight_decay=0.01)
    adam = torch.optim.AdamW(others, PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.0)
    average = Average(network, DECAY)
    parts = {"network": network, "average": average, "muon": muon, "adam": adam}
    run = Run(folder, "pixel_model", parts, plan)

    def take_step(step: int) -> dict[str, Tensor]:
        for optimizer in (muon, adam):
            optimizer.zero_grad(set_to_none=True)
            optimizer.param_groups[0]["lr"] = run.rate(PEAK_RATE, warmup=100)
        chosen = pictures[torch.randint(SCENES, (BATCH,))]
        loss = loss_of(network, chosen.contiguous(memory_format=torch.channels_last))
        loss.backward()
        for optimizer in (muon, adam):
            optimizer.step()
        average.update(network)
        if is_kept(step + 1):
            keep(folder, step + 1, average)
        return {"loss": loss.detach()}

    run.train(take_step, report_every=20)
    keep(folder, run.step, average)


def main() -> None:
    train(*training_options(__doc__, STEPS))


if __name__ == "__main__":
    main()
