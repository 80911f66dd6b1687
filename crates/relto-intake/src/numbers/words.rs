//! Number words of English, French, German, Russian and Ukrainian, from two up, in the forms that texts use.

/// A word, its value, and whether it multiplies what stands before it.
const WORDS: [(&str, u64); 46] = [
    ("two deux zwei два две двух двум дві двох двом двома", 2),
    ("three trois drei три трёх трех трьох трьом", 3),
    ("four quatre vier четыре четырёх четырех чотири чотирьох", 4),
    ("five cinq fünf пять пяти п'ять п’ять п'яти п’яти", 5),
    ("six sechs шесть шести шість шести", 6),
    ("seven sept sieben семь семи сім семи", 7),
    ("eight huit acht восемь восьми вісім восьми", 8),
    ("nine neuf neun девять девяти дев'ять дев’ять дев'яти", 9),
    ("ten dix zehn десять десяти", 10),
    ("eleven onze elf одиннадцать одиннадцати одинадцять одинадцяти", 11),
    ("twelve douze zwölf двенадцать двенадцати дванадцять дванадцяти", 12),
    ("thirteen treize dreizehn тринадцать тринадцати тринадцять тринадцяти", 13),
    ("fourteen quatorze vierzehn четырнадцать четырнадцати чотирнадцять чотирнадцяти", 14),
    ("fifteen quinze fünfzehn пятнадцать пятнадцати п'ятнадцять п’ятнадцять", 15),
    ("sixteen seize sechzehn шестнадцать шестнадцати шістнадцять", 16),
    ("seventeen siebzehn семнадцать семнадцати сімнадцять", 17),
    ("eighteen achtzehn восемнадцать восемнадцати вісімнадцять", 18),
    ("nineteen neunzehn девятнадцать девятнадцати дев'ятнадцять дев’ятнадцять", 19),
    ("twenty vingt zwanzig двадцать двадцати двадцять двадцяти", 20),
    ("einundzwanzig", 21),
    ("zweiundzwanzig", 22),
    ("dreiundzwanzig", 23),
    ("vierundzwanzig", 24),
    ("fünfundzwanzig", 25),
    ("sechsundzwanzig", 26),
    ("siebenundzwanzig", 27),
    ("achtundzwanzig", 28),
    ("neunundzwanzig", 29),
    ("thirty trente dreißig тридцать тридцати тридцять тридцяти", 30),
    ("forty quarante vierzig сорок сорока", 40),
    ("fifty cinquante fünfzig пятьдесят пятидесяти п'ятдесят п’ятдесят", 50),
    ("sixty soixante sechzig шестьдесят шестидесяти шістдесят", 60),
    ("seventy siebzig семьдесят сімдесят", 70),
    ("eighty achtzig восемьдесят вісімдесят", 80),
    ("ninety neunzig девяносто дев'яносто дев’яносто", 90),
    ("hundred cent cents hundert einhundert сто ста", 100),
    ("двести двісті", 200),
    ("триста", 300),
    ("четыреста чотириста", 400),
    ("пятьсот п'ятсот п’ятсот", 500),
    ("шестьсот шістсот", 600),
    ("семьсот сімсот", 700),
    ("восемьсот вісімсот", 800),
    ("девятьсот дев'ятсот дев’ятсот", 900),
    ("thousand mille tausend eintausend тысяча тысячи тысяч тисяча тисячі тисяч", 1_000),
    ("dozen douzaine dutzend дюжина", 12),
];

/// Every form, for a pattern.
#[must_use]
pub fn all_words() -> Vec<&'static str> {
    WORDS.iter().flat_map(|(forms, _)| forms.split(' ')).collect()
}

/// The value of words in a row, apart by spaces or hyphens.
#[must_use]
pub fn of_words(text: &str) -> Option<u64> {
    let (mut total, mut section) = (0_u64, 0_u64);
    for word in text.to_lowercase().split([' ', '-', '\u{a0}']).filter(|word| !word.is_empty() && !matches!(*word, "and" | "et" | "und")) {
        let value = WORDS.iter().find(|(forms, _)| forms.split(' ').any(|form| form == word))?.1;
        match value {
            1_000 => {
                total = total.checked_add(section.max(1).checked_mul(1_000)?)?;
                section = 0;
            }
            100 => section = section.max(1).checked_mul(100)?,
            _ => section = section.checked_add(value)?,
        }
    }
    Some(total.checked_add(section)?).filter(|value| *value > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_add_up() {
        for (text, value) in
            [("twenty-three", 23), ("mille quatre cents", 1400), ("vierzehn", 14), ("сто двадцать пять", 125), ("two hundred and six", 206)]
        {
            assert_eq!(of_words(text), Some(value), "{text}");
        }
        assert_eq!(of_words("one"), None);
    }
}
