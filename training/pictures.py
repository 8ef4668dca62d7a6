"""Scenes as pictures and captions: scene number i is drawn from seed i, so that every run sees the same ones."""

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from run import LOADING
from scenes.captions import caption
from scenes.composition import Scene, draw_scene
from scenes.render import render

SIDE = 256
# Seeds from here on are never trained on.
HELD_OUT = 1 << 40


def scene_at(index: int) -> tuple[Scene, np.random.Generator]:
    """The scene of an index, and the generator to draw it with."""
    rng = np.random.default_rng(index)
    return draw_scene(rng), rng


def drawn_at(index: int) -> tuple[Scene, np.ndarray, np.ndarray]:
    """The scene of an index, its picture [SIDE, SIDE, 3] as bytes, and what is where [SIDE, SIDE]."""
    scene, rng = scene_at(index)
    return scene, *render(scene, rng, SIDE)


def caption_at(index: int, variant: int = 0) -> str:
    """What the picture of an index shows, in one of endlessly many wordings."""
    return caption(scene_at(index)[0], np.random.default_rng((index, variant)))


def to_signed(pictures: Tensor) -> Tensor:
    """Bytes [B, 3, H, W] to -1..1, channels last."""
    return (pictures.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


class Pictures(Dataset):
    """The pictures of some indices."""

    def __init__(self, indices: list[int]):
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, place: int) -> Tensor:
        return torch.from_numpy(drawn_at(self.indices[place])[1]).permute(2, 0, 1)


def picture_batches(indices: list[int], batch: int) -> DataLoader:
    """Batches of bytes [batch, 3, SIDE, SIDE], drawn in processes of their own."""
    return DataLoader(Pictures(indices), batch, **LOADING)
