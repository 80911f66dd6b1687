//! What is said of documents and models.

/// Of `intake`.
pub(in crate::cli) const INTAKE: &str = "Texts in any encoding of the web, web pages, RSS, Atom and JSON feeds, PDFs, mail, MISP events, and archives of them, told apart by what is in them,
not by their names; Chinese, English, French, German, Russian and Ukrainian are read. Of a page its main text is read; of a feed each item is a document. Damage is repaired, and each
repair is named. What is read points to the bytes that it rests on. A document becomes a report, and beneath it what it names, and notes on what it
dates, counts and says, with its words. The same file, with the same date, gives the same objects.

Of mail the text and each attachment is a document. A MISP event, a list of them, the folder of a MISP feed or the address of its manifest.json becomes the STIX objects of what it says,
with MISP's ids; its TLP tags and distribution become markings, and one that cannot be mapped withholds from all but the owner. What is at an
address is fetched within bounds, from the public internet alone unless --allow-private is given, and taken again only if it is new. With --watch folders and addresses are looked at
until Ctrl-C.

Examples:
  relto intake --json story.txt
  relto intake page.html feed.xml report.pdf reports.zip
  relto intake --names programmes.csv story.txt
  relto intake --data DIR --collection osint --label TLP:GREEN stories/
  relto intake --data DIR --collection osint --watch --every 15m inbox/ https://news.example/feed.xml
  relto intake --data DIR --collection osint --label TLP:GREEN --model local stories/

With --data a document is read with the node's lists that everybody may see who may see the document (`relto intake list`), and its bytes are kept, so
that `relto intake again` can read it anew.";

/// Of `intake list add`.
pub(in crate::cli) const INTAKE_LISTS: &str = "Types are organisation, place, person, document, instrument, programme, event and capability. Of laundered words, remarks are `telling` (no author
writes the word) and `inverted` (a candidate says the opposite).

Examples:
  relto intake list add --data DIR --label TLP:GREEN programmes programmes.csv
  relto intake again --data DIR --dry-run";

/// Of `intake correct`.
pub(in crate::cli) const CORRECTIONS: &str = "FROM and TO are bytes of the document, as `relto intake open`, `relto intake --json` and the spans of objects have them. Decisions have the label of
the document. Each holds whenever the document is read again, until `relto intake list remove REPORT`.

Examples:
  relto intake correct --data DIR REPORT --accept '120-123=European Defence Agency'
  relto intake correct --data DIR REPORT --name '15-31=Project Nightjar:programme' --reject 40-48
  relto intake correct --data DIR REPORT --merge 'identity--…=identity--…'";

/// Of `intake stories`.
pub(in crate::cli) const STORIES: &str = "A story has the documents that are copies of each other, in the order in which they appeared, and how each was made: exact, near (edited), contained (a
part, or with much else), or laundered (word by word, as the lists of words that the user may see have it).

Examples:
  relto intake stories --data DIR --as alice
  relto intake stories --data DIR --as alice --publish campaign--… --collection osint";

/// Of `model set`.
pub(in crate::cli) const MODELS: &str = "The model is a reader like any other: it has a nation, an organisation, memberships and clearances, and the gate decides on them; beyond that
nothing goes to it that asks for more than --cleared. What it proposes is taken only where its quote stands in the document, and is written as a note
of low confidence with the model's name. Every request is in `relto log`: which document, which endpoint, how many bytes, what was taken and what refused.
Answers are kept, so that the same document gives the same objects; `relto model remove`, or another --url, forgets them.

Examples:
  relto model set --data DIR local --url http://127.0.0.1:8080/v1 --model-id qwen3:8b --nation FRA --org \"French Node\" --cleared TLP:AMBER
  relto model set --data DIR lab --url https://models.lab.example/v1 --certificate lab.pem --model-id m --key-file lab.key \\
    --nation FRA --clearance NATO:RESTRICTED --cleared \"NATO RESTRICTED\"
  relto intake --data DIR --collection osint --label TLP:GREEN --model local stories/";
