import Model
import Testing

/// A piece of Swift that has no place in a daemon that runs for months.
struct ForbiddenPattern: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: String
    let text: String

    var testDescription: String { name }

    func matches(_ line: Substring) throws -> Bool {
        try line.firstMatch(of: Regex(text)) != nil
    }

    static let all: [Self] = [
        Self(name: "try!", reason: "throw instead", text: #"\btry!"#),
        Self(name: "as!", reason: "use 'as?' and throw", text: #"\bas! "#),
        Self(name: "fatalError", reason: "throw instead", text: #"\b(fatalError|preconditionFailure)\("#),
        Self(
            name: "unstructured task", reason: "use a task group or 'async let'",
            text: #"\bTask(<.*>)?(\.detached)?(\(.*\))? \{"#),
        Self(name: "unfinished work", reason: "finish it or open an issue", text: #"\b(TODO|FIXME|XXX)\b"#),
        Self(name: "print", reason: "use the logger or the command's output", text: #"^\s*(debugPrint|dump)\("#),
    ]

    /// Of a deployment. What `wait` ends with has a case `deployed`, too.
    static let comparedOutcome = Self(
        name: "compared outcome", reason: "ask its standing",
        text: #"outcome\??\s*[!=]=\s*\.(refused|containerless|previous|interrupted|tornDown|broken)\b"#
            + #"|(result|record|end|last|newest|\$0)\.outcome\??\s*[!=]=\s*\.|\]\.contains\((\w+\.)?outcome\)"#)

    /// The words for people are a switch over all of them, from which the compiler lets no case be missing.
    static let comparedTrigger = Self(
        name: "compared trigger", reason: "ask its purpose",
        text: #"[tT]rigger\??\s*[!=]=\s*\.|[\s(]\.\w+\s*[!=]=\s*(\w+\.)*trigger\b|\]\.contains\((\w+[?.]+)*trigger\)"#
            + #"|case \.\w+\??( where [^:]*)? = (\w+[?.]+)*trigger\b"#)
}

@Suite("Rules for every source file")
struct SourceRuleTests {
    @Test("no source has more than 300 lines")
    func filesAreShort() throws {
        for file in try Repository.files(below: "Sources", suffix: ".swift") {
            let count = try Repository.lines(file).count
            #expect(count <= 300, "\(file) has \(count) lines; it is probably two things")
        }
    }

    @Test("nothing forced, unstructured or unfinished", arguments: ForbiddenPattern.all)
    func noTraps(pattern: ForbiddenPattern) throws { try expectNone(of: pattern) }

    @Test("no case of a deployment's outcome is compared: a new one would be forgotten there")
    func outcomes() throws { try expectNone(of: .comparedOutcome) }

    @Test("no trigger of a deployment is compared: a new one would be forgotten there")
    func triggers() throws { try expectNone(of: .comparedTrigger) }

    @Test("what follows from a trigger is decided in one place; beside it there are only the words for it")
    func triggersAreToldApartOnce() throws {
        let question = /switch (\w+[?.]+)*trigger\??\s*\{|DeploymentTrigger\.\w+\s*[!=]=/
        let asking = try Repository.files(below: "Sources", suffix: ".swift").filter { file in
            try Repository.text(file).firstMatch(of: question) != nil
        }
        #expect(asking == ["Sources/Commands/Progress/ProgressWording.swift"])
    }

    private func expectNone(of pattern: ForbiddenPattern) throws {
        let anywhere = try Regex(pattern.text).anchorsMatchLineEndings()
        for file in try Repository.files(below: "Sources", suffix: ".swift") {
            // Line by line takes minutes for all files.
            guard try Repository.text(file).firstMatch(of: anywhere) != nil else { continue }
            for (number, line) in try Repository.lines(file).enumerated()
            where try pattern.matches(line) && (!isComment(line) || pattern.name == "unfinished work") {
                Issue.record("\(file):\(number + 1): \(pattern.name); \(pattern.reason)")
            }
        }
    }

    @Test(
        "each forbidden pattern finds what it is for",
        arguments: [
            ("try!", "let a = try! b()"), ("as!", "let a = b as! C"), ("fatalError", #"fatalError("x")"#),
            ("unstructured task", "Task { await a() }"), ("unstructured task", "Task.detached { await a() }"),
            ("unstructured task", "let t = Task(priority: .low) {"), ("unfinished work", "// TODO: later"),
            ("compared outcome", "if result.outcome == .deployed {"), ("compared outcome", "$0.outcome != .deployed"),
            ("compared outcome", "guard outcome == .refused"), ("compared outcome", "earlier.outcome == .broken"),
            ("compared outcome", "[.containerless, .refused].contains(outcome)"),
            ("compared trigger", "if record.trigger == .drift {"), ("compared trigger", "guard trigger != .rollBack"),
            ("compared trigger", "[.commit, .hotfix].contains(request.trigger)"),
            ("compared trigger", "if case .boot = newest?.trigger {"),
        ])
    func patternsFind(name: String, line: String) throws {
        let all = ForbiddenPattern.all + [.comparedOutcome, .comparedTrigger]
        let pattern = try #require(all.first { $0.name == name })
        #expect(try pattern.matches(line[...]))
    }

    @Test("SQL is written in the journal only")
    func sqlStaysInTheJournal() throws {
        let statement = /\b(SELECT\s.+\sFROM|INSERT\s+INTO|DELETE\s+FROM|CREATE\s+TABLE|UPDATE\s+\w+\s+SET)\b/
            .ignoresCase()
        for file in try Repository.files(below: "Sources", suffix: ".swift") where !file.hasPrefix("Sources/Journal/") {
            let text = try Repository.text(file)
            guard text.contains(statement) || text.contains("import GRDB") else { continue }
            for (number, line) in try Repository.lines(file).enumerated()
            where !isComment(line) && (line.contains(statement) || line.contains("import GRDB")) {
                Issue.record("\(file):\(number + 1): move it into the journal")
            }
        }
    }

    @Test("which engine it is decides in two places; everywhere else its traits are asked")
    func enginesAreToldApartOnce() throws {
        let names = EngineProduct.allCases.map(\.rawValue)
        let either = names.joined(separator: "|")
        let question = try Regex("case \\.(\(either))\\b|[!=]= ?[.\"](\(either))\\b")
        let asking = try Repository.files(below: "Sources", suffix: ".swift").filter { file in
            let text = try Repository.text(file)
            return names.contains { text.contains($0) } && text.firstMatch(of: question) != nil
        }
        #expect(
            asking == [
                "Sources/Commands/Composition/Engine.swift", "Sources/Model/Engine/Products/EngineProduct.swift",
            ])
    }

    @Test("every test file that declares a test also asserts")
    func testsAssert() throws {
        let assertion = /#expect|#require|Issue\.record|confirmation\(|expect[A-Z]\w*\(|exits\(/
        for file in try Repository.files(below: "Tests", suffix: ".swift") {
            let text = try Repository.text(file)
            guard text.contains("@Test") else { continue }
            #expect(text.firstMatch(of: assertion) != nil, "\(file) asserts nothing")
        }
    }

    private func isComment(_ line: Substring) -> Bool {
        line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//")
    }
}
