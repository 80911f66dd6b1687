//! Known cases, the second judge, and properties: more tags, fewer facts and older rows never let more in.

mod cases;
