//! Which answers a question may have (ruling 34). Reads no row.

use super::{Station, What};
use crate::error::{Error, Result};

impl Station {
    /// The codes of a question's answers: those stated for the computation, else the catalogue's; none where neither says any.
    pub(crate) fn answers_to(&self, question: Option<&str>) -> &[String] {
        let What::Proportion(answers) = &self.what else { return &[] };
        let asked = question.or(answers.question.as_deref());
        let of_question = || self.questions.iter().find(|known| asked == Some(known.id.as_str())).map(|known| &*known.answers);
        if answers.known.is_empty() { of_question().unwrap_or_default() } else { &answers.known }
    }

    /// Refuses an answer that is none of its question, where the answers of that are known.
    pub(crate) fn check_answer(&self, question: Option<&str>, code: &str) -> Result<()> {
        let known = self.answers_to(question);
        if known.is_empty() || known.iter().any(|known| known == code) {
            return Ok(());
        }
        let error = Error::unknown("answer", code, known.iter().map(String::as_str));
        Err(Error::invalid(format!("{error}; mend it, or state the `answers` (ruling 34)")))
    }
}
