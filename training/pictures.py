"""Scenes as tensors: picture i of a training is drawn from seed i, so that every run sees the same ones."""

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from scenes.captions import caption
from scenes.composition import Scene, draw_scene
from scenes.render import render

SIDE = 128
# Seeds from here on are never trained on.
HELD_OUT = 1 << 40


def scene_at(index: int) -> tuple[Scene, np.random.Generator]:
    """The scene of an index, and the generator to draw it with."""
    rng = np.random.default_rng(index)
    return draw_scene(rng), rng


def picture_at(index: int) -> Tensor:
    """The picture of an index as bytes: [3, 128, 128]."""
    scene, rng = scene_at(index)
    picture, _ = render(scene, rng, SIDE)
    return torch.from_numpy(picture).permute(2, 0, 1).contiguous()


def to_signed(pictures: Tensor) -> Tensor:
    """Bytes to -1..1, channels last."""
    return (pictures.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def caption_at(index: int, variant: int = 0) -> str:
    """What the picture of an index shows, in one of endlessly many wordings."""
    return caption(scene_at(index)[0], np.random.default_rng((index, variant)))


class Pictures(Dataset):
    """The pictures of the indices from `first` on."""

    def __init__(self, first: int, count: int):
        self.first, self.count = first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Tensor:
        return picture_at(self.first + index)


def picture_batches(first: int, count: int, batch: int) -> DataLoader:
    """Batches of bytes [batch, 3, 128, 128], drawn in a process of their own."""
    return DataLoader(Pictures(first, count), batch, num_workers=1, prefetch_factor=4)
