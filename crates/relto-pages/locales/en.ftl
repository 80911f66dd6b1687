# Every text of the pages, in English. Another language is a file beside this one with the same keys.
app-name = Relto
skip-to-content = Skip to content
nav-label = Workbench
nav-objects = Objects
search-label = Search
search-button = Search
sign-out = Sign out
banner-top = Highest label on this page
banner-bottom = Highest label on this page, again
banner-none = No labelled content on this page

sign-in = Sign in
sign-in-title = Sign in
sign-in-name = User name
sign-in-password = Password
sign-in-wrong = The name or the password is not right.
sign-in-unreadable = The form could not be read. Please sign in again.
sign-in-certificate = Sign in with your certificate
sign-in-or = Or with a password:
sign-in-no-account = This certificate is of no account here. Its public key has to be given to one.
sign-in-busy = Too many people are signing in at this moment. Please try again.

objects-title = Objects
objects-none = There is nothing here for you to see.
objects-counted = Counted among the newest { $count } of each collection.
filter-kind = Kind
filter-collection = Collection
filter-all = All
filter-other-kind = Another kind
filter-go = Show
revoked = taken back
column-label = Label
column-name = Object
column-collection = Collection
column-added = Added
pages-label = Pages
pages-next = Older objects

search-title = Search: { $name }
search-found = { $count ->
    [0] Nothing found.
    [one] One object found.
   *[other] { $count } objects found.
}
search-found-more = More than { $count } objects found.
search-clear = Show all objects
search-instead = Nothing has these words. There would be:
search-wrong = This search cannot be read: { $name }.
search-unavailable = Search is not available at the moment.

object-in-collection = In { $name }
object-label = Label:
object-gap = withheld from you
object-gaps = { $count ->
    [one] One part is withheld from you.
   *[other] { $count } parts are withheld from you.
}
object-versions = Versions
object-version = Version
object-since = Here for you since
object-raw = Raw JSON
object-relations = Relationships
object-relations-none = No relationship that you may see.
object-relation-in = from there:
object-relation-out = to there:
object-mentions = Mentioned by
object-mentions-none = Nothing else that you may see refers to it.
object-referring-cut = More objects refer to it than are shown.

me-title = My account
me-attributes = What the gate knows of you
me-attributes-text = Every object that you ask for is decided on these attributes. Whoever administers this node keeps them.
me-organisation = Organisation
me-role = Role
me-role-of = { $name ->
    [reader] Reader
    [contributor] Contributor
    [release-officer] Release officer
    [operator] Operator
   *[other] { $name }
}
me-nations = Nationality
me-nations-groups = Groups of your nations
me-groups = Your own groups
me-clearances = Clearances
me-accesses = Accesses
me-facts = What the law asks about
me-none = none
me-token = Token for programs
me-token-text = Programs sign in with a token. A new one ends the one before it at once.
me-token-make = Make a new token
me-token-made = This is your new token. It is shown this once and stored nowhere.

trouble-not-found = Not here
trouble-not-found-text = There is nothing at this address for you.
trouble-forged = Nothing was done
trouble-forged-text = The form did not come from this page, or you have been signed out since. Go back and try again.
trouble-unreadable = Nothing was done
trouble-unreadable-text = The request could not be read.
trouble-method = Nothing was done
trouble-method-text = This page cannot do that.
trouble-unavailable = Not at the moment
trouble-unavailable-text = The node cannot answer now. Please try again.

kind-attack-pattern = Attack pattern
kind-campaign = Campaign
kind-course-of-action = Course of action
kind-grouping = Grouping
kind-identity = Identity
kind-incident = Incident
kind-indicator = Indicator
kind-infrastructure = Infrastructure
kind-intrusion-set = Intrusion set
kind-location = Location
kind-malware = Malware
kind-malware-analysis = Malware analysis
kind-note = Note
kind-observed-data = Observed data
kind-opinion = Opinion
kind-report = Report
kind-threat-actor = Threat actor
kind-tool = Tool
kind-vulnerability = Vulnerability
kind-relationship = Relationship
kind-sighting = Sighting
kind-artifact = Artifact
kind-autonomous-system = Autonomous system
kind-directory = Directory
kind-domain-name = Domain name
kind-email-addr = Email address
kind-email-message = Email message
kind-file = File
kind-ipv4-addr = IPv4 address
kind-ipv6-addr = IPv6 address
kind-mac-addr = MAC address
kind-mutex = Mutex
kind-network-traffic = Network traffic
kind-process = Process
kind-software = Software
kind-url = URL
kind-user-account = User account
kind-windows-registry-key = Windows registry key
kind-x509-certificate = X.509 certificate
kind-extension-definition = Extension definition
kind-language-content = Language content
kind-marking-definition = Marking

# The page on which a label is made.
nav-label-desk = Label
label-title = Make a label
label-lead = Choose, or write, and see what the label says, who would get what carries it, and who would not. Nothing is stored.
label-object = For this object
label-present = Its label now:
label-choose = Choose
label-policy = Policy
label-show = Show
label-level = Classification
label-any = one of these is enough
label-every = a reader must hold every one
label-others = { $count } more
label-review = To be reviewed (STANAG 4774 asks when)
label-make = Make the label
label-write = Or write it
label-write-text = As people write it: several policies with AND between them, a later label after “, from” and a date.
label-read = Read
label-none = This is not a label
label-made = The label
label-text = As people write it
label-words = In full
label-american = US form (CAPCO)
label-xml = STANAG 4774
label-xml-show = XML
label-rules = What a reader must meet
label-change = If the object had this label
label-gained = Would gain it
label-lost = Would lose it
label-nobody = Nobody
label-who = Who would get what carries it
label-who-text = Accounts and partners of this node, for an object in a collection that all of them may see.
label-account = Account or partner
label-decision = Decision
label-gets = gets it
label-withheld = withheld: why
label-nothing = Choose a policy and a classification, or write a label.
# Release desk
nav-release = Release desk
desk-title = Release desk
desk-back = Back to the release desk
desk-lead = What you bring here is shown first: who would get it, who would not, and why. Nothing is stored until it is published.
desk-new = New draft
desk-file = File with STIX objects
desk-file-text = A bundle, a list, one object or JSON lines; at most { $count } MiB.
desk-text = Or the objects themselves
desk-collection = Collection
desk-label = Label of all of it
desk-label-text = As people write it: NATO SECRET REL TO JPN, TLP:AMBER, SECRET//REL TO USA, FRA. It is joined with the markings of each object, and loosens none. Empty: the markings alone.
desk-show = Show who would get it
desk-no-collection = There is no collection that you may write to.
desk-drafts = Open drafts
desk-drafts-text = They are kept in memory, for you in this session alone, and are gone when it ends.
desk-waiting = Waiting for a second person
desk-waiting-none = Nothing waits that you may see.
desk-decided = Decided
desk-decided-none = Nothing yet that you may see.
desk-objects = { $count ->
    [one] one object
   *[other] { $count } objects
}
desk-by = by { $name }
desk-stage-waiting = waiting
desk-stage-published = published by { $name }
desk-stage-declined = declined by { $name }
desk-in = In the collection { $name }.
desk-trouble-nothing = There is neither a file nor a text.
desk-trouble-form = This file cannot be read: { $name }
desk-trouble-many = { $count } objects are more than one draft may have.
desk-trouble-label = The label cannot be read: { $name }
desk-trouble-object = There is no such object in this draft.
desk-trouble-refused = Nothing was published: some objects would be refused.
desk-trouble-changed = Nothing was done: what would happen is no longer what you looked at. Please look again.
desk-trouble-second = Nothing was done: a second person has to decide on this.
desk-trouble-nobody = Nothing was proposed: no other release officer of your organisation may see all of it, so that nobody could decide.
desk-trouble-full = Nothing was proposed: too many proposals of your organisation wait already.
desk-trouble-drafts = Too many drafts are open. Discard some first.
matrix-draft = Draft, stored nowhere yet
matrix-proposal = Proposal
matrix-title = Who would get what
matrix-text = Objects under one label go to the same recipients: the first line of each label opens to the rules that are not met.
matrix-text-own = What you would see of it yourself. Who else would get it is shown to the release officers of this node. The first line of each label opens to the rules that are not met.
matrix-object = Object
matrix-partner = partner
matrix-account = account
matrix-you = you
matrix-further = { $count ->
    [one] one further account
   *[other] { $count } further accounts
}
matrix-released = released
matrix-withheld = withheld
matrix-pending = waits for consent
matrix-redacted = by tearline
matrix-present = here already
matrix-findings = { $count ->
    [one] The label does not cover one thing in the text
   *[other] The label does not cover { $count } things in the text
}
matrix-own-label = Label of its own
matrix-own-label-of = Label of { $name }
matrix-relabel = Use this label
matrix-refused = { $count ->
    [one] One object would be refused
   *[other] { $count } objects would be refused
}
matrix-refused-text = Nothing can be published as long as something would be refused: all of a draft is published, or nothing.
matrix-refused-more = { $count ->
    [one] One more is not listed.
   *[other] { $count } more are not listed.
}
matrix-place = Where
matrix-why = Why
matrix-decide = Decide
matrix-publish = Publish
matrix-propose = Propose to a release officer
matrix-propose-text = A second person has to look at it: another release officer of your organisation decides.
matrix-discard = Discard the draft
matrix-approve = Approve and publish
matrix-decline = Decline
matrix-take-back = Take back
matrix-reason = Reason
matrix-wait-text = It waits for a release officer of your organisation who did not propose it.
release-kind = Release
release-partners = Partners
release-partners-text = As the record of releases has it, which is written before anything leaves.
release-partner = Partner
release-state = State
release-fetched = Received
release-first = First received
release-again = Look again
release-withheld = withheld
release-waiting = waiting
release-partly = received in part
release-fetched-all = received
release-objects = { $count ->
    [one] One object
   *[other] { $count } objects
}
release-more = { $count ->
    [one] One more is not listed.
   *[other] { $count } more are not listed.
}
trouble-too-large = Too large
trouble-too-large-text = Nothing was kept: the file is larger than this page takes. Whoever runs the node can load it on the command line.
# Reading pages: one object, who gets it and why, what hangs together, and what is known of an entity.
object-ways = Other views
object-graph = Graph
object-entity = What is known of it
object-why = Why may I see this?
object-older = This is an older version.
object-latest = Show the latest version
object-changes = Changes
object-changes-to = to
object-changes-none = The two versions say the same.
object-changes-cut = There are more differences than are shown.
change-table = Changes, property by property
change-where = Where
change-before = Before
change-after = After
change-nothing = nothing
change-added = added
change-removed = removed
change-changed = changed
compare-against = Compare
compare-version = with
compare-do = Show the changes
object-bytes = Download the object as it came
object-relation = relationship
object-sightings = Sightings
sighting-undated = undated
who-title = Who may see this
who-label = Label in full:
who-released = { $count ->
    [0] Nobody on this node and no partner gets it.
    [one] One account or partner gets it.
   *[other] { $count } accounts and partners get it.
}
who-name = Account or partner
who-partner = Partner
who-decision = Decision
who-since = Since
who-sent = sent { $name }
who-why = Why?
why-title = Why { $name } does or does not get this
why-title-own = Why you may see this
why-released = Released
why-redacted = Withheld; parts could be released by a tearline
why-pending = Pending somebody’s consent
why-withheld = Withheld
why-since = since { $name }
why-rules = Rule by rule
why-met = Met.
why-waits = Waits for consent.
why-not-met = Not met.
why-would-change = Would change it:
why-no-reasons = Reasons name attributes. Those of accounts of other organisations are not shown.
why-changes-to = The smallest changes after which it would be released
why-changes-away = The smallest changes after which it would no longer be released
why-sort-level = The level asks for no clearance.
why-sort-clearance = You hold the clearance that the label asks for.
why-sort-audience = You belong to its audience.
why-sort-access = You hold the access that the label asks for.
why-sort-consent = Whoever must consent has done so, or is your own organisation.
why-sort-law = The law that the label names admits you.
why-sorts-text = Whom else it is for is known to the organisation that wrote it.
graph-title = Around { $name }
graph-hide = Leave out
graph-apply = Apply
graph-zoom = Size of the picture
graph-larger = Larger
graph-smaller = Smaller
graph-whole = Whole
graph-picture = Picture; scrolls in both directions
graph-expand = Show what surrounds { $name }
graph-more = Show more
graph-cut = There is more than is shown.
graph-large = The picture is large: leave out kinds to see more of the rest.
graph-table = The same as a table
graph-links = Leads to
entity-title = What is known of somebody or something
entity-several = { $name } may mean several
entity-which = Which one is meant?
entity-records-count = { $count ->
    [one] one object
   *[other] { $count } objects
}
entity-name = Name, alias or id
entity-show = Show
entity-aliases = Also called:
entity-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
entity-cut = There is so much that not all of it was looked at.
entity-contradictions = Where sources differ
entity-contradictions-text = Which of them is right is not said here.
entity-others = { $count ->
    [one] and one other source
   *[other] and { $count } other sources
}
entity-differ-relation = Relationship:
entity-differ-date = Date:
entity-differ-figure = Figure:
entity-differ-property = Property:
entity-differ-opinion = Opinion on:
entity-timeline = Timeline
entity-timeline-none = Nothing that you may see is dated.
entity-picture = Timeline; scrolls sideways
entity-facts = All facts with their words
entity-when = When
entity-what = What
entity-source = Source
entity-remarks = Notes and opinions
entity-records = Objects that it is
entity-sources = Who says it
entity-references = Other references
