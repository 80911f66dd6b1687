//! The relations that are read, and the words that say them, in six languages.
//!
//! In lower case and simplified characters, apart by `|`. A form is a whole word, unless `~` lets it go on; words in a row are apart by a space, and `*` between
//! them lets others stand there, as German verbs have it. Behind a form: `!` an infinitive, `+` a future, `?` hearsay, `=` a noun, `<` what is said
//! the other way round (`buys from`). Russian and Ukrainian infinitives are told by their endings.

use crate::gazetteer::EntityType;

/// What kind of thing may stand at one end; no kinds means any.
pub(super) type Kinds = &'static [EntityType];

const PERSON: Kinds = &[EntityType::Person];
const BODY: Kinds = &[EntityType::Organisation, EntityType::Programme, EntityType::Event];
const ACTOR: Kinds = &[EntityType::Organisation, EntityType::Place, EntityType::Person, EntityType::Programme];
const PAYER: Kinds = &[EntityType::Organisation, EntityType::Place, EntityType::Person, EntityType::Programme, EntityType::Instrument];
const PARTNER: Kinds = &[EntityType::Organisation, EntityType::Place];
const TEXT: Kinds = &[EntityType::Instrument, EntityType::Document, EntityType::Programme];
const CLUB: Kinds = &[EntityType::Organisation, EntityType::Instrument, EntityType::Programme, EntityType::Event];
const PART: Kinds = &[EntityType::Organisation, EntityType::Programme, EntityType::Capability];
const SHARED: Kinds = &[
    EntityType::Programme,
    EntityType::Event,
    EntityType::Instrument,
    EntityType::Organisation,
    EntityType::Capability,
    EntityType::Document,
];
const MADE: Kinds = &[EntityType::Programme, EntityType::Capability, EntityType::Document];
const PAID: Kinds = &[EntityType::Programme, EntityType::Organisation, EntityType::Capability, EntityType::Event, EntityType::Instrument];

/// A relation with the words that say it.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub(crate) name: &'static str,
    pub(super) cues: &'static str,
    pub(super) subject: Kinds,
    pub(super) object: Kinds,
    /// Whether it holds both ways, so that `A and B compete` says it.
    pub(crate) is_mutual: bool,
}

impl Predicate {
    /// Whether it can hold between things of these kinds; of what is not known to us, any kind will do.
    pub(crate) fn can_join(&self, subject: Option<EntityType>, object: Option<EntityType>) -> bool {
        let may = |kinds: Kinds, kind: Option<EntityType>| kind.is_none_or(|kind| super::ends::allows(kinds, kind));
        may(self.subject, subject) && may(self.object, object)
    }
}

const fn one_way(name: &'static str, subject: Kinds, object: Kinds, cues: &'static str) -> Predicate {
    Predicate { name, cues, subject, object, is_mutual: false }
}

const fn mutual(name: &'static str, cues: &'static str) -> Predicate {
    Predicate { name, cues, subject: PARTNER, object: PARTNER, is_mutual: true }
}

pub(super) const PREDICATES: [Predicate; 17] = [
    one_way(
        "signed",
        ACTOR,
        TEXT,
        "sign|signs|signed|signing|signatory=|signatories=|put its name to|initialled|unterzeichnet|unterzeichnete|unterzeichneten|unterzeichnen|unterzeichne?|unterschrieb|unterschrieben|unterschreib~|paraphiert~|\
         signe|signent|signé|signée|signait|signer!|signera+|signeront+|signerait?|signeraient?|signataire=|paraph~|подписа~|подписыв~|подпиш~+|підписа~|підписув~|підпиш~+|парафир~|签署|签订|签|签定|签约|缔结",
    ),
    one_way(
        "withdrew-from",
        ACTOR,
        SHARED,
        "withdraw|withdrew|withdraws|withdrawn|withdrawing|withdrawal=|pull out|pulls out|pulled out|pulling out|quit|quits|leave|leaves|left|leaving|turned its back on|walked out of|exits|exited|ausgetreten|zurückgezogen|zurückziehen|zurückzieh~|zurückzuziehen|verlassen|verließ|verließen|verlässt|austritt~|auszutreten|ausstieg~|ausgestiegen|auszusteigen|rücken gekehrt|schied * aus|scheidet * aus|scheiden * aus|schieden * aus|tritt * aus|trat * aus|steigt * aus|steigen * aus|stieg * aus|stiegen * aus|zog * zurück|zieht * zurück|\
         quitté|quitte|quittent|quitter!|quittera+|quitterait?|retiré|retirée|retire|se retirer!|retirera+|sorti|sortie|sortir!|вышел|вышла|вышло|вышли|выйти|выйдет+|выйдут+|выход~|покину~|покида~|вийшов|вийшла|вийшло|вийшли|вийти|вийде+|вийдуть+|виход~|залиша~|залиши~|退出|撤出|脱离",
    ),
    one_way(
        "founded",
        ACTOR,
        CLUB,
        "found|founded|founds|founder=|set up|sets up|established|establish|establishes|launched|launch|launches|created|creates|create|gegründet|mitgegründet|gründete|gründeten|gründet|gründen|gründe?|eingerichtet|ins leben gerufen|rief * ins leben|riefen * ins leben|\
         fondé|fondée|fondés|fondent|fonde|fonda|fonder!|fondera+|créé|créée|crée|créent|créer!|créera+|lancé|lancée|lancer!|lance|institué|основан~|основал~|основать|основыва~|учреди~|учрежд~|создал~|создан~|создать|создаст+|создаёт|создает|создают|запустил~|заснова~|заснува~|створи~|створен~|створю~|запусти~|成立|设立|创立|创建|发起|建立|创办|组建",
    ),
    one_way(
        "funds",
        PAYER,
        PAID,
        "fund|funds|funded|funding|co-funds|cofunds|finance|finances|financed|financing|pays for|pay for|paid for|subsidis~|subsidiz~|bankroll~|takes money from<|take money from<|takes no money from<|finanziert|finanzierte|finanzierten|finanzieren|finanziere?|bezahlt|subventionier~|fördert|geld von<|stellt * bereit|\
         finance|financent|financé|financée|financer!|financera+|financerait?|cofinance|cofinancent|cofinancé|verse|versera+|verseront+|subventionn~|consacré|verse|versé|versera+|финансир~|профинанс~|оплачива~|оплатил~|оплатит+|субсидир~|фінансу~|профінанс~|оплачу~|оплати~|субсиду~|资助|拨款|出资|注资|提供资金|供资|赞助",
    ),
    one_way(
        "supplies",
        ACTOR,
        ACTOR,
        "supply|supplies|supplied|supplying|supplier=|suppliers=|deliver|delivers|delivered|delivering|export to|exporting to|delivery=|deliveries=|sell|sells|sold|selling|shipped|exports to|exported to|buys * from<|buy * from<|bought * from<|purchas~ * from<|imports * from<|customer of<|liefert|lieferte|lieferten|liefern|geliefert|liefere?|lieferung~=|beliefert|belieferte|belieferten|beliefern|beliefere?|verkauft|verkaufte|verkaufen|exportiert|exportierte|exportieren|exportiere?|bezieht * von<|bezog * von<|bezieht * aus<|bezog * aus<|kauft * von<|kauft * bei<|kaufte * bei<|\
         fournit|fournissent|fourni|fournie|fournis|fournir!|fournira+|fourniront+|fournirait?|fourniraient?|fournissait|fournisseur=|livre|livrent|livré|livrés|livrée|livrées|livrer!|livrera+|livreront+|livrerait?|livraison~=|vend|vendent|vendu|vendus|vendre!|vendra+|vendrait?|approvisionn~|achète * à<|achète * auprès<|\
         поставля~|поставил~|поставить|поставит+|поставят+|поставк~=|поставлен~|снабжа~|снабди~|équipe|équipent|продаёт|продает|продают|продал~|продавал~|продать|экспортир~|покупает * у<|закупает * у<|постача~|поставив|поставила|поставили|поставить+|продає|продають|прода~|купує * у<|закуповує * у<|供应|供货|出售|售|交付|出口|供给|采购<|购买<",
    ),
    one_way(
        "leads",
        ACTOR,
        BODY,
        "lead|leads|led|runs|ran|headed|heads|head of=|director of=|director general of=|secretary general of=|president of=|chairs|chaired|chair of=|chairman of=|chairwoman of=|chief of=|chief executive of=|ceo of=|commander of=|run by|leitet|leitete|leiten|geleitet|leite?|leiter=|leiterin=|direktor=|direktorin=|vorsitzende~=|präsident=|präsidentin=|chef=|chefin=|steht * vor|\
         dirige|dirigent|dirigé|dirigée|diriger!|dirigera+|directeur=|directrice=|préside|présidé|présidée|président=|présidente=|patron=|à la tête=|руководит|руководят|руководил~|руководител~=|возглав~|глава=|главы=|директор~=|председател~=|начальник~=|президент~=|очол~|керівник~=|керівниц~=|керує|керують|голова=|голови=|очільни~=|начальниц~=|总经理=|院长=|主任=|局长=|部长=|所长=|董事长=|主席=|总裁=|秘书长=|负责人=|司令=|领导|主持|率领|会长=|首席执行官=",
    ),
    one_way(
        "works-for",
        PERSON,
        BODY,
        "researcher~=|spokes~=|works for|work for|analyst~=|fellow=|fellow at=|adviser~=|advisor~=|deputy~=|engineer at=|official at=|vice-president of=|vice president of=|secretary at=|delegate of=|envoy of=|expert at=|sprecher=|sprecherin=|forscher=|forscherin=|referent~=|mitarbeiter~=|beauftragte~=|abteilungsleiter~=|analystin=|berater~=|chercheu~=|sous-directeur=|sous-directrice=|directeur adjoint=|directrice adjointe=|secrétaire=|porte-parole=|analyste=|conseill~=|expert~=|délégué~=|\
         представител~=|сотрудни~=|аналитик~=|советник~=|заместител~=|спикер=|пресс-секретарь=|эксперт~=|научный=|речни~=|аналіти~=|дослідни~=|заступни~=|радни~=|представни~=|експерт~=|研究员=|发言人=|副总经理=|分析师=|顾问=|副主任=|副院长=|工程师=|专员=|秘书=|代表=",
    ),
    one_way(
        "member-of",
        ACTOR,
        CLUB,
        "member of=|members of=|member=|members=|belong to|belongs to|belonged to|join|joins|joined|joining|accede|accedes|acceded|accession to=|rejoin~|admitted to|membership=|mitglied=|mitglieder=|mitgliedschaft=|gehört * an|gehören * an|gehörte * an|angehört|beitreten|beitritt=|beigetreten|beizutreten|trat * bei|tritt * bei|traten * bei|\
         membre=|membres=|appartient à|appartiennent à|appartienne à|appartient|adhère|adhéré|adhérer!|adhésion=|rejoint|rejoignent|rejoindre!|rejoindra+|rejoindront+|rejoindrait?|член~=|участник~=|участницей=|участницы=|вступ~|вступит+|вступят+|вступить+|присоединится+|присоединятся+|входит в|входят в|вошел|вошла|вошли|состоит|состоят|присоедин~|членств~=|учасник~=|учасниц~=|приєдн~|приєднається+|приєднаються+|доєдна~|доєднається+|доєднаються+|входить до|входять до|увійш~|加入|成员=|成员国=|成员之一=|入盟|参加",
    ),
    one_way(
        "participates-in",
        ACTOR,
        SHARED,
        "participate|participates|participated|participating|participant~=|participation=|take part|takes part|took part|taking part|taken part|party to=|beteilig~|teilnimmt|teilnahm|teilnehm~|teilgenommen|teilzunehmen|nimmt * teil|nahm * teil|nehmen * teil|nahmen * teil|macht * mit|mitmach~|wirkt * mit|wirken * mit|wirkte * mit|participe|participent|participé|participer!|participera+|participeront+|participation=|prend part|prennent part|pris part|prendre part!|prendra part+|\
         участв~|участие=|участия=|участь=|участі=|参与|参演|出席|派员参加",
    ),
    one_way(
        "sanctions",
        PARTNER,
        PARTNER,
        "sanction|sanctions|sanctioned|sanctioning|blacklist~|embargo~|sanktionier~|sanktionen=|sanktionsliste=|auf * liste gesetzt|auf * list gesetzt|sanctionn~|санкци~=|внёс * список|внесло * список|внесли * список|внесла * список|вніс * список|внесла * списку|внесло * списку|внесли * списку|санкці~=|制裁|列入",
    ),
    one_way(
        "develops",
        ACTOR,
        MADE,
        "develop|develops|developed|developing|developer of=|build|builds|built|building|drafted|drafts|draws up|drew up|drawn up|designed|designs|wrote|produces|entwickelt|entwickelte|entwickelten|entwickeln|entwickle?|baut|baute|bauen|gebaut|fertigt|fertigte|produziert|produzierte|erarbeitet|erarbeiten|\
         fabrique|fabriquent|fabriqué|fabriquée|développe|développent|développé|développée|développer!|développera+|développerait?|construit|construisent|construire!|conçoit|conçu|conçue|élabor~|rédig~|разраб~|выпускает|выпускают|производит|производят|создаёт|создает|строит|строят|составил~|розроб~|виробляє|випускає|виготовляє|будує|будують|уклав|уклала|研发|研制|开发|制定|起草|建造|编写|打造",
    ),
    one_way(
        "adopted",
        ACTOR,
        &[EntityType::Document, EntityType::Programme, EntityType::Instrument],
        "adopt|adopts|adopted|adopting|adoption of=|approve|approves|approved|issued|passed|ratif~|published|publishes|endorsed|verabschied~|angenommen|gebilligt|billigt~|erließ|erlassen|beschloss|beschlossen|ratifizier~|nahm * an|veröffentlicht~|\
         adopte|adoptent|adopté|adoptée|adopter!|adoptera+|adopteront+|approuv~|ratifi~|publié|publie|promulgu~|voté|принял|приняла|приняли|приняло|принять|принята|принято|принят|примет+|примут+|принима~|утверди~|одобри~|ратифиц~|издал~|ухвал~|прийня~|затверд~|схвал~|ратифік~|вида~|通过|批准|颁布|发布|出台|采纳|核准",
    ),
    one_way(
        "hosts",
        ACTOR,
        &[EntityType::Event, EntityType::Programme, EntityType::Organisation],
        "host|hosts|hosted|hosting|ausgericht~|richtet * aus|richtete * aus|richten * aus|veranstalt~|gastgeber~=|ausrichten|accueill~|organis~|organiz~|принимал~|принимает|примет+|проводит|провёл|провела|провели|организ~|приймал~|приймає|прийме+|проводить|провів|організ~|举办|承办|主办|东道主=|召开",
    ),
    one_way(
        "part-of",
        PART,
        &[EntityType::Organisation, EntityType::Programme],
        "part of=|subordinate to=|reports to|untersteht|подчиняется|підпорядковується|subsidiary of=|arm of=|unit of=|division of=|branch of=|owned by|belongs to|teil von=|teil der=|teil des=|tochter~=|gehört zu|gehört zur|gehört zum|gehören zu|abteilung~=|fait partie|font partie|filiale=|dépend de|relève de|rattaché~|часть=|частью=|входит в|входят в|подразделени~=|дочерн~=|принадлежит|підрозділ~=|частина=|частиною=|входить до|входять до|належить|дочірн~=|隶属|隶属于|属于|下属=|子公司=|旗下=|组成部分=|附属=",
    ),
    one_way(
        "located-in",
        &[EntityType::Organisation, EntityType::Event, EntityType::Place],
        &[EntityType::Place],
        "based in=|headquartered in=|headquarters in=|seat in=|seated in=|located in=|situated in=|registered in=|sitz in=|mit sitz in=|ansässig in=|ansässig=|sitzt in=|sitzt=|siège à=|siège=|établi~ à=|établie à=|installée à=|installé à=|implantée à=|implanté à=|office in=|büro in=|офис в=|офіс в=|basée à=|basé à=|implanté~ à=|située à=|situé à=|находится=|расположен~=|размещ~=|разместится+|зарегистрирован~=|штаб-квартира=|базируется=|розташован~=|розміщ~=|зареєстрован~=|штаб-квартира=|міститься=|位于=|总部设在=|设在=|坐落于=|设于=|总部在=|地处=",
    ),
    mutual(
        "competes-with",
        "compete|competes|competed|competing|competition=|competitor~=|rival~=|vies|vying|konkurrier~|konkurrenz~=|konkurrent~=|wettbewerb~=|wetteifer~|concurren~=|rivalis~|rivalité~=|соперни~|конкурир~|конкурен~=|борется|конкуру~|суперни~|змага~|竞争|角逐|较量|争夺|竞逐|抗衡",
    ),
    mutual(
        "cooperates-with",
        "cooperat~|co-operat~|collaborat~|works with|work with|worked with|working with|partnership=|partner of=|partners with|partnered with|teamed up|zusammenarbeit=|zusammenarbeiten|zusammengearbeitet|zusammenzuarbeiten|arbeitet * zusammen|arbeiten * zusammen|arbeitete * zusammen|arbeitet mit|arbeiten mit|kooper~|partnerschaft=|coopèr~|coopér~|collabor~|travaille avec|travaillent avec|partenariat=|сотруднич~|взаимодейств~|партнерств~=|партнёрств~=|співпрац~|співробітн~|взаємоді~|合作|协作|携手",
    ),
];
