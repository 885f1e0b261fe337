//! Which columns a plan takes, and by which names. Reads no row.

use super::{Plan, Station};
use crate::catalogue::Need;

impl Plan {
    /// The roles that an input's columns may have.
    pub(crate) fn roles(&self, input: usize) -> Vec<&str> {
        let stations = self.stations.iter().filter(|station| station.input == input);
        let used = stations.flat_map(|s| {
            let maybe = [&s.id, &s.amount, &s.count, &s.event].into_iter().flatten().chain(s.more.values());
            let filter = s.filter.iter().map(|(role, _)| role);
            std::iter::once(&s.time).chain(maybe).chain(&s.by).chain(filter).map(String::as_str)
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

    /// Whether a station cannot do without a column of this role.
    pub(crate) fn needs(&self, input: usize, role: &str) -> bool {
        let mut stations = self.stations.iter().filter(|station| station.input == input);
        stations.any(|station| self.station_needs(station, role))
    }

    /// Whether one station cannot: the catalogue may free it of what its kernel can do without.
    fn station_needs(&self, station: &Station, role: &str) -> bool {
        let needed = |name: &str| station.kernel.roles().iter().any(|r| r.name == name && r.need != Need::Never);
        let filter = station.filter.iter().map(|(role, _)| role);
        let amount = station.amount.iter().filter(|_| needed("amount"));
        let id = station.id.iter().filter(|_| needed("id") || needed("client"));
        let time = std::iter::once(&station.time).filter(|_| !station.may_be_undated);
        let more = station.more.iter().filter(|(name, _)| needed(name)).map(|(_, column)| column);
        let question = station.more.get("question").filter(|name| self.options.by.iter().flatten().any(|asked| asked == *name));
        let mut always = time.chain(id).chain(amount).chain(&station.by).chain(filter).chain(more).chain(question);
        let declared = station.more.values().chain(&station.id).chain([&station.time]).any(|column| column == role);
        always.any(|name| name == role) || declared && self.is_required(station.input, role)
    }

    fn is_required(&self, input: usize, role: &str) -> bool {
        self.inputs[input].roles.contains_key(role) && !self.is_optional(input, role)
    }

    /// Whether a table's column of the name of this role is taken without being named: not event ids, since any log may have a
    /// column called so that is something else, and for a kernel by itself nothing that it can do without.
    #[cfg(feature = "arrow")]
    pub(crate) fn takes_by_name(&self, input: usize, role: &str) -> bool {
        let is_event = self.stations.iter().any(|s| s.event.as_deref() == Some(role));
        !is_event && (self.id.is_some() || self.needs(input, role))
    }

    /// The column that the option `columns` names for a role of an input.
    pub(crate) fn column(&self, input: usize, role: &str) -> Option<&str> {
        let own = self.options.columns.get(&format!("{}.{role}", self.inputs[input].name));
        own.or_else(|| self.options.columns.get(role)).map(String::as_str)
    }
}
