//! Ctrl-C and progress while the core works: looks in about every 20 ms. Computes nothing.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ehelse_core::Observer;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::errors::invalid;

const EVERY: Duration = Duration::from_millis(20);

/// Where progress goes: nowhere, to a bar on standard error, or to a callable that takes the rows of the call so far.
#[derive(Debug)]
pub(crate) enum Progress {
    None,
    Bar,
    Callable(Py<PyAny>),
}

impl Progress {
    pub(crate) fn from_option(value: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(value) = value else { return Ok(Self::None) };
        match value.cast::<PyBool>() {
            Ok(flag) => Ok(if flag.is_true() { Self::Bar } else { Self::None }),
            Err(_) if value.is_callable() => Ok(Self::Callable(value.clone().unbind())),
            Err(_) => Err(invalid(value.py(), "option `progress`: give True, False or a callable that takes the number of rows so far")),
        }
    }

    /// A watch over one call that reads `table`.
    pub(crate) fn watch(&self, py: Python<'_>, table: Option<&Bound<'_, PyAny>>) -> PyResult<Watch> {
        let callable = match self {
            Self::None => None,
            Self::Bar => Some(py.import("ehelse._progress")?.getattr("Bar")?.call1((table,))?.unbind()),
            Self::Callable(callable) => Some(callable.clone_ref(py)),
        };
        Ok(Watch { callable, is_bar: matches!(self, Self::Bar), next: Instant::now() + EVERY, rows: 0, raised: None })
    }
}

#[derive(Debug)]
pub(crate) struct Watch {
    callable: Option<Py<PyAny>>,
    is_bar: bool,
    next: Instant,
    /// Rows of the batches that this call has taken.
    pub(crate) rows: u64,
    /// The exception of Python's that stopped the work.
    pub(crate) raised: Option<PyErr>,
}

impl Watch {
    /// The call is over: says the last number, and takes the bar away.
    pub(crate) fn done(&self, py: Python<'_>, failed: bool) -> PyResult<()> {
        let Some(callable) = &self.callable else { return Ok(()) };
        if !failed {
            callable.call1(py, (self.rows,))?;
        }
        if self.is_bar {
            callable.call_method0(py, "close")?;
        }
        Ok(())
    }
}

impl Observer for Watch {
    fn tick(&mut self, rows: u64) -> ControlFlow<()> {
        if Instant::now() < self.next {
            return ControlFlow::Continue(());
        }
        let asked = Python::attach(|py| {
            py.check_signals()?;
            self.callable.as_ref().map_or(Ok(()), |callable| callable.call1(py, (self.rows + rows,)).map(drop))
        });
        self.next = Instant::now() + EVERY;
        let Err(raised) = asked else { return ControlFlow::Continue(()) };
        self.raised = Some(raised);
        ControlFlow::Break(())
    }
}
