//! All automation of the workspace: `cargo xtask ci`, `layers`, `tidy`, `fuzz`, `soak`, `bench`.
//!
//! Not part of Relto: nothing here ships. Each command is one module; [`ci`] is what CI runs and all it runs.
//! Start at [`ci::stages`] to see what guards `main`.

mod bench;
mod browser;
mod ci;
mod clients;
mod fuzz;
mod layers;
mod licences;
mod process;
mod prove;
mod soak;
mod source;
mod system;
mod tidy;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask COMMAND

  ci                          everything CI runs, each stage timed
  layers                      the crate picture of the architecture against what the manifests say; licences
  tidy [--update]             house rules as tests; --update writes lower counts into xtask/tidy-budget.txt
  fuzz [TARGET] [--seconds N] mutate the corpora of fuzz/ (all targets, or one); a crash is kept in the corpus
  bench [--decisions | --exchange] [--objects N] [--scale N] [--rounds N] [--seconds N] [--relto-only] [--peers-only] [--write FILE]
                              figures: the peers, Relto, nginx and sqlite3 in one run; then Relto by size of the store
  prove FILE.cedar            site policies against the floor, by a solver: advisory, builds for some minutes, in no stage of CI
  soak --minutes N [--seed N] a real node under posts, deletions and loads, killed again and again; nothing acknowledged is lost
  soak --worlds [N] [--seed N]
                              simulated federations, 10000 of them; a failure names its seed, which CI's test lives through alone by RELTO_SEED
  clients [FILTER]            real TAXII clients, in an environment made for them, against a real node
  browser [FILTER]            the pages in a real browser: light, dark, phone, without script, by keyboard, on paper; pictures in target/browser
";

fn main() {
    if let Err(error) = run() {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    std::env::set_current_dir(process::root())?;
    match words.as_slice() {
        ["ci"] => ci::run(),
        ["layers"] => {
            layers::run()?;
            licences::run()
        }
        ["tidy", rest @ ..] => tidy::run(rest.contains(&"--update")),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        ["prove", file] => prove::run(file),
        ["soak", rest @ ..] => soak::run(rest),
        ["clients", rest @ ..] => clients::run(&process::binary("ci"), rest),
        ["browser", rest @ ..] => browser::run(&process::binary("ci"), rest),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("unknown command `{}`\n\n{HELP}", other.join(" ")),
    }
}
