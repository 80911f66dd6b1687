//! Tries to prove of a file of site policies, with Cedar's symbolic compiler and the solver cvc5, that what it allows the floor allows; that no
//! policy errs; and that something is left to read.
//!
//! Advisory. Nothing depends on an answer: the gate ANDs site policies with the release rules whatever they say. Debian's cvc5 is older than
//! the version the compiler is documented with. Not a member of the workspace and not in CI: `cargo xtask prove FILE.cedar` runs it.

use std::process::ExitCode;
use std::str::FromStr as _;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use cedar_policy::{Effect, Policy, PolicyId, PolicySet, RequestEnv, Schema, ValidationMode, Validator};
use cedar_policy_symcc::err::Error;
use cedar_policy_symcc::solver::{LocalSolver, Solver};
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet, Env};

const SCHEMA: &str = include_str!("../../../crates/relto-site/schema.cedarschema");
const FLOOR: &str = include_str!("../floor.cedar");
/// What the frame of site policies permits: everything.
const FRAME: &str = "permit (principal, action, resource);";

fn main() -> ExitCode {
    let answer =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Into::into).and_then(|runtime| runtime.block_on(run()));
    match answer {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let file = std::env::args().nth(1).context("name a file of site policies")?;
    let text = std::fs::read_to_string(&file).with_context(|| format!("{file}: cannot be read"))?;
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA)?;
    let site = policies(&text, &schema).with_context(|| format!("{file}: not valid"))?;
    let floor = policies(FLOOR, &schema).context("the floor is not valid")?;
    let environment = schema.request_envs().next().context("the schema has no request")?;
    let mut prover = Prover { compiler: CedarSymCompiler::new(solver()?)?, environment, schema };
    println!("{file}: {} policies; advisory, by {}", site.num_of_policies(), version()?);
    prover.implies_floor(&site, &floor).await?;
    prover.never_err(&site).await?;
    prover.leaves_something(&site).await
}

/// Reads policies, each under its `@id`; with the frame when none of them permits.
fn policies(text: &str, schema: &Schema) -> Result<PolicySet> {
    let read = PolicySet::from_str(text)?;
    let mut policies: Vec<Policy> =
        read.policies().map(|policy| policy.new_id(PolicyId::new(policy.annotation("id").unwrap_or(policy.id().as_ref())))).collect();
    if policies.iter().all(|policy| policy.effect() == Effect::Forbid) {
        policies.push(Policy::parse(Some(PolicyId::new("the frame")), FRAME)?);
    }
    policies.sort_by_key(|policy| policy.id().to_string());
    let set = PolicySet::from_policies(policies)?;
    let findings = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
    let errors: Vec<String> = findings.validation_errors().map(ToString::to_string).collect();
    if !errors.is_empty() {
        bail!("{}", errors.join("; "));
    }
    Ok(set)
}

/// `CVC5` names another executable than the one in the path.
fn executable() -> String {
    std::env::var("CVC5").unwrap_or_else(|_| "cvc5".to_owned())
}

fn version() -> Result<String> {
    let output = std::process::Command::new(executable()).arg("--version").output();
    let output = output.map_err(|error| anyhow!("{}: {error}\nhelp: install the solver: `sudo apt-get install cvc5`", executable()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().next().unwrap_or_default();
    let line = line.strip_prefix("This is ").unwrap_or(line);
    Ok(line.split(" [").next().unwrap_or(line).to_owned())
}

fn solver() -> Result<LocalSolver> {
    version()?;
    Ok(LocalSolver::cvc5()?)
}

struct Prover<S: Solver> {
    compiler: CedarSymCompiler<S>,
    environment: RequestEnv,
    schema: Schema,
}

impl<S: Solver> Prover<S> {
    async fn implies_floor(&mut self, site: &PolicySet, floor: &PolicySet) -> Result<()> {
        let site = CompiledPolicySet::compile(site, &self.environment, &self.schema)?;
        let floor = CompiledPolicySet::compile(floor, &self.environment, &self.schema)?;
        let begun = Instant::now();
        let answer = self.compiler.check_implies_with_counterexample_opt(&site, &floor).await;
        let is_refuted = matches!(answer, Ok(Some(_)));
        told("what the policies allow, the floor allows", begun, answer)?;
        if is_refuted {
            println!("    the gate ANDs site policies with the release rules all the same");
        }
        Ok(())
    }

    async fn never_err(&mut self, site: &PolicySet) -> Result<()> {
        let mut policies: Vec<&Policy> = site.policies().collect();
        policies.sort_by_key(|policy| policy.id().to_string());
        for policy in policies {
            let compiled = CompiledPolicy::compile(policy, &self.environment, &self.schema)?;
            let begun = Instant::now();
            let answer = self.compiler.check_never_errors_with_counterexample_opt(&compiled).await;
            told(&format!("`{}` never errs", policy.id()), begun, answer)?;
        }
        Ok(())
    }

    async fn leaves_something(&mut self, site: &PolicySet) -> Result<()> {
        let site = CompiledPolicySet::compile(site, &self.environment, &self.schema)?;
        let begun = Instant::now();
        let answer = self.compiler.check_always_denies_opt(&site).await;
        match answer {
            Ok(false) => say("proved", "something is left to read", begun),
            Ok(true) => say("refuted", "something is left to read: the policies withhold everything from everybody", begun),
            Err(error) => unknown("something is left to read", begun, error)?,
        }
        Ok(())
    }
}

fn say(word: &str, claim: &str, begun: Instant) {
    println!("{word:8} {claim} ({:.2} s)", begun.elapsed().as_secs_f64());
}

fn told(claim: &str, begun: Instant, answer: Result<Option<Env>, Error>) -> Result<()> {
    match answer {
        Ok(None) => say("proved", claim, begun),
        Ok(Some(example)) => {
            say("refuted", claim, begun);
            println!("{}", indented(&example.to_string()));
        }
        Err(error) => unknown(claim, begun, error)?,
    }
    Ok(())
}

/// The solver gave up, or what it found cannot be read back; any other error is one of ours and ends the run.
fn unknown(claim: &str, begun: Instant, error: Error) -> Result<()> {
    match error {
        Error::SolverUnknown | Error::SolverError(_) | Error::DecodeModel(_) | Error::ConcretizeError(_) | Error::ModelInvalid { .. } => {
            say("unknown", claim, begun);
            println!("    {error}");
            Ok(())
        }
        error => Err(error.into()),
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
