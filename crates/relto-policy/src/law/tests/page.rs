//! Prints the shipped rules and tables as `docs/law.md`, so that a lawyer can read what the program does.
//!
//! `UPDATE_EXPECT=1 cargo test -p relto-policy law` writes the page again after a change.

use std::fmt::Write;

use crate::dated::{Dated, Effect, Row, Table};
use crate::law::condition::Condition;
use crate::law::rules::Ground;
use crate::law::{EXCHANGE_FULFILS, LawRules, LawTables, LegalRule, Obligation, ObligationSet, Refusal};
use relto_model::Stamp;

const HEAD: &str = "\
# The legal rules that ship with Relto

**This is not legal advice.** It is what the program does with the tags that people set and the facts that people enter: compiled from public
texts, to be checked and approved by each site's legal authority before anything rests on it. The page is printed from
`crates/relto-policy/data/law/` by a test and cannot differ from what runs; `docs/decisions/0013` says why it is so.

How to read it. An object carries legal tags: a law and a value (`GDPR PERSONAL`, `ITAR VIII`). Every rule that speaks for a value must be met:
all that it requires, and one of its grounds. A value that no rule speaks for is denied. If a rule is not met, what stands under *otherwise*
happens: *redact* withholds the parts that the tag speaks of, *pend* waits for a decision, *deny* withholds the object. What is not known about
a recipient counts as not met. What a ground asks to be seen to must be something that the way out can do; if no ground that holds can be
served, the object is denied. Tags add up, and the strictest outcome wins: deny, pend, redact, permit.

Every row has a review date. From that date on a rule denies, a list that lets in lets nobody in, and a list that shuts out goes on shutting
out. `relto doctor` names rows before they fall due.

A site's authority may renew and tighten rules and add its own; it may replace the lists. A rule that would let in more than the shipped one of
its name is refused.

An agreement with a partner can let fewer facts about it count (its purpose, and what it holds by name) and leave out the tags of whole laws, and
never more: what is struck out is then not known (`docs/decisions/0029`).

Where the table is stricter than the law: the Commerce Country Chart is not in it (an item on the list needs a licence or STA here, where the
chart might ask for none); derogations of Art. 49 GDPR are for one case at a time; dual and third-country nationals of 22 CFR 126.18 need an
authorisation of their own; where several nationalities are held, each must be admitted.

What the table does not ask, and somebody must have asked before: whether the processing has a legal basis (Art. 6 GDPR; the tag may name it);
end-use controls (15 CFR 744.2-744.6, 744.22, 744.23; (EU) 2021/821 Art. 4, 5, 8-10); debarment under 22 CFR 127.7; sanctions of the United
Nations, the European Union and the United States; ownership by listed parties, which only a screening finds.
";

fn page() -> String {
    let (rules, tables) = (LawRules::builtin().unwrap(), LawTables::builtin().unwrap());
    let mut out = HEAD.to_owned();
    for law in rules.laws() {
        write!(out, "\n## {law}\n").unwrap();
        rules.rows().iter().filter(|row| row.fact.law == law).for_each(|row| print_rule(&mut out, &row.fact, &row.dated));
    }
    print_obligations(&mut out);
    print_tables(&mut out, &tables);
    out
}

fn print_rule(out: &mut String, rule: &LegalRule, dated: &Dated) {
    let forms = |forms: &[_]| forms.iter().map(|form| format!("`{form}`")).collect::<Vec<_>>().join(", ");
    write!(out, "\n### {}\n\n{}: {}.", rule.id, forms(&rule.values), rule.says).unwrap();
    if !rule.except.is_empty() {
        write!(out, " Not for values that begin with {}.", forms(&rule.except)).unwrap();
    }
    let otherwise = match rule.otherwise {
        Refusal::Redact => "redact",
        Refusal::Pend => "pend",
        Refusal::Deny => "deny",
    };
    write!(out, "\n\n- *citation*: {} (text: {})\n- *otherwise*: {otherwise}\n", rule.citation, rule.version).unwrap();
    for condition in &rule.requires {
        writeln!(out, "- *required*: {}", condition.words()).unwrap();
    }
    rule.grounds.iter().for_each(|ground| print_ground(out, ground));
    if !rule.obligations.is_empty() {
        writeln!(out, "- *to be seen to*, whatever the ground: {}", ObligationSet::of(&rule.obligations)).unwrap();
    }
    writeln!(out, "- *authority*: {}; *review*: {}", dated.authority, day(dated.review)).unwrap();
}

fn print_ground(out: &mut String, ground: &Ground) {
    let when = ground.when.iter().map(Condition::words).collect::<Vec<_>>().join("; ");
    let asks = ObligationSet::of(&ground.obligations);
    let asks = if asks.is_empty() { String::new() } else { format!(". To be seen to: {asks}") };
    writeln!(out, "- *ground*: {}. When: {when}{asks}", ground.says).unwrap();
}

fn print_obligations(out: &mut String) {
    out.push_str("\n## What must be seen to\n\n| name | what | where it stands | TAXII and export |\n|---|---|---|---|\n");
    for obligation in Obligation::ALL {
        let (name, what, citation) = obligation.describe();
        let can = if EXCHANGE_FULFILS.contains(obligation) { "yes" } else { "no" };
        writeln!(out, "| {name} | {what} | {citation} | {can} |").unwrap();
    }
}

fn print_tables(out: &mut String, tables: &LawTables) {
    out.push_str("\n## Lists that let in\n\nPast review they let nobody in.\n\n");
    print_table(out, &tables.adequacy);
    print_table(out, &tables.lists);
    print_table(out, &tables.instruments);
    out.push_str("\n## Lists that shut out\n\nPast review they go on.\n\n");
    print_table(out, &tables.embargoes);
    print_table(out, &tables.entities);
}

fn print_table<T: std::fmt::Display, E: Effect>(out: &mut String, table: &Table<T, E>) {
    table.rows().iter().for_each(|row| print_row(out, row));
}

fn print_row<T: std::fmt::Display, E>(out: &mut String, row: &Row<T, E>) {
    let dates = match (row.dated.from, row.dated.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" from {}", day(from)),
        (None, Some(until)) => format!(" until {}", day(until)),
        (Some(from), Some(until)) => format!(" from {} until {}", day(from), day(until)),
    };
    let Dated { authority, source, review, .. } = &row.dated;
    writeln!(out, "- {}{dates}. {authority}: {source}. Review {}.", row.fact, day(*review)).unwrap();
}

fn day(stamp: Stamp) -> String {
    stamp.to_string()[..10].to_owned()
}

#[test]
fn the_page_is_what_runs() {
    expect_test::expect_file!["../../../../../docs/law.md"].assert_eq(&page());
}
