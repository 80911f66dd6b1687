//! try
use relto_intake::*;
use std::time::Instant;
fn main() {
    let t = Instant::now();
    let chinese = chinese::Chinese::builtin().unwrap();
    println!("load {:?}", t.elapsed());
    let bytes = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    for _ in 0..3 {
    let t = Instant::now();
    let raw = raw::Raw::new(bytes.clone());
    let r = raw.decode();
    println!("decode {:?}", t.elapsed());
    let table = repair::notes::NoteTable::learn(r.text());
    let r = r.apply(table.changes(&r)).unwrap();
    println!("notes {:?} {}", t.elapsed(), r.edits().len());
    let fixed = repair::shift::repair(&r, &table, &chinese);
    println!("shift {:?} {}", t.elapsed(), fixed.changes.len());
    let n = r.edits().len();
    let r2 = r.apply(fixed.changes).unwrap();
    for e in &r2.edits()[n..] { println!("{:?} {} -> {} {:?} | {}", e.span, e.from, e.to, e.confidence, { let t=r.text(); let i=t.find(&e.from).unwrap(); t[..i].chars().rev().take(8).collect::<Vec<_>>().iter().rev().collect::<String>()}); }
    for g in fixed.gaps { println!("gap {:?} {:?}", r.slice(g.span), g.inferred); }
    }
}
