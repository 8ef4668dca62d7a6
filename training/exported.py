"""Reads a model folder back into the networks of this project: the reverse of export.py."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from networks.autoencoder_kl import AutoencoderKL
from networks.unet import UNet2DConditionModel
from run import DEVICE

TOKENS = "text_model.embeddings.token_embedding.weight"


def load_weights(folder: Path) -> dict[str, Tensor]:
    """The weights of a part of a model, float32; the convolutions around attention as the linear layers they are."""
    (file,) = folder.glob("*.safetensors")
    return {name: as_linear(name, value.float()) for name, value in load_file(file, device=DEVICE).items()}


def as_linear(name: str, value: Tensor) -> Tensor:
    return value.flatten(1) if name.endswith((".proj_in.weight", ".proj_out.weight")) else value


def load_config(file: Path) -> dict:
    """A table of settings; empty where there is no file."""
    return json.loads(file.read_text()) if file.exists() else {}


def base_of(model: Path) -> Path:
    """The model beside this one that has what this one lacks, as its studio.json says; else the model itself."""
    return model.parent / load_config(model / "studio.json").get("base", model.name)


def load_vae(model: Path) -> tuple[AutoencoderKL, float]:
    """The autoencoder of a model, for use only, and its scaling factor."""
    folder = base_of(model) / "vae"
    config = load_config(folder / "config.json")
    network = AutoencoderKL(config).to(DEVICE, memory_format=torch.channels_last)
    network.load_state_dict(load_weights(folder))
    return network.eval().requires_grad_(False), config["scaling_factor"]


def load_unet(model: Path) -> UNet2DConditionModel:
    """The U-Net of a model, for use only; of one that has a base, its own tensors in place of the base's."""
    folder = base_of(model) / "unet"
    network = UNet2DConditionModel(load_config(folder / "config.json"))
    network = network.to(DEVICE, memory_format=torch.channels_last)
    network.load_state_dict({**load_weights(folder), **load_weights(model / "unet")})
    return network.eval().requires_grad_(False)


def load_text(model: Path) -> tuple[CLIPTokenizer, CLIPTextModel]:
    """Tokenizer and text encoder of a model, for use only."""
    base = base_of(model)
    config = load_config(base / "text_encoder" / "config.json")
    encoder = CLIPTextModel(CLIPTextConfig.from_dict(config)).to(DEVICE)
    encoder.load_state_dict(text_weights(base))
    return CLIPTokenizer.from_pretrained(base / "tokenizer"), encoder.eval().requires_grad_(False)


def text_weights(model: Path) -> dict[str, Tensor]:
    """Of a text encoder, under the names that this version of transformers gives them."""
    weights = load_weights(model / "text_encoder")
    return {name.removeprefix("text_model."): value for name, value in weights.items()}


def start_text_from(encoder: nn.Module, tokenizer: CLIPTokenizer, model: Path) -> None:
    """Gives an untrained text encoder the weights of a model's; of the tokens, those that both vocabularies have."""
    weights = text_weights(model)
    theirs = CLIPTokenizer.from_pretrained(model / "tokenizer").get_vocab()
    name = TOKENS.removeprefix("text_model.")
    rows = encoder.state_dict()[name].clone()
    shared = [token for token in tokenizer.get_vocab() if token in theirs]
    ours = tokenizer.get_vocab()
    rows[[ours[token] for token in shared]] = weights[name][[theirs[token] for token in shared]]
    encoder.load_state_dict({**weights, name: rows})
