import ArgumentParser
import Foundation
import Journal
import Model
import Testing

@testable import Commands

/// What `docs/cli.md` promises.
@Suite("Contract of the command line")
struct ContractTests {
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        page = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
    }

    @Test("every exit status and every command is documented", arguments: Commands.ExitStatus.allCases)
    func statuses(status: Commands.ExitStatus) {
        #expect(page.contains("\n| \(status.rawValue) | "))
        for command in Fairlead.configuration.groupedSubcommands.flatMap(\.subcommands) {
            #expect(page.contains("`\(command._commandName)"), "\(command)")
        }
    }

    @Test("every word that a report can hold is documented")
    func words() {
        var words = DeploymentOutcome.allCases.map(\.rawValue) + ["unfinished"]
        words += DeploymentTrigger.allWords + ContainerRecord.Phase.allWords
        words += [PlanReport.Action.none, .install, .redeploy, .hotfix, .settings, .refused].map(\.rawValue)
        words += [StatusReport.State.deployed, .containerless, .deploying].map(\.rawValue)
        words += IncidentRecord.Kind.allCases.map(\.rawValue) + IncidentEvent.Event.allCases.map(\.rawValue)
        words += [IncidentEvent.Notification.due, .queued, .nobody].map(\.rawValue)
        words += [HostCheck.Status.ok, .warn, .fail, .skipped].map(\.rawValue)
        words += WaitReport.Outcome.allCases.map(\.rawValue)
        words += OperatorAct.Kind.allCases.map(\.rawValue)
        for word in words { #expect(page.contains("`\(word)`"), "\(word)") }
    }

    @Test("every key that a report has is documented")
    func keys() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install")
        let change = PlanChange(subject: "web", kind: .added, text: "container added")
        try await host.recordDeployment(of: commit, subject: "Install", changes: [change])
        let details = IncidentDetails(
            reason: "r", action: "a", advice: "b", host: "vsn1", stack: "acme", version: "1", commit: commit,
            deployment: 1, log: "l")
        try await host.journal().openIncident(.drift, subject: "web", cause: "c", details, notifies: true)
        for arguments in [
            ["status"], ["incidents"], ["history"], ["show", "1"], ["show", commit.short], ["plan"], ["doctor"],
            ["mail", "queue"], ["version"], ["wait", "--timeout", "0s"],
        ] {
            let result = await host.run(arguments + ["--output", "json"])
            for key in Self.keys(of: result.json) where key != "web" {
                #expect(page.contains("`\(key)`"), "\(arguments)")
            }
        }
    }

    private static func keys(of value: Any) -> Set<String> {
        switch value {
        case let object as [String: Any]:
            object.reduce(into: Set(object.keys)) { $0.formUnion(keys(of: $1.value)) }
        case let array as [Any]: array.reduce(into: []) { $0.formUnion(keys(of: $1)) }
        default: []
        }
    }
}

extension DeploymentTrigger {
    fileprivate static var allWords: [String] {
        [commit, retry, recovery, boot, restart, maintenance, manual, hotfix, drift, rollBack, teardown].map(\.rawValue)
    }
}

extension ContainerRecord.Phase {
    fileprivate static var allWords: [String] {
        [imageReady, stopped, removed, created, started, healthy, failed].map(\.rawValue)
    }
}
