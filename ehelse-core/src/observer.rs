//! Progress and stopping: callers look in while rows are taken. Knows no kernel.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use crate::error::{Error, Result};

/// Looks in on a computation every few thousand rows: for progress, deadlines and interrupts.
pub trait Observer {
    /// `rows` rows of this call have been taken; `Break` stops it and leaves the state as it was before.
    fn tick(&mut self, rows: u64) -> ControlFlow<()>;
}

impl<F: FnMut(u64) -> ControlFlow<()>> Observer for F {
    fn tick(&mut self, rows: u64) -> ControlFlow<()> {
        self(rows)
    }
}

/// What workers of one call share: how far they are, and whether to stop.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    rows: AtomicU64,
    stop: AtomicBool,
}

impl Pulse {
    /// A worker took rows.
    pub(crate) fn beat(&self, rows: usize) -> Result<()> {
        self.rows.fetch_add(rows as u64, Relaxed);
        if self.stop.load(Relaxed) { Err(Error::stopped()) } else { Ok(()) }
    }

    /// Asks the observer, who may stop the workers.
    pub(crate) fn ask(&self, observer: &mut dyn Observer) {
        if observer.tick(self.rows.load(Relaxed)).is_break() {
            self.stop.store(true, Relaxed);
        }
    }
}
