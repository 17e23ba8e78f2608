import Foundation
import HostSupport
import Model
import Processes
import TestSupport

@testable import Jobs

/// Runs the library of the jobs with a body of the test, as cron would: no environment but cron's own.
struct JobBench {
    let fixture: JobFixture

    init() throws { fixture = try JobFixture() }

    var root: String { fixture.scratch.path }
    var state: String { fixture.configuration.stateDirectory }
    var lock: String { "\(fixture.configuration.runtimeDirectory)/lock" }

    /// What `common.bash` needs.
    var settings: JobSettings {
        var settings = JobSettings()
        settings.set("JOB_PATH", TestProgram.path)
        settings.set("STATE_DIRECTORY", state)
        settings.set("RUNTIME_DIRECTORY", fixture.configuration.runtimeDirectory)
        settings.set("LOG_DIRECTORY", "\(root)/log")
        settings.set(engine: EngineProgram(of: .podman))
        return settings
    }

    /// Writes job NAME that does `body`; returns its path.
    func job(_ name: String, _ body: String, settings extra: (inout JobSettings) -> Void = { _ in }) throws -> String {
        var settings = settings
        extra(&settings)
        let script = JobScript(settings: settings, parts: [Array(body.utf8)])
        return try fixture.scratch.write(script.text(from: .test()), to: "state/jobs/\(name)")
    }

    /// With what Debian's cron gives a job of root.
    @discardableResult
    func run(_ script: String) async throws -> CommandResult {
        try await Command("/bin/bash", [script], environment: ["PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"]).runToEnd()
    }

    /// The recorded result of job `name`, by key.
    func result(_ name: String) throws -> [String: String] {
        try Dictionary(
            uniqueKeysWithValues: content("\(state)/jobs/results/\(name)").split(separator: "\n").map { line in
                let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            })
    }

    func log(_ name: String) throws -> String { try content("\(root)/log/\(name).log") }
}

extension JobScript.Origin {
    static func test() throws -> Self {
        guard let commit = CommitID(String(repeating: "a1", count: 20)) else { throw ToolMissing(name: "commit") }
        return Self(version: "1.2.3", stack: "acme", commit: commit, deployment: 7)
    }
}
