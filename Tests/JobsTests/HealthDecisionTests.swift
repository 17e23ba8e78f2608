import Foundation
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("What the health-check job decides (S4, C2, C3)")
struct HealthDecisionTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "HealthDecision").path()

    /// Runs the table `cases` with the deciding parts, each as `change` leaves it, in one process of Bash.
    private func decide(
        _ cases: String, _ change: (String) -> String = { $0 }
    ) async throws -> CommandResult {
        let scratch = try Scratch()
        let parts = try [PackageResources.health_verdict_bash, PackageResources.health_decision_bash].enumerated().map {
            try scratch.write(change(String(decoding: $0.element, as: UTF8.self)), to: "part\($0.offset).bash")
        }
        return try await Command("/bin/bash", ["\(folder)/run.bash"] + parts + [cases]).runToEnd()
    }

    @Test("each case of the table gives what it says, and nothing that is remembered or done is without a case")
    func table() async throws {
        let result = try await decide("\(folder)/cases.txt")
        #expect(result.status == 0, "\(result.text)\(result.errorTail)")
        #expect(result.errorTail.isEmpty, "\(result.errorTail)")
    }

    @Test(
        "a rule that changes is found by the table",
        arguments: [
            ["-lt 300", "-lt 301"], ["hold * 2 <", "hold * 3 <"], ["\"$1\" -le \"$3\"", "\"$1\" -le 99999999999"],
        ])
    func changed(rule: [String]) async throws {
        let result = try await decide("\(folder)/cases.txt") { $0.replacing(rule[0], with: rule[1]) }
        #expect(result.status == 1)
    }
}
