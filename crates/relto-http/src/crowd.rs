//! How many connections each source has open, so that none of them takes every place there is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

/// The open connections by source; one without any is not in it, so that it never holds more entries than there are connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crowd(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A source's place for one connection. Given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    crowd: Crowd,
    source: IpAddr,
}

impl Crowd {
    /// A place for `source`, unless it has `places_max` already.
    pub(crate) fn enter(&self, source: IpAddr, places_max: usize) -> Option<Place> {
        let mut open = self.0.lock();
        let taken = open.get(&source).copied().unwrap_or(0);
        (taken < places_max).then(|| {
            open.insert(source, taken + 1);
            Place { crowd: self.clone(), source }
        })
    }

    fn leave(&self, source: IpAddr) {
        let mut open = self.0.lock();
        match open.get_mut(&source) {
            Some(taken) if *taken > 1 => *taken -= 1,
            _ => drop(open.remove(&source)),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.leave(self.source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_source_and_given_back() {
        let crowd = Crowd::default();
        let (here, there) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let places: Vec<_> = (0..2).map(|_| crowd.enter(here, 2).unwrap()).collect();
        assert!(crowd.enter(here, 2).is_none());
        let other = crowd.enter(there, 2);
        assert!(other.is_some());
        drop(places);
        assert!(crowd.enter(here, 1).is_some());
        drop(other);
        assert!(crowd.0.lock().is_empty(), "sources that are gone are forgotten");
    }
}
