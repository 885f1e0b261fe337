//! Which columns a plan takes, and by which names. Reads no row.

use super::Plan;

impl Plan {
    /// The roles that an input's columns may have.
    pub(crate) fn roles(&self, input: usize) -> Vec<&str> {
        let stations = self.stations.iter().filter(|station| station.input == input);
        let used = stations.flat_map(|s| {
            let maybe = [&s.id, &s.amount, &s.count, &s.event].into_iter().flatten();
            let filter = s.filter.iter().map(|(role, _)| role);
            std::iter::once(&s.time).chain(maybe).chain(&s.by).chain(filter).map(String::as_str)
        });
        let mut roles: Vec<&str> = self.inputs[input].roles.iter().map(String::as_str).chain(used).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// The keys by which the option `columns` may name the roles of an input.
    pub(super) fn keys(&self, input: usize) -> Vec<String> {
        let name = &self.inputs[input].name;
        self.roles(input).into_iter().flat_map(|role| [role.to_owned(), format!("{name}.{role}")]).collect()
    }

    /// Whether a station cannot do without a column of this role.
    #[cfg(feature = "arrow")]
    pub(crate) fn needs(&self, input: usize, role: &str) -> bool {
        let mut stations = self.stations.iter().filter(|station| station.input == input);
        stations.any(|s| {
            let filter = s.filter.iter().map(|(role, _)| role);
            std::iter::once(&s.time).chain(&s.id).chain(&s.amount).chain(&s.by).chain(filter).any(|name| name == role)
        })
    }

    /// Whether a table's column of the name of this role is taken without being named: not event ids and counts, since any log may
    /// have columns called so that are something else.
    #[cfg(feature = "arrow")]
    pub(crate) fn takes_by_name(&self, role: &str) -> bool {
        !self.stations.iter().any(|s| [&s.event, &s.count].into_iter().flatten().any(|name| name == role))
    }

    /// The column that the option `columns` names for a role of an input.
    #[cfg(feature = "arrow")]
    pub(crate) fn column(&self, input: usize, role: &str) -> Option<&str> {
        let own = self.options.columns.get(&format!("{}.{role}", self.inputs[input].name));
        own.or_else(|| self.options.columns.get(role)).map(String::as_str)
    }
}
