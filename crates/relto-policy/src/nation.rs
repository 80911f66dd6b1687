//! Nations by ISO 3166-1 alpha-3 code (and XKX, user-assigned, for Kosovo), as positions of a bit set.

/// Every code that may appear in a label or a profile, in alphabetical order.
static CODES: std::sync::LazyLock<Vec<&'static str>> =
    std::sync::LazyLock::new(|| include_str!("../data/nations.txt").split_ascii_whitespace().collect());

/// The position of `code` in the list; `None` for an unknown code. Codes are upper case.
#[must_use]
pub fn index(code: &str) -> Option<u8> {
    CODES.binary_search(&code).ok().and_then(|at| u8::try_from(at).ok())
}

/// Every known code in alphabetical order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CODES.iter().copied()
}

/// A set of nations: one bit a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NationSet([u64; 4]);

impl NationSet {
    /// Adds `code`; an unknown code adds nothing.
    pub fn insert(&mut self, code: &str) {
        if let Some(at) = index(code)
            && let Some(word) = self.0.get_mut(usize::from(at / 64))
        {
            *word |= 1 << (at % 64);
        }
    }

    /// Whether every nation of `self` is in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(own, theirs)| own & !theirs == 0)
    }

    /// Whether there is no nation in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_distinct_and_fit_the_set() {
        let all: Vec<_> = codes().collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]) && all.len() <= 256);
        let mut some = NationSet::default();
        assert!(some.is_empty());
        for code in ["ABW", "FRA", "ZWE", "XKX", "???"] {
            some.insert(code);
        }
        let mut france = NationSet::default();
        france.insert("FRA");
        assert!(france.is_subset(&some) && !some.is_subset(&france));
    }
}
