//! Names of months, weekdays and parts of a year in the languages we read, and the small words around dates.

/// Forms of each month's name, in lower case: English, French, German, Russian, Ukrainian.
pub(super) const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "jan",
        "janvier",
        "januar",
        "jänner",
        "январь",
        "января",
        "январе",
        "січень",
        "січня",
        "січні",
        "январю",
        "январём",
        "январем",
        "січню",
        "січнем",
    ],
    &[
        "february",
        "feb",
        "février",
        "fevrier",
        "februar",
        "февраль",
        "февраля",
        "феврале",
        "лютий",
        "лютого",
        "лютому",
        "февралю",
        "февралём",
        "февралем",
        "лютим",
    ],
    &[
        "march",
        "mar",
        "mars",
        "märz",
        "maerz",
        "март",
        "марта",
        "марте",
        "березень",
        "березня",
        "березні",
        "марту",
        "мартом",
        "березню",
        "березнем",
    ],
    &["april", "apr", "avril", "апрель", "апреля", "апреле", "квітень", "квітня", "квітні", "апрелю", "апрелем", "квітню", "квітнем"],
    &["may", "mai", "май", "мая", "мае", "травень", "травня", "травні", "маю", "маем", "травню", "травнем"],
    &["june", "jun", "juin", "juni", "июнь", "июня", "июне", "червень", "червня", "червні", "июню", "июнем", "червню", "червнем"],
    &["july", "jul", "juillet", "juli", "июль", "июля", "июле", "липень", "липня", "липні", "июлю", "июлем", "липню", "липнем"],
    &[
        "august",
        "aug",
        "août",
        "aout",
        "август",
        "августа",
        "августе",
        "серпень",
        "серпня",
        "серпні",
        "августу",
        "августом",
        "серпню",
        "серпнем",
    ],
    &[
        "september",
        "sept",
        "sep",
        "septembre",
        "сентябрь",
        "сентября",
        "сентябре",
        "вересень",
        "вересня",
        "вересні",
        "сентябрю",
        "сентябрём",
        "сентябрем",
        "вересню",
        "вереснем",
    ],
    &[
        "october",
        "oct",
        "octobre",
        "oktober",
        "октябрь",
        "октября",
        "октябре",
        "жовтень",
        "жовтня",
        "жовтні",
        "октябрю",
        "октябрём",
        "октябрем",
        "жовтню",
        "жовтнем",
    ],
    &[
        "november",
        "nov",
        "novembre",
        "ноябрь",
        "ноября",
        "ноябре",
        "листопад",
        "листопада",
        "листопаді",
        "ноябрю",
        "ноябрём",
        "ноябрем",
        "листопаду",
        "листопадом",
    ],
    &[
        "december",
        "dec",
        "décembre",
        "decembre",
        "dezember",
        "декабрь",
        "декабря",
        "декабре",
        "грудень",
        "грудня",
        "грудні",
        "декабрю",
        "декабрём",
        "декабрем",
        "грудню",
        "груднем",
    ],
];

/// Months whose name alone, without a year, is a date; short forms and words with other meanings are not.
pub(super) const ALONE_CHARACTERS_MIN: usize = 3;
pub(super) const NEVER_ALONE: [&str; 15] =
    ["march", "mars", "august", "sept", "may", "jan", "feb", "mar", "apr", "jun", "jul", "sep", "oct", "nov", "dec"];

/// Weekdays from Monday.
pub(super) const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "lundi", "montag", "понедельник", "понедельника", "понеділок", "понеділка", "周一", "星期一"],
    &["tuesday", "mardi", "dienstag", "вторник", "вторника", "вівторок", "вівторка", "周二", "星期二"],
    &["wednesday", "mercredi", "mittwoch", "среду", "среда", "среды", "середу", "середа", "середи", "周三", "星期三"],
    &["thursday", "jeudi", "donnerstag", "четверг", "четверга", "четвер", "четверга", "周四", "星期四"],
    &[
        "friday",
        "vendredi",
        "freitag",
        "пятницу",
        "пятница",
        "пятницы",
        "п'ятницю",
        "п’ятницю",
        "п'ятниці",
        "п’ятниці",
        "п'ятниця",
        "п’ятниця",
        "周五",
        "星期五",
    ],
    &["saturday", "samedi", "samstag", "субботу", "субботы", "суботу", "суботи", "周六", "星期六"],
    &["sunday", "dimanche", "sonntag", "воскресенье", "воскресенья", "неділю", "неділі", "周日", "星期日", "周天", "星期天"],
];

/// Words for a day near the day of the document, with the days between.
pub(super) const NEAR_DAYS: [(&[&str], i64); 3] = [
    (&["today", "aujourd'hui", "aujourd’hui", "heute", "сегодня", "сьогодні", "今天", "今日"], 0),
    (&["yesterday", "hier", "gestern", "вчера", "вчора", "учора", "昨天", "昨日"], -1),
    (&["tomorrow", "demain", "morgen", "завтра", "明天", "明日"], 1),
];

/// Before a weekday: the one that was, the one to come.
pub(super) const LAST: &str = "last|past|letzten|vergangenen|прошлый|прошлую|прошлого|прошлой|минулого|минулої|минулу|минулий";
pub(super) const NEXT: &str =
    "next|coming|nächsten|kommenden|следующий|следующую|следующего|следующей|наступного|наступної|наступну|наступний";

/// Words for a month near the month of the document, with the months between.
pub(super) const NEAR_MONTHS: [(&[&str], i64); 3] = [
    (
        &[
            "this month",
            "ce mois-ci",
            "diesen monat",
            "diesem monat",
            "dieses monats",
            "этом месяце",
            "этого месяца",
            "цього місяця",
            "本月",
            "这个月",
        ],
        0,
    ),
    (
        &[
            "last month",
            "mois dernier",
            "mois passé",
            "letzten monat",
            "vergangenen monat",
            "letzten monats",
            "vergangenen monats",
            "прошлом месяце",
            "прошлого месяца",
            "минулого місяця",
            "上月",
            "上个月",
        ],
        -1,
    ),
    (
        &[
            "next month",
            "mois prochain",
            "nächsten monat",
            "kommenden monat",
            "nächsten monats",
            "kommenden monats",
            "следующем месяце",
            "следующего месяца",
            "наступного місяця",
            "下月",
            "下个月",
        ],
        1,
    ),
];

/// Words for a year near the year of the document, with the years between.
pub(super) const NEAR_YEARS: [(&[&str], i32); 3] = [
    (
        &[
            "this year",
            "cette année",
            "dieses jahr",
            "diesem jahr",
            "dieses jahres",
            "этом году",
            "этого года",
            "текущем году",
            "текущего года",
            "цього року",
            "今年",
            "本年度",
        ],
        0,
    ),
    (
        &[
            "last year",
            "an dernier",
            "année dernière",
            "an passé",
            "letztes jahr",
            "letzten jahr",
            "vergangenes jahr",
            "vergangenen jahr",
            "прошлом году",
            "прошлый год",
            "прошлого года",
            "торік",
            "прошлому году",
            "минулому році",
            "минулий рік",
            "letzten jahres",
            "vergangenen jahres",
            "vorjahr",
            "vorjahres",
            "минулого року",
            "去年",
        ],
        -1,
    ),
    (
        &[
            "next year",
            "an prochain",
            "année prochaine",
            "nächstes jahr",
            "nächsten jahr",
            "следующем году",
            "следующий год",
            "наступного року",
            "наступному році",
            "следующего года",
            "будущем году",
            "nächsten jahres",
            "kommenden jahr",
            "kommenden jahres",
            "kommendes jahr",
            "明年",
        ],
        1,
    ),
];

/// Words for a week near the day of the document, with the weeks between.
pub(super) const NEAR_WEEKS: [(&[&str], i64); 3] = [
    (&["this week", "cette semaine", "diese woche", "dieser woche", "этой неделе", "цього тижня", "本周"], 0),
    (
        &["last week", "semaine dernière", "letzte woche", "letzter woche", "vergangene woche", "прошлой неделе", "минулого тижня", "上周"],
        -1,
    ),
    (&["next week", "semaine prochaine", "nächste woche", "nächster woche", "следующей неделе", "наступного тижня", "下周"], 1),
];

/// Ordinals of quarters and halves, by their beginnings.
pub(super) const ORDINALS: [&[&str]; 4] = [
    &["first", "1st", "premier", "première", "ersten", "erstes", "erste", "перв", "перш", "1", "一", "上"],
    &["second", "2nd", "deuxième", "second", "zweiten", "zweites", "zweite", "втор", "друг", "2", "二", "下"],
    &["third", "3rd", "troisième", "dritten", "drittes", "dritte", "треть", "трет", "3", "三"],
    &["fourth", "4th", "quatrième", "vierten", "viertes", "vierte", "четв", "четверт", "4", "四"],
];

/// Right before a date: from here on.
pub(super) const SINCE: &str = "since|starting in|as of|depuis|depuis le|à partir de|à partir du|à compter du|dès|seit|seit dem|ab|ab dem|seit dem jahr|с|начиная с|з|із|\
     від|починаючи з|自|自从|from|au-delà de|since early|since mid|since late|since the start of|seit anfang|seit mitte|seit ende|ab anfang|\
     ab mitte|depuis fin|depuis début|depuis le début de|с начала|с конца|з початку|з кінця|从";

/// Right before a date: up to here.
pub(super) const UNTIL: &str = "vor|vor dem|avant le|by|until|till|by the end of|no later than|before|d'ici|d’ici|d'ici à|d’ici à|d'ici le|jusqu'en|jusqu’en|jusqu'au|\
     jusqu’au|avant|avant fin|d'ici fin|d’ici fin|bis|bis zum|bis ende|до|к|до конца|до кінця|к концу|к началу|до начала|до початку|до середини|\
     до середины|by early|by mid|by late|until the end of|before the end of|up to|through|bis mitte|bis anfang|bis spätestens|\
     bis ende des jahres|d'ici à fin|d’ici à fin|d'ici la fin|d’ici la fin|d'ici la fin de|d’ici la fin de|d'ici au|d’ici au|jusqu'à fin|\
     jusqu’à fin|jusqu'à|jusqu’à|avant la fin de|不迟于|到|至|截至|在";

/// Right behind a date, in Chinese: from here on.
pub(super) const SINCE_BEHIND: &str = "以来|起|之后以来|开始|后以来";

/// Right behind a date, in Chinese: up to here.
pub(super) const UNTIL_BEHIND: &str = "前|之前|以前|底前|底之前|年底前|末前";

/// Right before a date: no earlier.
pub(super) const NOT_BEFORE: &str = "not before|not until|not till|not earlier than|no earlier than|no sooner than|nicht vor|nicht vor dem|nicht vor ende|nicht früher als|\
     frühestens|frühestens im|frühestens am|frühestens ab|pas avant|pas avant le|pas avant fin|au plus tôt en|au plus tôt le|не раньше|не ранее|\
     не раніше|не ранее чем|не раніше ніж|не раньше чем|不早于|最早于";

/// Right before a date: no later.
pub(super) const NOT_AFTER: &str = "not after|not later than|no later than|nicht nach|nicht später als|spätestens|spätestens am|spätestens im|pas après|au plus tard le|\
     au plus tard en|не позднее|не позже|не пізніше|не позднее чем|不晚于|不迟于";

/// Of the words for an end, those that with a negation say when it begins.
pub(super) const EARLIER: &str =
    "before|until|till|vor|vor dem|bis|bis zum|bis ende|avant|avant le|avant fin|jusqu'en|jusqu’en|jusqu'au|jusqu’au|до";

/// Words that say no.
pub(super) const NEGATIONS: &str =
    "not|never|no|neither|nor|cannot|nicht|kein|keine|keinen|nie|niemals|weder|pas|jamais|aucun|ne|ni|не|ни|нет|ні|жодного|жодної";
