//! Search in ids, names and descriptions, in both languages. Knows no file.

use super::Catalogue;
use super::model::{Indicator, Text};

impl Catalogue {
    /// The indicators that hold every word of `text` in their id, names, topic or description, in either language;
    /// those found by id or name come first, and otherwise the order is that of the ids.
    ///
    /// Case makes no difference, and æ, ø and å are found by themselves as well as by `ae`, `o` or `oe`, and `a` or `aa`.
    ///
    /// ```
    /// # use ehelse_core::catalogue::Catalogue;
    /// let catalogue = Catalogue::builtin();
    /// for words in ["BESØK", "besok sider", "open pages"] {
    ///     assert_eq!(catalogue.search(words)[0].id, "helsenorge.visits");
    /// }
    /// ```
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<&Indicator> {
        let words: Vec<String> = lower(text).split_whitespace().map(str::to_owned).collect();
        let mut found: Vec<(bool, &Indicator)> = Vec::new();
        for indicator in self.indicators() {
            let names = forms([indicator.id.as_str()].into_iter().chain(both(&indicator.name)));
            let topic = self.topics.iter().find(|topic| topic.id == indicator.topic);
            let rest = forms(both(&indicator.measured).into_iter().chain(topic.into_iter().flat_map(|topic| both(&topic.name))));
            let holds = |forms: &[String; 3], word: &String| forms.iter().any(|form| form.contains(word.as_str()));
            if words.iter().all(|word| holds(&names, word) || holds(&rest, word)) {
                found.push((!words.iter().all(|word| holds(&names, word)), indicator));
            }
        }
        found.sort_by_key(|(is_described, _)| *is_described);
        found.into_iter().map(|(_, indicator)| indicator).collect()
    }
}

fn both(text: &Text) -> [&str; 2] {
    [&text.nb, &text.en]
}

/// Lower case, with a decomposed å written as one letter.
fn lower(text: &str) -> String {
    text.to_lowercase().replace("a\u{30a}", "å")
}

/// The texts as they are, and in the two ways of writing them without æ, ø and å.
fn forms<'a>(texts: impl Iterator<Item = &'a str>) -> [String; 3] {
    let plain = lower(&texts.collect::<Vec<_>>().join("\n"));
    let spelled = |o: &str, a: &str| plain.replace('æ', "ae").replace('ø', o).replace('å', a);
    [spelled("o", "a"), spelled("oe", "aa"), plain]
}
