//! Reading Rust sources as text: enough for house rules, since `rustfmt` fixes the layout.

/// A function with its length in lines, from `fn` to the closing brace.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// One-based line of `fn`.
    pub line: usize,
    /// Lines from `fn` to the closing brace, both counted.
    pub length: usize,
}

/// Functions that have a body, in order. Relies on `rustfmt`: the closing brace stands where the signature began.
pub fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let closing = format!("{indent}}}");
        let rest = lines.iter().skip(index);
        let end = rest.clone().position(|line| *line == closing);
        let no_body = rest.clone().position(|line| line.trim_end().ends_with(';') && line.starts_with(indent));
        let one_line = line.ends_with('}') && line.contains('{');
        match (end, no_body) {
            (_, Some(0)) => {}
            _ if one_line => found.push(Function { name, line: index + 1, length: 1 }),
            (Some(end), _) => found.push(Function { name, line: index + 1, length: end + 1 }),
            _ => {}
        }
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let mut rest = line.trim_start();
    loop {
        let (word, tail) = rest.split_once(' ')?;
        let word_is_modifier = matches!(word, "pub" | "async" | "const" | "unsafe" | "extern") || word.starts_with("pub(");
        match word {
            "fn" => {
                let name: String = tail.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                return (!name.is_empty()).then_some(name);
            }
            _ if word_is_modifier => rest = tail,
            _ => return None,
        }
    }
}

/// The line without what follows `//`, as long as the `//` is not inside a string.
pub fn code(line: &str) -> &str {
    let mut in_string = false;
    let mut previous = '\0';
    for (index, character) in line.char_indices() {
        match character {
            '"' if previous != '\\' && previous != '\'' => in_string = !in_string,
            '/' if previous == '/' && !in_string => return &line[..index - 1],
            _ => {}
        }
        previous = character;
    }
    line
}

/// All string literals on a line of code.
pub fn strings(line: &str) -> Vec<&str> {
    code(line).split('"').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_functions_and_their_length() {
        let text = "impl A {\n    pub(crate) async fn long(\n        a: u8,\n    ) {\n        b();\n    }\n\n    fn short() {}\n}\n\ntrait T {\n    fn none();\n}\n";
        let found: Vec<(String, usize, usize)> = functions(text).into_iter().map(|f| (f.name, f.line, f.length)).collect();
        assert_eq!(found, [("long".to_owned(), 2, 5), ("short".to_owned(), 8, 1)]);
    }

    #[test]
    fn separates_code_from_comments() {
        assert_eq!(code("let a = 1; // one"), "let a = 1; ");
        assert_eq!(code("let a = \"x://y\";"), "let a = \"x://y\";");
        assert_eq!(strings("f(\"a\", \"b\"); // \"c\""), ["a", "b"]);
    }
}
