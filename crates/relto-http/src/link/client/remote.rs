//! Where a connection goes, and whom it believes to have reached.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderValue, Uri};
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::link::{LINK_PROTOCOL, LinkError, LinkIdentity, OneOf};

/// What shows that the other side is who it should be.
#[derive(Debug, Clone)]
pub enum Trust {
    /// A link: both sides prove their keys.
    Link {
        /// Who this side is.
        identity: Arc<LinkIdentity>,
        /// The keys of the partner. Whoever holds one is the partner, whatever its certificate says.
        keys: Vec<[u8; 32]>,
    },
    /// An ordinary server: the certificates, in PEM, of which one must have issued the server's, or be it if it issued itself. Names and
    /// dates count.
    Certificate(Vec<u8>),
    /// A server of the open web: one of the authorities that browsers believe issued its certificate. Names and dates count.
    Authorities,
    /// Nothing, over plain HTTP: whoever answers is believed, and anybody on the way reads along.
    None,
}

/// The other side of connections that are yet to be opened.
#[derive(Clone)]
pub struct Remote {
    host: String,
    port: u16,
    authority: HeaderValue,
    path: String,
    tls: Option<Tls>,
}

/// How to secure a connection to one remote.
#[derive(Clone)]
pub(super) struct Tls {
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
    is_link: bool,
}

impl Remote {
    /// The side at `url`, believed because of `trust`: `https` with a link, a certificate or the authorities, `http` with none of them.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] when the two do not go together, or one of them is no good.
    pub fn new(url: &str, trust: Trust) -> Result<Self, LinkError> {
        let uri: Uri = url.parse().map_err(|_| LinkError::Unusable("its address is no URL"))?;
        let (Some(authority), Some(scheme)) = (uri.authority(), uri.scheme_str()) else {
            return Err(LinkError::Unusable("its address does not begin with `https://` and a host"));
        };
        if authority.as_str().contains('@') {
            return Err(LinkError::Unusable("its address holds credentials"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let (port, tls) = match (scheme, trust) {
            ("http", Trust::None) => (80, None),
            ("https", Trust::Link { identity, keys }) => (443, Some(Tls::new(&host, link_config(&identity, keys)?, true)?)),
            ("https", Trust::Certificate(pem)) => (443, Some(Tls::new(&host, server_config(&pem)?, false)?)),
            ("https", Trust::Authorities) => (443, Some(Tls::new(&host, authorities_config()?, false)?)),
            ("https", Trust::None) => return Err(LinkError::Unusable("`https` takes a key or a certificate to believe")),
            _ => return Err(LinkError::Unusable("a key or a certificate counts for nothing without `https`")),
        };
        let port = port_of(authority.as_str(), authority.port_u16(), port)?;
        let authority = HeaderValue::from_str(authority.as_str()).map_err(|_| LinkError::Unusable("its address is no URL"))?;
        Ok(Self { host, port, authority, path: uri.path().to_owned(), tls })
    }

    /// The path of its address, `/` if it has none.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether its address says that it is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost") || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn authority(&self) -> HeaderValue {
        self.authority.clone()
    }

    pub(super) fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// The port in `authority`, or `default` when it names none. One that is none is not taken for the default.
fn port_of(authority: &str, read: Option<u16>, default: u16) -> Result<u16, LinkError> {
    let has_port = authority.rsplit(']').next().is_some_and(|end| end.contains(':'));
    match read {
        None if has_port => Err(LinkError::Unusable("its address has a port that is none")),
        read => Ok(read.unwrap_or(default)),
    }
}

impl Tls {
    fn new(host: &str, config: ClientConfig, is_link: bool) -> Result<Self, LinkError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| LinkError::Unusable("its address has no host that TLS can name"))?;
        Ok(Self { name, config: Arc::new(config), is_link })
    }

    /// The secured stream, once the other side has proved who it is.
    pub(super) async fn secure(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, LinkError> {
        let connector = TlsConnector::from(self.config.clone());
        let stream = connector.connect(self.name.clone(), stream).await.map_err(LinkError::of_socket)?;
        if self.is_link && stream.get_ref().1.alpn_protocol() != Some(LINK_PROTOCOL) {
            return Err(LinkError::Handshake("the other side takes no links".to_owned()));
        }
        Ok(stream)
    }
}

/// Nothing is resumed: each connection proves both keys anew.
fn link_config(identity: &LinkIdentity, keys: Vec<[u8; 32]>) -> Result<ClientConfig, LinkError> {
    let provider = provider();
    let verifier = OneOf { keys, algorithms: provider.signature_verification_algorithms };
    let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS13]);
    let builder =
        builder.map_err(|_| LinkError::Unusable("there is no TLS 1.3"))?.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified())));
    config.alpn_protocols = vec![LINK_PROTOCOL.to_vec()];
    config.resumption = Resumption::disabled();
    Ok(config)
}

fn server_config(pem: &[u8]) -> Result<ClientConfig, LinkError> {
    let unusable = || LinkError::Unusable("the certificate to believe is no certificate in PEM");
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.map_err(|_| unusable())?).map_err(|_| unusable())?;
    }
    if roots.is_empty() {
        return Err(unusable());
    }
    config_of(roots)
}

fn authorities_config() -> Result<ClientConfig, LinkError> {
    config_of(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
}

fn config_of(roots: RootCertStore) -> Result<ClientConfig, LinkError> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|_| LinkError::Unusable("there is no TLS"))?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Trust {
        Trust::Link { identity: Arc::new(LinkIdentity::from_seed(&[7; 32]).unwrap()), keys: vec![[1; 32]] }
    }

    fn certificate() -> Trust {
        Trust::Certificate(rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert.pem().into_bytes())
    }

    #[test]
    fn addresses() {
        let place = |url: &str, trust: Trust| Remote::new(url, trust).map(|remote| (remote.host, remote.port, remote.path)).ok();
        let at = |host: &str, port: u16, path: &str| Some((host.to_owned(), port, path.to_owned()));
        assert_eq!(place("https://node.example", link()), at("node.example", 443, "/"));
        assert_eq!(place("https://node.example:8443/taxii2/?x", certificate()), at("node.example", 8443, "/taxii2/"));
        assert_eq!(place("https://[::1]:8443/", link()), at("::1", 8443, "/"));
        assert_eq!(place("https://[2001:db8::1]/", link()), at("2001:db8::1", 443, "/"));
        assert_eq!(place("http://127.0.0.1/", Trust::None), at("127.0.0.1", 80, "/"));
        let refused = [
            "",
            "/",
            "node.example",
            "ftp://node.example/",
            "https://a@node.example/",
            "https://node.example:99999/",
            "https://node.example:/",
        ];
        for url in refused {
            assert_eq!(place(url, link()), None, "{url}");
        }
    }

    #[test]
    fn trust_goes_with_the_scheme() {
        for (url, trust) in [
            ("https://node.example/", Trust::None),
            ("http://node.example/", link()),
            ("http://node.example/", certificate()),
            ("https://node.example/", Trust::Certificate(Vec::new())),
            ("https://node.example/", Trust::Certificate(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec())),
        ] {
            let shown = format!("{url} {trust:?}");
            assert!(matches!(Remote::new(url, trust), Err(LinkError::Unusable(_))), "{shown}");
        }
    }
}
