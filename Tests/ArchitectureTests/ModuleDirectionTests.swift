import Testing

/// What each module of ours may import of ours; the picture in docs/architecture.md.
private let directions: [String: Set<String>] = [
    // GitSource and Processes, since network operations and confined programs are children of this binary.
    "fairlead": ["Commands", "GitSource", "Processes"],
    "Commands": [
        "LoopJournal", "Reconciling", "Incidents", "Deploying", "Model", "Planning", "Processes", "Files", "GitSource",
        "ContainerEngine", "Journal", "Backup", "Drill", "HostSystem", "Jobs",
    ],
    "LoopJournal": ["Deploying", "Incidents", "Journal", "Reconciling"],
    "Reconciling": ["Deploying", "Incidents", "Model", "Planning"],
    // Files, since one process at a time tells people what is due.
    "Incidents": ["Files", "Model"],
    "Deploying": ["Model", "Planning"],
    // Files, since a drill has places of its own, and holds its lock.
    "Drill": ["Backup", "Deploying", "Files", "HostSystem", "Model"],
    "GitSource": ["Model", "Processes", "Clibgit2"],
    "ContainerEngine": ["Model", "Processes", "CLinux"],
    "Journal": ["Model"],
    // HostSystem, since a backup reads data directories and asks the engine's program (docs/decisions/0025); Incidents,
    // since its runner tells of what fails.
    "Backup": ["Files", "HostSystem", "Incidents", "Model", "Processes", "CLinux"],
    "HostSystem": ["Files", "Model", "Processes", "CLinux"],
    "Jobs": ["Files", "Model", "Processes"],
    "Files": ["Model", "CLinux"],
    "Planning": ["CJSONSchema", "Model"],
    "Model": [],
    "Processes": ["CLinux"],
    "CJSONSchema": [],
    "CLinux": [],
    "Clibgit2": [],
]

@Suite("Imports point downwards only")
struct ModuleDirectionTests {
    @Test("every module has a place in the picture")
    func everyModuleIsPlaced() throws {
        #expect(try Repository.modules() == Set(directions.keys))
    }

    @Test("docs/architecture.md draws the picture as it is")
    func drawn() throws {
        let edges = try Repository.text("docs/architecture.md").matches(of: /\n    (\w+) --> (\w+(?: & \w+)*)(?=\n)/)
        let drawn = edges.map { (String($0.1), Set($0.2.split(separator: " & ").map(String.init))) }
        #expect(Dictionary(drawn, uniquingKeysWith: { $0.union($1) }) == directions.filter { !$0.value.isEmpty })
    }

    @Test("a module of several files says in 15 lines what it owns, imports, and where to start reading")
    func readme() throws {
        for (module, imports) in directions
        where try Repository.files(below: "Sources/\(module)", suffix: ".swift").count > 1 {
            let (place, lines) = ("Sources/\(module)", try Repository.lines("Sources/\(module)/README.md").dropLast())
            #expect(lines.count <= 15 && lines.first == "# \(module)", "\(module)")
            let text = lines.joined(separator: " ")
            let listed = try #require(text.firstMatch(of: /Imports of ours: ([^.]*)\./), "\(module)").1
            #expect(Set(listed.matches(of: /`(\w+)`/).map { String($0.1) }) == imports, "\(module)")
            let places = text.matches(of: /- `([^`]+)`/).map { "\(place)/\($0.1)" }
            #expect(try !places.isEmpty && places.allSatisfy { try !Repository.files(below: $0).isEmpty || exists($0) })
        }
    }

    private func exists(_ path: String) throws -> Bool { try !Repository.data(path).isEmpty }

    @Test("a module imports only what lies below it", arguments: directions.keys.sorted())
    func importsPointDownwards(module: String) throws {
        let ours = Set(directions.keys)
        let allowed = try #require(directions[module])
        for file in try Repository.files(below: "Sources/\(module)", suffix: ".swift") {
            let forbidden = try imports(of: file).filter { ours.contains($0) && !allowed.contains($0) }
            #expect(forbidden.isEmpty, "\(file) imports \(forbidden.joined(separator: ", "))")
        }
    }

    @Test("Package.swift names for each target the modules that it imports, and no others")
    func declared() throws {
        let targets = try Repository.text("Package.swift").split(separator: "arget(").dropFirst()
        for target in targets {
            let name = String(try #require(target.firstMatch(of: /name: "(\w+)"/)).1)
            let place = ["Sources", "Tests"].map { "\($0)/\(name)" }
            // But for the sample in this file.
            let files = try place.flatMap { try Repository.files(below: $0, suffix: ".swift") }
                .filter { !$0.hasSuffix("/ModuleDirectionTests.swift") }
            let ours = Set(directions.keys).union(["TestSupport", "LoopSupport", "HostSupport"]).subtracting([name])
            // Run as a program by tests that do not import it.
            let imported = try Set(files.flatMap(imports(of:))).intersection(ours).subtracting(["fairlead"])
            let listed = target.firstMatch(of: /dependencies: \[((?s:.*?))\]/)?.1.matches(of: /"(\w+)"/).map {
                String($0.1)
            }
            #expect(Set(listed ?? []).intersection(ours).subtracting(["fairlead"]) == imported, "\(name)")
        }
    }

    @Test("the picture itself has no cycle")
    func noCycle() {
        var left = directions
        while let leaf = left.first(where: { $0.value.isDisjoint(with: left.keys) }) {
            left[leaf.key] = nil
        }
        #expect(left.isEmpty)
    }

    @Test("an import is recognised however it is written")
    func importsAreRecognised() {
        let text = """
            // import Journal
            public import Planning
            @testable internal import struct Journal.Entry
            @preconcurrency import Foundation; import Glibc
            """
        #expect(modules(importedBy: text) == ["Planning", "Journal", "Foundation", "Glibc"])
    }

    private func imports(of file: String) throws -> [String] {
        modules(importedBy: try Repository.text(file))
    }

    private func modules(importedBy text: String) -> [String] {
        let pattern =
            /(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|typealias|var|let)\s+)?(\w+).*/
        // The pattern is slow in a debug build, and few lines need it.
        return text.split(whereSeparator: { $0 == "\n" || $0 == ";" }).filter { $0.contains("import") }
            .compactMap { $0.trimmingPrefix(while: \.isWhitespace).wholeMatch(of: pattern).map { String($0.1) } }
    }
}
