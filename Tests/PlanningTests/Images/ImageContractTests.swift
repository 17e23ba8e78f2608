import Foundation
import Testing

@testable import Model
@testable import Planning

@Suite("Labels of an image say what its container's keys would, in the same words (issue 14)")
struct ImageContractTests {
    private func plan(_ keys: String = "") throws -> ResolvedPlan {
        let tree = MemoryTree(files: [
            "plan.json": """
            {"schemaVersion": 1, "stack": "acme", "version": "1", "containers":
              {"web": {"image": "registry.example.com/acme/web:1"\(keys)}}}
            """, "hosts/h.json": "{}",
        ])
        return try PlanResolver(tree: tree, policy: nil).resolve(host: "h").plan
    }

    private func image(_ labels: [String: String], asks healthcheck: String? = nil) -> ImageConfiguration {
        let check = healthcheck.map { HealthPlan(check: .command([$0])) }
        var image = ImageConfiguration(command: ["/app"], facts: ImageFacts(health: check))
        image.labels = Dictionary(uniqueKeysWithValues: labels.map { ("io.fairlead.\($0)", $1) })
        return image
    }

    private func check(_ image: ImageConfiguration, in plan: ResolvedPlan) throws -> ImageCheck {
        try #require(ImageCheck(image, of: "web", in: plan))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var plan = ""
        var health: String?
        var liveness: String?
        var healthcheck: String?
        /// What is asked in the end: of health, of liveness.
        let asked: (HealthCheck?, HealthCheck?)

        var testDescription: String { "\(plan) \(health ?? "-") \(liveness ?? "-") \(healthcheck ?? "-")" }
    }

    @Test(
        "the plan's key comes first and whole, then the label, then the HEALTHCHECK; \"none\" leaves the rest out",
        arguments: [
            Case(asked: (nil, nil)), Case(healthcheck: "x", asked: (.command(["x"]), nil)),
            Case(health: #"{"tcp": 1}"#, healthcheck: "x", asked: (.tcp(port: 1), nil)),
            Case(health: #""none""#, healthcheck: "x", asked: (nil, nil)),
            Case(liveness: #"{"tcp": 2}"#, healthcheck: "x", asked: (.command(["x"]), .tcp(port: 2))),
            Case(health: #"{"tcp": 1}"#, liveness: #"{"tcp": 2}"#, asked: (.tcp(port: 1), .tcp(port: 2))),
            Case(health: #""none""#, liveness: #"{"tcp": 2}"#, asked: (nil, .tcp(port: 2))),
            Case(
                plan: #", "health": {"tcp": 9}"#, health: #"{"tcp": 1}"#, liveness: #"{"tcp": 2}"#, healthcheck: "x",
                asked: (.tcp(port: 9), .tcp(port: 2))),
            Case(
                plan: #", "liveness": {"tcp": 9}"#, health: #"{"tcp": 1}"#, liveness: #"{"tcp": 2}"#,
                asked: (.tcp(port: 1), .tcp(port: 9))),
            Case(
                plan: #", "health": "none""#, health: #"{"tcp": 1}"#, liveness: #"{"tcp": 2}"#, healthcheck: "x",
                asked: (nil, nil)),
            Case(
                plan: #", "health": "none", "liveness": {"tcp": 9}"#, health: #"{"tcp": 1}"#, healthcheck: "x",
                asked: (nil, .tcp(port: 9))),
        ])
    func order(of row: Case) throws {
        let plan = try plan(row.plan)
        var labels: [String: String] = [:]
        labels["health"] = row.health
        labels["liveness"] = row.liveness
        let check = try check(image(labels, asks: row.healthcheck), in: plan)
        #expect(check.obstacle(on: nil, under: VSNPolicy()) == nil)
        let stored = StoredImage(id: "sha256:1", facts: check.facts)
        let web = try #require(plan.completed(by: ["web": stored]).containers["web"])
        #expect(web.health?.check == row.asked.0 && web.liveness?.check == row.asked.1)
    }

    @Test(
        "a label is read as the plan's key is, with its defaults, and a key of the plan takes over none of its values")
    func values() throws {
        let text = #"{"http": {"port": 8443, "path": "/up", "tls": true}, "startPeriod": "30s", "restart": false}"#
        let said = try check(image(["health": text, "liveness": #"{"command": ["live"]}"#]), in: plan())
        let written = try #require(plan(#", "health": \#(text), "liveness": {"command": ["live"]}"#).containers["web"])
        #expect(said.facts.health == written.health && said.facts.liveness == written.liveness)
        let own = try check(image(["health": text]), in: plan(#", "health": {"tcp": 80}"#))
        #expect(own.facts.health == nil)
        // No reference is resolved: it is a text, as in a HEALTHCHECK.
        let reference = try check(image(["health": #"{"command": ["x", "${secret:db}", "$${y}"]}"#]), in: plan())
        #expect(reference.facts.health?.check == .command(["x", "${secret:db}", "$${y}"]))
    }

    @Test("an image cannot make anybody wait longer than a HEALTHCHECK can, nor for ever")
    func limits() throws {
        let health = #"{"tcp": 1, "interval": "9d", "timeout": "9d", "startPeriod": "9d", "retries": 10000}"#
        let facts = try check(
            image(["health": health, "liveness": #"{"tcp": 1, "timeout": "0s"}"#]), in: plan()
        ).facts
        let hour = PlanDuration.seconds(3600)
        #expect(facts.health?.interval == hour && facts.health?.timeout == hour && facts.health?.startPeriod == hour)
        #expect(facts.health?.retries == 100 && facts.liveness?.timeout == PlanDuration(milliseconds: 1))
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var key = "health"
        let label: String
        let words: String

        var testDescription: String { "\(key) \(label.prefix(60))" }
    }

    @Test(
        "what a label says wrongly is an error with the label, the place in it and the plan's own words",
        arguments: [
            Fault(
                label: #"{"http": {"port": 80, "path": "x"}}"#,
                words: "label io.fairlead.health /http/path: 'x' is not a path; begin it with '/'"),
            Fault(label: #"{"tcp": 0}"#, words: "label io.fairlead.health /tcp: must be at least 1"),
            Fault(
                label: #"{"tcp": 80, "intervall": "5s"}"#,
                words: "label io.fairlead.health /intervall: unknown key 'intervall'; did you mean 'interval'?"),
            Fault(label: #"{"tcp": 80, "interval": "soon"}"#, words: "label io.fairlead.health /interval: "),
            Fault(label: #"{"tcp": 80, "interval": "0s"}"#, words: "/interval: interval must be longer than '0s'"),
            Fault(label: #"{"command": ["a\u0007b"]}"#, words: "/command/0: contains the control character U+0007"),
            Fault(label: #"{"command": ["e\u0301"]}"#, words: "label io.fairlead.health /command/0: "),
            Fault(label: #""off""#, words: "label io.fairlead.health: 'off' is not an object with"),
            Fault(label: "curl -f localhost", words: "label io.fairlead.health:1:1: "),
            Fault(label: "", words: "label io.fairlead.health:1:1: is empty"),
            Fault(label: "null", words: "label io.fairlead.health: must be "),
            Fault(
                key: "liveness", label: #"{"tcp": 80, "retries": 3}"#,
                words: "label io.fairlead.liveness /retries: unknown key 'retries'"),
            Fault(key: "liveness", label: #""none""#, words: "label io.fairlead.liveness: must be "),
            Fault(
                label: #"{"command": ["\#(String(repeating: "x", count: 65536))"]}"#,
                words: "label io.fairlead.health: is longer than 64 KiB"),
        ])
    func faults(row: Fault) throws {
        let wrong = image([row.key: row.label])
        let obstacle = try #require(check(wrong, in: plan()).obstacle(on: nil, under: VSNPolicy()))
        #expect(obstacle.message.hasPrefix("image of 'web': label io.fairlead.\(row.key)"), "\(obstacle.message)")
        #expect(obstacle.message.contains(row.words), "\(obstacle.message)")
        #expect(obstacle.message.unicodeScalars.count < 600)
        // Where the plan says it, nobody reads the label.
        let own = try check(wrong, in: plan(#", "\#(row.key)": {"tcp": 80}"#))
        #expect(own.obstacle(on: nil, under: VSNPolicy()) == nil)
    }

    @Test("of several faults the first is told, with the number of the others")
    func several() throws {
        let wrong = image(["health": #"{"tcp": 0, "more": 1}"#, "liveness": "{}"])
        let obstacle = try #require(check(wrong, in: plan()).obstacle(on: nil, under: VSNPolicy()))
        #expect(obstacle.message.contains(/\(and [2-9] more problems\)$/), "\(obstacle.message)")
    }

    @Test(
        "a label of Fairlead's prefix that it does not know is told, with the one that was meant; others are not told")
    func unknown() throws {
        var labels = ["helth": "{}", "tasks": "{}"]
        for own in ["stack", "commit", "container", "deployment", "backup.mode", "backup.exclude", "restore.load"] {
            labels[own] = "x"
        }
        var image = self.image(labels)
        image.labels["com.example.health"] = "x"
        let notes = try check(image, in: plan()).notes
        #expect(
            notes == [
                "web: its image has the label 'io.fairlead.helth', which this fairlead does not know; did it mean "
                    + "'io.fairlead.health'?",
                "web: its image has the label 'io.fairlead.tasks', which this fairlead does not know",
            ])
        let crowd = Dictionary(uniqueKeysWithValues: (10...40).map { ("x\($0)", "") })
        let told = try check(self.image(crowd), in: plan()).notes
        #expect(told.count == 9 && told.last == "web: its image has 23 more labels that this fairlead does not know")
    }

    @Test("'policy.imageContract' off leaves the labels out with a note, and a wrong one refuses nothing; others stay")
    func policy() throws {
        var image = self.image(
            ["health": #"{"tcp": 0}"#, "liveness": "{}", "later": "", "backup.mode": "stop"], asks: "x")
        image.facts = ImageFacts(health: image.facts.health, labels: image.labels)
        var plan = try self.plan()
        plan.containers["web"]?.volumes = [VolumePlan(source: .data("x"), target: "/x")]
        plan.backup = BackupPlan(recipients: [], targets: [:])
        let check = try #require(ImageCheck(image, of: "web", in: plan, asksLabels: false))
        #expect(check.obstacle(on: nil, under: VSNPolicy()) == nil)
        #expect(check.facts.health?.check == .command(["x"]) && check.facts.liveness == nil)
        #expect(check.facts.backup == ["backup.mode": "stop"])
        #expect(
            check.notes.contains(
                "web: the labels 'io.fairlead.health', 'io.fairlead.liveness' of its image count for nothing: "
                    + "'policy.imageContract' is off on this VSN"))
        let read = try JSONDecoder().decode(VSNPolicy.self, from: Data(#"{"imageContract": false}"#.utf8))
        #expect(!read.imageContract && VSNPolicy().imageContract && VSNPolicy(profile: .trusted).imageContract)
        #expect(read.words.first?.hasSuffix(", no labels") == true)
    }

    @Test("what an image asks is told where the plan leaves it open, also of a port that it does not expose")
    func notes() throws {
        var image = self.image(["health": #"{"http": {"port": 81}}"#, "liveness": #"{"tcp": 80}"#])
        image.exposedPorts = [80]
        #expect(
            try check(image, in: plan()).notes == [
                "web: health from the image: http port 81 '/', every 5s", "web: liveness from the image: tcp port 80",
                "web: 'health' asks port 81, and its image exposes 80",
            ])
        let own = try check(image, in: plan(#", "health": "none""#))
        #expect(own.notes == [] && own.health == nil && own.liveness == nil)
        let open = try check(image, in: plan())
        #expect(open.health == "http port 81 '/', every 5s, from the image")
        #expect(open.liveness == "tcp port 80, from the image")
    }

    @Test("title and version of its software are taken where they are a short line, a version only beside a title")
    func metadata() throws {
        func metadata(_ labels: [String: String], _ environment: [String] = []) throws -> ImageMetadata? {
            var image = ImageConfiguration(command: ["/app"])
            for (name, text) in labels { image.labels["org.opencontainers.image.\(name)"] = text }
            image.environment = environment
            return try check(image, in: plan()).facts.metadata
        }
        let both = ["title": "Shop", "version": "7"]
        #expect(try metadata(both) == ImageMetadata(title: "Shop", version: "7"))
        // Images that others are built on have one: `24.04` is none of what runs in them.
        #expect(try metadata(["version": "24.04"]) == ImageMetadata())
        for strange in ["", "a\nb", "a\0", String(repeating: "x", count: 257)] {
            #expect(try metadata(["title": strange, "version": "7"]) == ImageMetadata())
            #expect(try metadata(["title": "Shop", "version": strange]) == ImageMetadata(title: "Shop"))
        }
        let set = try metadata(both, ["PATH=/bin", "APP_NAME=own", "IMAGE_VERSION", "APP_NAMES=x"])
        #expect(set?.own == ["APP_NAME", "IMAGE_VERSION"])
    }

    @Test("what an older Fairlead saved of an image is read, and says nothing of what it did not know")
    func saved() throws {
        let old =
            #"{"health":{"check":{"tcp":{"port":1}},"interval":"5s","timeout":"3s","retries":2,"startPeriod":"0s","#
            + #""restart":true},"volumes":["/data"]}"#
        let facts = try JSONDecoder().decode(ImageFacts.self, from: Data(old.utf8))
        #expect(facts.health?.check == .tcp(port: 1) && facts.liveness == nil && facts.metadata == nil)
        let new = try check(image(["liveness": #"{"tcp": 2}"#]), in: plan()).facts
        #expect(try JSONDecoder().decode(ImageFacts.self, from: JSONEncoder().encode(new)) == new)
    }
}
