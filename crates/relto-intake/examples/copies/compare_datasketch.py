"""Scores datasketch (MinHash, 128 permutations, character 5-grams) on the documents that the example `copies` wrote.

python3 compare_datasketch.py FOLDER: every threshold is tried, so that the comparison is with its best; FOLDER holds NUMBER.txt and pairs.tsv.
"""

import sys
import time
import unicodedata
from pathlib import Path

from datasketch import MinHash, MinHashLSH


SHARED_MIN = 50


def shingles(text):
    letters = "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return {letters[at : at + 5].encode() for at in range(max(len(letters) - 4, 0))}


def main():
    folder = Path(sys.argv[1])
    shared = {}
    for line in (folder / "pairs.tsv").read_text().splitlines():
        one, other, percent = map(int, line.split("\t"))
        shared[one, other] = percent
    wanted = {pair for pair, percent in shared.items() if percent >= SHARED_MIN}
    numbers = sorted(int(path.stem) for path in folder.glob("*.txt"))
    texts = {number: (folder / f"{number}.txt").read_text() for number in numbers}
    size = sum(len(text.encode()) for text in texts.values())

    started = time.process_time()
    prints = {}
    for number in numbers:
        prints[number] = MinHash(num_perm=128)
        prints[number].update_batch(list(shingles(texts[number])))
    seconds = time.process_time() - started
    print(f"datasketch: prints {size / 1e6 / seconds:.2f} MB/s")

    for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        index = MinHashLSH(threshold=threshold, num_perm=128)
        for number in numbers:
            index.insert(number, prints[number])
        found = set()
        for one in numbers:
            for other in index.query(prints[one]):
                if one < other and prints[one].jaccard(prints[other]) >= threshold:
                    found.add((one, other))
        right = len(found & wanted)
        wrong = len([pair for pair in found if pair not in shared])
        precision = right / (right + wrong) if found else float("nan")
        print(f"datasketch, estimate >= {threshold}: precision {precision:.4f}, recall {right / len(wanted):.4f}")


main()
