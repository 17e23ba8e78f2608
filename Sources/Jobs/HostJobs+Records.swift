internal import Files
internal import Glibc
internal import Model

extension HostJobs {
    /// The installed jobs with what they recorded; what cannot be read counts as not there.
    public func records() -> [JobRecord] {
        let installation = values(in: jobFiles.installed)
        guard let installed = installation["installed"].flatMap(Self.moment) else { return [] }
        return Job.Name.allCases.compactMap { name in
            guard let schedule = installation["schedule.\(name.rawValue)"] else { return nil }
            return JobRecord(
                name: name.rawValue, schedule: schedule, installed: installed, lastRun: lastRun(of: name),
                skipped: changed(jobFiles.result(name) + ".skipped"))
        }
    }

    private func lastRun(of name: Job.Name) -> JobRecord.Run? {
        let result = values(in: jobFiles.result(name))
        guard let started = result["started"].flatMap(Self.moment), let ended = result["ended"].flatMap(Self.moment),
            let status = result["status"].flatMap({ Int($0) })
        else { return nil }
        return JobRecord.Run(started: started, ended: ended, status: status, summary: result["summary"] ?? "")
    }

    /// The `key=value` lines of a file.
    private func values(in path: String) -> [String: String] {
        guard let bytes = try? Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 64 << 10) else { return [:] }
        let pairs = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
        return Dictionary(pairs) { $1 }
    }

    private func changed(_ path: String) -> Timestamp? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1000)
    }

    private static func moment(_ text: String) -> Timestamp? {
        Int64(text).flatMap { $0.multipliedReportingOverflow(by: 1000).overflow ? nil : $0 * 1000 }
            .map(Timestamp.init(milliseconds:))
    }
}
