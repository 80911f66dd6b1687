//! Both judges agree; more tags, fewer facts and older rows never let more in; nothing changes at an instant that is not announced.

use relto_model::Stamp;

use super::judge::judge;
use super::worlds::{Draw, TAGS, World, any_tag, fulfilled, instant, recipient, without_a_fact};
use crate::law::{ObligationSet, Outcome, Refusal, assess, combine, next_change};

const WORLDS: u64 = 200;
/// Cases for the two judges, in all worlds together.
const CASES: u64 = 1_000_000;
/// Cases for each property, in all worlds together.
const PROPERTY_CASES: u64 = 40_000;

/// How much is let through: everything, parts, later, nothing.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Met(_) => 0,
        Outcome::Unmet(Refusal::Redact) => 1,
        Outcome::Unmet(Refusal::Pend) => 2,
        Outcome::Unmet(Refusal::Deny) => 3,
    }
}

#[test]
fn two_judges_agree() {
    let mut seen = [0_u32; 4];
    for seed in 0..WORLDS {
        let mut draw = Draw(seed);
        let world = World::draw(&mut draw);
        for case in 0..CASES / WORLDS {
            let (tag, who, now, fulfils) = (any_tag(&mut draw), recipient(&mut draw), instant(&mut draw), fulfilled(&mut draw));
            let fast = assess(&tag, &who, &world.tables, &world.law, now, fulfils).outcome;
            let slow = judge(&tag, &who, &world, now.0, fulfils);
            assert_eq!(fast, slow, "seed {seed}, case {case}: {tag:?} to {who:?} at {now} by {fulfils}");
            seen[usize::from(rank(fast))] += 1;
        }
    }
    assert!(seen[0] > 50_000 && seen[1] > 20_000 && seen[3] > 100_000, "{seen:?}");
}

/// Every tag is met by somebody in some world, or is there to be denied.
#[test]
fn every_known_tag_can_be_met() {
    let mut met = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let mut draw = Draw(seed);
        let world = World::draw(&mut draw);
        for _ in 0..10_000 {
            let (tag, who, now) = (any_tag(&mut draw), recipient(&mut draw), instant(&mut draw));
            if matches!(assess(&tag, &who, &world.tables, &world.law, now, ObligationSet::all()).outcome, Outcome::Met(_)) {
                met.insert(format!("{} {}", tag.tag, tag.value));
            }
        }
    }
    let never: Vec<&str> = TAGS.into_iter().filter(|tag| !met.contains(*tag)).collect();
    assert_eq!(
        never,
        [
            "GDPR PERSONAL BASIS",
            "GDPR SPECIAL",
            "GDPR UNKNOWN",
            "LED OTHER",
            "ITAR VIII SECRET",
            "EAR EAR99 STA",
            "EAR 5A002 STA-A6 STA",
            "EAR 3A090 STA",
            "RETAIN UNTIL SOON",
            "MOON ROCK"
        ]
    );
}

fn each_case(check: impl Fn(&mut Draw, &World)) {
    for seed in 0..WORLDS {
        let mut draw = Draw(1000 + seed);
        let world = World::draw(&mut draw);
        for _ in 0..PROPERTY_CASES / WORLDS {
            check(&mut draw, &world);
        }
    }
}

#[test]
fn one_more_tag_never_improves() {
    each_case(|draw, world| {
        let (who, now, fulfils) = (recipient(draw), instant(draw), fulfilled(draw));
        let of = |draw: &mut Draw| assess(&any_tag(draw), &who, &world.tables, &world.law, now, fulfils).outcome;
        let (first, second) = (of(draw), of(draw));
        let both = combine([first, second]);
        assert!(rank(both) == rank(first).max(rank(second)) && both == combine([second, first]));
        if let (Outcome::Met(both), Outcome::Met(first), Outcome::Met(second)) = (both, first, second) {
            assert_eq!(both, first.union(second));
        }
    });
}

/// By a way out that can see to everything, to the letter. By another, a denial for want of that may become a redaction, never a release.
#[test]
fn one_fact_less_never_improves() {
    each_case(|draw, world| {
        let (tag, who, now, some) = (any_tag(draw), recipient(draw), instant(draw), fulfilled(draw));
        let less = without_a_fact(draw, who.clone());
        let by = |facts, fulfils| rank(assess(&tag, facts, &world.tables, &world.law, now, fulfils).outcome);
        let all = ObligationSet::all();
        assert!(by(&less, all) >= by(&who, all), "{tag:?}, {now}: {who:?} and {less:?}");
        assert!(by(&less, some) > 0 || by(&who, some) == 0, "{tag:?}, {now}, {some}: {who:?} and {less:?}");
    });
}

#[test]
fn one_duty_less_never_improves() {
    each_case(|draw, world| {
        let (tag, who, now, some) = (any_tag(draw), recipient(draw), instant(draw), fulfilled(draw));
        let by = |fulfils| assess(&tag, &who, &world.tables, &world.law, now, fulfils).outcome;
        assert!(rank(by(some)) >= rank(by(ObligationSet::all())));
        if let Outcome::Met(asks) = by(some) {
            assert!(asks.is_subset(some));
        }
    });
}

#[test]
fn a_row_past_review_never_improves() {
    for seed in 0..WORLDS {
        let mut draw = Draw(2000 + seed);
        let world = World::draw(&mut draw);
        let now = instant(&mut draw);
        let older = world.with_an_older_row(&mut draw, now);
        for _ in 0..PROPERTY_CASES / WORLDS {
            let (tag, who) = (any_tag(&mut draw), recipient(&mut draw));
            let of = |world: &World| rank(assess(&tag, &who, &world.tables, &world.law, now, ObligationSet::all()).outcome);
            assert!(of(&older) >= of(&world), "seed {seed}, {tag:?} at {now}: {who:?}");
        }
    }
}

#[test]
fn no_outcome_survives_a_date_that_is_not_announced() {
    each_case(|draw, world| {
        let (tag, who, now) = (any_tag(draw), recipient(draw), instant(draw));
        let of = |now| assess(&tag, &who, &world.tables, &world.law, now, ObligationSet::all()).outcome;
        let next = next_change(&tag, &who, &world.tables, &world.law, now);
        let last = next.map_or(i64::MAX, |next| next.0 - 1);
        assert!(last >= now.0);
        let between = Stamp(now.0 + i64::try_from(draw.below(1_000_000)).unwrap() * ((last - now.0) / 1_000_000));
        for later in [between, Stamp(last)] {
            assert_eq!(of(later), of(now), "{tag:?} to {who:?}, {now} and {later}");
        }
    });
}
