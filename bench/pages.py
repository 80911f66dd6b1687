"""Main text of web pages: Relto and Python trafilatura, the same pages, one run.

    cargo build --release -p relto-intake --example pages
    python3 -m venv /tmp/pages && /tmp/pages/bin/pip install -r bench/requirements-pages.txt
    /tmp/pages/bin/python bench/pages.py target/release/examples/pages FOLDER

FOLDER holds pages as `NAME/source.html[.zst]` with `NAME/expected.html[.zst]` beside them (shared/data/osint-html/readability).
Both are scored as the public article benchmark does: runs of four words as a multiset, precision and recall of each page averaged,
F1 of the averages; and by single words as well. `±` is the standard deviation over 1,000 bootstraps of the pages, `difference` is paired.
Each Han or kana character is a word.
"""

import json
import pathlib
import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter

import lxml.html
import trafilatura
import zstandard

WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff\uf900-\ufaff]+")
BOOTSTRAPS = 1000


def content(path):
    data = path.read_bytes()
    return zstandard.ZstdDecompressor().decompressobj().decompress(data) if path.suffix == ".zst" else data


def expected_text(html):
    """Text of the expected page, blocks apart."""
    tree = lxml.html.fromstring(html.decode("utf-8"))
    for element in tree.iter():
        if element.tag in ("p", "div", "li", "td", "th", "br", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "tr", "dd", "dt", "figcaption"):
            element.tail = " " + (element.tail or "")
    return tree.text_content()


def grams(text, length):
    words = [word.lower() for word in WORD.findall(text)]
    if len(words) < length:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def score(expected, found, length):
    """Precision and recall of one page."""
    expected, found = grams(expected, length), grams(found, length)
    both = sum((expected & found).values())
    return (both / sum(found.values()) if found else float(not expected), both / sum(expected.values()) if expected else 1.0)


def f1(scores):
    precision = sum(one for one, _ in scores) / len(scores)
    recall = sum(other for _, other in scores) / len(scores)
    return (2 * precision * recall / (precision + recall) if precision + recall else 0.0), precision, recall


def deviation(values):
    mean = sum(values) / len(values)
    return (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5


def processor_seconds(program, paths):
    """What the program prints of the pages, and the seconds of processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([program, *map(str, paths)], check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return out, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def by_relto(program, paths):
    # Processor time of a second reading, for all tools: what starting takes, and tables that are made once, belong to no page.
    out, once = processor_seconds(program, paths)
    _, twice = processor_seconds(program, [*paths, *paths])
    read = [json.loads(line) for line in out.splitlines()]
    assert len(read) == len(paths), "one document a page"
    return [one["text"] for one in read], twice - once


def by_trafilatura(pages, fast):
    for _ in range(2):
        started = time.process_time()
        texts = [trafilatura.extract(page, fast=fast, include_comments=False) or "" for page in pages]
        seconds = time.process_time() - started
    return texts, seconds


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    paths = sorted(path for path in folder.glob("*/source.html*"))
    pages = [content(path) for path in paths]
    expected = [expected_text(content(next(path.parent.glob("expected.html*")))) for path in paths]
    megabytes = sum(map(len, pages)) / 1e6
    tools = {
        "relto": by_relto(program, paths),
        f"trafilatura {trafilatura.__version__}": by_trafilatura(pages, False),
        f"trafilatura {trafilatura.__version__} fast": by_trafilatura(pages, True),
    }
    draws = random.Random(7)
    samples = [[draws.randrange(len(pages)) for _ in pages] for _ in range(BOOTSTRAPS)]
    print(f"{len(pages)} pages, {megabytes:.2f} MB")
    for length in (4, 1):
        scores = {name: [score(*pair, length) for pair in zip(expected, texts)] for name, (texts, _) in tools.items()}
        print(f"runs of {length} words")
        first = None
        for name, all_scores in scores.items():
            value, precision, recall = f1(all_scores)
            drawn = [f1([all_scores[at] for at in sample])[0] for sample in samples]
            first = first or (value, drawn)
            difference = [one - other for one, other in zip(first[1], drawn)]
            print(f"  {name:24} F1 {value:.3f} ± {deviation(drawn):.3f}  P {precision:.3f}  R {recall:.3f}  "
                  f"difference {first[0] - value:+.3f} ± {deviation(difference):.3f}  {megabytes / tools[name][1]:.1f} MB/s")
    if "--each" in sys.argv:
        for index, path in enumerate(paths):
            row = "  ".join("{:.2f}/{:.2f}".format(*score(expected[index], texts[index], 4)) for texts, _ in tools.values())
            print(f"{path.parent.name:44} {row}")


main()
