import Foundation
import Model
import Planning

/// What somebody commits.
extension FuzzTarget {
    static let planTargets = [
        Self(name: "plan", more: ["customer-repo-template/plan.json"], words: planWords, inputs: 250) {
            try resolves(FuzzTree(plan: $0, overlay: Array("{}".utf8)))
        },
        Self(name: "overlay", words: planWords, inputs: 250) {
            try resolves(FuzzTree(plan: Array(smallPlan.utf8), overlay: $0))
        },
        Self(
            name: "containerfile",
            words: ["FROM", "ARG", "COPY", "--from=", "--mount=", "from=", "AS", "<<EOF", "# escape=`"]
        ) {
            let file = Containerfile(String(decoding: $0, as: UTF8.self))
            return !file.bases.isEmpty
        },
    ]

    static let smallPlan = """
        {"schemaVersion": 1, "stack": "acme", "version": "1.0.0", "containers": {"web": {"image": "r.example.com/a:1"}}}
        """

    /// The names of the plan's keys, as they stand in its schema.
    static let planWords: [String] = {
        Set(JSONSchema.plan.text.matches(of: /"([a-zA-Z]{2,24})": \{/).map { "\"\($0.1)\"" }).sorted()
    }()

    private static func resolves(_ tree: FuzzTree) throws -> Bool {
        let resolver = PlanResolver(tree: tree, policy: VSNPolicy())
        do {
            let resolution = try resolver.resolve(host: "vsn1")
            try check(resolution.warnings)
            try compare(resolution.plan)
            return true
        } catch let problems as PlanProblems {
            try check(problems.problems)
            return false
        }
    }

    /// A plan that is accepted can be compared, written down, and read again as it was.
    private static func compare(_ plan: ResolvedPlan) throws {
        let state = DesiredState(plan: plan)
        let other = DesiredState(plan: ResolvedPlan(stack: "acme", version: "0", host: "vsn1", containers: [:]))
        for change in PlanComparison.changes(from: other, to: state) where change.text.contains(where: \.isNewline) {
            throw FuzzFault("a change has more than one line: \(change.text)")
        }
        _ = PlanComparison.replacedContainers(from: other, to: state)
        guard try JSONDecoder().decode(ResolvedPlan.self, from: JSONEncoder().encode(plan)) == plan else {
            throw FuzzFault("the plan is another one when it is read again")
        }
    }

    /// Each tells the file, and the line where it is about one that is there.
    static func check(_ problems: [PlanProblem]) throws {
        for problem in problems {
            // A warning of what is not there at all has no line.
            let mayLackLine = problem.severity == .warning && problem.pointer.isEmpty
            let isDocument = FuzzTree.documents.contains(problem.file)
            guard !problem.file.isEmpty, problem.line != nil || mayLackLine || !isDocument else {
                throw FuzzFault("a problem without a place: \(problem)")
            }
            guard !problem.message.contains(where: \.isNewline), problem.message.utf8.count < 4000 else {
                throw FuzzFault("a problem that is not one line: \(problem)")
            }
        }
    }
}

/// A customer repo with one host.
private struct FuzzTree: SourceTree {
    static let documents = ["plan.json", "hosts/vsn1.json"]

    private let files: [String: [UInt8]]

    init(plan: [UInt8], overlay: [UInt8]) {
        files = [
            "plan.json": plan, "hosts/vsn1.json": overlay, "files/web/site.conf": Array("server {}\n".utf8),
            "images/web/Containerfile": Array("FROM debian:12\n".utf8),
        ]
    }

    func entries() -> [SourceEntry] {
        files.map { SourceEntry(path: $0, kind: .file, size: Int64($1.count)) }.sorted { $0.path < $1.path }
    }

    func content(of path: String) -> [UInt8]? { files[path] }
}
