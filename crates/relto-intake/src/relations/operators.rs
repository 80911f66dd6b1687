//! Words that make of a clause something else than a statement, in six languages, with how far they reach.
//!
//! They are told by classes (negation, modal verbs, verbs of wanting, asking, refusing, saying, conditional conjunctions), not by the
//! predicates they stand with. `~` ends a beginning that may go on; a space stands between words in a row. Of rows that begin at the same word the
//! longest counts, so that `not only` is no `not`.

use super::words::{Kind, Word, han_run};
use rustc_hash::FxHashMap as HashMap;

/// What is made of the clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// It is not so.
    Deny,
    /// Somebody refuses it, fails to, or is kept from it.
    Refuse,
    /// It ended, or is called off.
    End,
    /// It may be so.
    Hedge,
    /// It is to be so.
    Plan,
    /// It is so under a condition.
    Condition,
    /// Somebody asks whether it is so, or that it be so.
    Ask,
    /// Somebody says so.
    Report,
    /// Somebody denies or doubts what is said.
    Dispute,
    /// Somebody does it: what it governs is as sure as it is itself.
    Do,
    /// Nothing; the row only keeps its words from meaning something else.
    Plain,
}

/// Which words an operator acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// What stands behind it, up to the end of its clause and in the clauses that hang on it.
    Behind,
    /// Its whole clause, and the clauses that hang on it.
    Clause,
    /// The few words right behind it.
    Near,
    /// The whole sentence.
    Sentence,
}

/// A row of words that is in a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    pub(super) effect: Effect,
    pub(super) scope: Scope,
    /// The first word.
    pub(super) from: usize,
    /// One past the last word.
    pub(super) to: usize,
}

const TABLE: [(Effect, Scope, &str); 30] = [
    (
        Effect::Plain,
        Scope::Near,
        "not only|not just|not merely|not least|no fewer|no less|no more than|not more than|not less than|no later than|not later than|no doubt|without doubt|without a doubt|no sooner|even if not|end of the year|in may|since may|by may|of may|from may|until may|last may|this may|\
         nicht nur|nicht zuletzt|nicht weniger|nicht mehr als|zweifellos|ohne zweifel|kein zweifel|wenn auch|non seulement|pas seulement|pas moins|si bien que|не только|не менее|не более|не меньше|не больше|\
         не лише|не тільки|не менше|не більше|не раз|не позднее|не пізніше|ни один из|不仅|不但|不断|不同|不少|不久|不过|不论|不管|不只|不光|不等|不迟于|不超过|不低于|不少于|must-~|nothing but|if only",
    ),
    (
        Effect::Deny,
        Scope::Behind,
        "not|n't|never|nor|neither|cannot|no longer|no one|nobody|none|nothing|by no means|in no way|under no circumstances|far from|anything but|instead of|rather than|\
         ni|ne|n'|au lieu de|plutôt que|не|ни|нет|нельзя|никто|никогда|ничего|никак|вместо|ні|немає|нема|ніхто|ніколи|нічого|замість|\
         不|没|没有|未|未曾|未能|从未|从不|从来没有|从来不|并未|并不|并非|并没有|尚未|均未|均不|都没有|都没|皆未|绝不|绝非|决不|毫不|无意|无法|无权|不曾|不会|不愿|不肯|不想|不能|不得|不是|不打算|没能|不准|不予|而不是|而非",
    ),
    (
        Effect::Refuse,
        Scope::Behind,
        "fail~|refus~|declin~|reject~|refrain~|forgo~|abstain~|avoid~|rule~ out|ruling out|oppos~|block|blocks|blocked|veto~|prevent~|prohibit~|forbid~|forbade|ban|bans|banned|unwilling|unable|withhold~|\
         rejet~|s' oppos~|empêch~|interdi~|évit~|échou~ à|exclu~ de|exclut de|omet|omis|renonc~|\
         отказ~|отверг~|отклон~|избега~|воздерж~|против того|запре~|неспособ~|відмов~|відхил~|відкида~|відкину~|уника~|утрим~|заборон~|неспромож~|\
         拒绝|拒不|反对|禁止|避免|阻止|否决|放弃",
    ),
    (
        Effect::Deny,
        Scope::Clause,
        "nicht|kein|keine|keinen|keinem|keiner|keines|keinerlei|nie|niemals|niemand|niemandem|nichts|weder|keineswegs|keinesfalls|mitnichten|nirgends|\
         pas|jamais|aucun|aucune|aucunement|nullement|personne|никаких|никакой|никакого|никоим|отнюдь|вовсе не|жодн~|жодного|аж ніяк|ніяк",
    ),
    (
        Effect::Refuse,
        Scope::Clause,
        "weiger~|verweiger~|lehnt|lehnte|lehnten|lehnen|abgelehnt|ablehn~|verzicht~|vermeid~|untersag~|verbiet~|verbietet|verbot~",
    ),
    (Effect::Deny, Scope::Near, "no|non|nul|nulle|without|ohne|sans|без"),
    (
        Effect::End,
        Scope::Clause,
        "stop|stops|stopped|stopping|ceas~|halt|halts|halted|suspend~|ended|ending|an end to|terminat~|cancel~|call~ off|broke off|break~ off|discontinu~|collaps~|abandon~|scrap~|\
         stoppt~|gestoppt|einstell~|eingestellt|stellt~ ein|beendet~|beenden|aussetz~|ausgesetzt|abgebrochen|brach ab|nicht mehr|nicht länger|gekündigt|aufgehört|hört auf|hörte auf|\
         cess~|arrêté de|arrête de|suspend~|interromp~|annul~|mis fin|met fin|mettre fin|ne plus|\
         прекра~|приостан~|остан~вил~|перестал~|отменил~|разорвал~|расторг~|больше не|свернул~|\
         припин~|зупин~|призупин~|перестал~|скасув~|розірв~|більше не|\
         停止|中止|暂停|终止|取消|中断|不再|叫停|停供|断绝",
    ),
    (
        Effect::Hedge,
        Scope::Behind,
        "may|might|can|appear~|seem~|tend to|likely to|be likely|is likely|are likely|unlikely|suspected of|suspect~|able to|capable of|in a position to|free to|consider|considers|considered|considering|contemplat~|mull~|weigh|weighs|weighed|weighing|ponder~|think~ of|toy~ with|explor~|discuss~|negotiat~|talks on|talks about|in talks|debat~|threaten~|tempt~|almost|nearly|all but|on the verge|\
         pretend~|try|tries|tried|trying|attempt~|seek|seeks|sought|seeking|struggl~|offer~ to|look~ as if|look~ like|look~ set|eligible|entitl~|allow~ to|permit~ to|\
         sembl~|paraît|parait|paraissent|envisag~|tent~ de|essai~|cherch~ à|risqu~ de|faillit|failli|menac~ de|étudi~|négoci~|hésit~|peut|peuvent|pouvait|pouvaient|pourra|pourront|susceptible~|capable~ de|discut~|examin~|réfléchi~|en passe de|tard~ à|\
         мож~|могут|мог|могла|могли|могло бы|пыта~|попыт~|стрем~|обсужда~|рассматрива~|угрожа~|грозит~|способн~|готов|готова|готовы|готово|готовност~|изуча~|колебл~|веду~ переговор~|ведет переговор~|ведёт переговор~|\
         може|можуть|міг|могла|могли|намага~|спробу~|прагн~|обговор~|розгляда~|погрож~|здатн~|готовий|готові|вивча~|веде переговор~|\
         可能|可以|可望|有可能|有望|能够|能|会否|考虑|威胁|试图|企图|尝试|讨论|商讨|探讨|研究是否|谈判|磋商|力图|涉嫌|疑似|近乎|几乎|险些",
    ),
    (
        Effect::Hedge,
        Scope::Clause,
        "perhaps|maybe|possibly|probably|presumably|conceivably|potentially|hardly|barely|scarcely|seldom|doubtful|doubtless|uncertain|unclear|unconfirmed|unproven|conceivable|possible|probable|suspicion~|arguably|ostensibly|seemingly|apparently|theoretically|in theory|on paper|could|kann|können|könne|konnte|könnte|könnten|mag|mögen|\
         vielleicht|womöglich|möglicherweise|wohl|vermutlich|wahrscheinlich|mutmaßlich|eventuell|unter umständen|kaum|schwerlich|fraglich|zweifelhaft|ungewiss|denkbar|scheint|scheinen|schien|scheinbar|anscheinend|offenbar|dürfte|dürften|möglich|erwäg~|prüft|prüfen|versuch~|droht|drohte|drohen|beinahe|fast|nahezu|verhandel~|diskutier~|überleg~|ausloten|sondier~|fähig|imstande|dubios|\
         peut-être|sans doute|probablement|possiblement|éventuellement|guère|à peine|douteux|douteuse|incertain~|possible|vraisemblabl~|apparemment|il se peut|il se pourrait|pourrait|pourraient|presque|soupçonn~|potentiellement|\
         возможно|вероятно|наверное|пожалуй|похоже|видимо|по-видимому|вряд ли|едва ли|едва|кажется|почти|сомнительно|сомнит~|маловероятно|вроде|вроде бы|предположительно|чуть не|не исключено|\
         можливо|мабуть|ймовірно|певно|либонь|схоже|здається|навряд чи|навряд|ледве чи|ледве|майже|сумнівно|сумнівн~|малоймовірно|імовірно|наче|неначе|не виключено|мало не|\
         也许|或许|大概|恐怕|似乎|好像|看来|疑|未必|难以|可疑|值得怀疑|存疑|说不定|兴许|估计|料|大约|看似|或将|或会",
    ),
    (
        Effect::Plan,
        Scope::Behind,
        "will|shall|'ll|intend~|plan|plans|planned|planning|want|wants|wanted|hope|hopes|hoped|hoping|expect~|aim~ to|aims|is to|are to|was to|were to|about to|due to sign|due to join|going to|promis~|pledg~|vow~|commit~ to|undert~k~ to|agree~ to|decid~|resolv~ to|prepar~ to|preparing|scheduled|set to|ready to|poised|wish~|keen to|propos~ to|announc~ plans|apply|applied|applying|applies|bid to|eager to|volunteer~|\
         entend|entendent|prévoi~|prévu~|va|vont|compte|comptent|souhait~|veut|veulent|voulait|espèr~|promet~|promis|s' engag~|décid~ de|envisageait|ambitionn~|projett~|s' apprêt~|se prépar~|a l' intention|ont l' intention|accept~ de|\
         намер~|планир~|собира~|хочет|хотят|хотел~|готовит~|обеща~|пообеща~|обязал~|обязу~|решил~|надеет~|надею~|согласил~|предстоит|ожида~|желает|желают|рассчитыв~|\
         має намір|мають намір|намір~|плану~|збира~|хоче|хочуть|хотів~|готує~|обіця~|пообіця~|зобов'яз~|виріши~|сподіва~|погоди~|планує|бажа~|розрахову~|\
         计划|打算|将|将会|将要|拟|拟于|预计|预定|定于|预期|希望|承诺|准备|有意|意图|决定|同意|愿意|愿|即将|想|想要|欲|力争|争取|将于|会|要|筹备",
    ),
    (
        Effect::Plan,
        Scope::Clause,
        "soll|sollen|wird|werden|werde|will|wollen|wolle|beabsichtig~|plant|planen|geplant|möchte|möchten|hofft|hoffen|verspr~ch~|verpflichte~|beschl~ss~|hat vor|haben vor|sagte zu|sagt zu|zugesagt|gedenk~|vornehm~|in aussicht|bereit|kündig~ an|angekündigt|strebt an|angestrebt|vorgesehen|wünsch~|einverstanden|\
         будет|будут|буду|буде|будуть|примет|примут|візьме|візьмуть|братиме|братимуть",
    ),
    (
        Effect::Condition,
        Scope::Sentence,
        "if|unless|provided that|provided|providing that|on condition that|on the condition that|assuming|as long as|so long as|in case|in the event|supposing|otherwise|were the|wenn|sofern|soweit|vorausgesetzt|unter der bedingung|unter der voraussetzung|es sei denn|solange|\
         im falle|s' il|s' ils|à moins|à condition|pourvu que|au cas où|en cas d'|en cas de|à supposer|sous réserve|faute de quoi|sous condition|\
         если|при условии|в случае|разве что|пока не|иначе|якщо|якби|за умови|у разі|в разі|хіба що|поки не|інакше|коли б|\
         如果|若|若是|倘若|假如|假使|假设|只要|只有|除非|一旦|要是|万一|否则|在条件下|前提是|条件是|的话|倘|设若|如若|假若",
    ),
    // At the head of a clause only.
    (Effect::Condition, Scope::Sentence, "si|falls"),
    (Effect::Condition, Scope::Behind, "would"),
    (Effect::Condition, Scope::Clause, "würde|würden|hätte|hätten|wäre|wären|gälte|бы|б|би"),
    (
        Effect::Ask,
        Scope::Behind,
        "whether|should|must|ought|need to|needs to|has to|have to|had to|call~ on|call~ for|call~ upon|urg~|ask|asks|asked|asking|request~|demand~|appeal~|plead~|recommend~|advise|advises|advised|suggest~|propose|proposes|proposed|proposing|proposal~|invit~|encourag~|requir~|ordered ~ to|orders ~ to|instruct~|oblig~|persuad~|lobb~|wants ~ to|expected of|wonder~|inquir~|\
         demand~|exhort~|recommand~|propose|proposent|invit~|exig~|appell~|enjoin~|doit|doivent|devrait|devraient|devra|devront|faut|faudrait|faudra|conseill~|encourag~|incit~|prôn~|plaid~|se demand~|\
         должен|должна|должны|должно|следует|следовало|призва~|призыва~|попросил~|просит|просят|потребова~|требу~|рекоменд~|предлож~|предлага~|настаива~ на|советует|надо|нужно|необходимо|приглас~|приглаша~|побужд~|обязан~|убежда~|спрашива~|спросил~|\
         повинн~|слід|закли~|попросил~|просить|просять|вимага~|рекоменду~|запропон~|пропону~|наполяга~ на|треба|потрібно|необхідно|запрос~|запрош~|мусить|мусять|зобов'язан~|питає|питають|запита~|спонука~|\
         应|应当|应该|必须|需|需要|须|呼吁|要求|敦促|请求|请|建议|劝|劝说|督促|主张|邀请|推荐|促请|提议|是否|能否|可否|有没有|会不会|是不是|理应|宜|责令|询问|质问|倡议各方|号召|命令|应否",
    ),
    (
        Effect::Ask,
        Scope::Clause,
        "ob|sollte|sollten|muss|müssen|müsse|müssten|müsste|forder~|aufgefordert|bitte~|gebeten|verlang~|empf~hl~|drängt|drängen|ruf~ auf|rief ~ auf|aufgerufen|schlägt vor|schlug vor|vorgeschlagen|appellier~|mahnt|mahnte|ersuch~|rät|riet|fragt|fragte|fragen|\
         ли|разве|неужели|хіба|невже|est-ce|吗|么|呢|难道",
    ),
    (
        Effect::Report,
        Scope::Sentence,
        "said|says|say|saying|she adds|he adds|they add|she added|he added|according to|claim|claims|claimed|claiming|reported|reports|reportedly|reporting|told|tells|alleg~|rumour~|rumor~|supposed~|purport~|insist~|assert~|believ~|thinks|thought to|stated|states that|state that|announc~|declares|declared|declare|testif~|argu~|warn~|explain~|suggests|estimates that|estimated that|acknowledg~|admit~|confirm~|hearsay|assum~|concludes that|concluded that|accus~|reveal~|in the view of|in the words of|deem~|maintain~ that|\
         sagte|sagt|sagen|sagten|laut|zufolge|nach angaben|erklärt~|behaupt~|berichtet|berichtete|berichteten|berichten|heißt es|hieß es|angeblich|vorgeblich|gerücht~|teilte mit|teilt mit|mitgeteilt|meint|meinte|meinen|glaubt|glauben|beteuer~|versicher~|beton~|nach ansicht|nach auffassung|nach einschätzung|nach meinung|nach darstellung|vermut~|warnt|warnte|gab bekannt|dem vernehmen nach|hörensagen|schreibt|schrieb|warf vor|wirft vor|\
         selon|affirm~|d' après|déclare|déclaré|déclarent|déclarait|déclarer|assure|assurent|assuré|prétend~|prétendu~|rumeur~|à en croire|soi-disant|dit|disent|dirait|indiqu~|annonc~|estime|estiment|pense|pensent|croit|croient|rapport~ que|explique|expliqu~|précise|précisé|soulign~|soutient|jug~ que|aux yeux de|accus~|on raconte|aux dires|supposé~|confirm~|\
         по словам|по данным|по сведениям|по слухам|слух~|заявил~|заявля~|сообщил~|сообща~|утвержда~|пишет|пишут|по мнению|по оценке|по информации|якобы|говорят|говорит|сказал~|рассказал~|считает|считают|полага~|настаива~|уверя~|увер~н|подчеркн~|отметил~|отмеча~|дескать|мол|объявил~|предполага~|обвин~|подтверд~|добавил~|пояснил~|согласно|\
         за словами|за даними|за чутками|за відомостями|за інформацією|чутк~|заяви~|заявля~|повідом~|стверджу~|пише|пишуть|на думку|за оцінкою|нібито|кажуть|каже|сказа~|розпові~|вважа~|гада~|наполяга~|запевн~|підкресл~|зазнач~|мовляв|оголоси~|припуска~|звинува~|підтверд~|згідно|додав|додала|поясн~|\
         称|表示|认为|据报道|据悉|据称|据传|据说|据|传言|有传言|谣传|声称|宣称|指出|透露|强调|说|坚称|相信|据信|表明|传闻|宣布|介绍|反映|看法|所谓|指责|指控|爆料|传出|消息人士|披露|证实|确认|解释|提到|号称|自称|觉得|听说|说法",
    ),
    (
        Effect::Dispute,
        Scope::Sentence,
        "deny|denying|denied|denies|denial|disput~|doubt|doubts|doubted|disprov~|refut~|rebut~|repudiat~|contradict~|not true|untrue|false|falsely|fals~|myth|invented|made up|wrong~|contrary to|baseless|unfounded|fake|hoax|\
         bestreit~|bestritt~|dementier~|leugne~|stimmt nicht|nicht wahr|unwahr|falsch|widerleg~|widersprich~|widersprach|zweifel~|bezweifel~|weist zurück|wies zurück|zurückgewiesen|erfunden|unbegründet|entgegen|\
         dément~|démenti~|ni~ que|nie|nient|niait|contest~|doute|doutent|faux|fausse|infond~|réfut~|inexact~|mensong~|contrairement|\
         отрица~|опроверг~|оспарива~|неверно|неправда|ложь|ложн~|сомнева~|выдум~|вопреки|опровержен~|\
         заперечу~|запереч~|спростув~|спросто~|неправда|брехня|сумніва~|вигад~|всупереч|хибн~|\
         否认|驳斥|不属实|不实|虚假|谣言|并非事实|怀疑|质疑|子虚乌有|不真实|辟谣|反驳|与事实不符|误传|矢口否认",
    ),
    (
        Effect::Dispute,
        Scope::Clause,
        "fehlanzeige|no evidence|no proof|no sign|keine belege|keine hinweise|aucune preuve|нет доказательств|немає доказів|没有证据|无证据",
    ),
    (
        Effect::Do,
        Scope::Behind,
        "began|begin~|begun|start|starts|started|starting|continu~|manag~ to|help~|succeed~ in|proceed~|went on|resum~|us~ to|kept|keep|keeps|rush~ to|join~ forces|chose to|\
         commenc~|continu~|recommenc~|réuss~ à|parvien~|parvenu~|vient de|viennent de|aid~|permet de|permis de|\
         начал~|начинает|продолжа~|продолжил~|смог|смогла|смогли|удалось|сумел~|помога~|помог~|стал|стала|стали|\
         почав|почала|почали|почина~|продовж~|зміг|змогла|змогли|вдалося|допома~|став|стала|стали|\
         开始|继续|成功|已经|已|业已|得以",
    ),
    (Effect::Do, Scope::Clause, "begann~|beginnt|beginnen|begonnen|setzt fort|fortgesetzt|gelang|gelungen|schafft~|hilft|half"),
    // Phrases whose words would say something else one by one.
    (
        Effect::Ask,
        Scope::Sentence,
        "unknown whether|unclear whether|открыт вопрос|unklar|offen ist|on ignore|неясно|неизвестно|невідомо|незрозуміло|尚不清楚|不得而知|不明|不详",
    ),
    (
        Effect::Hedge,
        Scope::Sentence,
        "not known|not clear|not certain|not sure|nicht bekannt|nicht sicher|nicht klar|pas certain|pas sûr|pas clair|pas confirmé~|не подтвержд~|не підтвердж~|没有证实|未证实|未经证实|无法证实|not confirmed|nicht bestätigt|sans confirm~",
    ),
    (Effect::Ask, Scope::Clause, "il faut|es gilt|es ist nötig|it is time|es ist zeit|il est temps|пора|час настав"),
    (Effect::Hedge, Scope::Behind, "so as to|in order|afin|чтобы|щоб|以便|为了"),
    (Effect::Plan, Scope::Behind, "prêt~ à|sur le point|en vue de|zwecks|с целью|з метою"),
    (Effect::Report, Scope::Clause, "sei|seien|habe|aurait|auraient|serait|seraient|sehe|gebe|komme"),
    (Effect::Condition, Scope::Sentence, "à défaut|только при|лише за|nur wenn|only when|only after"),
    (Effect::Deny, Scope::Near, "statt|anstatt"),
];

/// The table, by first letters.
#[derive(Debug)]
pub(super) struct Operators {
    rows: HashMap<char, Vec<Row>>,
}

#[derive(Clone, Debug)]
struct Row {
    words: Vec<&'static str>,
    effect: Effect,
    scope: Scope,
}

impl Operators {
    pub(super) fn new() -> Self {
        let mut rows: HashMap<char, Vec<Row>> = HashMap::default();
        for (effect, scope, list) in TABLE {
            for row in list.split('|').map(str::trim) {
                let words: Vec<&str> = row.split(' ').filter(|word| !word.is_empty()).collect();
                if let Some(first) = row.chars().next() {
                    rows.entry(first).or_default().push(Row { words, effect, scope });
                }
            }
        }
        // The longest first; of equals, the one that says more.
        let length = |row: &Row| (row.words.len(), row.words.iter().map(|word| word.len()).sum::<usize>());
        rows.values_mut().for_each(|rows| rows.sort_by(|a, b| length(b).cmp(&length(a)).then(a.effect.cmp(&b.effect))));
        Self { rows }
    }

    /// Every operator among `words`, in order; they do not overlap.
    pub(super) fn find(&self, words: &[Word]) -> Vec<Operator> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let row = words.get(at).and_then(|word| word.text.chars().next()).and_then(|first| self.rows.get(&first));
            let fits = row.and_then(|rows| rows.iter().find_map(|row| Some((row, row.fits(words.get(at..).unwrap_or_default())?))));
            match fits {
                Some((row, count)) => {
                    found.push(Operator { effect: row.effect, scope: row.scope, from: at, to: at + count });
                    at += count;
                }
                None => at += 1,
            }
        }
        found
    }
}

impl Row {
    /// How many words the row takes, if `words` begin with it.
    fn fits(&self, words: &[Word]) -> Option<usize> {
        let spaced = || {
            (self.words.len() <= words.len() && self.words.iter().zip(words).all(|(known, word)| is_form(known, word)))
                .then_some(self.words.len())
        };
        self.words.first().and_then(|known| han_run(known, words)).or_else(spaced)
    }
}

/// Whether `known` is the word, or a beginning of it; a `~` inside stands for one or two letters.
fn is_form(known: &str, word: &Word) -> bool {
    if word.kind != Kind::Word || word.text.is_empty() {
        return known == "~" && word.kind == Kind::Name;
    }
    if known == "~" {
        return true;
    }
    match known.split_once('~') {
        None => word.text == known,
        Some((begins, "")) => word.text.starts_with(begins),
        Some((begins, ends)) => {
            let rest = word.text.strip_prefix(begins).unwrap_or_default();
            let ends = ends.trim_end_matches('~');
            rest.char_indices().skip(1).take(2).any(|(at, _)| rest.get(at..).is_some_and(|rest| rest.starts_with(ends)))
        }
    }
}
