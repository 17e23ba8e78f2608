internal import Files
internal import Glibc
internal import Model

/// What Fairlead keeps for its cron jobs below the state directory.
struct JobFiles {
    let directory: String

    init(stateDirectory: String) { directory = "\(stateDirectory)/jobs" }

    var results: String { "\(directory)/results" }
    var installed: String { "\(directory)/installed" }

    func script(_ name: Job.Name) -> String { "\(directory)/\(name.rawValue)" }
    func result(_ name: Job.Name) -> String { "\(results)/\(name.rawValue)" }

    func create() throws(HostError) {
        for path in [results, "\(directory)/incidents", "\(directory)/health"] {
            try PathName.createDirectories(path)
        }
    }

    /// The script of `job` and nothing else; a script that runs right now goes on as it is.
    func write(_ job: Job, from origin: JobScript.Origin) throws(HostError) {
        let bytes = Array(job.script.text(from: origin).utf8)
        try AtomicFile.write(bytes, to: script(job.name), mode: FileMode(bits: 0o700))
    }

    /// Writes the script of a `job` that is installed as a newer version of Fairlead has it, for the same deployment.
    func renew(_ job: Job, of stack: String, version: String) throws(HostError) {
        guard try FileStatus.at(script(job.name)).kind != .missing, let values = try KeyValueFile.read(installed),
            let commit = values["commit"].flatMap({ CommitID($0) }),
            let deployment = values["deployment"].flatMap({ Int64($0) })
        else { return }
        let origin = JobScript.Origin(version: version, stack: stack, commit: commit, deployment: deployment)
        let text = Array(job.script.text(from: origin).utf8)
        _ = try AtomicFile.update(text, at: script(job.name), mode: FileMode(bits: 0o700))
    }

    /// What was installed, for `status` and for people.
    func recordInstallation(of jobs: [Job], from origin: JobScript.Origin, at now: Timestamp) throws(HostError) {
        let lines =
            ["commit=\(origin.commit.hex)", "deployment=\(origin.deployment)", "installed=\(now.milliseconds / 1000)"]
            + jobs.map { "schedule.\($0.name.rawValue)=\($0.schedule)" }
        try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: installed)
    }

    /// Removes job `name` with its last result.
    func remove(_ name: Job.Name) throws(HostError) {
        for path in [script(name), result(name), result(name) + ".skipped"] { try remove(path) }
    }

    var isInstalled: Bool {
        get throws(HostError) { try FileStatus.at(installed).kind != .missing }
    }

    func removeInstallation() throws(HostError) { try remove(installed) }

    private func remove(_ path: String) throws(HostError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw HostError.failed("remove '\(path)'") }
    }
}
