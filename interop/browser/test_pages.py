"""The pages in a real browser: light, dark, on a phone, without script, by keyboard alone, on paper; axe-core finds nothing wrong with any of them.

What is seen is kept as pictures in the folder that RELTO_SCREENSHOTS names. RELTO_AXE names the file of axe-core.
"""

import base64
import io
import json
import os
import shutil
import sys
import tempfile
import unittest

import pypdf
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import world as worlds  # noqa: E402

PICTURES = os.environ["RELTO_SCREENSHOTS"]
PASSWORD = "correct horse battery"
# The machine may be busy with other things: what is waited for is said, not for how long.
PATIENCE = 60
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en",
    "--window-size=1280,900",
]

#: A thing of which several versions, notes, sightings and relationships are loaded.
VERSIONED = "indicator--0b1ec700-0000-4000-8000-000000000001"
STORY = "Quiet+Harbour"


def reading_matter():
    """What the reading pages are looked at with: three versions of one indicator, and what hangs together with it."""

    def one(kind, number, **more):
        common = {"type": kind, "spec_version": "2.1", "id": f"{kind}--0b1ec700-0000-4000-8000-{number:012}"}
        dated = {"created": "2026-01-05T08:00:00.000Z", "modified": "2026-01-05T08:00:00.000Z"}
        return {**common, **dated, **more}

    pattern = "[file:name = 'harbour.dll' AND file:size > 4096] FOLLOWEDBY [ipv4-addr:value ISSUBSET '198.51.100.0/24'] WITHIN 300 SECONDS"
    indicator = {"name": "Loader of Quiet Harbour", "pattern": pattern, "pattern_type": "stix", "valid_from": "2025-11-02T00:00:00Z"}
    first = one("indicator", 1, **{**indicator, "pattern": "[file:name = 'harbour.dll']"}, description="A loader that was seen once.")
    second = one("indicator", 1, **indicator, description="A loader that was seen several times.", labels=["loader"])
    third = one("indicator", 1, **indicator, description="A loader that was seen in two ports.", labels=["loader", "ports"], confidence=70)
    group = one("intrusion-set", 2, name="Quiet Harbour", aliases=["QH-7"], first_seen="2024-03-01T00:00:00Z", last_seen="2026-01-01T00:00:00Z")
    malware = one("malware", 3, name="Tidewater", is_family=True, first_seen="2025-06-15T00:00:00Z", last_seen="2025-12-24T00:00:00Z")
    maker = one("identity", 4, name="Harbour Watch", identity_class="organization")
    port = one("identity", 5, name="Port of Examples", identity_class="organization")
    campaign = one("campaign", 6, name="Winter Tide", first_seen="2025-11-01T00:00:00Z", last_seen="2026-02-01T00:00:00Z", created_by_ref=maker["id"])

    def relation(number, source, kind, target, **more):
        return one("relationship", number, relationship_type=kind, source_ref=source["id"], target_ref=target["id"], created_by_ref=maker["id"], **more)

    relations = [
        relation(11, first, "indicates", malware),
        relation(12, first, "indicates", campaign),
        relation(13, campaign, "attributed-to", group, start_time="2025-11-01T00:00:00Z", stop_time="2026-02-01T00:00:00Z"),
        relation(14, group, "uses", malware, start_time="2025-06-15T00:00:00Z"),
        relation(15, group, "targets", port, start_time="2025-12-01T00:00:00Z", stop_time="2025-12-20T00:00:00Z"),
    ]
    sightings = [
        one("sighting", 21, sighting_of_ref=first["id"], where_sighted_refs=[port["id"]], count=3, first_seen="2025-12-02T00:00:00Z", last_seen="2025-12-09T00:00:00Z"),
        one("sighting", 22, sighting_of_ref=malware["id"], where_sighted_refs=[port["id"]], count=1, first_seen="2025-12-04T00:00:00Z", last_seen="2025-12-04T06:00:00Z"),
    ]
    note = one("note", 31, content="Seen together with Tidewater.", object_refs=[first["id"], malware["id"]], created_by_ref=maker["id"])
    versions = [first, {**second, "modified": "2026-01-12T09:30:00.000Z"}, {**third, "modified": "2026-02-03T16:45:00.000Z"}]
    return versions, [maker, port, group, malware, campaign, *relations, *sightings, note]


with open(os.environ["RELTO_AXE"], encoding="utf-8") as file:
    AXE = file.read()


def setUpModule():
    os.makedirs(PICTURES, exist_ok=True)
    Case.world = world = worlds.make()
    warning = os.path.join(worlds.ROOT, "demo", "supply", "warning.json")
    world.relto("load", "--data", world.data, "--collection", "shelf", "--label", "NATO RESTRICTED REL TO JPN", warning)
    versions, others = reading_matter()
    for number, version in enumerate(versions):
        label = "NATO RESTRICTED" if number == 0 else "NATO SECRET"
        world.load(f"version-{number}", "shelf", label, [*([] if number else others), version])
    world.relto("user", "add", "--data", world.data, "clerk", "--nation", "FRA", "--org", "French Node", "--clearance", "NATO:RESTRICTED")
    for name in [*world.users, "clerk"]:
        world.relto("user", "password", "--data", world.data, name, input=f"{PASSWORD}\n")
    world.start(tls=True)


def tearDownModule():
    Case.world.close()


class Case(unittest.TestCase):
    """A browser of one's own."""

    world = None
    language = "en"

    def setUp(self):
        self.profile = tempfile.mkdtemp(prefix="relto-browser-")
        options = webdriver.ChromeOptions()
        # The certificate is the node's own.
        for flag in [*FLAGS, f"--user-data-dir={self.profile}", f"--accept-lang={self.language}", "--ignore-certificate-errors"]:
            options.add_argument(flag)
        options.binary_location = shutil.which("chromium")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)

    def tearDown(self):
        try:
            severe = [entry for entry in self.driver.get_log("browser") if "Content Security" in entry["message"] or "SEVERE" in entry["level"]]
            # Its own parts complain as well, such as the picker of dates where no script may run.
            told = [entry for entry in severe if "status of 4" not in entry["message"] and not entry["message"].startswith("chrome://")]
            self.assertEqual(told, [], "the browser complains")
        finally:
            self.driver.quit()
            shutil.rmtree(self.profile, ignore_errors=True)

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def open(self, path):
        self.leave(lambda: self.driver.get(self.world.base + path))

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, there):
        """Waits for what `there` says. A browser that is between two pages answers with errors of many kinds, none of which is an answer."""
        return WebDriverWait(self.driver, PATIENCE, ignored_exceptions=[WebDriverException]).until(lambda _: there())

    def loaded(self):
        """When the page that is shown began to load, if all of it is there."""
        began, state = self.driver.execute_script("return [performance.timeOrigin, document.readyState]")
        return began if state == "complete" else None

    def leave(self, act):
        """Does what leads to another page, and waits until that is there: a click returns while the answer is still on its way."""
        before = self.until(self.loaded)
        act()
        self.until(lambda: self.loaded() not in (None, before))

    def follow(self, selector):
        self.leave(self.one(selector).click)

    def sign_in(self, name, password=PASSWORD):
        self.open("/sign-in/")
        self.one("#name").send_keys(name)
        self.one("#password").send_keys(password)
        self.follow("button.main")

    def search(self, words):
        field = self.one("#query")
        field.clear()
        field.send_keys(words)
        self.follow(".search button")

    def picture(self, name):
        """The whole page, down to its end."""
        shot = self.until(lambda: self.command("Page.captureScreenshot", format="png", captureBeyondViewport=False))
        with open(os.path.join(PICTURES, f"{name}.png"), "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def check(self, name):
        """A picture, what axe-core says, and that nothing came from elsewhere."""
        self.picture(name)
        self.driver.execute_script(AXE)
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(done, error => done({ violations: [String(error)] }));"
        )
        wrong = [
            f"{item['id']}: {item['help']}: {[node['target'] for node in item['nodes']]}" if isinstance(item, dict) else item
            for item in found["violations"]
        ]
        self.assertEqual(wrong, [], name)
        loaded = self.driver.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
        self.assertEqual([url for url in loaded if not url.startswith(self.world.base)], [], "everything is from here")
        wide = self.driver.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
        self.assertFalse(wide, f"{name} is wider than the screen")

    def press(self, *keys):
        """Keys as they come from a keyboard: to whatever has the focus, a field for files too."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def tab_to(self, selector, most=60):
        for _ in range(most):
            self.press(Keys.TAB)
            active = self.driver.switch_to.active_element
            if active in self.all(selector):
                outline = active.value_of_css_property("outline-style")
                self.assertNotEqual(outline, "none", f"{selector} shows that it has the focus")
                return
        self.fail(f"{selector} cannot be reached")

    def tour(self, look):
        """Every page there is, as somebody would come to it."""
        self.open("/sign-in/")
        self.check(f"{look}-sign-in")
        self.sign_in("fra", "not the password")
        self.assertIn("not right", self.one("[role=alert]").text)
        self.check(f"{look}-sign-in-wrong")
        self.sign_in("fra")
        self.assertTrue(self.driver.current_url.endswith("/objects/"))
        self.check(f"{look}-objects")
        self.open("/objects/?kind=indicator&collection=indicators")
        self.check(f"{look}-objects-filtered")
        self.search("poisoning")
        self.assertTrue(self.all("mark"))
        self.check(f"{look}-search")
        self.search("(")
        self.check(f"{look}-search-wrong")
        self.search("kind:attack-pattern poisoning")
        self.follow("table.objects .name a")
        self.check(f"{look}-object")
        self.read_on(look)
        self.open("/objects/?kind=warning")
        self.follow("table.objects .name a")
        self.one("details > summary").click()
        self.check(f"{look}-warning")
        self.open("/objects/indicator--00000000-0000-4000-8000-000000000000/")
        self.check(f"{look}-not-found")
        self.open("/label/")
        self.check(f"{look}-label-nothing")
        self.open("/label/?policy=NATO&level=SECRET&value=Releasable+To%3DJPN")
        self.check(f"{look}-label")
        self.open("/label/?policy=NATO&level=RESTRICTED&value=Additional+Sensitivity%3DATOMAL")
        self.assertIn("CONFIDENTIAL or above", self.one(".trouble").text)
        self.check(f"{look}-label-refused")
        self.open("/me/")
        self.check(f"{look}-me")
        self.follow("form[action='/me/token/'] button")
        self.assertTrue(self.one("code.secret").text.startswith("relto_"))
        self.check(f"{look}-new-token")
        self.follow("form[action='/sign-out/'] button")
        self.assertTrue(self.driver.current_url.endswith("/sign-in/"))
        self.open("/objects/")
        self.assertIn("/sign-in/", self.driver.current_url)

    def read_on(self, look):
        """From the page of an object to what hangs together with it, what is known of it, its versions, and who gets it."""
        here = f"/objects/{VERSIONED}/"
        self.open(here)
        self.follow(".ways a[href^='/graph/']")
        self.assertGreater(len(self.all("svg.graph a.node")), 1)
        self.one(".as-table summary").click()
        self.check(f"{look}-graph")
        self.driver.execute_script("arguments[0].open = false", self.one(".as-table"))
        self.follow("a.expand")
        self.assertIn("more=", self.driver.current_url)
        self.check(f"{look}-graph-expanded")
        self.follow("[data-zoom=whole]")
        self.check(f"{look}-graph-whole")
        self.open(here)
        self.follow(".ways a[href^='/entity/']")
        self.check(f"{look}-entity")
        self.open("/entity/")
        self.check(f"{look}-entity-asked")
        self.open(f"/entity/?name={STORY}")
        self.one("svg.timeline")
        self.check(f"{look}-entity-timeline")
        self.open(f"/objects/{VERSIONED}/")
        self.check(f"{look}-versions")
        self.follow(".history a.quiet")
        self.assertTrue(self.all("table.changes del"))
        self.check(f"{look}-changes")
        self.open(f"/objects/{VERSIONED}/")
        self.follow(".who-sees a[href$='who=clerk']")
        self.check(f"{look}-why-withheld")
        self.open(f"/why/?object={VERSIONED}")
        self.check(f"{look}-why-released")
        self.open(f"/why/?object={VERSIONED}&who=jpn")
        self.check(f"{look}-why-of-others")
        self.follow("form[action='/sign-out/'] button")
        self.sign_in("usa")
        self.open(f"/objects/{VERSIONED}/")
        self.assertFalse(self.all(".who-sees"), "who answers for nothing is not told who gets it")
        self.follow(".ways a[href^='/why/']")
        self.check(f"{look}-why-own")
        self.follow("form[action='/sign-out/'] button")
        self.sign_in("fra")


class Looks(Case):
    def test_light(self):
        self.tour("light")

    def test_dark(self):
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.tour("dark")

    def test_phone(self):
        self.command("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        self.tour("phone")


class WithoutScript(Case):
    def test_everything_works(self):
        self.command("Emulation.setScriptExecutionDisabled", value=True)
        self.sign_in("jpn")
        self.picture("no-script-objects")
        rows = self.all("table.objects tbody tr")
        self.assertEqual(len(rows), 100)
        self.follow("nav.pages a")
        self.assertIn("at=", self.driver.current_url)
        self.search("beacon")
        self.assertTrue(self.all("mark"))
        self.follow("table.objects .name a")
        self.one("details > summary").click()
        self.assertIn("203.0.113.", self.one("details pre").text)
        self.follow("a[href='/me/']")
        self.follow("form[action='/me/token/'] button")
        self.assertTrue(self.one("code.secret").text.startswith("relto_"))
        self.follow("form[action='/sign-out/'] button")
        self.assertTrue(self.driver.current_url.endswith("/sign-in/"))


class MakingLabels(Case):
    """The answer follows each choice, and the page stays where it is; without script a button asks."""

    def test_the_label_follows_each_choice(self):
        self.sign_in("fra")
        self.open("/label/")
        self.one("#policy").send_keys("NATO")
        self.until(lambda: self.one("input[name=level][value=SECRET]"))
        secret = self.one("input[name=level][value=SECRET]")
        secret.click()
        self.until(lambda: self.one("dl.facts code.secret").text == "NATO SECRET")
        self.assertEqual(self.driver.switch_to.active_element, secret, "the focus stays")
        self.one("input[value='Releasable To=JPN']").click()
        self.until(lambda: self.one("dl.facts code.secret").text == "NATO SECRET REL TO JPN")
        self.assertIn("Releasable+To%3DJPN", self.driver.current_url)
        self.one("input[name=level][value=RESTRICTED]").click()
        self.until(lambda: "RESTRICTED" in self.one("dl.facts code.secret").text)
        self.assertIn("CONFIDENTIAL or above", self.one("small[data-part='Additional Sensitivity=ATOMAL']").text)
        self.picture("label-live")

    def test_without_script(self):
        self.command("Emulation.setScriptExecutionDisabled", value=True)
        self.sign_in("fra")
        self.open("/label/")
        self.one("#policy").send_keys("USA")
        self.follow("form[data-live] .row button")
        self.one("input[name=level][value=SECRET]").click()
        self.one("input[value='Releasable To=FRA']").click()
        self.follow("form[data-live] button.main")
        self.assertEqual(self.one("dl.facts code.secret").text, "SECRET//REL TO USA, FRA")
        self.picture("no-script-label")


class KeyboardAlone(Case):
    def test_everything_works(self):
        self.open("/sign-in/")
        self.press("fra", Keys.TAB, PASSWORD)
        self.leave(lambda: self.press(Keys.ENTER))
        self.assertTrue(self.driver.current_url.endswith("/objects/"))
        self.press(Keys.TAB)
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("class"), "skip")
        self.picture("keyboard-skip")
        self.one("body").send_keys("/")
        self.press("poisoning")
        self.leave(lambda: self.press(Keys.ENTER))
        self.assertIn("q=poisoning", self.driver.current_url)
        self.tab_to("table.objects .name a")
        self.picture("keyboard-focus")
        self.leave(lambda: self.press(Keys.ENTER))
        self.assertIn("/objects/", self.driver.current_url)
        self.tab_to("form[action='/sign-out/'] button")
        self.leave(lambda: self.press(Keys.ENTER))
        self.assertTrue(self.driver.current_url.endswith("/sign-in/"))


class Graphs(KeyboardAlone):
    def test_everything_works(self):
        """By keyboard: to a node, to what surrounds it, larger and smaller; what is looked at stands out."""
        self.sign_in("fra")
        self.open(f"/graph/?of={VERSIONED}")
        before = len(self.all("a.node"))
        self.tab_to("a.node")
        self.assertTrue(self.all(".arcs .lit"), "what leads to the node that has the focus stands out")
        self.tab_to("a.expand")
        self.leave(lambda: self.press(Keys.ENTER))
        self.assertGreater(len(self.all("a.node")), before)
        self.tab_to(".picture")
        self.press("0")
        width = float(self.one("svg.graph").get_attribute("width"))
        self.press("+")
        self.assertGreater(float(self.one("svg.graph").get_attribute("width")), width)
        self.press("0", "-")
        self.assertLess(float(self.one("svg.graph").get_attribute("width")), width)
        self.picture("keyboard-graph")

    def test_without_script(self):
        self.command("Emulation.setScriptExecutionDisabled", value=True)
        self.sign_in("fra")
        self.open(f"/graph/?of={VERSIONED}")
        before = len(self.all("a.node"))
        self.follow("[data-zoom=larger]")
        width = float(self.one("svg.graph").get_attribute("width"))
        self.follow("[data-zoom=larger]")
        self.assertGreater(float(self.one("svg.graph").get_attribute("width")), width)
        self.follow("a.expand")
        after = len(self.all("a.node"))
        self.assertGreater(after, before)
        self.one("input[value=sighting]").click()
        self.follow(".kinds button")
        self.assertLess(len(self.all("a.node")), after)
        self.assertTrue(self.one("input[value=sighting]").is_selected())
        self.picture("no-script-graph")
        self.one(".as-table summary").click()
        self.assertGreater(len(self.all(".as-table tbody tr")), 1)


class OnPaper(Case):
    def test_the_banner_is_on_every_page(self):
        self.sign_in("fra")
        parts = [part.text for part in self.all(".banner.top .words")]
        self.assertGreater(len(parts), 1)
        banner = " ".join(parts)
        pdf = base64.b64decode(self.command("Page.printToPDF", preferCSSPageSize=True)["data"])
        with open(os.path.join(PICTURES, "print-objects.pdf"), "wb") as file:
            file.write(pdf)
        pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
        self.assertGreater(len(pages), 1)
        for number, page in enumerate(pages, 1):
            self.assertGreaterEqual(" ".join(page.extract_text().split()).count(banner), 2, f"at the top and at the bottom of page {number}")


class InFrench(Case):
    language = "fr"

    def test_pages_are_in_french(self):
        self.open("/sign-in/")
        self.assertEqual(self.one("html").get_attribute("lang"), "fr")
        self.sign_in("fra")
        self.check("french-objects")
        self.assertIn("Se déconnecter", self.one("header").text)


class ReleaseDesk(Case):
    """From a file to its receipt, by two people."""

    @classmethod
    def setUpClass(cls):
        world = cls.world
        for name, nation, clearance in [("US Node", "USA", "NATO:SECRET"), ("German Node", "DEU", "NATO:RESTRICTED")]:
            folder = os.path.join(world.folder, nation)
            world.relto("init", folder, "--org", name, "--nation", nation)
            card = world.relto("partner", "card", "--data", folder, "--address", "https://node.example:6100/")
            path = os.path.join(world.folder, f"{nation}.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(card)
            phrase = json.loads(card)["fingerprint"]
            grants = ["--nation", nation, "--clearance", clearance, "--collection", "inbox", "--fingerprint", phrase]
            world.relto("partner", "add", "--data", world.data, path, *grants)
        attributes = ["--nation", "FRA", "--org", "French Node", "--clearance", "NATO:SECRET", "--role", "contributor"]
        world.relto("user", "add", "--data", world.data, "claire", *attributes)
        world.relto("user", "password", "--data", world.data, "claire", input=f"{PASSWORD}\n")

    def file(self, number, count=3, **more):
        """A file with indicators that nobody has, and what hangs together with the first."""
        objects = [worlds.indicator(1000 + number * 10 + offset, **more) for offset in range(count)]
        note = {"type": "note", "spec_version": "2.1", "id": f"note--5a1d4c7e-0000-4000-8000-{number:012d}", "created": "2026-01-05T10:00:00.000Z"}
        objects.append({**note, "modified": note["created"], "abstract": "Where it was seen", "content": "Seen twice.", "object_refs": [objects[0]["id"]]})
        path = os.path.join(self.world.folder, f"beacons-{number}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(objects, file)
        return path

    def bring(self, path, label):
        self.open("/release/")
        self.one("#file").send_keys(path)
        Select(self.one("#collection")).select_by_value("inbox")
        self.one("#label").send_keys(label)
        self.follow("main form button.main")
        self.assertIn("/release/drafts/", self.driver.current_url)

    def states(self):
        """For each partner the word of its state, without the sign before it."""
        rows = self.all("section table.small tbody tr")
        return {row.find_element(By.CSS_SELECTOR, "td").text: row.find_element(By.CSS_SELECTOR, ".decision").text.split(None, 1)[1] for row in rows}

    def act(self, name):
        self.follow(f"form:has(input[name=act][value={name}]) button")

    def from_file_to_receipt(self, look, number):
        self.sign_in("claire")
        self.follow("nav a[href='/release/']")
        self.check(f"{look}-release-desk")
        self.bring(self.file(number), "NATO RESTRICTED")
        self.check(f"{look}-release-draft")
        self.assertFalse(self.all("input[value=publish]"), "a contributor publishes nothing alone")
        self.act("propose")
        self.assertIn("/release/proposals/", self.driver.current_url)
        self.check(f"{look}-release-proposed")
        self.follow("form[action='/sign-out/'] button")
        self.sign_in("fra")
        self.open("/release/")
        self.check(f"{look}-release-waiting")
        self.follow("a[href^='/release/proposals/']")
        self.assertIn("German Node", self.one("table.matrix thead").text)
        self.check(f"{look}-release-proposal")
        self.act("approve")
        self.assertIn("/release/releases/", self.driver.current_url)
        self.assertEqual(self.states(), {"German Node": "waiting", "US Node": "waiting"})
        self.check(f"{look}-release-published")
        self.world.relto("partner", "export", "--data", self.world.data, "US Node", os.path.join(self.world.folder, f"for-us-{number}.relto"))
        self.follow("a[href^='/release/releases/']")
        self.assertEqual(self.states(), {"German Node": "waiting", "US Node": "received"})
        self.check(f"{look}-release-received")

    def a_matrix_with_everything(self, look, number):
        """Labels of one's own, what the text says beyond its label, what is refused."""
        path = self.file(number, description="(S//NF) Seen at the pump of unit 4, call +33 1 42 68 53 00.")
        with open(path, encoding="utf-8") as file:
            objects = json.load(file)
        with open(path, "w", encoding="utf-8") as file:
            json.dump([*objects, {**objects[0], "id": "indicator--1"}], file)
        self.bring(path, "NATO SECRET")
        self.one("details.relabel summary").click()
        field = self.one("details.relabel input[name=label]")
        field.send_keys("NATO RESTRICTED REL TO JPN")
        self.leave(lambda: field.send_keys(Keys.ENTER))
        for summary in self.all("tr.group summary")[:2] + self.all("details.found summary")[:1]:
            summary.click()
        self.assertIn("not", self.one(".because").text)
        self.check(f"{look}-release-matrix")
        self.one("main form.line input[name=label]").clear()
        self.one("main form.line input[name=label]").send_keys("NATO TOP OF ALL")
        self.follow("main form.line button")
        self.check(f"{look}-release-wrong-label")
        self.act("discard")
        self.assertTrue(self.driver.current_url.endswith("/release/"))

    def tour_of_the_desk(self, look, number):
        self.from_file_to_receipt(look, number)
        self.a_matrix_with_everything(look, number + 1)

    def test_light(self):
        self.tour_of_the_desk("light", 10)

    def test_dark(self):
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.tour_of_the_desk("dark", 20)

    def test_phone(self):
        self.command("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        self.tour_of_the_desk("phone", 30)

    def test_without_script(self):
        self.command("Emulation.setScriptExecutionDisabled", value=True)
        self.sign_in("fra")
        self.bring(self.file(40), "NATO SECRET")
        self.one("tr.group summary").click()
        self.assertIn("clearance", self.one(".because").text)
        self.act("publish")
        self.assertEqual(self.states(), {"German Node": "withheld", "US Node": "waiting"})

    def test_by_keyboard(self):
        self.sign_in("fra")
        self.open("/release/")
        self.tab_to("#text")
        self.press(json.dumps([worlds.indicator(1500)]))
        self.tab_to("#collection")
        self.press("inbox")
        self.tab_to("#label")
        self.press("NATO RESTRICTED")
        self.tab_to("main form button.main")
        self.leave(lambda: self.press(Keys.ENTER))
        self.tab_to(".scroll")
        self.tab_to("details.relabel summary")
        self.press(Keys.ENTER)
        self.tab_to("details.relabel input[name=label]")
        self.press("NATO SECRET")
        self.leave(lambda: self.press(Keys.ENTER))
        self.tab_to("tr.group summary")
        self.press(Keys.ENTER)
        self.assertIn("clearance", self.one(".because").text)
        self.tab_to("form:has(input[value=publish]) button")
        self.leave(lambda: self.press(Keys.ENTER))
        self.assertEqual(self.states(), {"German Node": "withheld", "US Node": "waiting"})

    def test_on_paper(self):
        self.sign_in("fra")
        self.bring(self.file(60), "NATO SECRET")
        pdf = base64.b64decode(self.command("Page.printToPDF", preferCSSPageSize=True)["data"])
        with open(os.path.join(PICTURES, "print-release.pdf"), "wb") as file:
            file.write(pdf)
        text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
        for words in ["German Node", "withheld", "NATO SECRET"]:
            self.assertIn(words, text)


if __name__ == "__main__":
    unittest.main()
