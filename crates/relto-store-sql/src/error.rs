//! SQLite's errors as the store's.

use relto_store::BackendError;
use rusqlite::{Error, ErrorCode};

/// Turns an error of SQLite that occurred while `doing` something into the store's.
pub(crate) fn failed(doing: &'static str) -> impl Fn(Error) -> BackendError {
    move |error| {
        if is_damage(&error) {
            BackendError::Damaged(format!("{doing}: {error}"))
        } else {
            BackendError::Failed { doing, source: Box::new(error) }
        }
    }
}

/// Whether the file's content is at fault rather than the attempt.
fn is_damage(error: &Error) -> bool {
    match error {
        Error::SqliteFailure(cause, _) => matches!(cause.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase),
        Error::FromSqlConversionFailure(..) | Error::IntegralValueOutOfRange(..) | Error::InvalidColumnType(..) | Error::Utf8Error(..) => {
            true
        }
        _ => false,
    }
}

/// An error about what is stored.
pub(crate) fn damaged(what: impl Into<String>) -> BackendError {
    BackendError::Damaged(what.into())
}

/// A number from the file that must fit a narrower type.
pub(crate) fn narrow<T: TryFrom<i64>>(number: i64, what: &str) -> Result<T, BackendError> {
    T::try_from(number).map_err(|_| damaged(format!("{what} {number} is out of range")))
}
