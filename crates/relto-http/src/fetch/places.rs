//! Which places of the network are asked: those of the public internet, and others only where the caller, and no stranger, leads there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::FetchError;

/// How an address was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The caller gave it.
    Given,
    /// A redirect led there, and none before it came from the public internet.
    SentByPrivate,
    /// A redirect led there, and one on the way came from the public internet.
    SentByPublic,
}

/// Why `address` may not be asked, whose host was written as a number or not.
pub(super) fn refusal(address: IpAddr, is_literal: bool, is_private_allowed: bool, way: Way) -> Option<fn(String) -> FetchError> {
    let address = address.to_canonical();
    match way {
        _ if is_public(address) => None,
        _ if !is_private_allowed => Some(FetchError::NotPublic),
        Way::Given if is_literal => None,
        _ if is_of_link_or_nobody(address) => Some(FetchError::NeverAsked),
        Way::SentByPublic => Some(FetchError::Inwards),
        Way::Given | Way::SentByPrivate => None,
    }
}

/// Whether `address` is one of this link alone, of which the metadata of a cloud's machines are, of many at once, or of nobody: no name of a server and
/// no redirect leads there in good faith.
fn is_of_link_or_nobody(address: IpAddr) -> bool {
    /// Where clouds answer that have an address of their own for it.
    const METADATA: [IpAddr; 2] =
        [IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)), IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254))];
    let is_special = match address {
        IpAddr::V4(address) => address.is_link_local() || address.is_broadcast() || address.octets().first() == Some(&0),
        IpAddr::V6(address) => address.is_unicast_link_local() || embedded(address).is_some_and(|inner| is_of_link_or_nobody(inner.into())),
    };
    is_special || address.is_multicast() || address.is_unspecified() || METADATA.contains(&address)
}

/// Whether `address` is one of the public internet, and none that leads to another.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Of the IANA registry of special addresses, all that are not reachable everywhere.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_special = matches!(
        (first, second, third),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_special
}

/// The address that stands in another: NAT64, and 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, third, .., high, low] = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (first, second, third) {
        (0x64, 0xff9b, 0) => Some(of(high, low)),
        (0x2002, high, low) => Some(of(high, low)),
        _ => None,
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded(address) {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    match (first, second) {
        // Teredo, documentation, benchmarks, ORCHID.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // Global unicast, and nothing else.
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_of_the_public_internet_is_known() {
        for address in ["1.1.1.1", "100.63.0.1", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:1.1.1.1",
            "fe80::1",
            "fc00::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2001::1",
            "::7f00:1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_redirect_leads_neither_into_a_private_network_nor_to_metadata() {
        let refused = |address: &str, is_literal, way| refusal(address.parse().unwrap(), is_literal, true, way).map(|of| of(String::new()));
        let inner = [
            "169.254.169.254",
            "fe80::1",
            "224.0.0.1",
            "0.0.0.0",
            "::",
            "ff02::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "100.100.100.200",
        ];
        for address in inner {
            assert!(refused(address, true, Way::Given).is_none(), "{address} was given");
            for (is_literal, way) in
                [(false, Way::Given), (true, Way::SentByPrivate), (false, Way::SentByPrivate), (true, Way::SentByPublic)]
            {
                assert!(matches!(refused(address, is_literal, way), Some(FetchError::NeverAsked(_))), "{address} {way:?}");
            }
        }
        for address in ["10.0.0.1", "127.0.0.1", "::1", "fc00::1", "192.168.1.1", "::ffff:10.0.0.1"] {
            assert!(refused(address, false, Way::Given).is_none() && refused(address, true, Way::SentByPrivate).is_none(), "{address}");
            assert!(matches!(refused(address, true, Way::SentByPublic), Some(FetchError::Inwards(_))), "{address}");
            assert!(matches!(
                refusal(address.parse().unwrap(), true, false, Way::Given).map(|of| of(String::new())),
                Some(FetchError::NotPublic(_))
            ));
        }
        assert!(refused("1.1.1.1", true, Way::SentByPublic).is_none());
    }
}
