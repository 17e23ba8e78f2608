internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Model

/// What the settings of a plan amount to on this host, item by item.
struct WantedSettings {
    let settings: HostSettings
    let reader: SettingsReader

    func values() throws(HostError) -> [HostItem: HostValue] {
        var values: [HostItem: HostValue] = [:]
        if let name = settings.hostname {
            values[.hostname] = .text(name)
            values[.hostnameFile] = .file("\(name)\n")
        }
        if let zone = settings.timezone { values.merge(try timeZone(zone)) { $1 } }
        let lines = try hostLines()
        if !lines.isEmpty { values[.block(.hosts)] = .lines(lines) }
        if let dns = settings.dns { values.merge(try Resolver.find().values(of: dns)) { $1 } }
        if let logs = settings.logs { values[.journalDropIn] = journal(logs) }
        return values.merging(parameters) { $1 }
    }

    private func timeZone(_ zone: String) throws(HostError) -> [HostItem: HostValue] {
        let found = try reader.value(of: .localTime)
        // A link that leads there by another path is as good.
        var values: [HostItem: HostValue] = [
            .localTime: found.zoneName == zone ? found : .link("\(TimeZones.directory)/\(zone)")
        ]
        if try reader.value(of: .timeZoneName) != .missing { values[.timeZoneName] = .file("\(zone)\n") }
        return values
    }

    /// Without a limit of its rate journald drops most of a burst, and says so to nobody.
    private func journal(_ logs: LogSettings) -> HostValue {
        .file(
            """
            # Written by fairlead from the deployment plan, do not edit.
            [Journal]
            Storage=persistent
            RateLimitIntervalSec=0
            SystemMaxUse=\(logs.maximum.bytes)

            """)
    }

    private var parameters: [HostItem: HostValue] {
        guard !settings.sysctl.isEmpty else { return [:] }
        let sorted = settings.sysctl.sorted { $0.key < $1.key }
        let lines = sorted.map { "\($0) = \($1)\n" }.joined()
        var values: [HostItem: HostValue] = [
            .parameterFile: .file("# Written by fairlead from the deployment plan, do not edit.\n" + lines)
        ]
        for (name, value) in sorted { values[.parameter(name)] = .text(KernelParameter.plain(value)) }
        return values
    }

    private func hostLines() throws(HostError) -> [String] {
        let entries = settings.hosts.sorted { $0.key < $1.key }.map { "\($0)\t\($1.joined(separator: " "))" }
        guard let hostname = settings.hostname else { return entries }
        // Without an address of its own name sudo waits for a name server, and says that it cannot resolve the host.
        let known = try namesOfOthers().union(settings.hosts.values.flatMap(\.self))
        let short = String(hostname.prefix { $0 != "." })
        let missing = (short == hostname ? [hostname] : [hostname, short]).filter { !known.contains($0) }
        return entries + (missing.isEmpty ? [] : ["127.0.1.1\t\(missing.joined(separator: " "))"])
    }

    /// Names that `/etc/hosts` has outside of Fairlead's block.
    private func namesOfOthers() throws(HostError) -> Set<String> {
        let others = try ManagedBlock.hosts.replacing(in: try reader.content(of: .hosts) ?? [], with: nil)
        let lines = String(decoding: others, as: UTF8.self).split(separator: "\n").map { $0.prefix { $0 != "#" } }
        return Set(lines.flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst() }.map(String.init))
    }
}

/// The time zone database of this host.
enum TimeZones {
    static let directory = "/usr/share/zoneinfo"

    /// What stands in the way of `zone`.
    static func problem(with zone: String) -> HostError? {
        let isZone = try? Descriptor("\(directory)/\(zone)", O_RDONLY).read(limit: SystemFile.limit)
            .starts(with: "TZif".utf8)
        guard isZone != true else { return nil }
        return HostError(
            "this host has no time zone '\(zone)'",
            hint: "'timedatectl list-timezones' lists them; apt-get install tzdata (tzdata-legacy for names of old)")
    }
}
