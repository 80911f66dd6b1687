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
sign-in-busy = Too many people are signing in at this moment. Please try again.

objects-title = Objects
objects-none = There is nothing here for you to see.
objects-counted = Counted among the newest { $count } of each collection.
filter-kind = Kind
filter-collection = Collection
filter-all = All
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
