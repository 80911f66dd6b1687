//! Other ways in which people write the same: both languages of the EU, and slips of the pen.

/// The EU writes each level in French and English; either half, or both, says it.
pub(super) fn european(words: &str) -> Option<String> {
    const LEVELS: [(&str, &str, &str); 4] = [
        ("TRES SECRET UE/EU TOP SECRET", "TRÈS SECRET UE/EU TOP SECRET", "TOP SECRET"),
        ("CONFIDENTIEL UE/EU CONFIDENTIAL", "CONFIDENTIEL UE", "CONFIDENTIAL"),
        ("RESTREINT UE/EU RESTRICTED", "RESTREINT UE", "RESTRICTED"),
        ("SECRET UE/EU SECRET", "SECRET UE", "SECRET"),
    ];
    let bilingual = LEVELS.iter().find_map(|(full, other, level)| {
        words.strip_prefix(full).or_else(|| words.strip_prefix(other)).map(|rest| format!("{level}{rest}"))
    });
    bilingual.or_else(|| words.strip_prefix("EU ").map(str::to_owned))
}

/// The known name closest to `given`, when one is close enough to be a slip of the pen.
#[must_use]
pub fn nearest<'n>(given: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let distance = |name: &str| {
        let same_place = given.chars().zip(name.chars()).filter(|(a, b)| a == b).count();
        let mut sorted = [given.chars().collect::<Vec<_>>(), name.chars().collect()];
        sorted.iter_mut().for_each(|letters| letters.sort_unstable());
        let swapped = sorted.first() == sorted.last();
        if swapped { 1 } else { given.chars().count().max(name.chars().count()) - same_place }
    };
    known.map(|name| (distance(name), name)).filter(|(distance, _)| *distance <= 1).min().map(|(_, name)| name.to_owned())
}
