import Files
import Foundation
import Model

@testable import Commands
@testable import HostSystem
@testable import Jobs

/// What lies on the host, written by its owner, by its containers, or by the cron jobs.
extension FuzzTarget {
    static let hostTargets = [
        Self(name: "configuration", words: configurationWords, inputs: 150) { input in
            var layers = try ConfigurationLayers()
            layers.add(file: "config.json", bytes: input)
            for problem in layers.problems where problem.line == nil || problem.file.isEmpty {
                throw FuzzFault("a problem without a place: \(problem)")
            }
            guard layers.problems.isEmpty else { return false }
            return refusing(PlanProblems.self) { try layers.decode(file: "config.json") }
        },
        Self(name: "secrets", words: ["\"registry\"", "\"database\""], inputs: 1000) { input in
            refusing(HostError.self) { try SecretObject.values(in: input, from: "'secrets.json'") }
        },
        Self(
            name: "incident", words: ["Event: ", "Kind: ", "Time: ", "Incident: ", "Subject: ", "Since: "], inputs: 1000
        ) {
            input in
            refusing(IncidentFileDamage.self) { try IncidentFile(input).event() }
        },
        Self(name: "crontab", words: ["@reboot ", "# fairlead", "%", "MAILTO="], inputs: 1000) { input in
            guard CrontabLine.split(input).flatMap({ $0.bytes }) == input else {
                throw FuzzFault("a crontab is not the same when it is put together again")
            }
            return true
        },
    ]

    private static let configurationWords: [String] = {
        Set(VSNConfiguration.schemaText.matches(of: /"([a-zA-Z]{2,24})": \{/).map { "\"\($0.1)\"" }).sorted()
    }()

    /// Whether `work` accepts; an error of another kind than `kind` is a fault of the reader, so it ends the run.
    static func refusing<Failure: Error>(_ kind: Failure.Type, _ work: () throws -> some Any) -> Bool {
        do {
            _ = try work()
            return true
        } catch {
            precondition(error is Failure, "an error of another kind: \(error)")
            return false
        }
    }
}
