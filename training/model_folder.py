"""Writes the parts of a model folder, as diffusers and transformers do."""

import json
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

WEIGHTS = "diffusion_pytorch_model.safetensors"
# The version of diffusers whose layout and configs these are.
FORMAT = {"_diffusers_version": "0.36.0"}


def write_config(file: Path, content: dict) -> None:
    """As diffusers and transformers write configs: in the order of the keys, with the folders that lead to it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def write_weights(file: Path, weights: dict[str, Tensor]) -> None:
    """float16 safetensors, marked as PyTorch's as diffusers expects."""
    file.parent.mkdir(parents=True, exist_ok=True)
    floating = {name: value.half().cpu().contiguous() for name, value in weights.items() if value.is_floating_point()}
    save_file(floating, file, metadata={"format": "pt"})
