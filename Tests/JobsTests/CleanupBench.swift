import Foundation
import HostSupport
import Processes
import TestSupport

@testable import Jobs

/// The clean-up job of a host of one test, run without waiting for cron.
struct CleanupBench {
    var cron: CronHost

    init() throws { cron = try CronHost() }

    var root: String { cron.root }
    var logs: String { "\(root)/syslog" }

    /// Installs the job and runs it as cron would; returns its result.
    @discardableResult
    func run(keep: String = "14d", zone: String = "UTC") async throws -> [String: String] {
        try await cron.installJobs(cron.plan(keep: keep))
        let environment = ["PATH": "/usr/bin:/bin", "TZ": zone]
        let script = "\(cron.state)/jobs/cleanup"
        _ = try await Command("/bin/bash", [script], environment: environment).runToEnd()
        return try Dictionary(
            uniqueKeysWithValues: content("\(cron.state)/jobs/results/cleanup").split(separator: "\n").map { line in
                let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            })
    }

    /// Writes `text` as file `name` of the host's logs.
    @discardableResult
    func log(_ name: String, _ text: String) throws -> String {
        try cron.fixture.scratch.install(text, to: "syslog/\(name)", mode: "644")
    }

    /// Everything that can be known of what lies below `path`, the times of the last reading excepted.
    func listing(_ path: String) async throws -> String {
        let entries = try await tool("find", path, "-printf", #"%P %y %i %n %m %U %G %s %T@ %C@ %l\n"#).text
        let sums = try await tool("find", path, "-type", "f", "-exec", "sha256sum", "{}", "+").text
        return (entries + sums).split(separator: "\n").sorted().joined(separator: "\n")
    }
}

/// How a log says when an entry was written.
enum LogTime: String, CaseIterable, Sendable {
    case traditional, universal, microseconds, west
    /// Podman's.
    case nanoseconds

    private var format: String {
        switch self {
        case .traditional: "MMM d HH:mm:ss"
        case .universal: "yyyy-MM-dd'T'HH:mm:ss'Z'"
        case .microseconds: "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx"
        case .west: "yyyy-MM-dd'T'HH:mm:ssxx"
        case .nanoseconds: "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSxxx"
        }
    }

    /// The time of each number of seconds ago.
    func texts(_ secondsAgo: [Int], zone: String = "UTC") -> [String] {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        let zones = [Self.universal: "UTC", .west: "America/New_York"]
        formatter.timeZone = TimeZone(identifier: zones[self] ?? zone)
        formatter.dateFormat = format
        let now = Date()
        return secondsAgo.map { formatter.string(from: now.addingTimeInterval(-Double($0))) }.map { text in
            let parts = text.split(separator: " ")
            return parts.count < 3 ? text : "\(parts[0]) \(parts[1].count == 1 ? " " : "")\(parts[1]) \(parts[2])"
        }
    }

    func text(_ secondsAgo: Int) -> String { texts([secondsAgo])[0] }
}

let day = 86_400
