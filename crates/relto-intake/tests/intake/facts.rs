//! Facts of short texts of our own in six languages: what is read, with what value, and from which bytes.

use crate::{KNOWLEDGE, clean, damage};
use relto_intake::relations::Status;
use relto_intake::{Additions, Analysis, Knowledge, analyse};

fn read(text: &str) -> Analysis {
    analyse(text.as_bytes().to_vec(), &KNOWLEDGE).unwrap()
}

fn quote(text: &str, span: relto_intake::span::RawSpan) -> &str {
    &text[span.from..span.to]
}

fn check_dates(text: &str, wanted: &[(&str, &str)]) {
    let analysis = read(text);
    let got: Vec<(&str, &str)> = analysis.dated_facts.iter().map(|fact| (quote(text, fact.span), fact.date.as_str())).collect();
    assert_eq!(got, wanted, "{text}");
}

fn check_figures(text: &str, wanted: &[(&str, f64, &str)]) {
    let analysis = read(text);
    let got: Vec<(&str, f64, &str)> = analysis.figures.iter().map(|figure| (quote(text, figure.span), figure.value, figure.unit)).collect();
    assert_eq!(got, wanted, "{text}");
}

fn check_names(text: &str, wanted: &[(&str, &str)]) {
    let analysis = read(text);
    let mut got: Vec<(usize, &str, &str)> = analysis
        .entities
        .iter()
        .flat_map(|entity| entity.mentions.iter().map(|mention| (mention.span.from, quote(text, mention.span), entity.name.as_str())))
        .collect();
    got.sort_unstable();
    assert_eq!(got.into_iter().map(|(_, text, name)| (text, name)).collect::<Vec<_>>(), wanted, "{text}");
}

#[test]
fn dates() {
    check_dates(
        "会议于2023年5月30日至6月23日举行，2022年11月筹备，2024年以来未再召开。",
        &[("2023年5月30日至6月23日", "2023-05-30/2023-06-23"), ("2022年11月", "2022-11"), ("2024年", "2024/..")],
    );
    check_dates(
        "二〇二一年三月，2019—2023年，2025年第三季度，2026年上半年。",
        &[
            ("二〇二一年三月", "2021-03"),
            ("2019—2023年", "2019/2023"),
            ("2025年第三季度", "2025-07/2025-09"),
            ("2026年上半年", "2026-01/2026-06"),
        ],
    );
    check_dates(
        "Signed on 17 May 2023 and again on May 19, 2023; talks ran from 2019 to 2022 and since March 2024.",
        &[("17 May 2023", "2023-05-17"), ("May 19, 2023", "2023-05-19"), ("2019 to 2022", "2019/2022"), ("March 2024", "2024-03/..")],
    );
    check_dates(
        "Signé le 1er juillet 2020, du 4 au 13 mai 2026, d'ici à 2030.",
        &[("1er juillet 2020", "2020-07-01"), ("4 au 13 mai 2026", "2026-05-04/2026-05-13"), ("2030", "../2030")],
    );
    check_dates(
        "Am 3. Oktober 2024, von März bis Juni 2025 und seit 2021.",
        &[("3. Oktober 2024", "2024-10-03"), ("März bis Juni 2025", "2025-03/2025-06"), ("2021", "2021/..")],
    );
    check_dates(
        "Подписано 17 мая 2023 года, действует с 2024 года, в 2019–2022 годах обсуждалось.",
        &[("17 мая 2023 года", "2023-05-17"), ("2024 года", "2024/.."), ("2019–2022 годах", "2019/2022")],
    );
    check_dates(
        "Підписано 7 листопада 2023 року, діятиме до 31 березня 2025 року.",
        &[("7 листопада 2023 року", "2023-11-07"), ("31 березня 2025 року", "../2025-03-31")],
    );
    check_dates("No date: 2023-45, 20231, room 1945a, 31 February 2023.", &[("February 2023", "2023-02")]);
}

#[test]
fn dates_that_lean_on_the_dateline() {
    check_dates(
        "OSLO, 3 June 2025 – The ship left on Monday and arrives tomorrow; last year it stayed.",
        &[("3 June 2025", "2025-06-03"), ("Monday", "2025-06-02"), ("tomorrow", "2025-06-04"), ("last year", "2024")],
    );
    check_dates("The ship left on Monday.", &[]);
}

#[test]
fn figures() {
    check_figures(
        "工业产出下降了7.5%，投资三亿欧元，27个国家参加，第三次会议，七成设备。",
        &[("7.5%", -7.5, "%"), ("三亿欧元", 3e8, "EUR"), ("27", 27.0, "count"), ("第三", 3.0, "ordinal"), ("七成", 70.0, "%")],
    );
    check_figures(
        "Output fell by 4.2 per cent to $1.5 billion in eleven plants; the F-35B and the G7 are names.",
        &[("4.2 per cent", -4.2, "%"), ("$1.5 billion", 1.5e9, "USD"), ("eleven", 11.0, "count")],
    );
    check_figures(
        "Le budget atteint 2,5 millions d'euros, en baisse de 12 %, pour 1 400 soldats.",
        &[("2,5 millions d'euros", 2.5e6, "EUR"), ("12 %", -12.0, "%"), ("1 400", 1400.0, "count")],
    );
    check_figures(
        "Die Ausfuhren gingen um 14,8 % auf 3,6 Mrd. Euro zurück; es gibt 1.284 Betriebe und eine dritte Runde.",
        &[("14,8 %", -14.8, "%"), ("3,6 Mrd. Euro", 3.6e9, "EUR"), ("1.284", 1284.0, "count"), ("dritte", 3.0, "ordinal")],
    );
    check_figures(
        "Объём снизился на 3,5 % и составил 2 млрд рублей; пять стран, шестой раунд.",
        &[("3,5 %", -3.5, "%"), ("2 млрд рублей", 2e9, "RUB"), ("пять", 5.0, "count"), ("шестой", 6.0, "ordinal")],
    );
    check_figures("Витрати зросли на 8 % і сягнули 340 млн грн.", &[("8 %", 8.0, "%"), ("340 млн грн", 3.4e8, "UAH")]);
}

#[test]
fn names_in_many_scripts() {
    let nato = "North Atlantic Treaty Organization";
    check_names("北約與法國簽署了《海上搜救條例》。", &[("北約", nato), ("法國", "France"), ("海上搜救條例", "海上搜救条例")]);
    check_names(
        "Польша и Франция вступили в НАТО; о Польше говорили во Франции.",
        &[("Польша", "Poland"), ("Франция", "France"), ("НАТО", nato), ("Польше", "Poland"), ("Франции", "France")],
    );
    check_names(
        "L'OTAN et l'Allemagne; Deutschlands Beitrag zur NATO.",
        &[("OTAN", nato), ("Allemagne", "Germany"), ("Deutschlands", "Germany"), ("NATO", nato)],
    );
    check_names(
        "The Harbour Pilots Guild (HPG) met; the HPG agreed.",
        &[("Harbour Pilots Guild", "Harbour Pilots Guild"), ("HPG", "Harbour Pilots Guild"), ("HPG", "Harbour Pilots Guild")],
    );
    check_names(
        "海洋觀測合作機構(OBSN)發布了報告，OBSN沒有回應。",
        &[("海洋觀測合作機構", "海洋观测合作机构"), ("OBSN", "海洋观测合作机构"), ("OBSN", "海洋观测合作机构")],
    );
}

#[test]
fn names_by_their_shape() {
    check_names(
        "По данным агентства, завод «Северный якорь» купило Министерство транспорта Норвегии.",
        &[("Северный якорь", "Северный якорь"), ("Министерство транспорта Норвегии", "Министерство транспорта Норвегии")],
    );
    check_names(
        "The Ministry of Fisheries met Harbour Robotics near Odda; the Ministry agreed.",
        &[
            ("Ministry of Fisheries", "Ministry of Fisheries"),
            ("Harbour Robotics", "Harbour Robotics"),
            ("Odda", "Odda"),
            ("Ministry", "Ministry of Fisheries"),
        ],
    );
    check_names(
        "青木海洋研究院與法國合作，青木海洋研究院沒有回應。",
        &[("青木海洋研究院", "青木海洋研究院"), ("法國", "France"), ("青木海洋研究院", "青木海洋研究院")],
    );
}

fn check_relations(text: &str, wanted: &[(&str, &str, &str, Status)]) {
    let analysis = read(text);
    let got: Vec<(&str, &str, &str, Status)> =
        analysis.relations.iter().map(|read| (read.subject.as_str(), read.predicate, read.object.as_str(), read.status)).collect();
    assert_eq!(got, wanted, "{text}");
}

#[test]
fn relations_and_how_they_are_said() {
    let nato = "North Atlantic Treaty Organization";
    check_relations(
        "France and Germany signed the Wassenaar Arrangement. Japan did not sign the AI Act.",
        &[
            ("France", "signed", "Wassenaar Arrangement", Status::Stated),
            ("Germany", "signed", "Wassenaar Arrangement", Status::Stated),
            ("Japan", "signed", "Artificial Intelligence Act", Status::Denied),
        ],
    );
    check_relations(
        "Finland will join NATO. According to Intel, China supplies Russia.",
        &[("Finland", "member-of", nato, Status::Planned), ("China", "supplies", "Russia", Status::Attributed)],
    );
    check_relations(
        "法國向波蘭供應雷達。德國沒有加入北約創新基金。",
        &[("France", "supplies", "Poland", Status::Stated), ("Germany", "member-of", "NATO Innovation Fund", Status::Denied)],
    );
    check_relations(
        "Польша планирует подписать Вассенаарские договорённости.",
        &[("Poland", "signed", "Wassenaar Arrangement", Status::Planned)],
    );
    check_relations(
        "The AI Act was adopted by the European Parliament.",
        &[("European Parliament", "adopted", "Artificial Intelligence Act", Status::Stated)],
    );
}

/// What rests on a word that may say the opposite is not asserted; the flag names it instead.
#[test]
fn no_relation_rests_on_an_inverted_word() {
    let analysis = read("美國與中國在晶片方面合作。雙方注沉平安,卑沉從權,做者如是說。");
    assert!(analysis.relations.is_empty());
    let [flag] = analysis.polarity_flags.as_slice() else { panic!("one flag") };
    assert_eq!(flag.relation.as_deref(), Some("United States cooperates-with China"));
}

#[test]
fn capitals_of_headings_and_words_before_names_are_no_names() {
    check_names("ПРОТОКОЛ ВСТРЕЧИ\nСЛУШАЛИ: доклад ТРИЗ о мостах.", &[("ТРИЗ", "ТРИЗ")]);
    check_names(
        "III. Antwort der Bundesregierung an das BMVg.",
        &[("Bundesregierung", "Government of Germany"), ("BMVg", "Federal Ministry of Defence (Germany)")],
    );
    check_names("在会上ABC发言。", &[("ABC", "ABC")]);
    check_figures("Sales reached EUR 5.3 billion.", &[("EUR 5.3 billion", 5.3e9, "EUR")]);
}

#[test]
fn a_name_of_two_things_stays_ambiguous() {
    let names = "name,type,aliases\nGeorgia (state),place,Georgia\n".to_owned();
    let knowledge = Knowledge::with(&Additions { names: vec![names], ..Additions::default() }).unwrap();
    let analysis = analyse(b"A delegation from Georgia arrived.".to_vec(), &knowledge).unwrap();
    let [entity] = analysis.entities.as_slice() else { panic!("one entity") };
    assert_eq!((entity.name.as_str(), entity.candidates.len()), ("Georgia", 2));
}

#[test]
fn sound_documents_have_no_flags() {
    let analysis = read("两国同意在海上救援方面开展合作，双方取得一致，优势互补。竞争仍然存在，主要问题尚未解决。");
    assert!(analysis.polarity_flags.is_empty() && analysis.lexicon_reading.is_none() && analysis.gaps.is_empty());
}

#[test]
fn laundered_words_get_a_second_reading_and_flags() {
    let text = "兩國正在漁業方面的合作愈發激烈。港口的合做取得進展,雙方注沉平安,卑沉從權。這是做者的劣勢。";
    let analysis = read(text);
    let words: Vec<&str> = analysis.polarity_flags.iter().map(|flag| flag.word.as_str()).collect();
    assert_eq!(words, ["合作", "劣勢"]);
    let second = analysis.lexicon_reading.as_ref().unwrap();
    assert!(second.text().contains("竞争") && second.text().contains("港口的合作") && second.text().contains("尊重主权"));
    assert!(analysis.repaired.text().contains("合作愈發激烈"), "the first reading stays");
    assert!(second.edits().iter().filter(|edit| edit.rule.0 == "lexicon").all(|edit| edit.confidence.is_doubtful()));
}

#[test]
fn missing_words_are_gaps() {
    let text = "參加的有法國、、意大利和荷蘭。會議由北约盟型司令部(ACT)主持。";
    let analysis = read(text);
    let gaps: Vec<(&str, &str, Option<&str>)> =
        analysis.gaps.iter().map(|gap| (&text[..gap.span.from], &text[gap.span.to..], gap.inferred.as_deref())).collect();
    assert!(gaps[0].0.ends_with('、') && gaps[0].1.starts_with('、') && gaps[0].2.is_none());
    assert!(gaps[1].0.ends_with("北约盟") && gaps[1].1.starts_with("型司令部") && gaps[1].2 == Some("军转"));
    assert_eq!(gaps.len(), 2);
}

/// The property that every fact owes: its raw span is its quote, whatever was repaired around it.
#[test]
fn facts_of_damaged_text_reproduce_their_spans() {
    for seed in 0..20 {
        let clean = format!("{}2023年5月17日，北約在荷蘭增加了7.5%的開支。{}", clean::text(seed), clean::text(seed + 100));
        let text = damage::damaged(&clean, &damage::notes_for(&clean));
        let analysis = read(&text);
        for mention in analysis.entities.iter().flat_map(|entity| &entity.mentions) {
            assert_eq!(quote(&text, mention.span), mention.text);
        }
        assert!(analysis.dated_facts.iter().any(|fact| fact.date == "2023-05-17" && quote(&text, fact.span) == "2023年5月17日"));
        assert!(analysis.figures.iter().any(|figure| quote(&text, figure.span) == "7.5%"));
        assert!(analysis.entities.iter().any(|entity| entity.name == "North Atlantic Treaty Organization"));
    }
}

#[test]
fn the_same_bytes_give_the_same_json() {
    let clean = clean::text(3);
    let text = damage::damaged(&clean, &damage::notes_for(&clean));
    let again = Knowledge::builtin().unwrap();
    let json = |knowledge: &Knowledge| serde_json::to_string(&analyse(text.as_bytes().to_vec(), knowledge).unwrap()).unwrap();
    assert_eq!(json(&KNOWLEDGE), json(&again));
    let value: serde_json::Value = serde_json::from_str(&json(&again)).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["copies", "boilerplate", "edits", "entities", "dated_facts", "figures", "relations", "gaps", "polarity_flags"]);
}
