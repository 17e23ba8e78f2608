import Commands
import Foundation
import Journal
import Model
import Planning
import TestSupport

/// A host and a customer repo of one test; commands run in this process.
final class CommandFixture: Sendable {
    struct Result {
        var status: ExitStatus
        var output: String
        var chatter: String

        var json: [String: Any] {
            ((try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any]) ?? [:]
        }
    }

    let scratch: Scratch
    let repo: GitFixture
    let clock = ConsoleCapture()
    private let extra: [String: String]

    init(environment: [String: String] = [:]) throws {
        scratch = try Scratch()
        repo = try GitFixture()
        extra = environment
        try scratch.write(
            """
            {
              "repository": {"url": "\(repo.path)", "timeout": "20s"},
              "host": "vsn1",
              "stateDirectory": "\(scratch.path)/state",
              "dataRoot": "\(scratch.path)/data",
              "runtimeDirectory": "\(scratch.path)/run",
              "engine": {"socket": "/dev/null/podman.sock", "storage": "\(scratch.path)"}
            }
            """, to: "config.json")
    }

    /// With the configuration of this fixture.
    func run(_ arguments: String..., terminal: Bool = false) async -> Result {
        await run(arguments, terminal: terminal)
    }

    func run(_ arguments: [String], terminal: Bool = false, isRoot: Bool = true) async -> Result {
        let capture = ConsoleCapture()
        var console = capture.console
        console.resultIsTerminal = terminal
        let environment = ["FAIRLEAD_CONFIG": "\(scratch.path)/config.json"].merging(extra) { $1 }
        var context = CommandContext(
            console: console, clock: clock.clock, environment: environment, executable: FairleadBinary.path)
        context.isRoot = isRoot
        let status = await Program.run(arguments, in: context)
        return Result(status: status, output: capture.result, chatter: capture.chatter)
    }

    func journal() throws -> Journal {
        try Journal.open(at: "\(scratch.path)/state/journal.sqlite", now: clock.clock.now)
    }

    /// For the host's entry of one whose container says how it is asked.
    static let checked = #"{"containers": {"web": {"health": {"tcp": 80}}}}"#

    /// A plan of one container, `changes` merged into the host's entry; returns the commit.
    @discardableResult
    func commit(_ version: String, _ subject: String, changes: String = "{}") throws -> CommitID {
        try repo.write(
            "plan.json",
            """
            {
              "schemaVersion": 1,
              "stack": "acme",
              "version": "\(version)",
              "containers": {"web": {"image": "registry.example.com/acme/web:${version}"}}
            }
            """)
        try repo.write("hosts/vsn1.json", changes)
        guard let id = CommitID(try repo.commit(subject)) else { throw CocoaError(.coderInvalidValue) }
        return id
    }

    /// Records that `commit` was seen and deployed as the plan that it holds.
    @discardableResult
    func recordDeployment(
        of commit: CommitID, subject: String, changes: [PlanChange] = [],
        outcome: DeploymentOutcome = .deployed, error: String? = nil, hint: String? = nil
    ) async throws -> Int64 {
        let journal = try journal()
        try await journal.recordSeen([
            CommitRecord(commit: .ada(commit, subject), seen: clock.clock.now(), servedBy: "git.example.com")
        ])
        let plan = try PlanResolver(tree: DirectoryTree(root: repo.path), policy: nil).resolve(host: "vsn1").plan
        let desired = DesiredState(plan: plan)
        let id = try await journal.begin(
            NewDeployment(commit: commit, desired: desired, trigger: .commit, changes: changes))
        try await journal.stepStarted(.validate, of: id)
        let image = StoredImage(id: "sha256:1", digest: "sha256:2", names: ["registry.example.com/acme/web:1"])
        try await journal.record(.imageReady, container: "web", image: image, of: id)
        clock.advance(milliseconds: 1449)
        try await journal.stepEnded(.validate, of: id, error: error)
        let isGood = outcome == .deployed
        let state = DeployedState(desired: desired, commit: commit, deployment: id, images: ["web": image])
        try await journal.end(
            id,
            DeploymentEnd(
                outcome: outcome, error: error, hint: hint, downtimeMilliseconds: isGood ? 1200 : nil,
                deployed: isGood ? state : nil, keepsDeployed: outcome == .refused))
        try await journal.setVerdict(isGood ? .deployed : .refused, note: nil, deployment: id, of: commit)
        return id
    }
}

extension Commit {
    static func ada(_ id: CommitID, _ subject: String) -> Commit {
        Commit(
            id: id, author: "Ada", email: "ada@example.com", time: 1_795_256_000, subject: subject, parents: [])
    }
}
