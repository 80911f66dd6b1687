//! The schema, and what else is the same for every site: the names of who reads and of what is read, and the one `permit`.

use std::str::FromStr as _;
use std::sync::LazyLock;

use cedar_policy::{EntityId, EntityTypeName, EntityUid, Policy, PolicyId, Schema, Validator};

/// The schema of site policies, in Cedar's language for schemas.
pub const SCHEMA: &str = include_str!("../schema.cedarschema");

/// Permits whatever no site policy forbids. Its id holds a space, which no site policy's does.
const PERMIT: &str = "permit (principal, action, resource);";

pub(crate) struct Frame {
    pub validator: Validator,
    pub profile: EntityUid,
    pub label: EntityUid,
    pub read: EntityUid,
    pub permit: Policy,
}

static FRAME: LazyLock<Option<Frame>> = LazyLock::new(frame_of_schema);

/// `None` never, for the schema that ships; a test holds it, and without a frame everything is withheld.
pub(crate) fn frame() -> Option<&'static Frame> {
    FRAME.as_ref()
}

impl Frame {
    pub(crate) fn schema(&self) -> &Schema {
        self.validator.schema()
    }
}

fn frame_of_schema() -> Option<Frame> {
    let (schema, warnings) = Schema::from_cedarschema_str(SCHEMA).ok()?;
    // A warning is a shadowed type: a policy could mean another one than we do.
    let is_plain = warnings.count() == 0;
    let uid = |kind: &str, id: &str| Some(EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).ok()?, EntityId::new(id)));
    is_plain.then_some(Frame {
        validator: Validator::new(schema),
        profile: uid("Profile", "who reads")?,
        label: uid("Label", "what is read")?,
        read: uid("Action", "read")?,
        permit: Policy::parse(Some(PolicyId::new("the frame")), PERMIT).ok()?,
    })
}
