import ArgumentParser
import Foundation
import Model
import Synchronization
import TestSupport

@testable import Commands

/// A host that is set up in a directory of the test, with a customer repo and in place of systemd a program that notes how it
/// was called.
final class SetupFixture: Sendable {
    let scratch: Scratch
    let repo: GitFixture
    let capture = ConsoleCapture()
    let places: SetupPlaces

    init() throws {
        scratch = try Scratch()
        repo = try GitFixture()
        let machineKey = try scratch.write("ssh-ed25519 AAAAmachine root@vsn1\n", to: "machine.pub")
        places = SetupPlaces(
            directory: "\(scratch.path)/etc", machineKey: machineKey, lock: "\(scratch.path)/lock/setup")
        try scratch.install(
            """
            #!/bin/sh
            echo "$@" >>'\(scratch.path)/systemctl'
            case $* in
                *is-active*) [ -e '\(scratch.path)/active' ] ;;
                'start fairlead' | 'restart fairlead') [ ! -e '\(scratch.path)/broken' ] ;;
            esac
            """, to: "bin/systemctl")
        try scratch.install("#!/bin/sh\necho 'no such table'\n", to: "bin/journalctl")
    }

    /// As `fairlead setup` takes them.
    func request(_ arguments: [String], token: String? = nil) throws -> SetupRequest {
        try SetupRequest(Setup.parse(arguments), token: token)
    }

    func material(_ arguments: [String], token: String? = nil) throws -> SetupMaterial {
        try SetupMaterial(try request(arguments, token: token))
    }

    /// What the arguments ask for, as text.
    func wanted(_ arguments: [String], token: String? = nil, anchor: CommitID? = nil) throws -> WantedConfiguration? {
        let request = try request(arguments, token: token)
        return try request.repository.map {
            WantedConfiguration($0, try SetupMaterial(request), anchor: anchor, places: places)
        }
    }

    /// Of this fixture's repo; `reports` are what `doctor` finds, one after the other, the last one for ever.
    func run(_ arguments: [String], reports: [[HostCheck]] = [[]], token: String? = nil) throws -> SetupRun {
        var run = SetupRun(try request(arguments, token: token), places: places, context: context)
        run.service = ServiceStart(commandPath: "\(scratch.path)/bin")
        run.settings = [
            "stateDirectory=\(scratch.path)/state", "dataRoot=\(scratch.path)/data",
            "runtimeDirectory=\(scratch.path)/run", "engine.socket=/dev/null/podman.sock",
            "engine.storage=\(scratch.path)",
        ]
        let looks = Looks(reports)
        run.prepare = { trial in
            trial.examine = { _, _ in DoctorReport(checks: looks.next()) }
            trial.pause = {}
        }
        return run
    }

    var context: CommandContext {
        CommandContext(
            console: capture.console, clock: capture.clock, environment: ["FAIRLEAD_GIT_TOKEN": "canary"],
            executable: FairleadBinary.path)
    }

    /// The plan of a container, and the entry of this host.
    @discardableResult
    func commit(signedWith settings: [String] = []) throws -> String {
        try repo.write(
            "plan.json",
            """
            {"schemaVersion": 1, "stack": "acme", "version": "1.0.0",
             "containers": {"web": {"image": "registry.example.com/acme/web:1"}}}
            """)
        try repo.write("hosts/vsn1.json", "{}")
        return settings.isEmpty ? try repo.commit("Install") : try repo.commit("Install", signedWith: settings)
    }

    var here: [String] { ["--repo", repo.path, "--host", "vsn1"] }

    func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    func touch(_ name: String) throws { try scratch.write("", to: name) }
    /// How systemctl was called, a line each.
    var systemctl: [String] {
        (text("\(scratch.path)/systemctl") ?? "").split(separator: "\n").map(String.init)
    }
}

/// What is found one time after the other.
private final class Looks: Sendable {
    private let rest: Mutex<[[HostCheck]]>

    init(_ reports: [[HostCheck]]) { rest = Mutex(reports) }

    func next() -> [HostCheck] { rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
}
