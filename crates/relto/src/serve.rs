//! `relto serve`: the one process that holds a directory alone, listens, and carries out the commands of others.

use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use relto_http::link::LinkIdentity;
use relto_http::{Application, ClientAuthorities, ServeConfig, TlsFiles};
use relto_node::Node;
use tracing_subscriber::EnvFilter;

use crate::cli::{LogForm, Metrics, Serve};
use crate::control::{client, server};
use crate::directory::{Directory, Hold};
use crate::failure::{Exit, Failure};

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// [`Failure`] when the directory is held, or a socket or the certificate is no good.
pub(crate) fn serve(form: &Serve) -> Result<(), Failure> {
    let directory = Directory::find(&form.place.data)?;
    let lock = directory.wait_for(|| match client::connect(&directory)? {
        Some(_) => Err(Failure::new(format!("a server runs on `{}` already", form.place.data.display()))
            .exit(Exit::Held)
            .help("every other command works while it runs; stop it to serve with other settings")),
        None => directory.try_lock(Hold::Alone),
    })?;
    log_to_stderr(form.log);
    log_panics_by_place();
    let tls = if form.insecure_http { None } else { Some(tls_files(&directory, form)?) };
    let listener = listen(form.listen, "--listen")?;
    let metrics = match form.metrics {
        Metrics::Off => None,
        Metrics::At(address) => Some(listen(address, "--metrics")?),
    };
    let node = directory.node()?;
    let control = server::open(&directory, node.clone())?;
    let announce = |config: &ServeConfig| announce(form, &directory, config);
    let link = link_identity(&node)?;
    let served = run_until_signal(node, ServeConfig { listener, tls, link, metrics }, announce);
    control.close();
    drop(lock);
    served
}

/// Serves, and calls `ready` first, once a signal no longer ends the process out of order.
fn run_until_signal(node: Arc<Node>, config: ServeConfig, ready: impl FnOnce(&ServeConfig) -> Result<(), Failure>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of("the runtime cannot start", &error))?;
    let served = runtime.block_on(async {
        let signals = signals().map_err(|error| Failure::of("signals cannot be awaited", &error))?;
        ready(&config)?;
        relto_http::serve(Application::new(node), config, signals).await.map_err(|error| Failure::new(crate::failure::chain(&error)))
    });
    tracing::info!("stopped");
    served
}

/// Ends at the first SIGTERM or SIGINT. A second one ends the process where it stands: the store stands that at any moment.
fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(130);
        });
    })
}

/// The key that this node is known by among partners.
fn link_identity(node: &Node) -> Result<Option<LinkIdentity>, Failure> {
    let seeds = node.identity()?;
    let identity = seeds.first().map(LinkIdentity::from_seed).transpose();
    identity.map_err(|error| Failure::of("the key of this node cannot be used", &error))
}

fn tls_files(directory: &Directory, form: &Serve) -> Result<TlsFiles, Failure> {
    let read = |path: &Path, help: &str| {
        std::fs::read(path).map_err(|error| {
            let failure = Failure::of(&format!("`{}` cannot be read", path.display()), &error);
            let failure = if error.kind() == io::ErrorKind::NotFound { failure.exit(Exit::NotFound) } else { failure };
            failure.help(help.to_owned())
        })
    };
    let own = |path: &Path| read(path, "give a certificate and its key with `--tls-cert` and `--tls-key`");
    let certificate_pem = own(form.tls_cert.as_deref().unwrap_or(&directory.certificate()))?;
    let key_pem = own(form.tls_key.as_deref().unwrap_or(&directory.key()))?;
    let of_clients = |path: &Path| read(path, "give certificates and lists of authorities in PEM with `--client-ca` and `--client-crl`");
    let clients = form.client_ca.as_deref().map(of_clients).transpose()?;
    let revoked_pem = form.client_crl.as_deref().map(of_clients).transpose()?.unwrap_or_default();
    let clients = clients.map(|certificates_pem| ClientAuthorities { certificates_pem, revoked_pem });
    let files = TlsFiles { certificate_pem, key_pem, clients };
    files.check().map_err(|error| Failure::new(crate::failure::chain(&error)).help("nothing was begun; give other files, in PEM"))?;
    Ok(files)
}

fn listen(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| {
        Failure::of(&format!("cannot listen on {address}"), &error).help(format!("choose another address with `{option} ADDR:PORT`"))
    })
}

/// Says where people connect, once they can.
fn announce(form: &Serve, directory: &Directory, config: &ServeConfig) -> Result<(), Failure> {
    let (listener, metrics) = (&config.listener, config.metrics.as_ref());
    let address =
        |listener: &TcpListener| listener.local_addr().map_err(|error| Failure::of("the listening socket has no address", &error));
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let root = format!("{scheme}://{}/", address(listener)?);
    directory.note_listening(&root)?;
    let taxii = format!("{root}taxii2/");
    let metrics = metrics.map(|listener| Ok::<_, Failure>(format!("http://{}/metrics", address(listener)?))).transpose()?;
    let mut out = anstream::stdout().lock();
    let said = if form.place.json {
        writeln!(out, "{}", serde_json::json!({"taxii": taxii, "pages": root, "metrics": metrics}))
    } else {
        let metrics = metrics.map_or(Ok(()), |metrics| writeln!(out, "metrics: {metrics}"));
        metrics.and_then(|()| writeln!(out, "listening on {taxii}")).and_then(|()| writeln!(out, "pages for people: {root}"))
    };
    // Nobody has to read what is said; serving goes on.
    let _ = said.and_then(|()| out.flush());
    Ok(())
}

/// What a panic says can hold what it stumbled over, and the hook that Rust has by default writes it to standard error. The place in the source
/// finds the fault, too.
fn log_panics_by_place() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(place, "a thread panicked");
    }));
}

fn log_to_stderr(form: LogForm) {
    let filter = EnvFilter::builder().with_default_directive(tracing::level_filters::LevelFilter::INFO.into()).from_env_lossy();
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    let _ = match form {
        LogForm::Json => builder.json().try_init(),
        LogForm::Text => builder.try_init(),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHILD: &str = "RELTO_TEST_PANICS";

    /// In a process of its own, since a hook is for the whole process: this test again, told to panic.
    #[test]
    fn a_panic_is_told_by_its_place_alone() {
        if std::env::var_os(CHILD).is_some() {
            log_to_stderr(LogForm::Text);
            log_panics_by_place();
            let ended = std::thread::spawn(|| panic!("an indicator named {}", "SECRET")).join();
            assert!(ended.is_err());
            return;
        }
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "serve::tests::a_panic_is_told_by_its_place_alone", "--nocapture"]);
        let said = child.env(CHILD, "1").env("RUST_BACKTRACE", "1").env_remove("RUST_LOG").output().unwrap();
        let (out, err) = (String::from_utf8(said.stdout).unwrap(), String::from_utf8(said.stderr).unwrap());
        assert!(said.status.success() && err.contains("a thread panicked") && err.contains("src/serve.rs:"), "{out}{err}");
        assert!(!err.contains("SECRET") && !out.contains("SECRET"), "{out}{err}");
    }
}
