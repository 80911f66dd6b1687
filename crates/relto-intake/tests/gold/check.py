#!/usr/bin/env python3
"""Check the built gold set by itself (it reads only train/ and test/); exit 1 on any fault.

Usage: python3 check.py
"""
import json, re, sys
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TYPES = {"organisation", "place", "person", "document", "instrument", "programme", "event", "capability"}
STATUSES = {"stated", "denied", "planned", "attributed"}
PREDICATES = {"member-of", "part-of", "located-in", "signed", "founded", "funds", "supplies", "cooperates-with",
              "competes-with", "leads", "works-for", "participates-in", "withdrew-from", "adopted", "develops",
              "sanctions", "hosts"}
UNITS = {"%", "percentage point", "ordinal", "count", "EUR", "USD", "GBP", "UAH", "RUB", "CNY", "PLN", "TWD", "CHF", "CAD", "AUD",
         "nm", "km", "kg", "t", "h", "day", "week", "month", "year", "MW", "PFLOPS", "min", "ms", "mm", "NOK", "°C"}
LANGUAGES = ["zh", "en", "fr", "de", "ru", "uk"]
POINT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$")
PARTS = ("train", "train2", "train3", "test")
# What also marks the clause of a date, its parties, and the meaning of a figure.
WHOLE = ("train", "test")
faults = []


def fault(name, message):
    faults.append(f"{name}: {message}")


def point_ok(p):
    m = POINT.match(p)
    if not m:
        return False
    try:
        date(int(m[1]), int(m[2] or 1), int(m[3] or 1))
    except ValueError:
        return False
    return True


def date_ok(text):
    ends = text.split("/")
    if len(ends) == 1:
        return point_ok(text)
    if len(ends) != 2 or ends == ["..", ".."]:
        return False
    real = [e for e in ends if e != ".."]
    return all(map(point_ok, real)) and (len(real) == 1 or (real[0] <= real[1] and real[0] != real[1]))


def check(path, name_type):
    name = f"{path.parent.name}/{path.stem}"
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    if "\r" in text or "\ufeff" in text or not text.endswith("\n"):
        fault(name, "not plain UTF-8 with LF")
    gold = json.loads((path.parent / f"{path.stem}.gold.json").read_text("utf-8"))

    def span(s, quote, what):
        if not (isinstance(s, list) and len(s) == 2 and 0 <= s[0] < s[1] <= len(raw)):
            return fault(name, f"bad span {s} {what}")
        try:
            got = raw[s[0]:s[1]].decode("utf-8")
        except UnicodeDecodeError:
            return fault(name, f"span {s} cuts a character {what}")
        if got != quote:
            fault(name, f"span {s} is {got!r}, not {quote!r} {what}")
        if got != got.strip():
            fault(name, f"span with outer space {got!r}")

    if gold["language"] not in LANGUAGES:
        fault(name, "language")
    taken, names = [], set()
    for e in gold["entities"]:
        if e["type"] not in TYPES:
            fault(name, f"type {e['type']}")
        if e["name"] in names:
            fault(name, f"entity twice {e['name']}")
        names.add(e["name"])
        if name_type.setdefault(e["name"], e["type"]) != e["type"]:
            fault(name, f"{e['name']} has two types")
        if not e["mentions"]:
            fault(name, f"no mention of {e['name']}")
        for m in e["mentions"]:
            span(m["span"], m["text"], "mention")
            taken.append((m["span"], "entity"))
    for f in gold["dated_facts"]:
        span(f["span"], f["text"], "date")
        taken.append((f["span"], "date"))
        if not date_ok(f["date"]):
            fault(name, f"date {f['date']}")
        if path.parent.name in WHOLE:
            span(f["what_span"], f["what"], "what")
            if not (f["what_span"][0] <= f["span"][0] and f["span"][1] <= f["what_span"][1]):
                fault(name, f"clause without its date {f['what']}")
            for p in f["parties"]:
                if p not in names:
                    fault(name, f"party {p}")
    for f in gold["figures"]:
        span(f["span"], f["text"], "figure")
        if path.parent.name in WHOLE:
            span(f["meaning_span"], f["meaning"], "meaning")
        taken.append((f["span"], "figure"))
        if isinstance(f["value"], bool) or not isinstance(f["value"], (int, float)):
            fault(name, f"value {f['value']}")
        if f["unit"] not in UNITS:
            fault(name, f"unit {f['unit']}")
        if f["unit"] in ("count", "ordinal") and (f["value"] != int(f["value"])):
            fault(name, f"count {f['value']}")
    for r in gold["relations"]:
        span(r["span"], r["text"], "relation")
        if r["status"] not in STATUSES:
            fault(name, f"status {r['status']}")
        if r["predicate"] not in PREDICATES:
            fault(name, f"predicate {r['predicate']}")
        for p in (r["subject"], r["object"]):
            if p not in names:
                fault(name, f"relation with unknown {p}")
        if r["subject"] == r["object"]:
            fault(name, f"relation to itself {r['subject']}")
    keys = Counter((r["subject"], r["predicate"], r["object"], r["status"]) for r in gold["relations"])
    for k, n in keys.items():
        if n > 1:
            fault(name, f"relation twice {k}")
    for i in gold["ignore"]:
        span(i["span"], i["text"], "ignore")
        taken.append((i["span"], "ignore"))
    taken.sort()
    for (a, ka), (b, kb) in zip(taken, taken[1:]):
        if b[0] < a[1]:
            fault(name, f"overlap {ka} {a} {kb} {b}")
    return gold, text


def main():
    total, size, seen, name_type = Counter(), {}, {}, {}
    for part in PARTS:
        texts = {p.stem for p in (ROOT / part).glob("*.txt")}
        golds = {p.name[:-len(".gold.json")] for p in (ROOT / part).glob("*.gold.json")}
        for odd in texts ^ golds:
            fault(part, f"unpaired {odd}")
        for path in sorted((ROOT / part).glob("*.txt")):
            if path.stem not in golds:
                continue
            gold, text = check(path, name_type)
            lang = gold["language"]
            chars = sum(1 for c in text if not c.isspace())
            words = len(text.split())
            size[path.stem] = chars if lang == "zh" else words
            low, high, n = (250, 700, chars) if lang == "zh" else (125, 450, words)
            if not low <= n <= high:
                fault(path.stem, f"length {n}")
            t = total
            t[part, lang, "documents"] += 1
            t[part, lang, "entities"] += len(gold["entities"])
            t[part, lang, "mentions"] += sum(len(e["mentions"]) for e in gold["entities"])
            for k in ("dated_facts", "figures", "relations"):
                t[part, lang, k] += len(gold[k])
            for r in gold["relations"]:
                t["all", "status", r["status"]] += 1
                t["all", "predicate", r["predicate"]] += 1
            for e in gold["entities"]:
                t["all", "type", e["type"]] += 1
            for s in re.split(r"(?<=[.!?。！？;；])\s*|\n+", text):
                s = re.sub(r"\W+", "", s).lower()
                if len(s) >= 12:
                    if seen.setdefault(s, path.stem) != path.stem:
                        fault(path.stem, f"sentence also in {seen[s]}: {s[:40]}")
    kinds = ["documents", "entities", "mentions", "dated_facts", "figures", "relations"]
    print(f"{'':12}" + "".join(f"{k:>13}" for k in kinds))
    for part in PARTS:
        for lang in LANGUAGES:
            if not total[part, lang, "documents"]:
                fault(part, f"no document in {lang}")
            print(f"{part:6}{lang:6}" + "".join(f"{total[part, lang, k]:13}" for k in kinds))
        print(f"{part:6}{'all':6}" + "".join(f"{sum(total[part, l, k] for l in LANGUAGES):13}" for k in kinds))
    for group in ("status", "predicate", "type"):
        print(group + ": " + ", ".join(f"{k[2]} {n}" for k, n in sorted(total.items()) if k[:2] == ("all", group)))
    for f in faults:
        print("FAULT", f)
    print(f"{len(size)} documents, {len(faults)} faults")
    sys.exit(bool(faults))


main()
