//! Decoding the body of an answer as it comes, and never more of it than is wanted.
//!
//! A bomb is cut where it has filled what it may: what is decoded goes through a small buffer into one that has a bound. The window that a
//! zstd body may ask the decoder to hold is bounded as well.

use std::io::{self, ErrorKind, Write};

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use zstd::stream::raw::{DParameter, Decoder as ZstdDecoder, InBuffer, Operation as _, OutBuffer};

use crate::link::LinkError;

/// The largest window of a zstd body: 8 MiB, as RFC 9659 has it for HTTP.
const WINDOW_LOG_MAX: u32 = 23;
/// Bytes that are decoded at once.
const STEP_BYTES: usize = 16 << 10;

/// A body that is being decoded.
pub(crate) enum Inflate {
    Plain(Bounded),
    Gzip { decoder: MultiGzDecoder<Bounded>, has_begun: bool },
    Zstd { decoder: ZstdDecoder<'static>, decoded: Bounded, is_within_frame: bool },
}

/// Bytes up to a bound.
pub(crate) struct Bounded {
    bytes: Vec<u8>,
    bytes_max: usize,
}

impl Inflate {
    /// For a body of the coding that `headers` name, which may have `bytes_max` once it is decoded.
    pub(crate) fn of(headers: &HeaderMap, bytes_max: usize) -> Result<Self, LinkError> {
        let decoded = Bounded { bytes: Vec::new(), bytes_max };
        let mut codings =
            headers.get_all(header::CONTENT_ENCODING).iter().map(|coding| coding.as_bytes().trim_ascii().to_ascii_lowercase());
        match (codings.next().as_deref(), codings.next()) {
            (None | Some(b"" | b"identity"), None) => Ok(Self::Plain(decoded)),
            (Some(b"gzip" | b"x-gzip"), None) => Ok(Self::Gzip { decoder: MultiGzDecoder::new(decoded), has_begun: false }),
            (Some(b"zstd"), None) => {
                let mut decoder = ZstdDecoder::new().map_err(|error| failed(&error))?;
                decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG_MAX)).map_err(|error| failed(&error))?;
                Ok(Self::Zstd { decoder, decoded, is_within_frame: false })
            }
            _ => Err(LinkError::Malformed("a body of a coding that was not asked for")),
        }
    }

    /// Takes what has come.
    pub(crate) fn push(&mut self, coded: &[u8]) -> Result<(), LinkError> {
        let pushed = match self {
            Self::Plain(decoded) => decoded.write_all(coded),
            Self::Gzip { decoder, has_begun } => {
                *has_begun |= !coded.is_empty();
                decoder.write_all(coded)
            }
            Self::Zstd { decoder, decoded, is_within_frame } => push_zstd(decoder, decoded, is_within_frame, coded),
        };
        pushed.map_err(|error| failed(&error))
    }

    /// The whole body, now that all of it has come. One that never began is empty whatever its coding.
    pub(crate) fn finish(self) -> Result<Bytes, LinkError> {
        let decoded = match self {
            Self::Plain(decoded) | Self::Zstd { decoded, is_within_frame: false, .. } => decoded,
            Self::Gzip { has_begun: false, .. } => return Ok(Bytes::new()),
            Self::Gzip { decoder, .. } => decoder.finish().map_err(|error| failed(&error))?,
            Self::Zstd { .. } => return Err(LinkError::Malformed(BROKEN)),
        };
        Ok(decoded.bytes.into())
    }
}

const BROKEN: &str = "a body that is not coded as its headers say";

fn failed(error: &io::Error) -> LinkError {
    if error.kind() == ErrorKind::FileTooLarge { LinkError::TooLarge } else { LinkError::Malformed(BROKEN) }
}

fn push_zstd(decoder: &mut ZstdDecoder<'static>, decoded: &mut Bounded, is_within_frame: &mut bool, coded: &[u8]) -> io::Result<()> {
    let (mut input, mut step) = (InBuffer::around(coded), [0; STEP_BYTES]);
    let mut is_full = false;
    while input.pos() < coded.len() || (is_full && *is_within_frame) {
        let mut output = OutBuffer::around(&mut step);
        *is_within_frame = decoder.run(&mut input, &mut output)? != 0;
        is_full = output.pos() == STEP_BYTES;
        decoded.write_all(output.as_slice())?;
    }
    Ok(())
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.bytes_max - self.bytes.len() {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(bytes, 1).unwrap()
    }

    fn of(coding: &str, bytes_max: usize) -> Result<Inflate, LinkError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
        Inflate::of(&headers, bytes_max)
    }

    /// `coded`, in chunks of `step`.
    fn decode(coding: &str, coded: &[u8], step: usize, bytes_max: usize) -> Result<Bytes, LinkError> {
        let mut inflate = of(coding, bytes_max)?;
        coded.chunks(step).try_for_each(|chunk| inflate.push(chunk))?;
        inflate.finish()
    }

    fn held(inflate: &Inflate) -> usize {
        match inflate {
            Inflate::Plain(decoded) | Inflate::Zstd { decoded, .. } => decoded.bytes.capacity(),
            Inflate::Gzip { decoder, .. } => decoder.get_ref().bytes.capacity(),
        }
    }

    #[test]
    fn whatever_the_chunks() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(|number| ((number / 7).wrapping_mul(2_654_435_761) % 251).to_le_bytes()).collect();
        let bodies = [("gzip", gzip(&text)), ("x-gzip", gzip(&text)), ("Zstd", zstd(&text)), ("identity", text.clone())];
        for (coding, coded) in &bodies {
            for step in [1, 7, 1 << 14, coded.len()] {
                assert_eq!(decode(coding, coded, step, text.len()).unwrap(), text, "{coding} {step}");
                assert!(matches!(decode(coding, coded, step, text.len() - 1), Err(LinkError::TooLarge)), "{coding} {step}");
            }
        }
        for (coding, coded) in
            [("gzip", [gzip(b"ab"), gzip(b""), gzip(b"cd")].concat()), ("zstd", [zstd(b"ab"), zstd(b""), zstd(b"cd")].concat())]
        {
            for step in [1, 3, 1000] {
                assert_eq!(decode(coding, &coded, step, 4).unwrap(), "abcd", "{coding} {step}");
            }
        }
    }

    #[test]
    fn what_is_broken_is_said_to_be() {
        let text = b"some text that is long enough to have a middle, and a middle that can be broken".as_slice();
        for (coding, coded) in [("gzip", gzip(text)), ("zstd", zstd(text))] {
            for end in 1..coded.len() {
                assert!(matches!(decode(coding, &coded[..end], 1000, 1000), Err(LinkError::Malformed(_))), "{coding} {end}");
            }
            let trailed = [coded.as_slice(), b"trailing"].concat();
            assert!(matches!(decode(coding, &trailed, 1000, 1000), Err(LinkError::Malformed(_))), "{coding}");
            assert_eq!(decode(coding, b"", 1, 1000).unwrap(), "", "{coding}");
        }
        for coding in ["br", "gzip, zstd", "deflate", "?"] {
            assert!(matches!(of(coding, 1000), Err(LinkError::Malformed(_))), "{coding}");
        }
        let mut twice = HeaderMap::new();
        twice.append(header::CONTENT_ENCODING, "gzip".parse().unwrap());
        twice.append(header::CONTENT_ENCODING, "gzip".parse().unwrap());
        assert!(matches!(Inflate::of(&twice, 1000), Err(LinkError::Malformed(_))));
    }

    #[test]
    fn bombs_are_cut_while_they_go_off() {
        let zeros = vec![0; 256 << 20];
        let bytes_max = 1 << 20;
        for (coding, coded) in [("gzip", gzip(&zeros)), ("zstd", zstd(&zeros))] {
            let mut inflate = of(coding, bytes_max).unwrap();
            assert!(matches!(inflate.push(&coded), Err(LinkError::TooLarge)), "{coding}");
            assert!(held(&inflate) <= 2 * bytes_max, "{coding}: {}", held(&inflate));
        }
    }

    /// One that asks for a window of 128 MiB, with nothing in it.
    #[test]
    fn a_window_has_a_bound() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(27).unwrap();
        encoder.include_contentsize(false).unwrap();
        encoder.write_all(b"small").unwrap();
        let coded = encoder.finish().unwrap();
        assert!(matches!(decode("zstd", &coded, 1000, 1000), Err(LinkError::Malformed(_))));
    }
}
