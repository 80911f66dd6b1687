//! The target for site policies: through everything that is done with a file of them.

use crate::policies::one_line;
use crate::targets::{merge, refused, text};
use relto_model::{Facet, Label, PolicyId, Stamp};
use relto_policy::{Profile, Rules};
use relto_site::SitePolicies;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap_or_default());

/// Site policies: read alike twice, refused in one line each, and never anything but narrower: whoever withholds is named, and nobody is
/// named for a yes.
pub(crate) fn site_policy(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let site = SitePolicies::parse("fuzz", text).inspect_err(|error| error.findings.iter().for_each(|finding| one_line(finding)));
        let site = site.map_err(|error| error.findings.first().map_or_else(String::new, |first| refused(&first.message)))?;
        let again = SitePolicies::parse("fuzz", text).map(|again| again.digest());
        assert_eq!(again.as_ref(), Ok(&site.digest()));
        assert!(site.summaries().count() > 0, "no policy, and accepted");
        let outcomes: String = [1, 4].map(|level| asked(&site, &Label::new(PolicyId::new("NATO"), Facet::at_level(level)))).concat();
        let guarded = site.summaries().filter(|policy| policy.is_guarded).count();
        Ok(format!("{} policies, {} guarded, {outcomes}", site.summaries().count().min(3), guarded.min(3)))
    }))
}

fn asked(site: &SitePolicies, label: &Label) -> &'static str {
    let (profile, now) = (Profile::new("Fuzz Org", ["FRA".to_owned()].into()), Stamp(1_700_000_000_000_000));
    let answer = site.permits(&profile, label, &RULES, now);
    let named = site.withheld_by(&profile, label, &RULES, now);
    assert_eq!(named.is_empty(), answer == Ok(true), "{answer:?} and {named:?}");
    match answer {
        Ok(true) => "permits ",
        Ok(false) => "forbids ",
        Err(_) => "errs ",
    }
}
