//! Number words of English, French, German, Russian and Ukrainian, from two up, in the forms that texts use.

/// A word, its value, and whether it multiplies what stands before it.
const WORDS: [(&str, u64); 51] = [
    ("two deux zwei zweier два две двух двум двумя дві двох двом двома", 2),
    ("three trois drei dreier три трёх трех трём трем тремя трьох трьом трьома", 3),
    ("four quatre vier четыре четырёх четырех четырём четырьмя чотири чотирьох чотирьом чотирма", 4),
    ("five cinq fünf пять пяти пятью п'ять п’ять п'яти п’яти п'ятьох п’ятьох п'ятьма п’ятьма", 5),
    ("six sechs шесть шести шестью шість шести шістьох шістьма", 6),
    ("seven sept sieben семь семи семью сім семи сімох сімома", 7),
    ("eight huit acht восемь восьми восемью вісім восьми вісьмох вісьмома", 8),
    ("nine neuf neun девять девяти девятью дев'ять дев’ять дев'яти дев’яти дев'ятьох дев’ятьох", 9),
    ("ten dix zehn десять десяти десятью десятьох десятьма", 10),
    ("eleven onze elf одиннадцать одиннадцати одиннадцатью одинадцять одинадцяти одинадцятьох", 11),
    ("twelve douze zwölf двенадцать двенадцати двенадцатью дванадцять дванадцяти дванадцятьох", 12),
    ("thirteen treize dreizehn тринадцать тринадцати тринадцатью тринадцять тринадцяти тринадцятьох", 13),
    ("fourteen quatorze vierzehn четырнадцать четырнадцати чотирнадцять чотирнадцяти чотирнадцятьох", 14),
    ("fifteen quinze fünfzehn пятнадцать пятнадцати п'ятнадцять п’ятнадцять п'ятнадцяти п’ятнадцяти", 15),
    ("sixteen seize sechzehn шестнадцать шестнадцати шістнадцять шістнадцяти шістнадцятьох", 16),
    ("seventeen siebzehn семнадцать семнадцати сімнадцять сімнадцяти сімнадцятьох", 17),
    ("eighteen achtzehn восемнадцать восемнадцати вісімнадцять вісімнадцяти вісімнадцятьох", 18),
    ("nineteen neunzehn девятнадцать девятнадцати дев'ятнадцять дев’ятнадцять дев'ятнадцяти дев’ятнадцяти", 19),
    ("twenty vingt zwanzig двадцать двадцати двадцатью двадцять двадцяти двадцятьох", 20),
    ("thirty trente dreißig тридцать тридцати тридцатью тридцять тридцяти тридцятьох", 30),
    ("forty quarante vierzig сорок сорока", 40),
    ("fifty cinquante fünfzig пятьдесят пятидесяти п'ятдесят п’ятдесят п'ятдесяти п’ятдесяти", 50),
    ("sixty soixante sechzig шестьдесят шестидесяти шістдесят шістдесяти", 60),
    ("seventy siebzig septante семьдесят семидесяти сімдесят сімдесяти", 70),
    ("eighty achtzig huitante восемьдесят восьмидесяти вісімдесят вісімдесяти", 80),
    ("quatre-vingts quatre-vingt", 80),
    ("ninety neunzig nonante девяносто девяноста дев'яносто дев’яносто", 90),
    ("quatre-vingt-dix", 90),
    ("soixante-dix", 70),
    ("hundred cent cents hundert einhundert сто ста", 100),
    ("zweihundert двести двухсот двісті двохсот", 200),
    ("dreihundert триста трёхсот трехсот трьохсот", 300),
    ("vierhundert четыреста четырёхсот четырехсот чотириста чотирьохсот", 400),
    ("fünfhundert пятьсот пятисот п'ятсот п’ятсот п'ятисот п’ятисот", 500),
    ("sechshundert шестьсот шестисот шістсот шестисот", 600),
    ("siebenhundert семьсот семисот сімсот семисот", 700),
    ("achthundert восемьсот восьмисот вісімсот восьмисот", 800),
    ("neunhundert девятьсот девятисот дев'ятсот дев’ятсот дев'ятисот дев’ятисот", 900),
    ("thousand mille tausend eintausend тысяча тысячи тысяч тысячу тысячами тисяча тисячі тисяч тисячу тисячами", 1_000),
    ("zweitausend", 2_000),
    ("dreitausend", 3_000),
    ("viertausend", 4_000),
    ("fünftausend", 5_000),
    ("sechstausend", 6_000),
    ("achttausend", 8_000),
    ("zehntausend", 10_000),
    ("zwölftausend", 12_000),
    ("zwanzigtausend", 20_000),
    ("fünfzigtausend", 50_000),
    ("hunderttausend", 100_000),
    ("dozen douzaine dutzend дюжина дюжину", 12),
];
/// German ones and tens, which it writes together: `fünfunddreißig`.
const GERMAN_ONES: [&str; 9] = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"];
const GERMAN_TENS: [(&str, u64); 8] = [
    ("zwanzig", 20),
    ("dreißig", 30),
    ("vierzig", 40),
    ("fünfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
];

/// Every form, for a pattern.
#[must_use]
pub fn all_words() -> Vec<String> {
    let german = GERMAN_ONES.iter().flat_map(|ones| GERMAN_TENS.iter().map(move |(tens, _)| format!("{ones}und{tens}")));
    WORDS.iter().flat_map(|(forms, _)| forms.split(' ')).map(str::to_owned).chain(german).collect()
}

/// The value of one word.
fn value(word: &str) -> Option<u64> {
    let listed = WORDS.iter().find(|(forms, _)| forms.split(' ').any(|form| form == word)).map(|(_, value)| *value);
    listed.or_else(|| {
        let (ones, tens) = word.split_once("und")?;
        let ones = GERMAN_ONES.iter().position(|known| *known == ones).and_then(|at| u64::try_from(at + 1).ok())?;
        GERMAN_TENS.iter().find(|(known, _)| *known == tens).map(|(_, value)| ones + value)
    })
}

/// The value of words in a row, apart by spaces or hyphens.
#[must_use]
pub fn of_words(text: &str) -> Option<u64> {
    let (mut total, mut section) = (0_u64, 0_u64);
    // French counts by twenties; what it joins by hyphens is one word here.
    let text = text.to_lowercase();
    let joined =
        |text: &str| text.replace("quatre-vingt-dix", "neunzig").replace("quatre-vingts", "achtzig").replace("quatre-vingt", "achtzig");
    for word in joined(&text).split([' ', '-', '\u{a0}']).filter(|word| !word.is_empty() && !matches!(*word, "and" | "et" | "und")) {
        match value(word)? {
            1_000 => {
                total = total.checked_add(section.max(1).checked_mul(1_000)?)?;
                section = 0;
            }
            100 => section = section.max(1).checked_mul(100)?,
            value => section = section.checked_add(value)?,
        }
    }
    Some(total.checked_add(section)?).filter(|value| *value > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_add_up() {
        for (text, value) in [
            ("twenty-three", 23),
            ("mille quatre cents", 1400),
            ("vierzehn", 14),
            ("сто двадцать пять", 125),
            ("two hundred and six", 206),
            ("fünfunddreißig", 35),
            ("quatre-vingt-douze", 92),
            ("soixante-quinze", 75),
        ] {
            assert_eq!(of_words(text), Some(value), "{text}");
        }
        assert_eq!(of_words("one"), None);
    }
}
