//! Which columns a plan takes, and by which names. Reads no row.

use super::{Aggregation, Plan};
use crate::kernel::{Need, Reads};

impl Plan {
    /// The aggregations of an input.
    pub(crate) fn of_input(&self, input: usize) -> impl Iterator<Item = &Aggregation> {
        self.aggregations.iter().filter(move |aggregation| aggregation.input == input)
    }

    /// The roles that an input's columns may have.
    pub(crate) fn roles(&self, input: usize) -> Vec<&str> {
        let used = self.of_input(input).flat_map(|a| {
            let filter = a.filter.iter().map(|(role, _)| role.as_str());
            a.roles().map(|(_, name)| name).chain(a.by.iter().map(String::as_str)).chain(filter)
        });
        let mut roles: Vec<&str> = self.inputs[input].roles.keys().map(String::as_str).chain(used).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// The keys by which the option `columns` may name the roles of an input.
    pub(super) fn keys(&self, input: usize) -> Vec<String> {
        let name = &self.inputs[input].name;
        self.roles(input).into_iter().flat_map(|role| [role.to_owned(), format!("{name}.{role}")]).collect()
    }

    /// Whether the catalogue says that a table may lack a column of this role.
    pub(crate) fn is_optional(&self, input: usize, role: &str) -> bool {
        self.inputs[input].optional.iter().any(|name| name == role)
    }

    /// Whether an aggregation cannot do without a column of this role.
    pub(crate) fn needs(&self, input: usize, role: &str) -> bool {
        self.of_input(input).any(|aggregation| self.aggregation_needs(aggregation, role))
    }

    /// Whether one of them cannot: the catalogue may free it of what its kernel can do without.
    fn aggregation_needs(&self, aggregation: &Aggregation, role: &str) -> bool {
        let is_asked = |name: &str| self.options.by.iter().flat_map(|by| by.iter()).any(|asked| asked == name);
        let is_required = self.inputs[aggregation.input].roles.contains_key(role) && !self.is_optional(aggregation.input, role);
        let of_kernel = aggregation.roles().filter(|(_, name)| *name == role).any(|(own, name)| {
            let may_lack = aggregation.rule.need(own) == Some(Need::Never) || own.reads == Reads::Time && aggregation.may_be_undated;
            !may_lack || is_required || own.reads == Reads::Inner && is_asked(name)
        });
        of_kernel || aggregation.by.iter().chain(aggregation.filter.iter().map(|(role, _)| role)).any(|name| name == role)
    }

    /// Whether a table's column of the name of this role is taken without being named: not event ids, since any log may have a
    /// column called so that is something else, and for a kernel by itself nothing that it can do without.
    #[cfg(feature = "arrow")]
    pub(crate) fn takes_by_name(&self, input: usize, role: &str) -> bool {
        let is_event = self.aggregations.iter().any(|a| a.reads(Reads::Event) == Some(role));
        !is_event && (self.id.is_some() || self.needs(input, role))
    }

    /// The column that the option `columns` names for a role of an input.
    pub(crate) fn column(&self, input: usize, role: &str) -> Option<&str> {
        let own = self.options.columns.get(&format!("{}.{role}", self.inputs[input].name));
        own.or_else(|| self.options.columns.get(role)).map(String::as_str)
    }
}
