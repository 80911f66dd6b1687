//! Tests of `schema`.

use super::*;

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn each_step_is_taken_once_and_together() {
    let mut connection = Connection::open_in_memory().unwrap();
    advance(&mut connection, &["CREATE TABLE a (x); INSERT INTO a VALUES (1);"]).unwrap();
    assert_eq!((recognise(&connection).unwrap(), number(&connection, "PRAGMA user_version")), (Content::Store(1), 1));
    // As a later release would: its second step works on what the first one made.
    let steps = ["never run again", "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1;"];
    let broken = ["never run again", "UPDATE a SET x = 7; nonsense;"];
    advance(&mut connection, &broken).unwrap_err();
    assert_eq!((number(&connection, "SELECT x FROM a"), number(&connection, "PRAGMA user_version")), (1, 1));
    advance(&mut connection, &steps).unwrap();
    advance(&mut connection, &steps).unwrap_err();
    assert_eq!((number(&connection, "SELECT y FROM a"), number(&connection, "PRAGMA user_version")), (2, 2));
}

#[test]
fn this_release_makes_the_newest_format() {
    let mut connection = Connection::open_in_memory().unwrap();
    assert_eq!(recognise(&connection).unwrap(), Content::Nothing);
    migrate(&mut connection).unwrap();
    migrate(&mut connection).unwrap();
    assert_eq!(recognise(&connection).unwrap(), Content::Store(FORMAT));
}
