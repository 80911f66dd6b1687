//! Patterns of the standard and of its test suite, and what is wrong with near misses.

use super::*;

#[test]
fn patterns() {
    for pattern in [
        "[file:size = 25]",
        "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
        "[email-message:from_ref.value MATCHES '.+\\\\@example\\\\.com$' AND email-message:body_multipart[*].body_raw_ref.name MATCHES '^Final Report.+\\\\.exe$']",
        "[ipv4-addr:value = '198.51.100.1/32' OR ipv4-addr:value NOT = '203.0.113.33/32' OR ipv6-addr:value != '2001:0db8::/128']",
        "([file:name = 'a'] FOLLOWEDBY [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\foo\\\\bar']) WITHIN 300 SECONDS",
        "[a-type:x_y = 1] REPEATS 5 TIMES WITHIN 1800.5 SECONDS START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00.5Z'",
        "[network-traffic:dst_ref.type = 'domain-name' AND network-traffic:src_port IN (80, 443) AND EXISTS process:pid]",
        "[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]",
        "[artifact:payload_bin = b'dGVzdA==' OR artifact:hash_x = h'00ff' OR process:is_hidden = true]",
        "[ipv4-addr:value ISSUBSET '198.51.100.0/24' /* a note */] // another\n AND [url:value LIKE 'http%']",
        "[file:name = 'it\\'s']",
        "[x-usb-device:usbdrive.serial_number = '5' AND (file:size >= 1 OR file:size < -5)]",
        "([a12:bcd = 1] OR [a12:bcd = 2]) WITHIN 5 SECONDS WITHIN 6 SECONDS",
    ] {
        assert_eq!(check(pattern), Ok(()), "{pattern}");
    }
}

#[test]
fn near_misses() {
    for (pattern, place) in [
        ("", "character 1"),
        ("file:size = 280", "character 1"),
        ("[file:size = ]", "character 14"),
        ("[file:size == 280", "character 18"),
        ("[file:size 280]", "character 12"),
        ("[file = 280]", "character 7"),
        ("[file:name = 'a\\b']", "character 14"),
        ("[file:name = \"a\"]", "character 14"),
        ("[file:size > true]", "character 14"),
        ("[file:name LIKE 5]", "character 17"),
        ("[file:size = 1] WITHIN -5 SECONDS", "character 24"),
        ("[file:size = 1] WITHIN 5", "character 25"),
        ("[file:size = 1] START '2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00Z'", "character 23"),
        ("[file:size = 1] REPEATS 5 TIMES REPEATS 6 TIMES", "twice"),
        ("[file:size = 1] [file:size = 2]", "character 17"),
        ("[file:size = 1] AND", "character 20"),
        ("[file:hashes.MD5 = 'abc']", "32 hexadecimal"),
        ("[File:size = 1]", "character 2"),
        ("[file:size = 01]", "character 14"),
        ("[file:names[x] = 1]", "character 13"),
    ] {
        let message = check(pattern).expect_err(pattern);
        assert!(message.contains(place), "{pattern}: {message}");
    }
    let deep = |depth: usize| format!("{}[file:size = 1]{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(check(&deep(PATTERN_DEPTH_MAX - 1)), Ok(()));
    assert!(check(&deep(100_000)).unwrap_err().contains("deep"));
}

#[test]
fn pieces_are_all_of_the_pattern() {
    for pattern in [
        "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f' AND file:size > 10]",
        "  [ipv4-addr:value ISSUBSET '198.51.100.0/24'] /* a ] comment */ FOLLOWEDBY [url:value LIKE 'a\\'é%'] WITHIN 5 SECONDS // end",
        "[process:x_flag = true OR process:created_time > t'2026-01-01T00:00:00Z']",
    ] {
        let pieces = pieces(pattern).unwrap_or_else(|| panic!("{pattern}"));
        assert_eq!(pieces.iter().map(|(_, text)| *text).collect::<String>(), pattern);
        assert!(pieces.contains(&(PieceKind::Sign, "[")));
    }
    let kinds: Vec<(PieceKind, &str)> = pieces("[file:name = 'd'] AND [file:size IN (1, 2)]").unwrap();
    let of = |kind| kinds.iter().filter(|(other, _)| *other == kind).map(|(_, text)| *text).collect::<Vec<_>>().join(" ");
    assert_eq!(of(PieceKind::Path), "file : name file : size");
    assert_eq!((of(PieceKind::Word), of(PieceKind::Text), of(PieceKind::Constant)), ("AND IN".into(), "'d'".into(), "1 2".into()));
    assert_eq!(pieces("rule x { condition: true }"), None);
}
