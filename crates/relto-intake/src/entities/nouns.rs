//! Words beside names: what only begins a sentence, titles and offices, and nouns that say what the name behind them is.

use crate::gazetteer::EntityType;

/// Words that begin sentences or titles and no names.
const OPENERS: &str = "The A An In On At It Its This That These Those But And Or For From By To Of With After Before Since Between When While If As We They He She I You No Not Our Their There All Some Both Each Other What Who How Why Also However According Le La Les Un Une Des Du De Il Elle Ils Elles En Au Aux Dans Pour Par Sur Avec Sans Ce Cette Ces Son Sa Ses Leur Leurs Mais Et Ou Si Selon Depuis Après Avant Entre Deux Trois Notre Nous Vous On Qui Que Der Die Das Ein Eine Im Am Zum В На По С У З За Из От До К О Об Для Не Но И А Это Как Что Если При Так Он Она Они Мы Вы Его Её Их Все По Після Для Від До Про Та Й І Це Як Що Якщо Він Вона Вони Ми Ви Його Її Їх Усі Всі Також Однак Во Со Наш Наша Эти Этот Эта Ці Цей Ця Dame Sir Mr Mrs Ms Dr Mme Lord Six Sept Seven Eight Nine Ten Eleven Three Four Five Cinq Quatre Huit Drei Vier Communiqué COMMUNIQUÉ PRESSE DE Selon Laut Nach Zu Frage Firma Fraktion Stadt Fregatte Werft Milliarden Millionen Mio Mrd Beitrag Antwort Mitglied Generalmajorin Beauftragter Mein Meine Warum Ende Anfang Mitte Geld Доповів Доповіла Глава Компания Компанія Сама Сам Den Dem Des Under Over Into Through During Without Within Against Across Behind Among Through Until Unless Because Although Though Then Thus Here There Now Only Even Still Yet Once Many Most Several Few More Such Same Any Every Another Dear Under Mein Unser Unsere Ihre Sein Seine Kein Keine Kleine Große State States Jede Jeder Alle Beide Viele Einige Dieser Diese Dieses Wir Sie Er Es Ich Man Wer Was Wie Wo Wenn Weil Aber Und Oder Auch Nur Noch Schon Nicht Seit Bis Vor Bei Mit Von Aus Auf An In Für Über Unter Durch Gegen Ohne Um Als Dass Quant Quelle Quel Quelles Quels Aucun Aucune Chaque Plusieurs Tous Toutes Tout Toute Comme Quand Lorsque Puis Alors Ainsi Aussi Enfin Malgré Sous Chez Vers Hors Voici États État Этих Этим Этой Наши Ваш Ваша Ваши Каждый Каждая Многие Один Одна Два Три Четыре Пять Между Через Перед Кроме Около Среди Сегодня Вчера Сейчас Теперь Тогда Здесь Там Где Когда Почему Кто Чем Также Тоже Уже Ещё Еще Впрочем Наконец Наші Ваше Ваші Кожен Багато Один Одна Між Через Перед Крім Серед Сьогодні Вчора Зараз Тепер Тоді Тут Там Де Коли Чому Хто Чим Також Теж Вже Ще Нарешті Щодо Прошу Стосовно";
/// Before a name they say that it is a person.
const TITLES: &str = "Mr Mrs Ms Dr Dame Sir Lord Lady Professor Prof General Admiral Vice-Admiral Rear-Admiral Colonel Major Captain Commander Lieutenant Brigadier Minister President Ambassador Senator Secretary Director Chancellor Commissioner Geschäftsführer Geschäftsführerin Vorstandschef Vorstandschefin Referatsleiter Referatsleiterin Abteilungsleiter Abteilungsleiterin Botschafter Botschafterin Kanzler Kommissar Unternehmenschef Firmenchef Gründer Gründerin Forscher Forscherin Analyst Analystin Experte Expertin Journalist Journalistin Verteidigungsminister Verteidigungsministerin Außenministerin Außenminister Kanzlerin Generalsekretär Herr Frau Vizeadmiral Konteradmiral Oberst Oberstleutnant Generalmajor Generalmajorin Generalleutnant Brigadegeneral Hauptmann Flottillenadmiral Staatssekretär Staatssekretärin Bundeskanzler Bundesminister Abgeordnete Abgeordneter Professorin Direktor Direktorin Präsident Präsidentin Sprecher Sprecherin Leiter Leiterin Ministerin Mme Monsieur Madame Général Colonel Amiral Генерал Полковник Министр Профессор Адмирал Директор Міністр Професор Генерал-майор Генерал-лейтенант";
/// German nouns before a name that are no part of it.
const GERMAN_NOUNS: &str = "Hersteller Lieferant Zulieferer Wettbewerber Konkurrent Konkurrentin Betreiber Anbieter Entwickler Ausrüster Auftragnehmer Mutterkonzern Tochterfirma Tochter Rüstungskonzern Chiphersteller Halbleiterhersteller Start-up Firma Werft Schiffswerft Agentur Sonar Radar Drohne Panzer Fregatte Korvette Rakete System Assistent Vorhaben Projekt Programm Netz Verbund Bündnis Messe Prüfstand Roboter Satellit Sensor Rechner Großrechner Chip Prozessor Verein Stiftung Institut";
/// Nouns before a name, by their beginnings, with what they say it is.
const NOUN_KINDS: &[(&str, EntityType)] = &[
    ("classifier", EntityType::Capability),
    ("sensor", EntityType::Capability),
    ("vehicle", EntityType::Capability),
    ("aircraft", EntityType::Capability),
    ("submarine", EntityType::Capability),
    ("processor", EntityType::Capability),
    ("model", EntityType::Capability),
    ("algorithm", EntityType::Capability),
    ("simulator", EntityType::Capability),
    ("prototype", EntityType::Capability),
    ("assistant", EntityType::Capability),
    ("radar", EntityType::Capability),
    ("sonar", EntityType::Capability),
    ("panzer", EntityType::Capability),
    ("prüfstand", EntityType::Capability),
    ("rechner", EntityType::Capability),
    ("großrechner", EntityType::Capability),
    ("rakete", EntityType::Capability),
    ("modell", EntityType::Capability),
    ("capteur", EntityType::Capability),
    ("véhicule", EntityType::Capability),
    ("supercalculateur", EntityType::Capability),
    ("modèle", EntityType::Capability),
    ("outil", EntityType::Capability),
    ("стенд", EntityType::Capability),
    ("аппарат", EntityType::Capability),
    ("апарат", EntityType::Capability),
    ("катер", EntityType::Capability),
    ("двигат", EntityType::Capability),
    ("двигун", EntityType::Capability),
    ("модел", EntityType::Capability),
    ("сервер", EntityType::Capability),
    ("процессор", EntityType::Capability),
    ("процесор", EntityType::Capability),
    ("суперкомп", EntityType::Capability),
    ("школ", EntityType::Event),
    ("семинар", EntityType::Event),
    ("выставк", EntityType::Event),
    ("виставк", EntityType::Event),
    ("messe", EntityType::Event),
    ("salon", EntityType::Event),
    ("workshop", EntityType::Event),
    ("wargame", EntityType::Event),
    ("manœuvre", EntityType::Event),
    ("manöver", EntityType::Event),
    ("coalition", EntityType::Organisation),
    ("коалиц", EntityType::Organisation),
    ("коаліц", EntityType::Organisation),
    ("consortium", EntityType::Organisation),
    ("консорциум", EntityType::Organisation),
    ("консорціум", EntityType::Organisation),
    ("корпорац", EntityType::Organisation),
    ("концерн", EntityType::Organisation),
    ("верф", EntityType::Organisation),
    ("объединени", EntityType::Organisation),
    ("об'єднанн", EntityType::Organisation),
    ("об’єднанн", EntityType::Organisation),
    ("fonds", EntityType::Instrument),
    ("fund", EntityType::Instrument),
    ("pool", EntityType::Programme),
    ("vorhaben", EntityType::Programme),
    ("projekt", EntityType::Programme),
    ("projet", EntityType::Programme),
    ("project", EntityType::Programme),
    ("program", EntityType::Programme),
    ("програм", EntityType::Programme),
    ("програ", EntityType::Programme),
    ("проект", EntityType::Programme),
    ("проєкт", EntityType::Programme),
    ("logiciel", EntityType::Capability),
    ("assistent", EntityType::Capability),
    ("fregatte", EntityType::Capability),
    ("систем", EntityType::Capability),
    ("комплекс", EntityType::Capability),
    ("дрон", EntityType::Capability),
    ("беспилотник", EntityType::Capability),
    ("робот", EntityType::Capability),
    ("robot", EntityType::Capability),
    ("ускорител", EntityType::Capability),
    ("прискорювач", EntityType::Capability),
    ("accelerator", EntityType::Capability),
    ("beschleuniger", EntityType::Capability),
    ("torpedo", EntityType::Capability),
    ("munition", EntityType::Capability),
    ("system", EntityType::Capability),
    ("système", EntityType::Capability),
    ("drohne", EntityType::Capability),
    ("drone", EntityType::Capability),
    ("завод", EntityType::Organisation),
    ("компан", EntityType::Organisation),
    ("центр", EntityType::Organisation),
    ("фирм", EntityType::Organisation),
    ("фонд", EntityType::Organisation),
    ("підприємств", EntityType::Organisation),
    ("firma", EntityType::Organisation),
    ("société", EntityType::Organisation),
    ("учени", EntityType::Event),
    ("навчан", EntityType::Event),
    ("exercice", EntityType::Event),
    ("übung", EntityType::Event),
    ("форум", EntityType::Event),
    ("договор", EntityType::Document),
    ("соглашени", EntityType::Document),
    ("угод", EntityType::Document),
    ("закон", EntityType::Document),
    ("доклад", EntityType::Document),
    ("доповід", EntityType::Document),
    ("стратег", EntityType::Document),
    ("rapport", EntityType::Document),
    ("bericht", EntityType::Document),
    ("studie", EntityType::Document),
    ("feuille", EntityType::Document),
    ("livre", EntityType::Document),
    ("радар", EntityType::Capability),
    ("ракет", EntityType::Capability),
    ("спутник", EntityType::Capability),
    ("супутник", EntityType::Capability),
    ("plattform", EntityType::Capability),
    ("plateforme", EntityType::Capability),
    ("platform", EntityType::Capability),
    ("software", EntityType::Capability),
    ("frigate", EntityType::Capability),
    ("frégate", EntityType::Capability),
    ("missile", EntityType::Capability),
    ("satellit", EntityType::Capability),
    ("antenne", EntityType::Capability),
    ("антенн", EntityType::Capability),
    ("камер", EntityType::Capability),
    ("réseau", EntityType::Programme),
    ("netz", EntityType::Programme),
    ("network", EntityType::Programme),
    ("initiative", EntityType::Programme),
    ("инициатив", EntityType::Programme),
    ("ініціатив", EntityType::Programme),
    ("мереж", EntityType::Programme),
    ("сеть", EntityType::Programme),
    ("сети", EntityType::Programme),
    ("exercise", EntityType::Event),
    ("forum", EntityType::Event),
    ("конференц", EntityType::Event),
    ("конкурс", EntityType::Event),
    ("mécanisme", EntityType::Instrument),
    ("mechanism", EntityType::Instrument),
    ("механизм", EntityType::Instrument),
    ("механізм", EntityType::Instrument),
    ("механізму", EntityType::Instrument),
    ("групп", EntityType::Organisation),
    ("груп", EntityType::Organisation),
    ("groupe", EntityType::Organisation),
    ("gruppe", EntityType::Organisation),
    ("konzern", EntityType::Organisation),
    ("institut", EntityType::Organisation),
    ("институт", EntityType::Organisation),
    ("інститут", EntityType::Organisation),
    ("werft", EntityType::Organisation),
    ("entreprise", EntityType::Organisation),
    ("unternehmen", EntityType::Organisation),
    ("предприяти", EntityType::Organisation),
];

/// How many bytes of a name only begin its sentence or say its role; all of it where nothing else is left.
pub(super) fn opener_bytes(name: &str) -> usize {
    let is_opener = |word: &str| OPENERS.split(' ').any(|opener| opener == word);
    let mut rest = name;
    // What joined the opener to the name is no part of it: `Antwort der Bundesregierung`.
    let is_joint = |word: &str, rest: &str| rest.len() < name.len() && word.starts_with(char::is_lowercase);
    while let Some((_, behind)) = rest.split_once(' ').filter(|(first, _)| is_opener(first) || is_joint(first, rest)) {
        rest = behind;
    }
    if is_opener(rest) { name.len() } else { name.len() - rest.len() }
}

/// How many bytes of a person's name are titles.
pub(super) fn title_bytes(name: &str) -> usize {
    let mut rest = name;
    while let Some((_, behind)) =
        rest.split_once(' ').filter(|(first, behind)| behind.contains(' ') && TITLES.split(' ').any(|title| title == *first))
    {
        rest = behind;
    }
    name.len() - rest.len()
}

/// Whether a German noun only says what the name behind it is.
pub(super) fn is_german_noun(word: &str) -> bool {
    GERMAN_NOUNS.split(' ').any(|noun| noun == word)
}

/// What the noun before a name says it is; `before` ends where the name begins. In `des robots de déminage X` it stands before a small word.
pub(super) fn noun_before(before: &str) -> Option<EntityType> {
    let mut words = before.trim_end().rsplit([' ', '\u{a0}', '\n', '(', '\'', '’']).map(str::to_lowercase);
    let first = words.next()?;
    noun_kind(&first).or_else(|| {
        let second = words.next()?;
        if second == "de" || second == "d" { words.next().and_then(|third| noun_kind(&third)) } else { None }
    })
}

/// What a noun says that a name beside it is; German compounds say it by their end.
pub(super) fn noun_kind(noun: &str) -> Option<EntityType> {
    let noun = noun.trim_matches([',', '«', '„', '“']);
    let begins = NOUN_KINDS.iter().find(|(begins, _)| noun.starts_with(begins)).map(|(_, kind)| *kind);
    let is_end = |end: &str| end.is_ascii() && end.len() > 5 && noun.len() > end.len() && noun.ends_with(end);
    begins.or_else(|| NOUN_KINDS.iter().find(|(end, _)| is_end(end)).map(|(_, kind)| *kind))
}

/// Whether `word` is a title or an office.
pub(super) fn is_title(word: &str) -> bool {
    TITLES.split(' ').any(|title| title == word)
}
