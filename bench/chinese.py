"""From Chinese pages to what an index needs of them: Relto and the chain that Python has for it, the same pages, one run.

    cargo build --release -p relto-intake --example chain
    python3 -m venv /tmp/chain && /tmp/chain/bin/pip install -r bench/requirements-chinese.txt
    /tmp/chain/bin/python bench/chinese.py target/release/examples/chain PAGE...

Four stages, each the best of five rounds in one thread: main text of the page (trafilatura, fast and not), traditional to simplified characters
(opencc), words (jieba), and what near-duplicates are found by (datasketch: MinHash of 128 permutations over runs of five characters). Relto's print
holds more than a MinHash (every shingle with its place, and the levelled text of laundered words), so that stage is not made lighter for it.
A page that ends in `.txt` is set in a page of its own first. What is compared is the sum over all pages; stages are told beside it.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import datasketch
import jieba
import opencc
import trafilatura

ROUNDS = 5
STAGES = ("main text", "simplified", "words", "print")


def page(path, folder):
    """The page itself, or the text set as paragraphs of a page."""
    data = path.read_bytes()
    if path.suffix != ".txt":
        return path, data
    paragraphs = "".join(f"<p>{line}</p>\n" for line in data.decode("utf-8").splitlines() if line.strip())
    made = folder / (path.stem + ".html")
    made.write_text(f"<!doctype html><html lang=zh><head><meta charset=utf-8><title>{path.stem}</title></head>"
                    f"<body><nav><a href=/>首页</a></nav><article>{paragraphs}</article><footer>版权所有</footer></body></html>", "utf-8")
    return made, made.read_bytes()


def by_python(data, converter, fast):
    """Seconds of each stage, and the characters and words that came out."""
    times = [time.process_time()]
    text = trafilatura.extract(data, fast=fast, include_comments=False) or ""
    times.append(time.process_time())
    simple = converter.convert(text)
    times.append(time.process_time())
    words = jieba.lcut(simple)
    times.append(time.process_time())
    print_of = datasketch.MinHash(num_perm=128)
    print_of.update_batch([simple[at : at + 5].encode("utf-8") for at in range(max(1, len(simple) - 4))])
    times.append(time.process_time())
    return [after - before for before, after in zip(times, times[1:])], len(simple), len(words)


def best(runs):
    seconds = [min(stage) for stage in zip(*(run[0] for run in runs))]
    return seconds, runs[-1][1], runs[-1][2]


def row(name, seconds, megabytes, first):
    stages = "  ".join(f"{stage} {1000 * value:8.2f} ms" for stage, value in zip(STAGES, seconds))
    ratio = "" if first is None else f"  Relto {sum(seconds) / sum(first):.1f} times as fast; by stage " + ", ".join(
        f"{theirs / ours:.1f}" if ours else "-" for theirs, ours in zip(seconds, first))
    print(f"{name:22} {stages}  together {megabytes / sum(seconds):7.2f} MB/s{ratio}")


def main():
    program = sys.argv[1]
    jieba.initialize()
    converter = opencc.OpenCC("t2s")
    with tempfile.TemporaryDirectory() as folder:
        pages = [page(pathlib.Path(name), pathlib.Path(folder)) for name in sys.argv[2:]]
        out = subprocess.run([program, str(ROUNDS), *(str(path) for path, _ in pages)], check=True, capture_output=True, text=True).stdout
        relto = [json.loads(line) for line in out.splitlines()]
    megabytes = sum(len(data) for _, data in pages) / 1e6
    print(f"{len(pages)} pages, {megabytes:.2f} MB, {sum(one['characters'] for one in relto)} characters and {sum(one['words'] for one in relto)} words read by Relto")
    ours = [sum(stage) for stage in zip(*(one["seconds"] for one in relto))]
    row("Relto", ours, megabytes, None)
    for fast in (True, False):
        read = [best([by_python(data, converter, fast) for _ in range(ROUNDS)]) for _, data in pages]
        characters, words = sum(one[1] for one in read), sum(one[2] for one in read)
        row(f"Python{', fast' if fast else ''}", [sum(stage) for stage in zip(*(one[0] for one in read))], megabytes, ours)
        print(f"{'':22} {characters} characters, {words} words")


main()
