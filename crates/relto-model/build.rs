//! Lists the folders in `kinds/`, so that a new kind needs no line of Rust.

use std::fmt::Write as _;
use std::path::Path;

const FILES: [&str; 4] = ["extension-definition.json", "schema.json", "example.json", "display.json"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("kinds");
    let mut names = std::fs::read_dir(&root)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<Vec<_>, _>>()?;
    names.sort();
    let mut list = String::from("[\n");
    for name in names {
        let name = name.to_str().ok_or("a folder of `kinds` is not named in UTF-8")?;
        write!(list, "({name:?}, [")?;
        for file in FILES {
            let path = root.join(name).join(file);
            write!(list, "include_bytes!({path:?}).as_slice(), ")?;
        }
        list.push_str("]),\n");
    }
    list.push(']');
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("kinds.rs"), list)?;
    println!("cargo::rerun-if-changed=kinds");
    Ok(())
}
