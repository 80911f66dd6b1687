//! Changes to inputs: bytes, blocks, pieces of other inputs, and the tokens that our formats are made of.

/// Numbers that look random and repeat for a seed (SplitMix64).
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, or 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.any() % (bound.max(1) as u64)).unwrap_or(0)
    }
}

/// No input grows beyond this: long inputs cost more than they find, and bounds have tests of their own.
const LENGTH_MAX: usize = 64 * 1024;

/// Pieces that mean something to one parser or another.
const TOKENS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"true",
    b"-0",
    b"1e999",
    b"9007199254740993",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\"type\"",
    b"\"id\"",
    b"\"objects\"",
    b"\"object_marking_refs\"",
    b"\"granular_markings\"",
    b"\"selectors\"",
    b"\"extensions\"",
    b"\"created\"",
    b"\"modified\"",
    b"\"spec_version\":\"2.1\"",
    b"\"revoked\":true",
    b"indicator--",
    b"marking-definition--",
    b"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d",
    b"T00:00:00Z",
    b".000000Z",
    b"2016-12-31T23:59:60Z",
    b"0000-00-00",
    b"--",
    b"//",
    b"REL TO ",
    b"NOFORN",
    b"SECRET",
    b"NATO ",
    b"TLP:",
    b"+STRICT",
    b" AND ",
    b" OR ",
    b"FOLLOWEDBY",
    b" WITHIN 5 SECONDS",
    b"MATCHES",
    b"LIKE",
    b"&",
    b"=",
    b"%",
    b"%00",
    b"%ff",
    b"match[type]=",
    b"match[version]=all",
    b"added_after=",
    b"limit=",
    b"next=",
    b"application/taxii+json",
    b";version=2.1",
    b";q=0.5",
    b"*/*",
    b"Basic ",
    b"Bearer ",
    b"==",
    b"<",
    b"/>",
    b"&amp;",
    b"&#0;",
    b"<![CDATA[",
    b"<!DOCTYPE a [",
    b" xmlns=\"",
    b"urn:nato:stanag:4774:confidentialitymetadatalabel:1:0",
    b"<Category TagName='Context' Type='PERMISSIVE'>",
    b"<GenericValue>NATO</GenericValue>",
    b" tagType=\"restrictive\"",
    b" lacv=\"1\"",
    b" obsolete=\"true\"",
    b"<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>",
    b"<mb:DataReference URI=''/>",
    b" encoding='base64'",
    b"\"; binding-data-object=\"",
    b"\"keyid\":\"\"",
];

/// A new input made of one from `pool`, changed once or a few times.
#[must_use]
pub fn mutate(pool: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = pool.get(random.below(pool.len())).cloned().unwrap_or_default();
    for _ in 0..=random.below(4) {
        change(&mut input, pool, random);
    }
    input.truncate(LENGTH_MAX);
    input
}

fn change(input: &mut Vec<u8>, pool: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    let reach = 1 << random.below(8);
    let end = (at + random.below(reach)).min(input.len());
    match random.below(9) {
        0 => insert(input, at, &[u8::try_from(random.any() & 0xff).unwrap_or(0)]),
        1 => flip(input, at, random),
        2 => drop(input.drain(at..end)),
        3 => {
            let block = input.get(at..end).unwrap_or_default().to_vec();
            let to = random.below(input.len() + 1);
            insert(input, to, &block);
        }
        4 => {
            let block = input.get(at..end).unwrap_or_default().repeat(1 + random.below(64));
            insert(input, at, &block);
        }
        5 => input.truncate(at),
        6 => {
            let other = pool.get(random.below(pool.len())).map_or(&[][..], Vec::as_slice);
            let from = random.below(other.len() + 1);
            let to = (from + random.below(200)).min(other.len());
            insert(input, at, other.get(from..to).unwrap_or_default());
        }
        7 => insert(input, at, TOKENS.get(random.below(TOKENS.len())).copied().unwrap_or_default()),
        _ => replace_digit(input, random),
    }
}

fn insert(input: &mut Vec<u8>, at: usize, block: &[u8]) {
    if input.len() + block.len() <= LENGTH_MAX {
        let at = at.min(input.len());
        input.splice(at..at, block.iter().copied());
    }
}

fn flip(input: &mut [u8], at: usize, random: &mut Random) {
    if let Some(byte) = input.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

fn replace_digit(input: &mut [u8], random: &mut Random) {
    let digits: Vec<usize> = input.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(index, _)| index).collect();
    if let Some(byte) = digits.get(random.below(digits.len())).and_then(|index| input.get_mut(*index)) {
        *byte = b"0123456789"[random.below(10)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_inputs_stay_bounded() {
        let pool = vec![b"{\"a\": 12}".to_vec(), vec![b'x'; LENGTH_MAX]];
        let run = |seed| {
            let mut random = Random::new(seed);
            (0..200).map(|_| mutate(&pool, &mut random)).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert!(run(3).iter().all(|input| input.len() <= LENGTH_MAX));
    }
}
