//! `relto demo`: a throw-away node from real data, shown to three people of three nations.
//!
//! Nothing here has a way of its own to a node: every step is an ordinary command of this very binary, run as a process, and every answer
//! comes over TAXII. `policy` is who the people are and which object gets which label, `data` the objects, `stage` the node, `screen` what
//! is shown; `federation` are three nations' nodes that exchange a warning. With `--check`, `check` runs the commands that are shown and compares every answer with `reckoning`, which knows no gate.

mod check;
mod data;
mod federation;
mod policy;
mod reckoning;
mod screen;
mod stage;
mod tries;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::demo::data::Data;
use crate::demo::federation::Federation;
use crate::demo::policy::Policy;
use crate::demo::stage::Stage;
use crate::failure::Failure;

/// Shows the demo until somebody ends it; with `check`, checks it and ends.
///
/// # Errors
/// [`Failure`] when the node cannot be made, or an answer is not what it must be.
pub(crate) fn demo(check: bool) -> Result<ExitCode, Failure> {
    let stage = Arc::new(Stage::new()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of("the runtime cannot start", &error))?;
    let ended = runtime.block_on(run(stage.clone(), check));
    stage.clear();
    // A step that was interrupted may still be on its way to its end; nobody waits for it.
    runtime.shutdown_background();
    ended
}

async fn run(stage: Arc<Stage>, check: bool) -> Result<ExitCode, Failure> {
    let interrupted = interrupted().map_err(|error| Failure::of("signals cannot be awaited", &error))?;
    tokio::pin!(interrupted);
    let (at_work, stands) = (stage.clone(), Arc::new(AtomicBool::new(false)));
    let standing = stands.clone();
    let acted = tokio::task::spawn_blocking(move || act(&at_work, check, &standing));
    let code = tokio::select! {
        // Whoever has read that Ctrl-C ends it may be faster than the thread that wrote so.
        () = &mut interrupted => return Ok(if stands.load(Ordering::Acquire) { end() } else { ExitCode::from(INTERRUPTED) }),
        acted = acted => acted.map_err(|error| Failure::of("the demo broke off", &error))??,
    };
    if check {
        return Ok(code);
    }
    let ended = tokio::task::spawn_blocking(move || stage.wait_for_end());
    tokio::select! {
        () = interrupted => Ok(end()),
        ended = ended => Err(ended.unwrap_or_else(|error| Failure::of("the demo broke off", &error))),
    }
}

fn end() -> ExitCode {
    screen::farewell();
    ExitCode::SUCCESS
}

/// Exit code of a demo that was stopped before it stood, as shells have it for SIGINT.
const INTERRUPTED: u8 = 130;

/// Ends at the first signal that asks the demo to end.
fn interrupted() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

fn act(stage: &Stage, check: bool, stands: &AtomicBool) -> Result<ExitCode, Failure> {
    let policy = Policy::shipped()?;
    let data = Data::shipped(&policy)?;
    let play = stage.build(&policy, &data)?;
    let mut federation = Federation::new(stage)?;
    federation.play()?;
    stands.store(!check, Ordering::Release);
    screen::show(&play, &policy, &data)?;
    federation.show()?;
    if !check {
        return screen::last(&play).map(|()| ExitCode::SUCCESS);
    }
    let (alone, together) = (check::check(&play, &policy, &data)?, federation.check());
    Ok(if together { alone } else { ExitCode::FAILURE })
}
