//! `relto key make`, and keys as files: PEM with PKCS #8 for the private one and SubjectPublicKeyInfo for the public one (RFC 8410), as
//! OpenSSL writes them for Ed25519.
//!
//! What keys are for is in `relto_policy::dsse`. A private key that others may read is not used.

use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use relto_node::Entropy as _;
use relto_policy::dsse::{PublicKey, SigningKey};

use crate::ambient::OsEntropy;
use crate::cli::KeyMake;
use crate::failure::Failure;
use crate::files;

/// Longer than any file of a key.
const KEY_FILE_BYTES_MAX: usize = 4_096;
/// The permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// One of the two kinds of file: what PEM calls it, and the DER before the 32 bytes, which is the same for every Ed25519 key.
struct Kind {
    name: &'static str,
    head: &'static [u8],
    cure: &'static str,
}

const PRIVATE: Kind = Kind {
    name: "PRIVATE KEY",
    head: &[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
    cure: "name the private file that `relto key make` made",
};
const PUBLIC: Kind = Kind {
    name: "PUBLIC KEY",
    head: &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00],
    cure: "name the `.pub` file that `relto key make` made",
};

/// Makes a key pair: `PATH` and `PATH.pub`, neither of which may be there.
///
/// # Errors
/// [`Failure`]; then there is neither.
pub(crate) fn make(form: &KeyMake) -> Result<ExitCode, Failure> {
    let mut seed = [0; 32];
    OsEntropy.fill(&mut seed);
    let public = SigningKey::from_seed(&seed).public();
    let public_path = with_suffix(&form.path, ".pub");
    files::create(&form.path, PRIVATE.pem(&seed).as_bytes(), 0o600)?;
    files::create(&public_path, PUBLIC.pem(&public.to_bytes()).as_bytes(), 0o644).inspect_err(|_| files::remove(&form.path))?;
    let (private_shown, public_shown) = (form.path.display(), public_path.display());
    let mut out = anstream::stdout().lock();
    crate::told(if form.json {
        writeln!(out, "{}", serde_json::json!({"private": form.path, "public": public_path, "id": public.id()}))
    } else {
        writeln!(out, "made the private key {private_shown} and the public key {public_shown}; the key's id:\n{}", public.id())
    })
}

/// `path` with `suffix` after its whole name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Reads a private key.
///
/// # Errors
/// [`Failure`] when it is none, or others may read it.
pub(crate) fn read_private(path: &Path) -> Result<SigningKey, Failure> {
    let shown = path.display();
    let mode = files::open(path)?.metadata().map_err(|error| Failure::of(&format!("{shown}: cannot be read"), &error))?.mode();
    if mode & OTHERS != 0 {
        return Err(Failure::new(format!("{shown}: others than its owner may read or write this private key"))
            .help(format!("`chmod 600 {shown}`, and make another if they could have read it")));
    }
    Ok(SigningKey::from_seed(&PRIVATE.read(path)?))
}

/// Reads a public key.
///
/// # Errors
/// [`Failure`] when it is none.
pub(crate) fn read_public(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = PUBLIC.read(path)?;
    PublicKey::from_bytes(&bytes).map_err(|error| Failure::of(&path.display().to_string(), &error).help(PUBLIC.cure))
}

impl Kind {
    fn pem(&self, key: &[u8; 32]) -> String {
        let der = [self.head, key].concat();
        format!("-----BEGIN {0}-----\n{1}\n-----END {0}-----\n", self.name, STANDARD.encode(der))
    }

    fn read(&self, path: &Path) -> Result<[u8; 32], Failure> {
        let text = files::read_text(path, KEY_FILE_BYTES_MAX)?;
        let wrong = || Failure::new(format!("{}: not the {} of an Ed25519 key in PEM", path.display(), self.name.to_lowercase()));
        self.parse(&text).ok_or_else(|| wrong().help(self.cure))
    }

    fn parse(&self, text: &str) -> Option<[u8; 32]> {
        let body = text.trim().strip_prefix(&format!("-----BEGIN {}-----", self.name))?;
        let body = body.strip_suffix(&format!("-----END {}-----", self.name))?;
        let der = STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()?;
        der.strip_prefix(self.head)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 8410, section 10.
    #[test]
    fn printed_examples() {
        let private =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        let seed = PRIVATE.parse(private).unwrap();
        assert_eq!(PRIVATE.pem(&seed), private);
        let key = SigningKey::from_seed(&seed).public();
        assert_eq!(PUBLIC.pem(&key.to_bytes()), public);
        assert_eq!(PUBLIC.parse(private), None);
        assert_eq!(PRIVATE.parse(public), None);
        for broken in
            [private.replace("MC4", "MC5"), private.replace("hC\n", "h\n"), private.replace("PRIVATE", "EC PRIVATE"), String::new()]
        {
            assert_eq!(PRIVATE.parse(&broken), None, "{broken}");
        }
    }
}
