//! [`Marking`] as a banner line or a portion mark, in the order of the register.

use super::super::Refused;
use super::parse::in_order;
use super::tokens::{Category, Token};
use super::{CLASSIFICATIONS, Form, Marking};

impl Marking {
    /// The marking in `form`.
    ///
    /// # Errors
    /// [`Refused`] when parts exclude each other, or the form cannot say them.
    pub fn write(&self, form: Form) -> Result<String, Refused> {
        self.check()?;
        match form {
            Form::Banner => Ok(self.line(true)?),
            Form::Portion => Ok(format!("({})", self.line(false)?)),
            Form::Xml => Ok(self.to_xml()),
        }
    }

    fn line(&self, is_banner: bool) -> Result<String, Refused> {
        if self.concealed && !self.sources.is_empty() {
            return Err(Refused::new("FGI", "where one source is concealed a line names none, and the named ones would be lost"));
        }
        let mut segments = vec![self.head(is_banner)];
        let spelled = |token: &Token| if is_banner { token.banner } else { token.code };
        segments.push(self.systems());
        if !self.programmes.is_empty() {
            segments.push(format!("SAR-{}", self.programmes.iter().map(String::as_str).collect::<Vec<_>>().join("/")));
        }
        segments.push(join(self.of_category(Category::Aea).map(spelled)));
        segments.push(self.foreign());
        segments.push(self.dissemination(&spelled));
        segments.push(join(self.of_category(Category::NonIc).map(spelled)));
        segments.retain(|segment| !segment.is_empty());
        Ok(format!("{}{}", if self.joint.is_empty() { "" } else { "//" }, segments.join("//")))
    }

    fn head(&self, is_banner: bool) -> String {
        let row = CLASSIFICATIONS.iter().find(|(level, ..)| *level == self.classification);
        let word = row.map_or("", |(_, code, name, _)| if is_banner { *name } else { *code });
        if self.joint.is_empty() {
            return word.to_owned();
        }
        // JOINT lists its owners in the order of the alphabet, the US among them.
        format!("JOINT {word} {}", self.joint.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    }

    /// SCI: systems with `/` between them, the compartments of each behind it with `-`; a compartment says its system.
    fn systems(&self) -> String {
        let mut systems: Vec<(&str, Vec<&str>)> = Vec::new();
        for token in self.of_category(Category::Sci) {
            let (system, compartment) = token.code.split_once('-').map_or((token.code, None), |(system, rest)| (system, Some(rest)));
            match systems.last_mut().filter(|(last, _)| *last == system) {
                Some((_, compartments)) => compartments.extend(compartment),
                None => systems.push((system, compartment.into_iter().collect())),
            }
        }
        let one = |(system, compartments): &(&str, Vec<&str>)| {
            std::iter::once(*system).chain(compartments.iter().copied()).collect::<Vec<_>>().join("-")
        };
        systems.iter().map(one).collect::<Vec<_>>().join("/")
    }

    fn foreign(&self) -> String {
        match (self.concealed, self.sources.is_empty()) {
            (true, _) => "FGI".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!("FGI {}", in_order(&self.sources).join(" ")),
        }
    }

    /// The lists stand where the register has REL TO and DISPLAY ONLY: before RELIDO, and at the end.
    fn dissemination(&self, spelled: &dyn Fn(&'static Token) -> &'static str) -> String {
        let mut parts: Vec<String> = Vec::new();
        let is_late = |token: &&Token| matches!(token.code, "RELIDO" | "DSEN" | "FISA");
        let all: Vec<&'static Token> = self.of_category(Category::Dissem).collect();
        parts.extend(all.iter().filter(|token| !is_late(token)).map(|token| spelled(token).to_owned()));
        if !self.release.is_empty() {
            parts.push(format!("REL TO {}", in_order(&self.release).join(", ")));
        }
        parts.extend(all.iter().filter(|token| is_late(token)).map(|token| spelled(token).to_owned()));
        if !self.display.is_empty() {
            parts.push(format!("DISPLAY ONLY {}", in_order(&self.display).join(", ")));
        }
        parts.join("/")
    }
}

fn join<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join("/")
}
