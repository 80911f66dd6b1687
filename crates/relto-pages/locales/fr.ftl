# Tous les textes des pages, en français. Les clés sont celles du fichier anglais.
app-name = Relto
skip-to-content = Aller au contenu
nav-label = Plan de travail
nav-objects = Objets
search-label = Rechercher
search-button = Rechercher
sign-out = Se déconnecter
banner-top = Mention la plus élevée de cette page
banner-bottom = Mention la plus élevée de cette page, rappel
banner-none = Aucun contenu marqué sur cette page

sign-in = Se connecter
sign-in-title = Connexion
sign-in-name = Nom d’utilisateur
sign-in-password = Mot de passe
sign-in-wrong = Le nom ou le mot de passe n’est pas correct.
sign-in-unreadable = Le formulaire n’a pas pu être lu. Veuillez vous reconnecter.
sign-in-certificate = S’identifier par certificat
sign-in-or = Ou par un mot de passe :
sign-in-no-account = Ce certificat n’est celui d’aucun compte ici. Sa clé publique doit d’abord être donnée à un compte.
sign-in-busy = Trop de personnes se connectent en ce moment. Veuillez réessayer.

objects-title = Objets
objects-none = Il n’y a rien ici que vous puissiez voir.
objects-counted = Comptés parmi les { $count } plus récents de chaque collection.
filter-kind = Type
filter-collection = Collection
filter-other-kind = Un autre type
filter-go = Afficher
revoked = retiré
filter-all = Tous
column-label = Mention
column-name = Objet
column-collection = Collection
column-added = Ajouté
pages-label = Pages
pages-next = Objets plus anciens

search-title = Recherche : { $name }
search-found = { $count ->
    [0] Aucun résultat.
    [1] Un objet trouvé.
   *[other] { $count } objets trouvés.
}
search-found-more = Plus de { $count } objets trouvés.
search-clear = Afficher tous les objets
search-instead = Rien ne contient ces mots. Il y aurait :
search-wrong = Cette recherche ne peut être lue : { $name }.
search-unavailable = La recherche n’est pas disponible pour le moment.

object-in-collection = Dans { $name }
object-label = Mention :
object-gap = non communiqué
object-gaps = { $count ->
    [one] Une partie ne vous est pas communiquée.
   *[other] { $count } parties ne vous sont pas communiquées.
}
object-versions = Versions
object-version = Version
object-since = Visible pour vous depuis
object-raw = JSON brut
object-relations = Relations
object-relations-none = Aucune relation que vous puissiez voir.
object-relation-in = depuis :
object-relation-out = vers :
object-mentions = Mentionné par
object-mentions-none = Rien d’autre que vous puissiez voir n’y fait référence.
object-referring-cut = D’autres objets y font référence, qui ne sont pas affichés.

me-title = Mon compte
me-attributes = Ce que la porte sait de vous
me-attributes-text = Chaque objet que vous demandez est décidé d’après ces attributs. L’administration de ce nœud les tient à jour.
me-organisation = Organisation
me-role = Rôle
me-role-of = { $name ->
    [reader] Lecture
    [contributor] Contribution
    [release-officer] Officier de diffusion
    [operator] Exploitation
   *[other] { $name }
}
me-nations = Nationalité
me-nations-groups = Groupes de vos nations
me-groups = Vos propres groupes
me-clearances = Habilitations
me-accesses = Accès
me-facts = Ce que demande le droit
me-none = aucun
me-token = Jeton pour programmes
me-token-text = Les programmes se connectent avec un jeton. Un nouveau met fin au précédent aussitôt.
me-token-make = Créer un nouveau jeton
me-token-made = Voici votre nouveau jeton. Il n’est affiché que cette fois et n’est conservé nulle part.

trouble-not-found = Rien ici
trouble-not-found-text = Il n’y a rien pour vous à cette adresse.
trouble-forged = Rien n’a été fait
trouble-forged-text = Le formulaire ne venait pas de cette page, ou vous avez été déconnecté depuis. Revenez en arrière et réessayez.
trouble-unreadable = Rien n’a été fait
trouble-unreadable-text = La demande n’a pas pu être lue.
trouble-method = Rien n’a été fait
trouble-method-text = Cette page ne le permet pas.
trouble-unavailable = Pas pour le moment
trouble-unavailable-text = Le nœud ne peut pas répondre maintenant. Veuillez réessayer.

kind-attack-pattern = Mode d’attaque
kind-campaign = Campagne
kind-course-of-action = Mesure
kind-grouping = Regroupement
kind-identity = Identité
kind-incident = Incident
kind-indicator = Indicateur
kind-infrastructure = Infrastructure
kind-intrusion-set = Mode opératoire
kind-location = Lieu
kind-malware = Maliciel
kind-malware-analysis = Analyse de maliciel
kind-note = Note
kind-observed-data = Données observées
kind-opinion = Avis
kind-report = Rapport
kind-threat-actor = Acteur de la menace
kind-tool = Outil
kind-vulnerability = Vulnérabilité
kind-relationship = Relation
kind-sighting = Observation
kind-artifact = Artefact
kind-autonomous-system = Système autonome
kind-directory = Répertoire
kind-domain-name = Nom de domaine
kind-email-addr = Adresse électronique
kind-email-message = Courriel
kind-file = Fichier
kind-ipv4-addr = Adresse IPv4
kind-ipv6-addr = Adresse IPv6
kind-mac-addr = Adresse MAC
kind-mutex = Mutex
kind-network-traffic = Trafic réseau
kind-process = Processus
kind-software = Logiciel
kind-url = URL
kind-user-account = Compte d’utilisateur
kind-windows-registry-key = Clé de registre Windows
kind-x509-certificate = Certificat X.509
kind-extension-definition = Définition d’extension
kind-language-content = Contenu linguistique
kind-marking-definition = Marquage

# La page où l’on compose un marquage.
nav-label-desk = Marquage
label-title = Composer un marquage
label-lead = Choisissez, ou écrivez, et voyez ce que dit le marquage, qui recevrait ce qui le porte et qui ne le recevrait pas. Rien n’est enregistré.
label-object = Pour cet objet
label-present = Son marquage actuel :
label-choose = Choisir
label-policy = Politique
label-show = Afficher
label-level = Classification
label-any = une seule suffit
label-every = le lecteur doit toutes les détenir
label-others = { $count } autres
label-review = À réexaminer (STANAG 4774 demande quand)
label-make = Composer le marquage
label-write = Ou l’écrire
label-write-text = Comme on l’écrit : plusieurs politiques reliées par AND, un marquage ultérieur après « , from » et une date.
label-read = Lire
label-none = Ce n’est pas un marquage
label-made = Le marquage
label-text = Comme on l’écrit
label-words = En entier
label-american = Forme américaine (CAPCO)
label-xml = STANAG 4774
label-xml-show = XML
label-rules = Ce qu’un lecteur doit remplir
label-change = Si l’objet portait ce marquage
label-gained = Le recevraient
label-lost = Le perdraient
label-nobody = Personne
label-who = Qui recevrait ce qui le porte
label-who-text = Comptes et partenaires de ce nœud, pour un objet d’une collection que tous peuvent voir.
label-account = Compte ou partenaire
label-decision = Décision
label-gets = le reçoit
label-withheld = retenu : pourquoi
label-nothing = Choisissez une politique et une classification, ou écrivez un marquage.
# Release desk
nav-release = Bureau de diffusion
desk-title = Bureau de diffusion
desk-back = Retour au bureau de diffusion
desk-lead = Ce que vous apportez ici est d’abord montré : qui le recevrait, qui ne le recevrait pas, et pourquoi. Rien n’est conservé avant la publication.
desk-new = Nouveau brouillon
desk-file = Fichier d’objets STIX
desk-file-text = Un lot, une liste, un seul objet ou des lignes JSON ; { $count } Mio au plus.
desk-text = Ou les objets eux-mêmes
desk-collection = Collection
desk-label = Étiquette de l’ensemble
desk-label-text = Comme on l’écrit : NATO SECRET REL TO JPN, TLP:AMBER, SECRET//REL TO USA, FRA. Elle s’ajoute aux marquages de chaque objet et n’en relâche aucun. Vide : les marquages seuls.
desk-show = Montrer qui le recevrait
desk-no-collection = Il n’y a aucune collection dans laquelle vous puissiez écrire.
desk-drafts = Brouillons ouverts
desk-drafts-text = Ils sont gardés en mémoire, pour vous et pour cette session seulement, et disparaissent avec elle.
desk-waiting = En attente d’une deuxième personne
desk-waiting-none = Rien n’attend que vous puissiez voir.
desk-decided = Décidés
desk-decided-none = Rien encore que vous puissiez voir.
desk-objects = { $count ->
    [one] un objet
   *[other] { $count } objets
}
desk-by = par { $name }
desk-stage-waiting = en attente
desk-stage-published = publié par { $name }
desk-stage-declined = refusé par { $name }
desk-in = Dans la collection { $name }.
desk-trouble-nothing = Il n’y a ni fichier ni texte.
desk-trouble-form = Ce fichier ne peut être lu : { $name }
desk-trouble-many = { $count } objets, c’est plus qu’un brouillon ne peut en avoir.
desk-trouble-label = L’étiquette ne peut être lue : { $name }
desk-trouble-object = Il n’y a pas de tel objet dans ce brouillon.
desk-trouble-refused = Rien n’a été publié : certains objets seraient refusés.
desk-trouble-changed = Rien n’a été fait : ce qui se passerait n’est plus ce que vous avez vu. Veuillez regarder à nouveau.
desk-trouble-second = Rien n’a été fait : une deuxième personne doit en décider.
desk-trouble-nobody = Rien n’a été proposé : aucun autre officier de diffusion de votre organisation ne peut tout voir, si bien que personne ne pourrait décider.
desk-trouble-full = Rien n’a été proposé : trop de propositions de votre organisation attendent déjà.
desk-trouble-drafts = Trop de brouillons sont ouverts. Veuillez d’abord en abandonner.
matrix-draft = Brouillon, encore conservé nulle part
matrix-proposal = Proposition
matrix-title = Qui recevrait quoi
matrix-text = Les objets d’une même étiquette vont aux mêmes destinataires : la première ligne de chaque étiquette s’ouvre sur les règles qui ne sont pas remplies.
matrix-text-own = Ce que vous en verriez vous-même. Qui d’autre le recevrait est montré aux officiers de diffusion de ce nœud. La première ligne de chaque étiquette s’ouvre sur les règles qui ne sont pas remplies.
matrix-object = Objet
matrix-partner = partenaire
matrix-account = compte
matrix-you = vous
matrix-further = { $count ->
    [one] un autre compte
   *[other] { $count } autres comptes
}
matrix-released = diffusé
matrix-withheld = retenu
matrix-pending = attend un consentement
matrix-redacted = par extrait
matrix-present = déjà ici
matrix-findings = { $count ->
    [one] L’étiquette ne couvre pas un élément du texte
   *[other] L’étiquette ne couvre pas { $count } éléments du texte
}
matrix-own-label = Étiquette propre
matrix-own-label-of = Étiquette de { $name }
matrix-relabel = Utiliser cette étiquette
matrix-refused = { $count ->
    [one] Un objet serait refusé
   *[other] { $count } objets seraient refusés
}
matrix-refused-text = Rien ne peut être publié tant que quelque chose serait refusé : un brouillon est publié en entier, ou pas du tout.
matrix-refused-more = { $count ->
    [one] Un autre n’est pas montré.
   *[other] { $count } autres ne sont pas montrés.
}
matrix-place = Où
matrix-why = Pourquoi
matrix-decide = Décider
matrix-publish = Publier
matrix-propose = Proposer à un officier de diffusion
matrix-propose-text = Une deuxième personne doit regarder : un autre officier de diffusion de votre organisation décide.
matrix-discard = Abandonner le brouillon
matrix-approve = Approuver et publier
matrix-decline = Refuser
matrix-take-back = Retirer
matrix-reason = Motif
matrix-wait-text = Elle attend un officier de diffusion de votre organisation qui ne l’a pas proposée.
release-kind = Diffusion
release-partners = Partenaires
release-partners-text = D’après le registre des diffusions, écrit avant que rien ne parte.
release-partner = Partenaire
release-state = État
release-fetched = Reçus
release-first = Premier reçu
release-again = Regarder à nouveau
release-withheld = retenu
release-waiting = en attente
release-partly = reçu en partie
release-fetched-all = reçu
release-objects = { $count ->
    [one] Un objet
   *[other] { $count } objets
}
release-more = { $count ->
    [one] Un autre n’est pas montré.
   *[other] { $count } autres ne sont pas montrés.
}
trouble-too-large = Trop volumineux
trouble-too-large-text = Rien n’a été gardé : le fichier est plus gros que ce que cette page accepte. Qui exploite le nœud peut le charger en ligne de commande.
# Pages de lecture : un objet, qui le reçoit et pourquoi, ce qui lui est lié, et ce que l'on sait d'une entité.
object-ways = Autres vues
object-graph = Graphe
object-entity = Ce que l’on en sait
object-why = Pourquoi puis-je le voir ?
object-older = Ceci est une version antérieure.
object-latest = Afficher la dernière version
object-changes = Modifications
object-changes-to = vers
object-changes-none = Les deux versions disent la même chose.
object-changes-cut = Il y a plus de différences qu’il n’en est montré.
change-table = Modifications, propriété par propriété
change-where = Emplacement
change-before = Avant
change-after = Après
change-nothing = rien
change-added = ajouté
change-removed = retiré
change-changed = modifié
compare-against = Comparer
compare-version = à
compare-do = Afficher les modifications
object-bytes = Télécharger l’objet tel qu’il est arrivé
object-relation = relation
object-sightings = Observations
sighting-undated = sans date
who-title = Qui peut voir ceci
who-label = Étiquette complète :
who-released = { $count ->
    [0] Personne sur ce nœud ni aucun partenaire ne le reçoit.
    [one] Un seul compte ou partenaire le reçoit.
   *[other] { $count } comptes et partenaires le reçoivent.
}
who-name = Compte ou partenaire
who-partner = Partenaire
who-decision = Décision
who-since = Depuis
who-sent = envoyé le { $name }
who-why = Pourquoi ?
why-title = Pourquoi { $name } le reçoit ou non
why-title-own = Pourquoi vous pouvez voir ceci
why-released = Diffusé
why-redacted = Retenu ; des parties pourraient être diffusées en version expurgée
why-pending = En attente d’un consentement
why-withheld = Retenu
why-since = depuis le { $name }
why-rules = Règle par règle
why-met = Satisfaite.
why-waits = Attend un consentement.
why-not-met = Non satisfaite.
why-would-change = Ce qui la changerait :
why-no-reasons = Les motifs nomment des attributs. Ceux des comptes d’autres organisations ne sont pas montrés.
why-changes-to = Les plus petits changements après lesquels il serait diffusé
why-changes-away = Les plus petits changements après lesquels il ne serait plus diffusé
why-sort-level = Ce niveau n’exige aucune habilitation.
why-sort-clearance = Vous avez l’habilitation que l’étiquette exige.
why-sort-audience = Vous faites partie de ses destinataires.
why-sort-access = Vous avez l’accès que l’étiquette exige.
why-sort-consent = Ceux qui doivent consentir l’ont fait, ou sont votre propre organisation.
why-sort-law = Le droit que l’étiquette nomme vous admet.
why-sorts-text = L’organisation qui l’a écrit sait à qui d’autre il est destiné.
graph-title = Autour de { $name }
graph-hide = Omettre
graph-apply = Appliquer
graph-zoom = Taille de l’image
graph-larger = Agrandir
graph-smaller = Réduire
graph-whole = Entière
graph-picture = Image ; défile dans les deux sens
graph-expand = Afficher ce qui entoure { $name }
graph-more = Afficher plus
graph-cut = Il y a plus qu’il n’en est montré.
graph-large = L’image est grande : omettez des types pour mieux voir le reste.
graph-table = La même chose en tableau
graph-links = Mène à
entity-title = Ce que l’on sait de quelqu’un ou de quelque chose
entity-several = { $name } peut désigner plusieurs entités
entity-which = Laquelle est visée ?
entity-records-count = { $count ->
    [one] un objet
   *[other] { $count } objets
}
entity-name = Nom, alias ou identifiant
entity-show = Afficher
entity-aliases = Appelé aussi :
entity-more = { $count ->
    [one] et un autre
   *[other] et { $count } autres
}
entity-cut = Il y en a tant que tout n’a pas été examiné.
entity-contradictions = Où les sources divergent
entity-contradictions-text = Il n’est pas dit ici laquelle a raison.
entity-others = { $count ->
    [one] et une autre source
   *[other] et { $count } autres sources
}
entity-differ-relation = Relation :
entity-differ-date = Date :
entity-differ-figure = Chiffre :
entity-differ-property = Propriété :
entity-differ-opinion = Avis sur :
entity-timeline = Chronologie
entity-timeline-none = Rien de ce que vous pouvez voir n’est daté.
entity-picture = Chronologie ; défile latéralement
entity-facts = Tous les faits avec leurs termes
entity-when = Quand
entity-what = Quoi
entity-source = Source
entity-remarks = Notes et avis
entity-records = Objets qui la représentent
entity-sources = Qui le dit
entity-references = Autres références
