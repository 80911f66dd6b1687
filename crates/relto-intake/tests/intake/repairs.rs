//! Damage is undone or shown; it is never undone wrongly in silence.

use crate::{KNOWLEDGE, clean, damage};
use relto_intake::raw::Raw;
use relto_intake::repair::{Repaired, align::align, repair};
use relto_intake::span::TextSpan;

fn repaired(text: &str) -> Repaired {
    let raw = Raw::new(text.as_bytes().to_vec());
    repair(&raw.decode(), KNOWLEDGE.chinese(), KNOWLEDGE.cues()).unwrap()
}

/// Places where `repaired` differs from `original` and neither gap nor doubtful edit says so.
fn silently_wrong(original: &str, repaired: &Repaired) -> Vec<(String, String)> {
    let (wanted, got): (Vec<char>, Vec<char>) = (original.chars().collect(), repaired.reading.text().chars().collect());
    let places: Vec<usize> = repaired.reading.text().char_indices().map(|(at, _)| at).chain([repaired.reading.text().len()]).collect();
    let alignment = align(&wanted, &got);
    assert!(alignment.agreeing * 10 >= wanted.len() * 9, "the repair is a text of its own: {}", repaired.reading.text());
    let flagged = |from: usize, to: usize| {
        let raw = repaired.reading.raw(TextSpan::new(places[from], places[to]));
        let touches = |span: relto_intake::span::RawSpan| span.from <= raw.to && raw.from <= span.to;
        repaired.gaps.iter().any(|gap| touches(gap.span))
            || repaired.reading.edits().iter().any(|edit| edit.confidence.is_doubtful() && touches(edit.span))
    };
    let wrong = alignment.differences.iter().filter(|difference| !flagged(difference.second.start, difference.second.end));
    wrong.map(|difference| (wanted[difference.first.clone()].iter().collect(), got[difference.second.clone()].iter().collect())).collect()
}

#[test]
fn clean_text_passes_unchanged() {
    for seed in 0..8 {
        let text = clean::text(seed);
        let repaired = repaired(&text);
        assert_eq!(repaired.reading.text(), text);
        assert!(repaired.reading.edits().is_empty() && repaired.gaps.is_empty() && repaired.copies == 1);
    }
}

#[test]
fn made_damage_is_undone_or_shown() {
    let (mut sites, mut exact, mut wrong) = (0, 0, Vec::new());
    for seed in 0..60 {
        let text = clean::text(seed);
        let damaged = damage::damaged(&text, &damage::notes_for(&text));
        let repaired = repaired(&damaged);
        sites += damaged.matches('?').count();
        exact += usize::from(repaired.reading.text() == text);
        wrong.extend(silently_wrong(&text, &repaired).into_iter().map(|difference| (seed, difference)));
    }
    assert!(sites > 60, "only {sites} places were damaged");
    assert_eq!(wrong, [], "wrong without a word; {exact} of 60 texts whole");
    assert!(exact >= 50, "only {exact} of 60 texts came back whole");
}

/// Short texts teach little, and a tool that knows hundreds of characters beyond them hits across characters often: most
/// places stay open then, but none is wrong in silence.
#[test]
fn little_evidence_makes_gaps_not_errors() {
    let (mut sites, mut open, mut wrong) = (0, 0, Vec::new());
    for seed in 0..500 {
        let text = clean::some(seed, 14);
        let damaged = damage::damaged(&text, &damage::notes_beyond(&text, seed));
        let repaired = repaired(&damaged);
        sites += damaged.matches('?').count();
        open += repaired.gaps.len();
        wrong.extend(silently_wrong(&text, &repaired).into_iter().map(|difference| (seed, difference)));
    }
    println!("{sites} signs of damage, {open} places open");
    assert!(sites > 1_500, "only {sites} places were damaged");
    assert_eq!(wrong, []);
}

#[test]
fn every_note_goes_and_nothing_else() {
    let text: String = clean::SENTENCES.concat();
    let notes = damage::notes_for(&text);
    let noted: String = text.chars().map(|c| notes.get(&c).map_or(c.to_string(), |note| format!("{c}({note})"))).collect();
    assert_eq!(repaired(&noted).reading.text(), text);
}

#[test]
fn a_teachers_note_stays() {
    let text = "「長」字有兩個讀音：長(zhǎng)大的長，和長短的長。這條河很長，學校的校長也姓張。";
    assert_eq!(repaired(text).reading.text(), text);
}

#[test]
fn questions_stay_questions() {
    let text = "這是為什麼?沒有人知道。他問:你們來不來?我們說不來。Is it so? Yes, it is. 真的嗎??當然。";
    let repaired = repaired(text);
    assert_eq!(repaired.reading.text().matches('?').count(), text.matches('?').count());
    assert!(repaired.reading.edits().iter().all(|edit| edit.rule.0 != "gbk-shift"));
}

#[test]
fn signs_are_put_back() {
    for (damaged, sound) in [
        ("他說,天氣很好;我們走吧。", "他說，天氣很好；我們走吧。"),
        ("產量下降了7。5%,而價格沒有變。", "產量下降了7.5%，而價格沒有變。"),
        ("成立了研究聯盟(EU-U。S。 Research Alliance)。", "成立了研究聯盟(EU-U.S. Research Alliance)。"),
        ("Data,Analytics,and more, as written.", "Data,Analytics,and more, as written."),
        ("用了A。然後用了B。最後", "用了A。然後用了B。最後"),
    ] {
        assert_eq!(repaired(damaged).reading.text(), sound);
    }
}

#[test]
fn copies_are_counted_and_mend_each_other() {
    let text = clean::text(5);
    let notes = damage::notes_for(&text);
    let hurt = damage::damaged(&text, &notes);
    for (document, copies) in
        [(format!("{text}{text}"), 2), (format!("{text}\n{text}\n{text}\n"), 3), (format!("{hurt}{hurt}"), 2), (text.clone(), 1)]
    {
        assert_eq!(repaired(&document).copies, copies);
    }
    let mended = repaired(&format!("{hurt}{text}"));
    assert_eq!(mended.copies, 2);
    assert_eq!(mended.reading.text(), text, "the sound copy mends the hurt one");
    assert!(mended.gaps.is_empty());
}

#[test]
fn boilerplate_goes_and_is_kept_on_record() {
    let text = clean::text(9);
    let footer = "本文为某某号作者或机构上传并发布，仅代表该作者或机构观点，不代表平台的观点或立场。";
    let repaired = repaired(&format!("{text}{footer}"));
    assert_eq!(repaired.reading.text(), text);
    let [(found, span)] = repaired.boilerplate.as_slice() else { panic!("one sentence") };
    assert_eq!((found.as_str(), span.to), (footer, text.len() + footer.len()));
}
