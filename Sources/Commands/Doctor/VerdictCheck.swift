internal import Files
internal import HostSystem
internal import Journal

/// What `fairlead status` says of the host: nothing here is called fit that is not whole there.
struct VerdictCheck {
    static let name = "status"

    let host: HostComposition

    /// None where there is no journal that can be read yet; other checks tell of that.
    func checks() async -> [HostCheck] {
        let holder = LockHolder.read(at: host.configuration.lockFile)
        guard let journal = try? Journal.openReadOnly(at: host.configuration.journalFile),
            let report = try? await StatusReport(of: host, journal, lock: holder)
        else { return [] }
        return [Self.check(report)]
    }

    static func check(_ report: StatusReport) -> HostCheck {
        let verdict = report.verdict
        guard verdict.word != .whole else { return .ok(name, verdict.line) }
        // What people do not reach, or what does not run as it was deployed, is nothing to live with.
        guard verdict.word == .notWhole, report.drift?.isEmpty == false else {
            return .warn(name, verdict.line, "'fairlead status' tells more")
        }
        return .fail(
            name, verdict.line,
            "the daemon repairs it while it runs; 'fairlead status' and 'fairlead incidents' tell why it did not")
    }
}
