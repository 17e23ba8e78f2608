internal import Files
internal import Glibc
internal import Processes

/// Programs that need what the unit of Fairlead may not: systemd runs them outside of its limits.
struct UnconfinedProgram {
    /// By its bit.
    enum Capability: UInt64 {
        case networkAdministration = 12
        case systemAdministration = 21
    }

    private let host: HostSystem

    init(_ host: HostSystem) { self.host = host }

    /// `words` where this process has the capability, otherwise the line by which systemd runs them. Of what `isFrequent` the
    /// log of the host tells only what goes wrong.
    func words(
        _ words: [String], needing capability: Capability, within limit: Duration, isFrequent: Bool = false
    ) throws(HostError) -> [String] {
        guard !Self.has(capability) else { return words }
        let seconds = max(1, limit.components.seconds)
        return [
            try host.command("systemd-run"), "--quiet", "--wait", "--pipe", "--collect", "--service-type=exec",
            "--property=RuntimeMaxSec=\(seconds)",
        ] + (isFrequent ? ["--property=LogLevelMax=notice", "--description=Fairlead looks at the host"] : []) + ["--"]
            + words
    }

    private static func has(_ capability: Capability) -> Bool {
        let status = (try? Descriptor("/proc/self/status", O_RDONLY).read(limit: 1 << 16)) ?? []
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let digits = line?.split(whereSeparator: \.isWhitespace).last ?? ""
        return (UInt64(digits, radix: 16) ?? 0) & (1 << capability.rawValue) != 0
    }
}
