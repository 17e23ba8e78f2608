public import Files
internal import Model
internal import Processes

/// Root's crontab, with Fairlead's block in it, and what it was before.
public struct RootCrontab: Sendable {
    private let configuration: JobsConfiguration

    package init(_ configuration: JobsConfiguration) { self.configuration = configuration }

    /// Newest first.
    public func backups() throws(HostError) -> [CrontabBackup] { try copies.all() }

    /// The content of a backup; empty where there was no crontab.
    public func backup(_ name: String) throws(HostError) -> [UInt8] { try copies.read(name).bytes ?? [] }

    /// Brings the operator's lines of backup `name` back, the newest when `nil`, below the entries that Fairlead has now;
    /// returns the names of what was restored, and of the backup of what was there before, if that differed.
    public func restore(_ name: String?) async throws(HostError) -> (restored: String, former: String?) {
        let newest = try copies.all().first?.name
        guard let name = name ?? newest else {
            throw HostError("there is no backup of the crontab", hint: "Fairlead makes one before it changes it")
        }
        let backup = try copies.read(name)
        return (name, try await changeCrontab { $0.withOperatorLines(of: backup, jobs: jobFiles) }?.backup)
    }

    /// Makes the block of `jobs` the crontab's only one; says what changed. Without jobs there is none.
    func install(_ jobs: [Job]) async throws(HostError) -> [String] {
        // Where this Fairlead never installed a job the crontab is none of its business.
        if jobs.isEmpty, try !jobFiles.isInstalled { return [] }
        let entries = try jobs.map { job throws(HostError) in
            try CrontabLine.entry(schedule: job.schedule, script: jobFiles.script(job.name))
        }
        guard let change = try await changeCrontab({ $0.with(entries: entries, of: jobFiles) }) else { return [] }
        let names = jobs.map(\.name.rawValue).joined(separator: ", ")
        let what = jobs.isEmpty ? "removed Fairlead's entries from the crontab" : "put \(names) into the crontab"
        let mended = change.addsLineEnd ? "; the last line had no end, so cron had ignored all of it" : ""
        return ["\(what)\(mended); the former one is backup '\(change.backup)'"]
    }

    /// Why `entries` cannot get into the crontab as it is now; asked before the stack is touched (S8).
    func problems(with entries: [String]) async throws(HostError) -> [HostProblem] {
        // That it is missing is told with the other programs.
        guard Command.find("crontab", path: configuration.commandPath) != nil else { return [] }
        let file = try crontabFile
        return try await file.problems(with: file.read().with(entries: entries, of: jobFiles).withFinalLineEnd)
    }

    private var crontabFile: CrontabFile {
        get throws(HostError) {
            CrontabFile(program: try configuration.command("crontab"), spool: configuration.crontabFile)
        }
    }

    private struct CrontabChange {
        /// Its name.
        let backup: String
        let addsLineEnd: Bool
    }

    /// Backs up, then installs what `change` makes of the crontab; `nil` when that is what is there.
    private func changeCrontab(
        _ change: (Crontab) -> Crontab
    ) async throws(HostError) -> CrontabChange? {
        let file = try crontabFile
        let old = try await file.read()
        let new = change(old)
        guard new != old else { return nil }
        let backup = try copies.save(old, at: .now)
        // cron ignores a whole crontab whose last line has no end, and `crontab` refuses it.
        let complete = new.withFinalLineEnd
        try await file.write(complete)
        return CrontabChange(backup: backup, addsLineEnd: complete != new)
    }

    private var jobFiles: JobFiles { configuration.jobFiles }
    private var copies: CrontabBackups { CrontabBackups(directory: "\(configuration.stateDirectory)/crontab") }
}

extension Crontab {
    fileprivate var withFinalLineEnd: Crontab {
        guard let bytes, let last = bytes.last, last != UInt8(ascii: "\n") else { return self }
        return Crontab(bytes: bytes + [UInt8(ascii: "\n")])
    }
}
