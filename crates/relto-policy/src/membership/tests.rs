//! The shipped table at dates that everybody can look up, the rule of both times, and what a table may not say.

use super::*;

fn at(text: &str) -> Stamp {
    Stamp::parse(text).unwrap()
}

fn count(group: &str, when: &str) -> usize {
    Memberships::builtin().unwrap().members(group, at(when)).count()
}

#[test]
fn shipped_table_has_the_known_sizes() {
    for (group, at, size) in [
        ("NATO", "1950-01-01", 12),
        ("NATO", "1999-03-11", 16),
        ("NATO", "2023-04-03", 30),
        ("NATO", "2023-04-04", 31),
        ("NATO", "2026-11-23", 32),
        ("EU", "2019-06-01", 28),
        ("EU", "2020-01-31", 28),
        ("EU", "2020-02-01", 27),
        ("FVEY", "2026-11-23", 5),
        ("AUKUS", "2021-09-14", 0),
        ("AUKUS", "2026-11-23", 3),
        ("EEA", "2026-11-23", 30),
    ] {
        assert_eq!(count(group, at), size, "{group} at {at}");
    }
}

/// Nation, group, label made, read, answer.
#[test]
fn both_times_count() {
    let table = Memberships::builtin().unwrap();
    for (nation, group, then, now, counts) in [
        ("SWE", "NATO", "2024-03-06", "2026-11-23", false),
        ("SWE", "NATO", "2024-03-07", "2026-11-23", true),
        ("GBR", "EU", "2019-06-01", "2020-01-31T22:59:59Z", true),
        ("GBR", "EU", "2019-06-01", "2020-01-31T23:00:00Z", false),
        ("FRA", "EU", "2019-06-01", "2026-11-23", true),
        ("FRA", "MOON", "2019-06-01", "2026-11-23", false),
    ] {
        assert_eq!(table.counts(nation, group, at(then), at(now)), counts, "{nation} in {group}, {then}, {now}");
        assert_eq!(table.counting(group, at(then), at(now)).any(|member| member == nation), counts);
    }
}

/// The shipped table is good for a year at least, fails closed after that, and says so before.
#[test]
fn past_review_nobody_counts_and_it_is_said_before() {
    let table = Memberships::builtin().unwrap();
    let (made, today, far) = (at("2026-11-23"), at("2026-11-25"), at("2029-01-01"));
    assert!(table.due(today, 365).is_empty());
    assert_eq!(table.due(today, 2 * 366).len(), 99);
    for group in table.groups() {
        assert!(table.counting(group, made, at("2027-11-25")).count() > 2, "{group}");
        assert_eq!(table.counting(group, made, far).count(), 0, "{group}");
    }
    assert!(table.is_member("FRA", "NATO", far), "history does not expire");
    assert!(table.next_change(today).is_some_and(|next| next < far));
}

const DATES: &str = r#""authority":"A","source":"S","review":"2030-01-01""#;

#[test]
fn expanded_at_access_only_when_signed() {
    let member = format!(r#"{{"group":"KFOR","member":"SWE","from":"2024-01-01",{DATES}}}"#);
    let plain = Memberships::parse(&format!("[{member}]")).unwrap();
    let signed = format!(r#"{{"group":"kfor","expand":"at-access","signed_by":"COM KFOR",{}}}"#, DATES.replace("2030", "2028"));
    let signed = Memberships::parse(&format!("[{member},{signed}]")).unwrap();
    let (before, now) = (at("2020-01-01"), at("2026-11-23"));
    assert!(!plain.counts("SWE", "KFOR", before, now));
    assert!(signed.counts("SWE", "KFOR", before, now));
    assert!(!signed.counts("SWE", "KFOR", before, at("2023-12-31")), "not before it joined");
    assert!(!signed.counts("SWE", "KFOR", before, at("2028-01-01")), "the signature is past review");
    assert_eq!(signed.next_change(now), Some(at("2028-01-01")));
}

#[test]
fn what_was_learned_late_and_what_was_wrong() {
    let row = |dates: &str| Memberships::parse(&format!(r#"[{{"group":"G","member":"FRA",{dates},{DATES}}}]"#)).unwrap();
    let (then, now) = (at("2024-06-01"), at("2026-01-01"));
    let late = row(r#""from":"2024-01-01","learned":"2025-01-01""#);
    assert!(late.counts("FRA", "G", then, now) && !late.counts("FRA", "G", then, at("2024-12-31")));
    assert!(late.is_member("FRA", "G", then) && !late.was_known("FRA", "G", then, then));
    let wrong = row(r#""from":"2024-01-01","withdrawn":"2025-01-01""#);
    assert!(!wrong.counts("FRA", "G", then, now) && !wrong.is_member("FRA", "G", then) && wrong.was_known("FRA", "G", then, then));
}

#[test]
fn bad_tables_are_refused_by_row() {
    for (text, part) in [
        ("{}".to_owned(), "not a list"),
        (format!(r#"[{{"group":"G","member":"QQQ",{DATES}}}]"#), "row 1: `QQQ`"),
        (r#"[{"group":"G","member":"FRA"}]"#.to_owned(), "row 1: missing field"),
        (format!(r#"[{{"group":"G",{DATES}}}]"#), "row 1: a row has `member`"),
        (format!(r#"[{{"group":"G","member":"FRA",{DATES}}},{{"group":"G","expand":"at-access",{DATES}}}]"#), "row 2: `expand`"),
        (format!(r#"[{{"group":"G","expand":"at-access","signed_by":" ",{DATES}}}]"#), "row 1: `expand`"),
        (format!(r#"[{{"group":"G","member":"FRA","expand":"at-access","signed_by":"A",{DATES}}}]"#), "row 1: a row has"),
        (format!(r#"[{{"group":"G","expand":"often","signed_by":"A",{DATES}}}]"#), "often"),
    ] {
        let error = Memberships::parse(&text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
