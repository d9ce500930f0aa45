"""Makes worker/link/relations/data/word_vectors.npz: a vector for each common English word, from all-MiniLM-L6-v2.

python -m training.word_vectors OUT

The input vectors of the whole words in the encoder's vocabulary, without the layers above them, reduced by principal
components, 8 bits a number. Their length is set to how rare the word is, for which its place in the vocabulary stands.
A comparison of two claims then costs a look-up for each word. The encoder is Apache-2.0.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from training.encoder import encoder_folder

DIMENSIONS = 64


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    out = ask.parse_args().out
    folder = encoder_folder()
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    places = [i for i, word in enumerate(vocabulary) if word.isascii() and word.isalpha() and len(word) > 1]
    table = load_file(folder / "model.safetensors")
    vectors = next(value for name, value in table.items() if name.endswith("word_embeddings.weight"))[places]
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors -= vectors.mean(0)
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    vectors = vectors @ axes[:, ::-1][:, :DIMENSIONS]
    # Zipf's law: the frequency of the word in place r is about 1/r
    vectors *= np.log(2 + np.arange(len(places)))[:, None] / np.linalg.norm(vectors, axis=1, keepdims=True)
    scale = np.abs(vectors).max() / 127
    np.savez_compressed(
        out,
        words=np.array("\n".join(vocabulary[i] for i in places)),
        vectors=np.round(vectors / scale).astype(np.int8),
        scale=np.float32(scale),
    )
    print(f"{len(places)} words, {DIMENSIONS} dimensions, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
