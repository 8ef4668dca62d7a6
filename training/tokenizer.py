"""The byte-pair vocabulary of the captions, in the files of CLIP's tokenizer: python tokenizer.py RUN.

Byte-pair encoding after Sennrich et al. 2016; vocab.json and merges.txt as in OpenAI's CLIP: bytes, bytes that end a
word, one entry a merge, start and end of text. Words that no caption has fall apart into letters.
"""

import argparse
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

from transformers import CLIPTokenizer

from pictures import caption_at

CAPTIONS = 60_000
# Enough that every word of the captions becomes one token.
MERGES = 3_000
MAX_TOKENS = 77
WORD = re.compile(r"[a-z]+|[0-9]|[^\sa-z0-9]+")
START, END = "<|startoftext|>", "<|endoftext|>"


def byte_letters() -> list[str]:
    """A printable letter for each of the 256 bytes, as GPT-2 and CLIP choose them."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAC + 1), *range(0xAE, 0xFF + 1)]
    rest = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable} | {byte: chr(256 + i) for i, byte in enumerate(rest)}
    return [letters[byte] for byte in [*printable, *rest]]


def learn_merges(words: Counter[str], most: int) -> list[tuple[str, str]]:
    """The pairs that stand together most often, one after the other joined, until every word is whole."""
    spelled = {word: (*word[:-1], word[-1] + "</w>") for word in words}
    merges: list[tuple[str, str]] = []
    while len(merges) < most:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, pieces in spelled.items():
            for pair in pairwise(pieces):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        spelled = {word: joined(pieces, best) for word, pieces in spelled.items()}
    return merges


def joined(pieces: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """The pieces with every occurrence of the pair made one."""
    result: list[str] = []
    for piece in pieces:
        if result and (result[-1], piece) == pair:
            result[-1] += piece
        else:
            result.append(piece)
    return tuple(result)


def write_tokenizer(folder: Path, merges: list[tuple[str, str]]) -> None:
    """The four files of a CLIP tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = byte_letters()
    entries = [
        *letters,
        *(letter + "</w>" for letter in letters),
        *("".join(pair) for pair in merges),
        START,
        END,
    ]
    special = {"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": END}
    config = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": MAX_TOKENS,
        "do_lower_case": True,
        "add_prefix_space": False,
        **special,
    }
    files = {
        "vocab.json": json.dumps({entry: i for i, entry in enumerate(entries)}, ensure_ascii=False),
        "merges.txt": "\n".join(["#version: 0.2", *(" ".join(pair) for pair in merges), ""]),
        "special_tokens_map.json": json.dumps(special, indent=2) + "\n",
        "tokenizer_config.json": json.dumps(config, indent=2) + "\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def load_tokenizer(run: Path) -> CLIPTokenizer:
    """The tokenizer of a run, as every user of the model will load it."""
    return CLIPTokenizer.from_pretrained(run / "tokenizer")


def train(run: Path) -> None:
    """Learns the merges from captions."""
    seen = Counter(word for index in range(CAPTIONS) for word in WORD.findall(caption_at(index)))
    # Words seen once are the made-up ones that captions are sprinkled with.
    words = Counter({word: count for word, count in seen.items() if count > 5})
    merges = learn_merges(words, MERGES)
    write_tokenizer(run / "tokenizer", merges)
    tokenizer = load_tokenizer(run)
    whole = sum(len(tokenizer(word).input_ids) == 3 for word in words)
    print(f"{len(tokenizer)} tokens; {whole} of {len(words)} words of the captions are one token")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    train(options.parse_args().run)


if __name__ == "__main__":
    main()
