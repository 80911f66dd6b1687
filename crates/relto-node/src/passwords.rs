//! Passwords: Argon2id, as PHC strings.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// Fewest characters of a password.
pub const PASSWORD_CHARACTERS_MIN: usize = 12;
/// Most bytes of a password.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// Why something is no password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("a password has at least {PASSWORD_CHARACTERS_MIN} characters and at most {PASSWORD_BYTES_MAX} bytes")]
    Length,
    /// The hash function refuses it.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
}

/// What somebody's password is compared with who has none: it takes as long, and fits nothing.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_password("", b"relto: no one \0\0").ok());

/// Whether `password` can be one.
///
/// # Errors
/// [`PasswordError::Length`] when it cannot.
pub(crate) fn check_password(password: &str) -> Result<(), PasswordError> {
    let sound = password.chars().count() >= PASSWORD_CHARACTERS_MIN && password.len() <= PASSWORD_BYTES_MAX;
    if sound { Ok(()) } else { Err(PasswordError::Length) }
}

/// What is stored of `password`: a PHC string with its salt and its cost, that of OWASP's first recommendation.
///
/// # Errors
/// [`PasswordError::Hash`] when the function refuses.
pub(crate) fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String, PasswordError> {
    let hashed: Result<PasswordHash, _> = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|hashed| hashed.to_string()).map_err(|error| PasswordError::Hash(error.to_string()))
}

/// Whether `password` is the one of which `stored` is kept; without any it is not, after as much work.
pub(crate) fn verify_password(password: &str, stored: Option<&str>) -> bool {
    let Some(compared) = stored.or(NOBODY.as_deref()) else { return false };
    let Ok(compared) = PasswordHash::new(compared) else { return false };
    password.len() <= PASSWORD_BYTES_MAX && Argon2::default().verify_password(password.as_bytes(), &compared).is_ok() && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_what_is_stored_of_it_alone() {
        let stored = hash_password("correct horse battery", &[7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify_password("correct horse battery", Some(&stored)));
        assert!(!verify_password("correct horse batterz", Some(&stored)));
        assert!(!verify_password("", None));
        assert!(!verify_password("", Some("no PHC string")));
        assert_ne!(stored, hash_password("correct horse battery", &[8; 16]).unwrap());
    }

    #[test]
    fn passwords_have_a_length() {
        assert!(check_password("twelve chars").is_ok());
        assert!(check_password("äöüäöüäöüäöü").is_ok());
        assert_eq!(check_password("eleven char"), Err(PasswordError::Length));
        assert_eq!(check_password(&"a".repeat(PASSWORD_BYTES_MAX + 1)), Err(PasswordError::Length));
    }
}
