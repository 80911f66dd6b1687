//! try
use relto_intake::*;
use std::time::Instant;
fn main() {
    let t = Instant::now();
    let chinese = chinese::Chinese::builtin().unwrap();
    let cues = repair::boilerplate::Cues::parse(include_str!("../data/boilerplate.tsv"), &chinese.script);
    println!("load {:?}", t.elapsed());
    let bytes = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    for _ in 0..3 {
    let t = Instant::now();
    let raw = raw::Raw::new(bytes.clone());
    let r = raw.decode();
    let x = repair::repair(&r, &chinese, &cues).unwrap();
    println!("repair {:?}", t.elapsed());
    println!("copies {} chars {} gaps {:?} boiler {:?}", x.copies, x.reading.text().chars().count(), x.gaps, x.boilerplate);
    let mut n = std::collections::BTreeMap::new();
    for e in x.reading.edits() { *n.entry(e.rule).or_insert(0)+=1; if !["full-width-sign","pronunciation-note","gbk-shift","repeated-text"].contains(&e.rule.0) { println!("{e:?}"); } }
    println!("{n:?}");
    std::fs::write("/tmp/repaired.txt", x.reading.text()).unwrap();
    }
}
